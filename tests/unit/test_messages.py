"""Every sentence: there is one for everything that can happen, in every language, with its facts in it."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
import typing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from core import errors, messages
from core.values import (
    CALL,
    Channel,
    Failure,
    MeetingId,
    Minutes,
    Notice,
    Section,
    Segment,
    SourceState,
    Stage,
    SummaryOptions,
    Transcript,
    TranscriptOptions,
    Trouble,
)

TOP = Path(__file__).resolve().parents[2]
LEAVES = errors.leaves()
ANY_ERROR = messages.explain(RuntimeError("a bug"))


def example(leaf: type[errors.Problem]) -> errors.Problem:
    """One such problem with a recognisable value in each field; a hint is a key of the messages."""
    anything: Any = leaf
    kinds = typing.get_type_hints(anything)
    fields = [field.name for field in dataclasses.fields(anything)]
    known = {"hint": "no_server", "kind": "pytorch"}
    return leaf(*[503 if kinds[name] is int else known.get(name, f"x-{name}") for name in fields])


def po(language: str) -> str:
    return (messages.I18N / language / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")


def test_the_tree_has_its_leaves_and_only_they_are_raised() -> None:
    branches = {branch.__name__ for branch in errors.Problem.__subclasses__()}
    drawn = set(
        re.findall(r"[A-Z]\w+", (errors.__doc__ or "").partition("Adapters")[0].partition("Problem")[2])
    )
    assert {leaf.__name__ for leaf in LEAVES} == drawn - branches


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_problem_says_what_happened_and_what_to_do(leaf: type[errors.Problem], language: str) -> None:
    with messages.in_language(language):
        said = messages.explain(example(leaf))
        generic = messages.explain(RuntimeError("a bug"))
    assert said != generic
    for sentence in (said.what, said.do):
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert str(said) == f"{said.what} {said.do}"


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
def test_every_problem_can_be_stored(leaf: type[errors.Problem]) -> None:
    problem = example(leaf)
    stored = json.loads(json.dumps(dataclasses.asdict(errors.to_failure(problem))))
    back = errors.from_failure(Failure(**stored))
    assert type(back) is leaf
    assert back == problem
    assert leaf.__name__ in str(problem)


def test_a_problem_of_a_later_version_is_still_a_problem() -> None:
    back = errors.from_failure(Failure("SunExploded", {"when": "now"}))
    assert type(back) is errors.Problem
    assert messages.explain(back) == ANY_ERROR


def test_a_path_is_shown_by_its_name() -> None:
    said = str(messages.explain(errors.NotMedia("/home/ana/private/agenda.mp3")))
    assert "“agenda.mp3”" in said
    assert "/home" not in said


def test_every_stage_section_and_provider_has_a_label() -> None:
    for language in messages.LANGUAGES:
        with messages.in_language(language):
            assert len({messages.stage_label(stage) for stage in Stage}) == len(Stage)
            assert len({messages.section_label(section) for section in Section}) == len(Section)
            offline, mistral = SummaryOptions(), SummaryOptions("mistral")
            ways = [(offline, "offline"), (mistral, "mistral"), (mistral, "offline"), (offline, "server")]
            moment = datetime(2026, 3, 10, 9, tzinfo=UTC)
            said = {
                messages.made_by(Minutes(MeetingId("m"), options, by, "en", moment, "", ()))
                for options, by in ways
            }
            assert len(said) == len(ways)
            german = Minutes(MeetingId("m"), offline, "offline", "de", moment, "", ())
            assert messages.made_by(german) not in said
            assert len({messages.minutes_length(name) for name in ("short", "normal", "long")}) == 3


def test_every_notice_that_the_code_gives_has_its_sentence() -> None:
    code = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("core", "desktop")
        for file in (TOP / folder).rglob("*.py")
    )
    given = set(re.findall(r'Notice\(\s*"(\w+)"', code))
    assert given == set(messages._NOTICES)


def test_notices() -> None:
    failure = errors.to_failure(errors.RemoteUnreachable("mistral"))
    assert messages.notice(Notice("offline_instead", {"provider": "mistral", "failure": failure})) == (
        "Mistral gave no minutes, so they were made offline. Mistral could not be reached."
    )
    one = messages.notice(Notice("recovered", {"count": 1, "title": "Tuesday", "seconds": 65.0}))
    two = messages.notice(Notice("recovered", {"count": 2, "title": "Tuesday", "seconds": 130.0}))
    assert one.startswith("A recording")
    assert two.startswith("2 recordings")
    assert "Tuesday" in one
    assert "1 min" in one
    assert "Tuesday" in two


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("channel", CALL)
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_trouble_of_a_source_says_what_is_wrong_and_what_to_do(
    trouble: Trouble, channel: Channel, language: str
) -> None:
    source = SourceState(channel, "Headset", -40.0, -20.0, trouble)
    with messages.in_language(language):
        said = messages.source_trouble(source)
    assert said is not None
    for sentence in (said.what, said.do):
        assert sentence.endswith(".")
        assert "{" not in sentence


def test_a_source_without_trouble_says_nothing_and_troubles_differ() -> None:
    for channel in CALL:
        assert messages.source_trouble(SourceState(channel, "", -40.0, -20.0)) is None
    said = {
        str(messages.source_trouble(SourceState(Channel.MICROPHONE, "Headset", -40.0, -20.0, trouble)))
        for trouble in Trouble
    }
    assert len(said) == len(Trouble)
    assert "Headset" in str(
        messages.source_trouble(SourceState(Channel.MICROPHONE, "Headset", -40.0, -20.0, Trouble.LOST))
    )


def test_channels_and_sources_have_names() -> None:
    for language in messages.LANGUAGES:
        with messages.in_language(language):
            assert len({messages.channel_name(channel) for channel in Channel}) == len(Channel)
            assert len({messages.source_name(channel) for channel in CALL}) == len(CALL)
    assert messages.channel_name(Channel.MICROPHONE) == "Me"


def test_every_reason_why_system_sound_cannot_be_recorded_has_its_sentence() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in (TOP / "core" / "audio").rglob("*.py"))
    given = set(re.findall(r'NoSystemSound\(\s*"(\w+)"', code)) | set(
        re.findall(r'system_hint\s*=\s*"(\w+)"', code)
    )
    for hint in {"no_server", "no_output", "old_macos", "refused"} | given:
        assert messages.system_sound_hint(hint)
        assert str(messages.explain(errors.NoSystemSound(hint))).count(".") >= 1
    assert messages.LOOPBACK_GUIDE in messages.system_sound_hint("old_macos")


# --- languages -----------------------------------------------------------------------------------


def test_the_catalogue_is_complete_and_compiled() -> None:
    run = subprocess.run(
        [sys.executable, "scripts/catalogue.py", "--check"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_check_of_the_catalogue_finds_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(TOP / "scripts"))
    import catalogue  # type: ignore[import-not-found,unused-ignore]

    written = (
        'msgid "Hello {name}"\nmsgstr "Bonjour {nom}"\n\nmsgid "Bye"\nmsgstr ""\n\n'
        'msgid "{count} of {all}"\nmsgstr "{count}"\n\nmsgid "Good {day}"\nmsgstr "Bon {day}"\n'
    )
    import io

    found = catalogue.faults(catalogue.read_po(io.BytesIO(written.encode()), locale="fr"))
    assert [line.split(":")[0] for line in found] == [
        "other placeholders",
        "untranslated",
        "missing placeholders",
    ]


def test_french_is_french() -> None:
    english = messages.explain(errors.NoMicrophone())
    with messages.in_language("fr"):
        french = messages.explain(errors.NoMicrophone())
        assert messages.percent(0.5) == "50\N{NO-BREAK SPACE}%"
    assert french.what != english.what
    assert french.do != english.do
    assert messages.language() == "en"


@pytest.mark.parametrize(
    ("system", "expected"),
    [("fr_FR.UTF-8", "fr"), ("fr", "fr"), ("en_GB.UTF-8", "en"), ("de_DE", "en"), ("C.UTF-8", "en")],
)
def test_the_system_chooses_the_language(system: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", system)
    messages.use_language("")
    assert messages.language() == expected
    messages.use_language("fr")
    assert messages.language() == "fr"
    messages.use_language("tlh")
    assert messages.language() == expected


# --- numbers and dates ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "clock", "length"),
    [
        (0, "00:00", "0 s"),
        (59.4, "00:59", "59 s"),
        (59.6, "00:59", "1 min"),
        (724, "12:04", "12 min"),
        (3599, "59:59", "1 h"),
        (3723, "1:02:03", "1 h 2 min"),
        (36000, "10:00:00", "10 h"),
    ],
)
def test_places_and_lengths(seconds: float, clock: str, length: str) -> None:
    assert messages.clock(seconds) == clock
    assert messages.length(seconds) == length


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1500, "1.5 kB"),
        (70_000_000, "70 MB"),
        (2_500_000_000_000, "2,500 GB"),
    ],
)
def test_sizes(count: int, said: str) -> None:
    assert messages.size(count) == said


def test_dates_are_written_as_the_language_does() -> None:
    moment = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    assert messages.day(date(2026, 3, 10)) == "Tue, Mar 10, 2026"
    assert messages.day_and_time(moment).startswith(messages.day(moment))
    assert messages.recording_title(moment).startswith("Meeting of")
    with messages.in_language("fr"):
        assert messages.day(date(2026, 3, 10)) == "mar. 10 mars 2026"
    assert messages.language_name("fr") == "French"
    assert messages.language_name("qq") == "qq"


def test_only_work_in_several_parts_says_which_one() -> None:
    assert messages.part_label(3, 7) == "part 3 of 7"
    assert messages.part_label(1, 1) == messages.part_label(0, 0) == ""


@pytest.mark.parametrize(
    ("doubts", "says"),
    [
        (["", "", ""], ""),
        (["improbable", "unheard", ""], "Little of this was understood"),
        (["repeated", "repeated", ""], "Most of this text says the same again and again"),
        (["no_speech", "no_speech", "improbable"], "Hardly any speech is heard here"),
        (["", "", "", "improbable", "", "unheard", ""], ""),
        (["", "", "", "improbable", "unheard", "hurried", "", ""], "From 00:36 on, little was understood"),
        (["", "perhaps", "perhaps", "perhaps", "perhaps", ""], ""),
    ],
)
def test_where_little_was_understood_is_said(doubts: list[str], says: str) -> None:
    segments = tuple(Segment(12.0 * n, 12.0 * n + 11, "text", doubt=doubt) for n, doubt in enumerate(doubts))
    transcript = Transcript(1, MeetingId("1"), TranscriptOptions(), "en", complete=True, segments=segments)
    text = messages.doubtful_text(transcript)
    assert text.startswith(says)
    assert bool(text) == bool(says)


@pytest.mark.parametrize(
    ("language", "said", "read"),
    [
        ("en", "2026-03-13", date(2026, 3, 13)),
        ("en", "3/13/2026", date(2026, 3, 13)),
        ("en", "Mar 13, 2026", date(2026, 3, 13)),
        ("en", "Fri, Mar 13, 2026", date(2026, 3, 13)),
        ("en", "13 March", date(2027, 3, 13)),
        ("en", "12/5", date(2026, 12, 5)),
        ("en", "by Friday", None),
        ("en", "13 reports by March", None),
        ("en", "13/13/2026", None),
        ("en", "soon", None),
        ("fr", "13/03/2026", date(2026, 3, 13)),
        ("fr", "5.12.26", date(2026, 12, 5)),
        ("fr", "le 5 décembre", date(2026, 12, 5)),
        ("fr", "ven. 13 mars 2026", date(2026, 3, 13)),
        ("fr", "31/02/2026", None),
        ("fr", "", None),
    ],
)
def test_a_date_is_read_as_the_language_writes_it(language: str, said: str, read: date | None) -> None:
    with messages.in_language(language):
        assert messages.read_day(said, date(2026, 11, 28)) == read
        if read:
            assert messages.read_day(messages.plain_day(read), date(2026, 11, 28)) == read


@pytest.mark.parametrize(
    ("seconds", "shares"),
    [
        ([1, 1, 1], [34, 33, 33]),
        ([68.5, 41.5, 16.5], [54, 33, 13]),
        ([995, 5], [100, 0]),
        ([0, 0], [0, 0]),
        ([], []),
    ],
)
def test_shares_of_the_talking_add_up(seconds: list[float], shares: list[int]) -> None:
    assert [time.split(" · ")[1] for time in messages.talk_times(seconds)] == [f"{one}%" for one in shares]
