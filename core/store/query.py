"""What a person writes into a search field: words, phrases in quotes, and `speaker:`, `tag:`, `before:`, `after:`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_PIECE = re.compile(r'(?:(?P<key>[^\W\d_]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"*]+))(?P<star>\*)?')

# As unicode61 tells words apart (SQLite's documentation of FTS5, section 4.3.1): letters, digits, and accents on them.
_WORD = re.compile(r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_\u0300-\u036f]*)*")

KEYS = {
    "speaker": "speaker",
    "intervenant": "speaker",
    "tag": "tag",
    "étiquette": "tag",
    "before": "before",
    "avant": "before",
    "after": "after",
    "après": "after",
}
"""The names of filters, in English and French, and what they mean."""

SHORTEST = 2
"""Letters that a word must have to be taken for the beginning of others too."""


@dataclass(frozen=True, slots=True)
class Query:
    """A search as it is understood.

    `phrases` must all be there, best in one text: each is one word or more in a row, and `begins` says that its last
    one may go on.
    `before` is the moment that a meeting must have begun before, `after` the first at which it may have begun;
    `speakers` and `tags` are beginnings of names, folded. `unclear` are the filters that want a date and have none, as
    they were written.
    """

    phrases: tuple[tuple[tuple[str, ...], bool], ...] = ()
    speakers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    before: datetime | None = None
    after: datetime | None = None
    unclear: tuple[str, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Whether only some meetings or segments come into question."""
        return bool(self.speakers or self.tags or self.before or self.after)

    @property
    def match(self) -> str:
        """The phrases in the language of FTS5."""
        return " ".join(f'"{" ".join(words)}"{"*" if begins else ""}' for words, begins in self.phrases)

    def marks(self, text: str) -> tuple[tuple[int, int], ...]:
        """The stretches of `text` (begin, end) that were searched for, in order and apart."""
        words = [(fold(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]
        stretches = sorted(
            (words[place][1], words[place + len(phrase) - 1][2])
            for phrase, begins in self.phrases
            for place in range(len(words) - len(phrase) + 1)
            if _stands(phrase, [word for word, *_at in words[place : place + len(phrase)]], begins=begins)
        )
        marks: list[tuple[int, int]] = []
        for begin, end in stretches:
            if marks and begin <= marks[-1][1]:
                marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
            else:
                marks.append((begin, end))
        return tuple(marks)


def parse(text: str) -> Query:
    """A search as a person writes it; what is no known filter are words."""
    phrases: list[tuple[tuple[str, ...], bool]] = []
    names: dict[str, list[str]] = {"speaker": [], "tag": []}
    days: dict[str, datetime] = {}
    unclear: list[str] = []
    for key, value, quoted, starred in _pieces(text):
        meant = KEYS.get(key.casefold(), "")
        if meant in names and fold(value).strip():
            names[meant].append(fold(value).strip().removeprefix("#"))
        elif meant in {"before", "after"}:
            if moment := _begins(value):
                days[meant] = moment
            else:
                unclear.append(f"{key}:{value}")
        elif not meant:
            words = tuple(fold(word) for word in _WORD.findall(f"{key} {value}" if key else value))
            if words:
                phrases.append((words, starred or (not quoted and len(words[-1]) >= SHORTEST)))
    return Query(
        phrases=tuple(dict.fromkeys(phrases)),
        speakers=tuple(names["speaker"]),
        tags=tuple(names["tag"]),
        before=days.get("before"),
        after=days.get("after"),
        unclear=tuple(unclear),
    )


def fold(text: str) -> str:
    """`text` without capitals and accents."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", "".join(one for one in decomposed if not unicodedata.combining(one)))


def _pieces(text: str) -> Iterator[tuple[str, str, bool, bool]]:
    for found in _PIECE.finditer(text):
        quoted = found["quoted"] is not None
        yield found["key"] or "", found["quoted"] or found["plain"] or "", quoted, bool(found["star"])


def _stands(phrase: tuple[str, ...], words: list[str], *, begins: bool) -> bool:
    *first, last = phrase
    return words[:-1] == first and (words[-1].startswith(last) if begins else words[-1] == last)


def _begins(text: str) -> datetime | None:
    """When '2026', '2026-03' or '2026-03-10' begins by this machine's clock; None for anything else."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", text.strip())
    if not found:
        return None
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        return datetime(year, month, day).astimezone().astimezone(UTC)
    except (ValueError, OverflowError):
        return None
