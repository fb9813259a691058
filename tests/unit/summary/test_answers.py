from __future__ import annotations

import json
from typing import Any

import pytest

from core.summary import GENERAL, answers
from core.summary.answers import Answer
from tests.mistral_server import minutes


def line(text: str, segment: int = 1, **more: str) -> dict[str, Any]:
    return {"text": text, "segment_ids": [segment], "quote": "so it was said"} | more


def decided(*lines: dict[str, Any]) -> Answer:
    return answers.read(
        minutes("A part", decisions=lines, overview=[line("What it was about")]), GENERAL.sections
    )


def texts(answer: Answer, section: str = "decisions") -> list[str]:
    return [one["text"] for one in answer[section]]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (line("The fair moves to the park."), line("The fair is moved to the town park.", 9), True),
        (line("The fair moves to the park."), line("The park it is.", 1), True),
        (line("The fair moves to the park."), line("The park it is closed.", 9), False),
        (line("They pay 200 euros."), line("They pay 300 euros."), False),
        (line("Send it", owner="Ana"), line("Send it", owner="Marc"), False),
        (line("Send it", owner="Élise"), line("Send it", owner="elise"), True),
        (line("Send it", owner="Ana"), line("Send it"), True),
    ],
)
def test_what_two_parts_both_say_stands_once(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    whole = answers.joined([decided(one), decided(other)])
    assert texts(whole) == [one["text"], *([] if same else [other["text"]])]
    assert (whole["title"], texts(whole, "overview")) == ("A part", ["What it was about"])


def test_what_one_part_tells_apart_stays_apart() -> None:
    lines = line("The fair moves to June."), line("The fair moves to the park.")
    for parts in ([decided(*lines), decided()], [decided(), decided(*lines)]):
        assert texts(answers.joined(parts)) == ["The fair moves to June.", "The fair moves to the park."]


def test_what_a_merge_forgot_is_put_back_and_what_it_retold_stays() -> None:
    merged = answers.read(
        minutes("All", decisions=[line("Kept.")], overview=[line("In short")]), GENERAL.sections
    )
    whole = answers.completed(merged, [decided(line("Kept.")), decided(line("Something lost", 2))])
    assert (whole["title"], texts(whole, "overview")) == ("All", ["In short"])
    assert texts(whole) == ["Kept.", "Something lost"]


PARTS = (
    decided(line("Hire Northgate."), line("The hall opens in June.", 2)),
    decided(line("Baxter's does it instead.", 9)),
)


def merged(*told: object) -> Answer:
    """What becomes of `PARTS` where a merge keeps the last decision only and tells this of those that have gone."""
    parts = answers.numbered(PARTS)
    kept = parts[1]["decisions"]
    said = json.loads(minutes("All", decisions=kept)) | {answers.SUPERSEDED: told}
    return answers.completed(answers.read(json.dumps(said), GENERAL.sections, merged=True), parts)


def test_what_a_merge_names_as_superseded_by_a_later_part_is_not_put_back() -> None:
    numbers = {one["text"]: one["line"] for part in answers.numbered(PARTS) for one in part["decisions"]}
    first, last = numbers["Hire Northgate."], numbers["Baxter's does it instead."]
    whole = merged({"line": first, "by": last})
    assert texts(whole) == ["Baxter's does it instead.", "The hall opens in June."]
    assert all("line" not in one for one in whole["decisions"][1:])
    assert answers.SUPERSEDED not in whole


@pytest.mark.parametrize(
    "told",
    [
        {"line": 2, "by": 2},
        {"line": 2, "by": 3},
        {"line": 2, "by": 99},
        {"line": 2},
        {"line": [2], "by": {}},
        "Hire Northgate.",
        None,
    ],
)
def test_what_has_no_later_line_in_its_place_is_put_back(told: object) -> None:
    assert "Hire Northgate." in texts(merged(told))


def test_only_a_merge_tells_what_was_superseded() -> None:
    said = minutes("A part", decisions=[line("Kept.")])[:-1] + ', "superseded": [{"line": 1, "by": 2}]}'
    assert answers.SUPERSEDED not in answers.read(said, GENERAL.sections)
    assert answers.SUPERSEDED in str(answers.format_of(GENERAL.sections, merged=True))
    assert answers.SUPERSEDED not in str(answers.format_of(GENERAL.sections))
