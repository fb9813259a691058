# ruff: noqa: E501  a pattern reads best whole
"""What is settled anew without a word that says so: "The fair is on 4 April." and later "The fair is on 11 April." Pure.

Precision first: the same definite thing, and nothing but another sum of money, another date of an event, or another
weekday of one that has but one ("The review is on Tuesday."). What only numbers tell apart ("application 24") is another
thing; the shop may be open on both days, and at other hours both may be true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from core.summary.clauses import adds
from core.summary.dates import MONTH_NAMES, WEEKDAY_NAMES
from core.summary.lexicon import CURRENCIES
from core.summary.numbers import numbers
from core.summary.same import Meaning, lacking, meaning
from core.summary.sentences import Sentence, content_words, fold, stem

_MONTHS = "|".join(sorted(MONTH_NAMES - {"may", "march", "mar", "jan"}, key=len, reverse=True))
_MONTH = {
    "en": re.compile(
        rf"\b(?:{_MONTHS}|(?:in|of|to|until|till|on|\d|st|nd|rd|th) (?:may|march)|(?:may|march)(?= (?:the )?\d))\b"
    ),
    "fr": re.compile(rf"\b(?:{_MONTHS})\b"),
}
_DAY = {
    "en": re.compile(r"\b\d{1,2}(?:st|nd|rd|th)\b"),
    "fr": re.compile(r"\b(?:le|au) (?:\d{1,2}|premier|1er)\b"),
}
_EVENT = {
    "en": re.compile(
        r"\b(?:is|are|will be|meets?|hold|holds|have|takes? place|starts?|begins?|launch|set|fix|schedule[sd]?|move[sd]?|postpone[sd]?)\b"
    ),
    "fr": re.compile(
        r"\b(?:est|sont|sera|seront|fait|fera|tient|tenir|tiendra|ait|se (?:voit|reunit)|a lieu|aura lieu|auront lieu|commence\w*|lance\w*|fixe\w*|organise\w*|reporte\w*|deplace\w*)\b"
    ),
}
"""What is done with an event on its day."""
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(sorted(WEEKDAY_NAMES))})\b")
_STATE = {
    "en": re.compile(r"\b(?:open|opens|opened|closed?|closes|free|busy|full|available|away|off|out|shut)\b"),
    "fr": re.compile(
        r"\b(?:ouvert|ouvre|ouvrir|ferme|fermer|libre|occupe|complet|plein|disponible|absent|pris)\w*\b"
    ),
}
"""What may be so on more days than one."""
_MEETING = {"en": "meeting", "fr": "réunion"}
_WE_MEET = {
    "en": re.compile(r"\bwe(?:'ll| will| all)? meet\b"),
    "fr": re.compile(r"\b(?:on se|nous nous) reuni\w+"),
}
_DEFINITE = {
    "en": re.compile(r"\b(?:the|our|this) ((?:[\w'-]+ ){0,2}[\w'-]+)"),
    "fr": re.compile(r"\b(?:le |la |les |l'|notre |nos |cette |cet |ce )((?:[\w'-]+ ){0,1}[\w'-]+)"),
}
_ANOTHER = {
    "en": re.compile(
        r"\b(?:another|other|first|second|third|last|next|new|old|both|further|more|extra|each|every|per)\b"
    ),
    "fr": re.compile(
        r"\b(?:autres?|premiere?|deuxieme|seconde?|derniere?|nouvel\w*|nouveau\w*|ancien\w*|encore|supplementaires?|chaque|par|tous|toutes)\b"
    ),
}
_NOT_ABOUT = {
    "en": "suggest propose move place thousand",
    "fr": "propose suggere lieu aura mille",
}


@dataclass(frozen=True, slots=True)
class _Fact:
    """What a sentence gives a value to, by its topic words, and that value: a sum, or the date of an event."""

    about: frozenset[str]
    value: tuple[str, frozenset[str], frozenset[float]]


def revises(sentence: Sentence, earlier: Sentence, language: str) -> bool:
    """Whether both settle the very same of the very same thing, and `sentence` otherwise than the earlier one."""
    one, other = _fact(sentence.text, language), _fact(earlier.text, language)
    if one is None or other is None or adds(sentence, language):
        return False
    alike = not (_lacking(one, other) or _lacking(other, one))
    return alike and one.value[0] == other.value[0] and one.value != other.value


@lru_cache(maxsize=4096)
def _fact(text: str, language: str) -> _Fact | None:
    said, values = fold(text), numbers(text)
    if _ANOTHER[language].search(said) or meaning(text, language).against or len(values) > 1:
        return None
    months = frozenset(match.split()[-1] for match in _MONTH[language].findall(said))
    figures = frozenset(value for _shown, value in values)
    weekdays = frozenset(_WEEKDAY.findall(said))
    once = len(weekdays) == 1 and not _STATE[language].search(said)
    money = {CURRENCIES[word] for word in re.findall(r"[£$€¥]|[a-z]+", said) if word in CURRENCIES}
    if money and values and not months:
        value = "sum", frozenset(money), figures
    elif (months or (values and _DAY[language].search(said))) and _EVENT[language].search(said) and not money:
        value = "day", months, figures
    elif once and _EVENT[language].search(said) and not money:
        value = "weekday", weekdays, frozenset()
    else:
        return None
    for shown, _number in values:
        text = text.replace(shown, " ")
    no_topic = {
        stem(one) for one in (*CURRENCIES, *MONTH_NAMES, *WEEKDAY_NAMES, *_NOT_ABOUT[language].split())
    }
    about = meaning(_EVENT[language].sub(" ", text), language).words - no_topic
    named = {word for words in _DEFINITE[language].findall(said) for word in content_words(words, language)}
    if _WE_MEET[language].search(said):
        about, named = (
            frozenset(content_words(_MEETING[language], language)),
            {*content_words(_MEETING[language], language)},
        )
    # "Open the shop on Tuesday" may be done on another day too.
    known = about <= named if value[0] == "weekday" else about & named
    return _Fact(about, value) if about and known else None


def _lacking(one: _Fact, other: _Fact) -> frozenset[str]:
    return lacking(Meaning(one.about, frozenset(), False), Meaning(other.about, frozenset(), False))
