# ruff: noqa: E501  a pattern reads best whole
"""How a task is written down: "Daniel, could you send us the report?" is "Send us the report." beside Daniel's name. Pure.

Only what stays true word for word is turned round; all else stays as it was said.
"""

from __future__ import annotations

import re

from core.summary.alone import names_its_thing
from core.summary.clauses import without_assent
from core.summary.found import capital
from core.summary.phrases import VERBS
from core.summary.sentences import fold

SHORTEST = 3
"""Fewest words of a deed that says enough without the words around it."""

_NAME = r"[a-z][\w'-]+"
_ASKED = {
    "en": re.compile(
        rf"^(?:(?P<lead>[^?.!]{{4,70}}), )??(?:{_NAME}, |and |so |then |also )*(?:{_NAME} )?(?:can|could|will|would) you(?:,? (?:please|maybe|perhaps|also|then|kindly|just))*,? (?:be able to )?(?P<deed>[a-z]+ .+?)[?.! ]*$"
        rf"|^(?:{_NAME}, )*please (?P<order>[a-z]+ .+?)[?.! ]*$"
    ),
    "fr": re.compile(
        rf"^(?:(?P<lead>[^?.!]{{4,70}}), )??(?:{_NAME}, |et |alors |est-ce que )*(?:(?:tu|vous) (?:peux|pourras|pourrais|pouvez|pourrez|pourriez)|(?:peux|pourrais)[- ]tu|(?:pouvez|pourriez)[- ]vous)(?:,? (?:aussi|donc|bien|s'il te plait|s'il vous plait))*,? (?P<deed>(?:leur |lui |les? |la |l'|en |y )?\w+(?:er|ir|re)\b.+?)[?.! ]*$"
        rf"|^(?:{_NAME}, )*(?:merci de|je te demande de|je vous demande de) (?P<order>\w+(?:er|ir|re)\b.+?)[?.! ]*$"
    ),
}
_PROMISED = {
    "en": re.compile(
        r"^i(?:'ll| will|'m going to| am going to|'m gonna| shall)(?: (?:also|then|just|gladly|happily|personally))* (?P<deed>[a-z]+ .+?)[.! ]*$"
    ),
    "fr": re.compile(
        r"^je vais(?: aussi| donc)* (?P<deed>(?:leur |lui |les? |la |l'|en |y )?\w+(?:er|ir|re)\b.+?)[.! ]*$"
    ),
}
_NEEDED = {
    "en": re.compile(
        r"^(?:somebody|someone|one of us|we) (?:needs? to|has to|have to|must|should|ought to) (?P<deed>[a-z]+ .+?)(?:, (?:mind|though|then|too|right))?[.!? ]*$"
    ),
    "fr": re.compile(
        r"^(?:il (?:faut|faudrait|faudra)|quelqu'un (?:doit|devrait)|on (?:doit|devrait)) (?P<deed>(?:leur |lui |les? |la |l'|en |y )?\w+(?:er|ir|re)\b.+?)(?:, (?:hein|du coup|par contre))?[.!? ]*$"
    ),
}
_WILL_DO = {
    "en": r"(?: also| then)? (?:will|is going to|has to|needs to)(?: also| then)* (?P<deed>[a-z]+ .+?)[.! ]*$",
    "fr": r"(?: donc| aussi)? (?:va|doit|devra)(?: aussi| donc)* (?P<deed>(?:leur |lui |les? |la |l')?\w+(?:er|ir|re)\b.+?)[.! ]*$",
}
_SPEAKERS = {
    "en": re.compile(r"(?<![\w'])(?:i|i'\w+|my|mine|me)(?![\w'])"),
    "fr": re.compile(r"(?<![\w'])(?:(?:je|me|moi|mon|ma|mes)(?!\w)|[jm]')"),
}
"""Words that tell of who speaks, which a reader does not know any more."""
_ONES_OWN = {
    "en": re.compile(r"(?<![\w'])(?:i|i'\w+|my|mine|me|you|you'\w+|your|yours)(?![\w'])"),
    "fr": re.compile(
        r"(?<![\w'])(?:(?:je|me|moi|mon|ma|mes|tu|te|toi|ton|ta|tes|vous|votre|vos)(?!\w)|[jmt]')"
    ),
}
"""Those, and words that tell of who is spoken to: in a request that is the owner."""
_NO_DEED = re.compile(
    r"^(?:be|have|see|know|like|mind|hear|think|say|not|never|do (?:it|that|this)|go|a |the )\b"
)


_ORDER = {
    "en": re.compile(rf"(?:{VERBS['en']}|get) (?:the|a|an|it|that|this|them|your|our|two|three|some)\b"),
    "fr": re.compile(r"(?!)"),
}
"""An order, once its name is left out."""


def as_deed(text: str, owner: str, language: str) -> str:
    """What `owner` is to do, from the words in which it was asked for or promised; `text` itself where that is not
    plain, or nobody knows whose task it is."""
    if not owner:
        return text
    whole = _without_name(without_assent(text, language), owner)
    folded = fold(whole)
    who = re.escape(fold(owner))
    patterns = (
        _ASKED[language],
        _PROMISED[language],
        _NEEDED[language],
        re.compile(rf"^(?:and |et )?{who}{_WILL_DO[language]}"),
    )
    found = next(filter(None, (pattern.search(folded) for pattern in patterns)), None)
    if found is None:
        # "Get the cover, Raj."
        return (
            capital(re.sub(r",? please(?=[.!]*$)", "", whole))
            if whole != text and _ORDER[language].match(folded)
            else text
        )
    name = "deed" if found["deed"] else "order"
    said = folded[found.start(name) : found.end(name)]
    asked = found.re is _ASKED[language]
    unknown = _SPEAKERS if asked else _ONES_OWN
    if _NO_DEED.search(said) or unknown[language].search(said) or len(said.split()) < SHORTEST:
        return text
    named_before = asked and found["lead"] and not names_its_thing(said, language)
    if named_before or re.search(r"[.!?]\s", said):
        return text
    return capital(whole[found.start(name) : found.end(name)].strip(" ,")) + "."


def _without_name(text: str, owner: str) -> str:
    """`text` without its owner being called in the middle or at the end: "Can you ask for two quotes, Jonah?"."""
    called = re.search(rf"(?:^|,? ){re.escape(fold(owner).split()[0])}(?=[,?.!]),?", fold(text))
    rest = text[: called.start()] + text[called.end() :] if called else text
    return rest.strip()
