"""How much is sent is said before it is: what the estimate holds, and when a terminal prints it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from core import meetings, messages, terminal
from core.meetings import Library, providers
from core.summary import breaker
from core.summary.parts import tokens
from core.values import SummaryOptions
from tests.benchmarks.remote_faults import answer, meeting_of, talk
from tests.mistral_server import Answer, Server

PLACE = "http://models.example"
OPTIONS = SummaryOptions("server", "m")


@pytest.fixture
def far(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server elsewhere, as a proxy leads to it."""
    monkeypatch.setattr(breaker, "_breakers", {})
    with Server([Answer(answer)] * 30) as server:
        monkeypatch.setenv("http_proxy", server.address)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        library.change_settings(
            dataclasses.replace(
                library.settings, provider_address=PLACE, server_model="m", provider_context=4_000
            )
        )
        yield server


def sent_to(server: Server) -> list[int]:
    """The tokens of each question that came."""
    return [tokens(str(body["messages"][0]["content"])) for body in server.requests]


@pytest.mark.parametrize("length", [8, 300])
def test_the_estimate_holds_all_parts_the_merging_and_the_answers(
    library: Library, far: Server, length: int
) -> None:
    meeting_id = meeting_of(library, talk(length))
    foreseen = providers.estimate(library, meeting_id, OPTIONS)
    providers.consent(library, "server")
    for _event in meetings.summarise(library, meeting_id, OPTIONS):
        pass
    sent = sent_to(far)
    assert (foreseen.parts == 1) == (length == 8)
    assert foreseen.parts <= len(sent) <= foreseen.parts * 2
    parts, merging = sent[: foreseen.parts], sent[foreseen.parts :]
    assert sum(parts) == foreseen.tokens if not merging else sum(sent) <= foreseen.tokens <= 2 * sum(sent)
    assert sum(tokens(text) for _body, text in far.answered) <= foreseen.answer


def test_a_question_is_foreseen_too(
    library: Library, far: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting_id = meeting_of(library, talk(8))
    question = "What is the zanzibar plan?"
    foreseen = meetings.estimate_of_question(library, question, meeting_id, OPTIONS)
    terminal.run(["ask", question, "--meeting", meeting_id, "--provider", "server", "--agree"])
    told = capsys.readouterr().err
    assert messages.estimate_of_question(foreseen, "models.example") in told
    assert "Looking for an answer" in told
    assert "Writing minutes" not in told
    assert sent_to(far)[0] == foreseen.tokens


def test_a_price_that_the_person_knows_is_told_with_the_tokens(
    library: Library, far: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting_id = meeting_of(library, talk(8))
    with pytest.raises(SystemExit):
        terminal.run(["settings", "provider_prices", "m=cheap"])
    assert "provider_prices is written like mistral-small-latest=0.1/0.3" in capsys.readouterr().err
    terminal.run(["settings", "provider_prices", "other=9/9,m=20/60"])
    terminal.run(["summarise", meeting_id, "--provider", "server", "--agree"])
    told = capsys.readouterr().err
    library.change_settings(dataclasses.replace(library.settings, provider_prices=("m=20/60",)))
    found = providers.estimate(library, meeting_id, OPTIONS)
    assert found.cost == pytest.approx((found.tokens * 20 + found.answer * 60) / 1_000_000)
    assert f"That costs about €{found.cost:.2f}." in told
    tiny = dataclasses.replace(found, cost=0.0001)
    assert messages.tokens_got(tiny, "mistral").endswith(" · less than €0.01")
    assert "costs" not in messages.estimate(dataclasses.replace(found, cost=None), "mistral")


def test_nothing_is_foreseen_where_nothing_leaves_this_machine(library: Library, far: Server) -> None:
    meeting_id = meeting_of(library, talk(8))
    assert providers.estimate(library, meeting_id, SummaryOptions()).parts == 0
    library.change_settings(dataclasses.replace(library.settings, provider_address=far.address))
    assert providers.estimate(library, meeting_id, OPTIONS).parts == 0
    assert meetings.estimate_of_question(library, "What plan?", meeting_id, OPTIONS).parts == 0


def test_a_terminal_says_it_before_it_sends_and_asks_only_the_first_time(
    library: Library, far: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting_id = meeting_of(library, talk(8))
    told = messages.estimate(providers.estimate(library, meeting_id, OPTIONS), "models.example")
    assert "tokens are sent to models.example, and about" in told

    def said(*more: str) -> str:
        terminal.run(["summarise", meeting_id, "--provider", "server", *more])
        return capsys.readouterr().err

    first = said()
    assert first.index("are sent to http://models.example.") < first.index(told)
    assert far.requests == []  # nobody agreed
    assert told in said("--agree")
    assert len(far.requests) == 1
    later = said("--length", "long")
    longer = providers.estimate(library, meeting_id, dataclasses.replace(OPTIONS, length="long"))
    assert messages.estimate(longer, "models.example") in later
    assert "The sound stays" not in later
    assert len(far.requests) == 2
