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
from core.summary.sentences import Sentence

NEAR = 5
"""So many sentences after the day was named it may be put right."""

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
_SAY = re.compile(r",? (?:disons|let's say|say)(?=[ .?!]*$)|\s+(?=[.?!]*$)")


def corrected(item: Found, sentences: Sequence[Sentence], language: str, told: date) -> Found:
    """The task with the last of its days, where the one it was first given is put right at once; the words that do it
    are among its sentences, and the first day no more in its text."""
    dated = next((one for one in item.sentences if item.due_said and item.due_said in one.text), None)
    if dated is None or item.due is None:
        return item
    found = item
    for sentence in sentences[dated.index + 1 : dated.index + 1 + NEAR]:
        due = named_alone(sentence, language, told)
        if due is None and sentence.is_question and sentence not in item.sentences:
            break
        if due and due.day != found.due:
            known = found.sentences if sentence in found.sentences else (*found.sentences, sentence)
            text = _SAY.sub("", item.text.replace(item.due_said, "")) if due.day != item.due else item.text
            found = replace(found, text=text, sentences=known, due_said=due.said, due=due.day)
    return found


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
