"""What was recognised in a meeting as a line of its minutes, and the same thing said twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.summary.phrases import rules
from core.summary.same import Meaning, meaning, same
from core.summary.sentences import Sentence, content_words, fold, tidy


@dataclass(frozen=True, slots=True)
class Found:
    """What was recognised: `text` to show, and the `sentences` that carry it.

    A task belongs to whoever says `taken`, one of the sentences; to the one who was `called` where that one has no name
    or nobody took it on.
    """

    text: str
    sentences: tuple[Sentence, ...]
    called: str = ""
    taken: Sentence | None = None
    due_said: str = ""
    due: date | None = None

    @property
    def owner(self) -> str:
        """The name of whose task it is, '' where that is not known."""
        return (self.taken.speaker if self.taken else "") or self.called

    def may_be_of(self, other: Found) -> bool:
        """Whether it may belong to the same one as another task, as far as names and voices tell."""
        if self.owner and other.owner:
            return self.owner == other.owner
        voices = {one.taken.speaker_id for one in (self, other) if one.taken and one.taken.speaker_id}
        return len(voices) < 2


def shown(sentence: Sentence, language: str) -> str:
    """The sentence as a line of the minutes: without slips of the tongue and the words that only open a turn."""
    text = tidy(sentence.text, language)
    start = rules(language).lead.match(fold(text))
    return capital(text[start.end() if start else 0 :].strip(" ,") or text or sentence.text)


def capital(text: str) -> str:
    """`text` beginning with a capital letter."""
    return text[:1].upper() + text[1:]


_LISTED = {"en": ("Topics include {}.", " and "), "fr": ("Parmi les sujets\u00a0: {}.", " et ")}


def listed(names: Sequence[str], language: str) -> str:
    """Two topics or more as a line of the minutes."""
    words, last = _LISTED[language]
    return words.format(last.join((", ".join(names[:-1]), names[-1])))


def sentence_before(sentences: Sequence[Sentence], sentence: Sentence) -> Sentence | None:
    """The sentence said before it, None before the first."""
    return sentences[sentence.index - 1] if sentence.index else None


def add(found: list[Found], item: Found, language: str) -> None:
    """Puts `item` into `found`; what was said before only gains evidence, and the owner or date it lacked.

    A task for which the same one names another day later is for that day.
    """
    for place, earlier in enumerate(found):
        if not (item.may_be_of(earlier) and says_same(item, earlier, language)):
            continue
        known = {one.index for one in earlier.sentences}
        more = tuple(one for one in item.sentences if one.index not in known)
        if item.due is None or earlier.due is None or item.due == earlier.due:
            found[place] = replace(
                earlier,
                sentences=earlier.sentences + more,
                called=earlier.called or item.called,
                taken=earlier.taken if earlier.owner else item.taken or earlier.taken,
                due_said=earlier.due_said or item.due_said,
                due=earlier.due or item.due,
            )
            return
        if item.owner and item.owner == earlier.owner:
            found[place] = item
            return
    found.append(item)


def says_same(item: Found, earlier: Found, language: str) -> bool:
    """Whether both are one thing: the same words, numbers and "not", whoever it belongs to and until whenever."""
    return item.text == earlier.text or same(_meaning(item, language), _meaning(earlier, language))


def _meaning(item: Found, language: str) -> Meaning:
    said = item.text.replace(item.due_said, " ") if item.due_said else item.text
    whole = meaning(said, language)
    return (
        replace(whole, words=whole.words - set(content_words(item.owner, language))) if item.owner else whole
    )
