from __future__ import annotations

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
