"""Tags, and the words that transcriptions listen for."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, select

from core.store.database import Database
from core.store.tables import MeetingRow, TermRow


class VocabularyStore(Database):
    """What the store answers about tags and vocabulary."""

    def tags(self) -> tuple[str, ...]:
        """Every tag that a meeting has or that has a vocabulary, in the order of the alphabet."""
        with self._reading() as session:
            known = [tag for tags in session.exec(select(MeetingRow.tags)) for tag in tags]
            known += session.exec(select(TermRow.tag).where(TermRow.tag != "").distinct())
            return tuple(sorted(each_once(known), key=str.casefold))

    def vocabulary(self, tag: str = "") -> tuple[str, ...]:
        """The words that transcriptions listen for in meetings with this tag, or, without one, in all."""
        with self._reading() as session:
            wanted = tag_name(tag).casefold()
            rows = session.exec(select(TermRow).order_by(col(TermRow.id)))
            return tuple(row.text for row in rows if row.tag.casefold() == wanted)

    def set_vocabulary(self, terms: Iterable[str], tag: str = "") -> None:
        """Replaces those words, the most important first; each is kept once."""
        with self._writing() as session:
            wanted = tag_name(tag)
            for row in session.exec(select(TermRow)):
                if row.tag.casefold() == wanted.casefold():
                    session.delete(row)
            session.flush()
            session.add_all(
                TermRow(tag=wanted, text=term) for term in each_once(" ".join(one.split()) for one in terms)
            )

    def add_term(self, term: str) -> bool:
        """Has transcriptions listen for one more word in all meetings; False where they did already."""
        known = self.vocabulary()
        if term.casefold() in {one.casefold() for one in known}:
            return False
        self.set_vocabulary((*known, term))
        return True

    def remove_term(self, term: str) -> None:
        """Takes a word out of those that are listened for in all meetings."""
        self.set_vocabulary(one for one in self.vocabulary() if one != term)


def tag_name(text: str) -> str:
    """A tag as it is kept: without the # before it, and in one piece."""
    return "-".join(text.replace("#", " ").replace(",", " ").split())


def each_once(texts: Iterable[str]) -> Iterable[str]:
    """The texts without empty ones and without those that differ only in capitals from an earlier one."""
    found: dict[str, str] = {}
    for text in texts:
        if text:
            found.setdefault(text.casefold(), text)
    return found.values()
