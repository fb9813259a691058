"""The benchmark counts right, and our minutes say more of what matters than two simple ways do."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.summary.sentences import Text, split
from tests.benchmarks import rouge


@pytest.mark.parametrize(
    ("said", "reference", "scores"),
    [
        ("the cat sat", "the cat sat", (1.0, 1.0, 1.0)),
        ("The CAT, sat!", "the çat sat", (1.0, 1.0, 1.0)),
        ("police killed the gunman", "police kill the gunman", (0.75, 1 / 3, 0.75)),
        ("the gunman police killed", "police killed the gunman", (1.0, 2 / 3, 0.5)),
        ("the the the", "the cat", (0.4, 0.0, 0.4)),
        ("a b", "c d", (0.0, 0.0, 0.0)),
        ("", "a", (0.0, 0.0, 0.0)),
        ("a b c d", "a b", (2 / 3, 0.5, 2 / 3)),
    ],
)
def test_rouge_by_hand(said: str, reference: str, scores: tuple[float, ...]) -> None:
    assert rouge.rouge(said, reference) == pytest.approx(scores)


def test_the_others_may_use_as_many_words_as_we_do() -> None:
    segments = rouge.script("script.txt")
    sentences = split(Text(segments))
    for way in (rouge.lead, rouge.text_rank):
        assert [len(way(sentences, count).split()) for count in (1, 7, 40)] == [1, 7, 40]
    assert segments[0].text.startswith(rouge.lead(sentences, 5))


def test_ours_is_above_both_others_on_our_own_meetings() -> None:
    scores, _slowest = rouge.measure(rouge.our_own())
    for rows in scores.values():
        ours, *others = np.mean(rows, axis=0)
        assert all((ours > other).all() for other in others)


def test_a_folder_in_qmsums_layout_is_read(tmp_path: Path) -> None:
    meeting = {
        "meeting_transcripts": [
            {"speaker": "Ana", "content": "{vocalsound} We do n't need it , do we ?"},
            {"speaker": "Marc", "content": "{pause} ."},
        ],
        "general_query_list": [{"answer": "All of it."}],
        "specific_query_list": [{"answer": "More."}],
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(meeting), encoding="utf-8")
    (known,) = rouge.of_folder(tmp_path)
    assert [(one.speaker, one.text) for one in known.segments] == [("Ana", "We don't need it, do we?")]
    assert (known.summary, known.everything) == ("All of it.", "All of it. More.")
