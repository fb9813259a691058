# ruff: noqa: E501  a pattern reads best whole
"""Days put right at once: "By Monday? — Sure. No, wait, Tuesday.", "Pas mardi. — Mercredi, entendu." Pure.

Precision first: a sentence that is only another day, or one that opens with a word of putting right. A day that answers
another question is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.summary import dates
from core.summary.found import Found
from core.summary.sentences import Sentence, has_verb

NEAR = 5
"""So many sentences after the day was named it may be put right."""

SHORT = 5
"""Words over which a sentence says more than until when."""
_ANY_DAY = date(2000, 1, 3)
"""Where only counts that a day is named, not which."""

_LEAD = {
    "en": re.compile(
        r"^(?:(?:no|oh|ah|um|uh|well|sure|yes|yeah|okay|ok|right|then|so|let's say|say|make (?:it|that)|maybe|better|fine)[,. ]+)*$"
    ),
    "fr": re.compile(
        r"^(?:(?:non|oh|ah|euh|bon|ben|oui|d'accord|ok|okay|alors|donc|disons|mieux|ce sera)[,. ]+)*$"
    ),
}
"""What may stand before a day that is all of a sentence."""
_PUTS_RIGHT = {
    "en": re.compile(
        r"^(?:(?:no|oh|well|um|uh|and|or|but)[,. ]+)*(?:(?:no|wait|sorry|i mean|make (?:it|that)|rather|or rather|actually|correction|hang on|hold on)[,. ]+)+(?:no[,. ]+)?$"
    ),
    "fr": re.compile(
        r"^(?:(?:non|oh|ah|euh|bon|et|ou|mais)[,. ]+)*(?:(?:attend\w*|pardon|plutot|ou plutot|enfin|en fait|je veux dire|non|desolee?)[,. ]+)+(?:non[,. ]+|plutot[,. ]+)*$"
    ),
}
"""What puts the day right that follows it, whatever comes then."""
_REST = {
    "en": re.compile(
        r"^(?:[,. ]+(?:then|instead|rather|it is|works|is (?:fine|better|good)|fine|okay|ok|good|great|agreed|at the latest|please|not [a-z' ]+|i'm away [a-z ]+))*[,.! ]*$"
    ),
    "fr": re.compile(
        r"^(?:[,. ]+(?:alors|plutot|donc|entendu|d'accord|ok|okay|c'est (?:mieux|bon|note)|ca (?:marche|me va)|parfait|tres bien|au plus tard|pas [a-z' ]+))*[,.! ]*$"
    ),
}
_OWN_DAY = {
    "en": re.compile(
        r"\bi(?:'ll| will| can| could) (?:only )?(?:have|finish|manage|do|deliver|get) (?:it|that|them|this)(?: (?:done|ready|finished|to you))? (?:by|for|on|next)\b"
    ),
    "fr": re.compile(
        r"\bje (?:te |vous )?(?:l'|les? |la )(?:aurai|ferai|finirai|rendrai|livrerai)\b|\bje (?:peux|pourrai) (?:te |vous )?(?:l'|les? |la )(?:avoir|faire|finir|rendre|livrer)\b"
    ),
}
"""Who was asked says for when they will do it."""
_WHEN = {
    "en": re.compile(r"^(?:and |okay,? )?(?:(?:by|for|until) )?when\b[^?]{0,20}\?$"),
    "fr": re.compile(r"^(?:et |ok,? )?(?:(?:pour|d'ici|avant) )?quand\b[^?]{0,20}\?$"),
}
"""Asks until when."""
_SAY = re.compile(r",? (?:disons|let's say|say)(?=[ .?!]*$)|\s+(?=\s\?)|(?<!\s)\s(?=[.?!]*$)")


def corrected(item: Found, sentences: Sequence[Sentence], language: str, told: date) -> Found:
    """The task with the last of its days, where the one it was first given is put right at once; the words that do it
    are among its sentences, and the first day no more in its text."""
    if not item.due_said:
        return _dated(item, sentences, language, told)
    dated = next((one for one in item.sentences if item.due_said in one.text), None)
    if dated is None or item.due is None:
        return item
    found = item
    for sentence in sentences[dated.index + 1 : dated.index + 1 + NEAR]:
        due = named_alone(sentence, language, told) or _own_day(item, sentence, language, told)
        # "Make it Friday? — Friday, then."
        other_day = len(sentence.text.split()) <= SHORT and dates.find(sentence.text, language, told)
        if due is None and sentence.is_question and sentence not in item.sentences and not other_day:
            break
        if due and due.day != found.due:
            known = found.sentences if sentence in found.sentences else (*found.sentences, sentence)
            text = _SAY.sub("", item.text.replace(item.due_said, "")) if due.day != item.due else item.text
            found = replace(found, text=text, sentences=known, due_said=due.said, due=due.day)
    return found


def _own_day(item: Found, sentence: Sentence, language: str, told: date) -> dates.Due | None:
    """The day for which whoever does it says they will: "For Saturday? — I'll have it by Tuesday." """
    theirs = item.owner and item.owner == sentence.speaker and not sentence.is_question
    due = dates.find(sentence.text, language, told) if theirs else None
    later = due is not None and due.day is not None and item.due is not None and due.day > item.due
    return due if later and _OWN_DAY[language].search(sentence.folded) else None


def _dated(item: Found, sentences: Sequence[Sentence], language: str, told: date) -> Found:
    """The task with the day that is named right after it: "I'll get it in writing. — By when? — End of next week." """
    last = max(item.sentences, key=lambda one: one.index)
    for sentence in sentences[last.index + 1 : last.index + 3]:
        if _WHEN[language].search(sentence.folded):
            continue
        due = dates.find(sentence.text, language, told)
        theirs = sentence.speaker == item.owner != "" and not sentence.is_question
        if due and theirs and len(sentence.text.split()) <= SHORT and not has_verb(sentence.folded, language):
            return replace(item, sentences=(*item.sentences, sentence), due_said=due.said, due=due.day)
        break
    return item


def named_alone(sentence: Sentence, language: str, told: date) -> dates.Due | None:
    """The day that is all a sentence says, or that it puts in the place of another."""
    due = dates.find(sentence.text, language, told)
    if due is None or due.day is None or sentence.is_question:
        return None
    before, after = sentence.folded[: due.start], sentence.folded[due.stop :]
    if _PUTS_RIGHT[language].match(before):
        return due
    return due if _LEAD[language].match(before) and _REST[language].match(after) else None


def contrasts(sentence: Sentence, language: str) -> bool:
    """Whether it is only a day in the place of another: "Wednesday, not Tuesday." """
    denied = re.search(r"\b(?:not|pas) ", sentence.folded)
    return bool(denied) and named_alone(sentence, language, _ANY_DAY) is not None
