"""What is shown of a sentence that is still being said."""

from __future__ import annotations

from typing import Any

import pytest

from core.speech.interim import CUT, SURE, Interim

UNSURE = SURE - 0.1


def hearing(text: str, *, probability: float = 0.99) -> list[dict[str, Any]]:
    """The words of `text`, half a second each; those in capitals are unlikely."""
    return [
        {
            "word": f" {word}",
            "start": place / 2,
            "end": place / 2 + 0.5,
            "probability": UNSURE if word.isupper() else probability,
        }
        for place, word in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    ("hearings", "shown"),
    [
        # One hearing that is sure, but for what ends too late.
        (["we move the date"], "we move the"),
        # What it is not sure of waits, and all behind that.
        (["we MOVE the date"], "we"),
        # Two hearings in a row that say the same are believed, also of its end.
        (["we MOVE THE DATE", "we MOVE THE DATE TO"], "we MOVE THE DATE"),
        (["IS THE FREAKING", "IS THE FREEZER broken"], "IS THE"),
        # Marks and letters may be others; the newer ones are shown.
        (["we MOVE THE DATE", "We MOVE, THE"], "We MOVE, THE"),
        # What is shown stays until another text is as certain.
        (["we move the date", "I REMOVE THE DATE"], "we move the"),
        (["we move the date", "I REMOVE THE DATE", "I REMOVE THE DATE"], "I REMOVE THE DATE"),
        (["WE MOVE", "", "WE MOVE"], ""),
        ([""], ""),
    ],
)
def test_words_are_shown_that_are_sure_or_heard_twice(hearings: list[str], shown: str) -> None:
    interim = Interim()
    for text in hearings:
        interim.take(hearing(text), 1.5 + CUT)
    assert interim.text == shown


def test_another_sentence_begins_with_nothing() -> None:
    interim = Interim()
    interim.take(hearing("WE MOVE"), 9.0)
    interim.clear()
    interim.take(hearing("WE MOVE"), 9.0)
    assert interim.text == ""


def test_what_ends_in_a_pause_is_shown_whole_unless_it_is_improbable() -> None:
    interim = Interim()
    interim.take(hearing("WE MOVE the date"))
    assert interim.text == "WE MOVE the date"
    interim.clear()
    interim.take(hearing("we MOVE THE DATE"))
    assert interim.text == "we"
