# ruff: noqa: E501  a pattern reads best whole
"""What a meeting takes back: "Forget Lantern, we call it Beacon.", "On le décale au 6.", "Then I won't sign it." Pure.

Precision first: only words that say so, and only of what the same words name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from core.summary.clauses import adds
from core.summary.dates import MONTH_NAMES, NUMBER_WORDS, WEEKDAY_NAMES
from core.summary.found import Found
from core.summary.motions import puts
from core.summary.phrases import rules
from core.summary.revised import revises
from core.summary.same import SHARED, Meaning, lacking, meaning, opposite
from core.summary.sentences import Sentence, content_words, stem

NEAR = 3
"""So many sentences after a decision "No, wait" is about it."""

_DROPPED = {
    "en": re.compile(
        r"(?:^|\b(?:then|so|let's|we|we'll|just|okay,?|ok,?|no,?|oh,?) )(?:forget(?: about)?|scrap|drop) (?P<what>[^,.;!?]+)|\b(?:instead of|rather than|in place of) (?P<other>[^,.;!?]+)|\btake (?P<off>[\w' -]+?) off\b"
    ),
    "fr": re.compile(
        r"\b(?:laiss\w+ tomber|on (?:oublie|abandonne)) (?P<what>[^,.;!?]+)|\b(?:au lieu d[eu']s?|plutot que|a la place d[eu']s?) ?(?P<other>[^,.;!?]+)|\bon (?:enleve|retire|raye) (?P<off>[^,.;!?]+)"
    ),
}
_TAKEN_BACK = {
    "en": re.compile(
        r"^(?:(?:oh|okay|ok|sorry|um|and|but),? )*(?:no,? wait|wait,? no|hang on,? no|actually,? no|no,? actually|scratch that|on second thoughts?|i take that back|change of plan|correction|no,? sorry)\b"
    ),
    "fr": re.compile(
        r"^(?:(?:ah|bon|ben|euh|pardon|et|mais),? )*(?:non,? attend\w*|attend\w*,? non|en fait,? non|non,? en fait|apres reflexion|reflexion faite|tout compte fait|changement de programme|je me corrige)\b"
    ),
}
_IN_THE_END = {"en": re.compile(r"(?!)"), "fr": re.compile(r"^(?:(?:bon|et|mais|ah),? )*finalement\b")}
"""Takes back what it speaks of as "it", and may only close a talk where it does not."""
_MOVED = {
    "en": re.compile(
        r"\b(?:we'll|we will|we|let's) (?:(?:move|push|shift|postpone|delay) (?:it|that|this|them) (?:back |forward |on )?|put (?:it|that|this|them) (?:back|off) )(?:to|until|till)\b"
    ),
    "fr": re.compile(
        r"\bon (?:le|la|les|l')? ?(?:decal|repouss|report|deplac|avanc)\w* (?:au|a|en|du \w+ au|pour|jusqu'a)\b"
    ),
}
_NOW = {
    "en": re.compile(r"\b(?:so|then|now)\b"),
    "fr": re.compile(r"\b(?:alors|donc|du coup|plutot|finalement)\b"),
}
_PLAN = {"en": re.compile(r"\b(?:we|we'll|let's)\b"), "fr": re.compile(r"\b(?:on|nous)\b")}
_SUPPOSED = {
    "en": re.compile(r"\b(?:if|could|should|would|might|maybe|perhaps)\b"),
    "fr": re.compile(r"\b(?:si (?:on|c'est|ca)|peut-etre|pourrait|devrait|faudrait)\b"),
}
_IT = {"en": re.compile(r"\b(?:it|them|that)\b"), "fr": re.compile(r"\b(?:on|nous) (?:le|la|les|l')")}
_NOT_MINE = {
    "en": re.compile(
        r"\bi (?:can't|cannot|won't|will not|am not going to|can not)(?: be able to)? (?P<what>[^,.;!?]+)|\bi'm not going to (?P<other>[^,.;!?]+)"
    ),
    "fr": re.compile(
        r"\bje (?:ne )?(?:peux|vais|pourrai) (?:pas|plus) (?P<what>[^,.;!?]+)|\bje n(?:e |')(?P<other>\w+ (?:pas|plus) [^,.;!?]+)"
    ),
}
_DOING = {
    "en": re.compile(r"\b(?:take|handle|care|over)\b"),
    "fr": re.compile(r"\b\w*(?:charg|occup)\w+|\b[mst]'en\b|\bprend\w*"),
}
_DAYS = frozenset(map(stem, WEEKDAY_NAMES | MONTH_NAMES))


def changes(sentence: Sentence, sentences: Sequence[Sentence], language: str) -> bool:
    """Whether it says by itself that something settled becomes something else, and nobody objects at once."""
    said = sentence.folded
    if sentence.is_question or puts(sentence, language) or _SUPPOSED[language].search(said):
        return False
    if _TAKEN_BACK[language].search(said) and _PLAN[language].search(said):
        says = rules(language)
        after = sentences[sentence.index + 1 : sentence.index + 2]
        return not any(says.no.search(one.folded) or says.objects.search(one.folded) for one in after)
    return bool(_DROPPED[language].search(said) or _MOVED[language].search(said))


def resettles(found: Sequence[Found], sentence: Sentence, language: str) -> bool:
    """Whether it draws as a conclusion that what one of the decisions `found` settled is otherwise now: "The meeting is on
    Wednesday, then." """
    said = sentence.folded
    told = not sentence.is_question and not puts(sentence, language) and _NOW[language].search(said)
    if not told or _SUPPOSED[language].search(said):
        return False
    return any(revises(sentence, one.sentences[0], language) for one in found)


def overturned(
    found: Sequence[Found], sentence: Sentence, sentences: Sequence[Sentence], language: str
) -> Found | None:
    """Which of the decisions `found` before is no longer true once `sentence` has decided; None where none is."""
    told = meaning(sentence.text, language)
    before = sentences[max(0, sentence.index - 1) : sentence.index]
    back = any(_TAKEN_BACK[language].search(one.folded) for one in (*before, sentence))
    dropped = _dropped(sentence.folded, language)
    for earlier in reversed(found):
        known = meaning(earlier.sentences[0].text, language)
        if opposite(told, known) and (back or not (lacking(told, known) or lacking(known, told))):
            return earlier
        if dropped and not lacking(replace(known, words=dropped), known):
            return earlier
        if _on_another_day(sentence, told, known, language) or revises(
            sentence, earlier.sentences[0], language
        ):
            return earlier
    said = sentence.folded
    in_the_end = _IN_THE_END[language].search(said) and _IT[language].search(said)
    moves = moves_it(sentence, language)
    if (back or in_the_end or moves or _MOVED[language].search(said)) and not adds(sentence, language):
        spoken_of = _spoken_of(found, sentence, sentences, language)
        return spoken_of or (_just_decided(found, sentence, sentences, language) if moves else None)
    return None


def moves_it(sentence: Sentence, language: str) -> bool:
    """Whether it puts off what it only calls "it": "We'll postpone it until May." """
    return bool(_MOVED[language].search(sentence.folded) and _IT[language].search(sentence.folded))


def gives_back(task: Found, sentence: Sentence, language: str) -> bool:
    """Whether the one who took it on says later that they do not do it."""
    match = _NOT_MINE[language].search(sentence.folded)
    if match is None or not task.owner or task.owner != sentence.speaker:
        return False
    words = _timeless(frozenset(content_words(match["what"] or match["other"], language)))
    known = meaning(task.text, language)
    return bool(words) and not lacking(replace(known, words=words), known)


def takes_over(task: Found, language: str) -> bool:
    """Whether a task is told by no words of its own ("Carla, can you do it?"): it is the one that was given back."""
    named = {*content_words(task.called, language), *content_words(task.owner, language)}
    said = _DOING[language].sub(" ", task.sentences[0].folded)
    return not set(content_words(said, language)) - named


def timeless(task: Found) -> str:
    """What is to be done, without until when."""
    return re.sub(r"\s+(?=[.?!]*$)", "", task.text.replace(task.due_said, "")) if task.due_said else task.text


def _dropped(folded: str, language: str) -> frozenset[str]:
    """The words of what is no longer wanted."""
    match = _DROPPED[language].search(folded)
    said = next(filter(None, match.groups()), "") if match else ""
    return frozenset(content_words(said, language))


def _on_another_day(sentence: Sentence, told: Meaning, known: Meaning, language: str) -> bool:
    """Whether it gives another day to the very thing that the earlier one gave a day: "We send it on Mondays." """
    days, known_days = told.words & _days_in(told), known.words & _days_in(known)
    what, known_what = told.words - days, known.words - known_days
    if not (days and known_days and what) or days == known_days or told.against != known.against:
        return False
    return bool(_IT[language].search(sentence.folded)) and not lacking(
        replace(told, words=what), replace(known, words=known_what)
    )


@lru_cache(maxsize=4096)
def _days_in(one: Meaning) -> frozenset[str]:
    return frozenset(word for word in one.words if word in _DAYS or stem(word) in _DAYS)


def _timeless(words: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in words if one not in _DAYS and one not in NUMBER_WORDS)


def _spoken_of(
    found: Sequence[Found], sentence: Sentence, sentences: Sequence[Sentence], language: str
) -> Found | None:
    """The decision that a taking back is about: whose words and numbers it shares that no other has."""
    told = meaning(sentence.text, language)
    topics = [meaning(one.sentences[0].text, language) for one in found]
    for place in reversed(range(len(found))):
        others = [one for n, one in enumerate(topics) if n != place]
        mine = _around(found[place], sentences, language)
        both = told.words - lacking(told, mine)
        shared = {word for word in both if not any(word in one.words for one in others)}
        figures = {
            one for one in told.numbers & mine.numbers if not any(one in other.numbers for other in others)
        }
        near = sentence.index - found[place].sentences[0].index <= NEAR
        if (shared or figures) and (near or len(both) + len(figures) >= SHARED):
            return found[place]
    return None


def _just_decided(
    found: Sequence[Found], sentence: Sentence, sentences: Sequence[Sentence], language: str
) -> Found | None:
    """The decision right before, where nothing else was named since that "it" could be."""
    last = max(found, key=lambda one: one.sentences[0].index, default=None)
    if last is None or sentence.index - last.sentences[0].index > NEAR:
        return None
    known = _around(last, sentences, language)
    since = (meaning(one.text, language) for one in sentences[last.sentences[0].index + 1 : sentence.index])
    return None if any(one.words and lacking(one, known) == one.words for one in since) else last


def _around(item: Found, sentences: Sequence[Sentence], language: str) -> Meaning:
    """What a decision and the sentence before it speak of."""
    first = item.sentences[0].index
    return meaning(" ".join(one.text for one in sentences[max(0, first - 1) : first + 1]), language)
