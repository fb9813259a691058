"""How much of what people wrote about a meeting our offline minutes say, beside two simple ways to do without them.

ROUGE-1, ROUGE-2 and ROUGE-L (Lin, 2004), as F1 on lower-case words without accents. *Lead* takes the first sentences,
*TextRank* (Mihalcea and Tarau, 2004) those most like the others; both may use as many words as ours does. Twice:
our overview with the decisions, which it does not repeat, beside a summary of the whole meeting, and all of our
minutes beside all that was written.

Meetings come from the folder that `MEETING_TRANSCRIBER_MINUTES` names (`*.jsonl` in QMSum's layout), without it from
the scripts of our own in `tests/data`.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from core import paths
from core.summary import Draft, Request, offline
from core.summary.sentences import Sentence, Text, fold, split, words_of
from core.values import Section, Segment
from tests.conftest import finished

VARIABLE = "MEETING_TRANSCRIBER_MINUTES"
DATA = Path(__file__).parents[1] / "data"
FACTS: dict[str, Any] = json.loads((DATA / "meetings.json").read_text(encoding="utf-8"))
"""Of each of our scripts its language, a summary, and in what turn (from 1) something was decided, taken on (by whom,
for when) or left open."""
WORDS_PER_SECOND = 2.5
LIMIT = 2.0
"""Seconds that an hour of meeting may take."""
TOLD = datetime(2026, 3, 10, 9, tzinfo=UTC)

Scores = tuple[float, float, float]


# --- counting --------------------------------------------------------------------------------------


def rouge(said: str, reference: str) -> Scores:
    """(ROUGE-1, ROUGE-2, ROUGE-L) of `said` beside `reference`, each from 0 to 1."""
    ours, theirs = _words(said), _words(reference)
    pairs = [_grams(ours, 1), _grams(theirs, 1)], [_grams(ours, 2), _grams(theirs, 2)]
    one, two = (_f1((a & b).total(), a.total(), b.total()) for a, b in pairs)
    return one, two, _f1(_in_common(ours, theirs), len(ours), len(theirs))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text))


def _grams(words: Sequence[str], length: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(words[start:] for start in range(length)), strict=False))


def _f1(shared: int, ours: int, theirs: int) -> float:
    return 2 * shared / (ours + theirs) if shared else 0.0


def _in_common(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    codes = {word: code for code, word in enumerate(dict.fromkeys([*ours, *theirs]))}
    mine = np.array([codes[word] for word in ours], dtype=int)
    row = np.zeros(len(mine) + 1, dtype=int)
    for word in theirs:
        row[1:] = np.maximum.accumulate(np.maximum(row[1:], row[:-1] + (mine == codes[word])))
    return int(row[-1])


# --- what is measured ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """A meeting, a summary of it, and that together with all else that people wrote about it."""

    language: str
    segments: tuple[Segment, ...]
    summary: str
    everything: str


def spoken(turns: Iterable[tuple[str, str]]) -> tuple[Segment, ...]:
    """(who, what) as segments, as fast as people speak, with half a second between turns."""
    segments, at = list[Segment](), 0.0
    for who, what in turns:
        length = max(0.5, len(what.split()) / WORDS_PER_SECOND)
        segments.append(Segment(at, at + length, what, id=len(segments) + 1, speaker=who))
        at += length + 0.5
    return tuple(segments)


def script(name: str) -> tuple[Segment, ...]:
    """One of our scripts as segments, a turn each: the sample meeting's is `script.txt`."""
    file = (paths.RESOURCES / "sample" if name == "script.txt" else DATA) / name
    lines = (line.partition(":") for line in file.read_text(encoding="utf-8").splitlines())
    return spoken((who.title(), what.strip()) for who, _, what in lines)


def our_own() -> Iterator[Known]:
    """The meetings of our scripts."""
    for name, fact in FACTS.items():
        yield Known(fact["language"], script(name), fact["summary"], fact["summary"])


def of_folder(folder: Path) -> Iterator[Known]:
    """The meetings of a folder in QMSum's layout, one a line."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield _written(json.loads(line))


def _written(meeting: dict[str, Any]) -> Known:
    turns = ((turn["speaker"], _plain(turn["content"])) for turn in meeting["meeting_transcripts"])
    summary = meeting["general_query_list"][0]["answer"]
    answers = [summary, *(query["answer"] for query in meeting["specific_query_list"])]
    segments = spoken((who, what) for who, what in turns if re.search(r"\w", what))
    return Known("en", segments, summary, " ".join(answers))


def _plain(text: str) -> str:
    """The text of a data set without its marks and the spaces around signs."""
    text = re.sub(r"\{[^}]*\}", " ", text)
    text = re.sub(r"\b(\w+) (n't|'s|'re|'ve|'ll|'m|'d)\b", r"\1\2", text)
    return " ".join(re.sub(r"\s+([.,!?;:'’])", r"\1", text).split())


def ours(meeting: Known) -> tuple[Draft, float]:
    """Our minutes and the seconds they took."""
    request = Request(meeting.segments, "", TOLD, meeting.language)
    started = time.perf_counter()
    draft = finished(offline.summarise(request))
    return draft, time.perf_counter() - started


def lead(sentences: Sequence[Sentence], count: int) -> str:
    """The first `count` words."""
    return _first(sentences, range(len(sentences)), count)


def text_rank(sentences: Sequence[Sentence], count: int) -> str:
    """The sentences most like the others, in order of time, `count` words of them."""
    bags = [set(words_of(one.text)) for one in sentences]
    terms = {word: column for column, word in enumerate(sorted(set().union(*bags)))}
    has = np.zeros((len(bags), len(terms)), dtype=np.float32)
    for row, bag in enumerate(bags):
        has[row, [terms[word] for word in bag]] = 1
    sizes = np.log(np.maximum(2, [len(one.text.split()) for one in sentences]))
    likeness = (has @ has.T) / (sizes[:, None] + sizes[None])
    np.fill_diagonal(likeness, 0)
    sums = likeness.sum(axis=1, keepdims=True)
    moves = np.where(sums > 0, likeness / np.maximum(sums, 1e-9), 1 / len(bags))
    rank = np.full(len(bags), 1 / len(bags))
    for _round in range(60):
        rank = 0.15 / len(bags) + 0.85 * (rank @ moves)
    return _first(sentences, [int(one) for one in np.argsort(-rank, kind="stable")], count)


def _first(sentences: Sequence[Sentence], order: Iterable[int], count: int) -> str:
    """The first of `order` that have `count` words together, the last one cut, in order of time."""
    taken: dict[int, str] = {}
    for place in order:
        words = sentences[place].text.split()[:count]
        count -= len(words)
        taken[place] = " ".join(words)
        if count <= 0:
            break
    return " ".join(taken[place] for place in sorted(taken))


def _text(draft: Draft, sections: Iterable[Section]) -> str:
    """The lines of `sections` in order of time, once each."""
    lines = [line for line in draft.lines if line.section in set(sections)]
    return " ".join(
        dict.fromkeys(line.text for line in sorted(lines, key=lambda line: line.evidence[0].start))
    )


# --- the report ------------------------------------------------------------------------------------

MINUTES = (
    Section.OVERVIEW,
    Section.KEY_POINTS,
    Section.DECISIONS,
    Section.ACTION_ITEMS,
    Section.OPEN_QUESTIONS,
)
WAYS = ("ours", "lead", "TextRank")


def measure(meetings: Iterable[Known]) -> tuple[dict[str, list[list[Scores]]], float]:
    """Each meeting's scores of `WAYS`, for the overview with the decisions and for all of the minutes; the most seconds
    for an hour."""
    scores: dict[str, list[list[Scores]]] = {"summary": [], "minutes": []}
    slowest = 0.0
    for meeting in meetings:
        draft, seconds = ours(meeting)
        slowest = max(slowest, seconds / max(1.0, meeting.segments[-1].end / 3600))
        sentences = split(Text(meeting.segments))
        for kind, sections, reference in (
            ("summary", (Section.OVERVIEW, Section.DECISIONS), meeting.summary),
            ("minutes", MINUTES, meeting.everything),
        ):
            said = _text(draft, sections)
            count = len(said.split())
            texts = (said, lead(sentences, count), text_rank(sentences, count))
            scores[kind].append([rouge(text, reference) for text in texts])
    return scores, slowest


def run() -> int:
    """Prints the scores; 1 when ours is not above both others everywhere, or too slow, else 0."""
    folder = os.environ.get(VARIABLE)
    meetings = list(of_folder(Path(folder)) if folder else our_own())
    if not meetings:
        print(f"No meetings in the folder that {VARIABLE} names.")
        return 2
    scores, slowest = measure(meetings)
    behind = False
    print(f"{len(meetings)} meetings{'':13}ROUGE-1  ROUGE-2  ROUGE-L")
    for kind, rows in scores.items():
        means = np.mean(rows, axis=0)
        behind = behind or bool((means[0] <= means[1:].max(axis=0)).any())
        for way, mean in zip(WAYS, means, strict=True):
            print(f"  {kind:10}{way:10}" + "".join(f"{value:9.4f}" for value in mean))
    print(f"  an hour of meeting took at most {slowest:.2f} s (of {LIMIT:.0f} allowed)")
    return int(behind or slowest > LIMIT)
