"""Which sentences of a meeting answer a question."""

from __future__ import annotations

from core.summary.passages import ranked
from core.values import Segment


def test_the_reply_follows_the_question_that_fits() -> None:
    said = (
        "The roof is done.",
        "When do we meet about the concert again?",
        "On Thursday the 4th of March.",
        "Bring cake.",
    )
    segments = [Segment(5.0 * n, 5.0 * n + 4, text, id=n + 1) for n, text in enumerate(said)]
    found = [one.text for _score, one in ranked("When is the next concert?", segments, "en")]
    assert found[:2] == [said[1], said[2]]
    assert said[0] not in found
