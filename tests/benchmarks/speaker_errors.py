"""How wrong it is told who speaks: the diarisation error rate, and the share of words that have the right speaker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.word_error_rate import words

COLLAR = 0.25
"""Seconds left out on each side of each change in the reference."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """From one second to another `speaker` is heard, and says `text` where that is known."""

    start: float
    end: float
    speaker: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SpeakerErrors:
    """Seconds of speech: all in the reference, missed, heard where there is none, and of the wrong speaker."""

    total: float
    missed: float
    invented: float
    confused: float

    @property
    def rate(self) -> float:
        """The diarisation error rate."""
        return (self.missed + self.invented + self.confused) / max(self.total, 1e-9)


def speaker_errors(
    reference: Sequence[Spoken], heard: Sequence[Spoken], collar: float = COLLAR
) -> SpeakerErrors:
    """The errors under the best pairing of speakers; `collar` seconds on each side of a change do not count."""
    changes = [at for one in reference for at in (one.start, one.end)]
    edges = {at + shift for at in changes for shift in (-collar, collar)}
    cuts = np.array(sorted({*edges, *(at for one in (*reference, *heard) for at in (one.start, one.end))}))
    if len(cuts) < 2:
        return SpeakerErrors(0, 0, 0, 0)
    middles, lengths = (cuts[:-1] + cuts[1:]) / 2, np.diff(cuts)
    if collar:
        away = np.abs(middles[:, None] - np.array(changes or [-np.inf])).min(axis=1)
        lengths = np.where(away < collar, 0.0, lengths)
    theirs, ours = _active(reference, middles), _active(heard, middles)
    count, guess = theirs.sum(axis=0), ours.sum(axis=0)
    common = (theirs[:, None] & ours[None]).astype(float) @ lengths
    right = sum(float(common[pair]) for pair in best_pairs(common))
    return SpeakerErrors(
        total=float(count @ lengths),
        missed=float(np.maximum(count - guess, 0) @ lengths),
        invented=float(np.maximum(guess - count, 0) @ lengths),
        confused=float(np.minimum(count, guess) @ lengths) - right,
    )


def _active(spoken: Sequence[Spoken], seconds: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Who speaks at `seconds`, a row for each speaker."""
    speakers = sorted({one.speaker for one in spoken})
    found = np.zeros((len(speakers), len(seconds)), dtype=bool)
    for one in spoken:
        found[speakers.index(one.speaker)] |= (seconds >= one.start) & (seconds < one.end)
    return found


def best_pairs(worth: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The pairs of a row and a column, each used once, that are worth most together (the Hungarian method).

    After the shortest augmenting paths of Jonker and Volgenant (Computing 38, 1987).
    """
    turned = worth.shape[0] > worth.shape[1]
    cost = -(worth.T if turned else worth)
    rows, columns = cost.shape
    of_rows, of_columns = np.zeros(rows + 1), np.zeros(columns + 1)
    owner, way = np.zeros(columns + 1, dtype=int), np.zeros(columns + 1, dtype=int)
    for row in range(1, rows + 1):
        owner[0], column = row, 0
        least, used = np.full(columns + 1, np.inf), np.zeros(columns + 1, dtype=bool)
        while owner[column]:
            used[column] = True
            reduced = cost[owner[column] - 1] - of_rows[owner[column]] - of_columns[1:]
            shorter = ~used[1:] & (reduced < least[1:])
            least[1:][shorter], way[1:][shorter] = reduced[shorter], column
            nearest = int(np.where(used, np.inf, least).argmin())
            step = least[nearest]
            of_rows[owner[used]] += step
            of_columns[used] -= step
            least[~used] -= step
            column = nearest
        while column:
            owner[column], column = owner[way[column]], way[column]
    pairs = [(int(owner[column]) - 1, column - 1) for column in range(1, columns + 1) if owner[column]]
    return [(column, row) for row, column in pairs] if turned else pairs


def words_right(reference: Sequence[Spoken], heard: Sequence[Spoken]) -> tuple[int, int]:
    """(words with the right speaker, words compared) under the best pairing of speakers.

    Compared are the words that the two texts share, or that one has in place of another (Levenshtein).
    """
    said = [(word, one.speaker) for one in reference for word in words(one.text)]
    found = [(word, one.speaker) for one in heard for word in words(one.text)]
    pairs = [
        (said[i][1], found[j][1]) for i, j in _aligned([one for one, _ in said], [one for one, _ in found])
    ]
    theirs, ours = sorted({one for one, _ in pairs}), sorted({one for _, one in pairs})
    counts = np.zeros((len(theirs), len(ours)))
    for one, other in pairs:
        counts[theirs.index(one), ours.index(other)] += 1
    return round(sum(float(counts[pair]) for pair in best_pairs(counts))), len(pairs)


def _aligned(said: list[str], found: list[str]) -> Iterator[tuple[int, int]]:
    """The places of words that stand for each other in the alignment with the fewest errors."""
    table = np.zeros((len(said) + 1, len(found) + 1), dtype=int)
    table[:, 0], table[0] = np.arange(len(said) + 1), np.arange(len(found) + 1)
    for i, word in enumerate(said, 1):
        for j, other in enumerate(found, 1):
            table[i, j] = min(table[i - 1, j - 1] + (word != other), table[i - 1, j] + 1, table[i, j - 1] + 1)
    i, j = len(said), len(found)
    while i and j:
        if table[i, j] == table[i - 1, j - 1] + (said[i - 1] != found[j - 1]):
            i, j = i - 1, j - 1
            yield i, j
        elif table[i, j] == table[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
