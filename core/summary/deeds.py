# ruff: noqa: E501  a pattern reads best whole
"""How a task is written down: "Daniel, could you send us the report?" is "Send us the report." beside Daniel's name. Pure.

Only what stays true word for word is turned round; all else stays as it was said.
"""

from __future__ import annotations

import re

from core.summary.alone import names_its_thing
from core.summary.clauses import without_assent
from core.summary.found import capital
from core.summary.infinitives import infinitive
from core.summary.sentences import fold
from core.summary.verbs import VERBS

SHORTEST = 3
"""Fewest words of a deed that says enough without the words around it."""

_NAME = r"[a-z][\w'-]+"
_DEED = {
    "en": r"[a-z]+ .+?",
    "fr": r"(?:leur |lui |les? |la |l'|en |y )?\w+(?:er|ir|re)\b.+?",
}
"""What is to be done, from its verb on."""
_ASKED = {
    "en": re.compile(
        rf"^(?:(?P<lead>[^?.!]{{4,70}}), )??(?:{_NAME}, |and |so |then |also )*(?:{_NAME} )?(?:can|could|will|would) you(?:,? (?:please|maybe|perhaps|also|then|kindly|just))*,? (?:be able to )?(?P<deed>{_DEED['en']})[?.! ]*$"
        rf"|^(?:{_NAME}, )*please (?P<order>{_DEED['en']})[?.! ]*$"
    ),
    "fr": re.compile(
        rf"^(?:(?P<lead>[^?.!]{{4,70}}), )??(?:{_NAME}, |et |alors |est-ce que )*(?:(?:tu|vous) (?:peux|pourras|pourrais|pouvez|pourrez|pourriez)|(?:peux|pourrais)[- ]tu|(?:pouvez|pourriez)[- ]vous)(?:,? (?:aussi|donc|bien|s'il te plait|s'il vous plait))*,? (?P<deed>{_DEED['fr']})[?.! ]*$"
        rf"|^(?:{_NAME}, )*(?:merci de|je te demande de|je vous demande de) (?P<order>\w+(?:er|ir|re)\b.+?)[?.! ]*$"
    ),
}
_PROMISED = {
    "en": re.compile(
        rf"^i(?:'ll| will|'m going to| am going to|'m gonna| shall)(?: (?:also|then|just|gladly|happily|personally))* (?P<deed>{_DEED['en']})[.! ]*$"
    ),
    "fr": re.compile(rf"^je vais(?: aussi| donc)* (?P<deed>{_DEED['fr']})[.! ]*$"),
}
_NEEDED = {
    "en": re.compile(
        rf"^(?:somebody|someone|one of us|we)(?: also| still)? (?:needs? to|has to|have to|must|should|ought to) (?P<deed>{_DEED['en']})(?:, (?:mind|though|then|too|right))?[.!? ]*$"
    ),
    "fr": re.compile(
        rf"^(?:il (?:faut|faudrait|faudra)|quelqu'un (?:doit|devrait)|on (?:doit|devrait))(?: aussi| encore)? (?P<deed>{_DEED['fr']})(?:, (?:hein|du coup|par contre))?[.!? ]*$"
    ),
}
_WILL_DO = {
    "en": rf"(?: also| then)? (?:will|is going to|has to|needs to)(?: also| then)* (?P<deed>{_DEED['en']})[.! ]*$",
    "fr": rf"(?: donc| aussi)? (?:va|doit|devra)(?: aussi| donc)* (?P<deed>{_DEED['fr']})[.! ]*$",
}
_OF_SPEAKER = {"en": "i|i'\\w+|my|mine|me", "fr": "je|me|moi|mon|ma|mes"}
_OF_SPOKEN_TO = {"en": "you|you'\\w+|your|yours", "fr": "tu|te|toi|ton|ta|tes|vous|votre|vos"}
_SPEAKERS = {
    "en": re.compile(rf"(?<![\w'])(?:{_OF_SPEAKER['en']})(?![\w'])"),
    "fr": re.compile(rf"(?<![\w'])(?:(?:{_OF_SPEAKER['fr']})(?!\w)|[jm]')"),
}
"""Words that tell of who speaks, which a reader does not know any more."""
_ONES_OWN = {
    "en": re.compile(rf"(?<![\w'])(?:{_OF_SPEAKER['en']}|{_OF_SPOKEN_TO['en']})(?![\w'])"),
    "fr": re.compile(rf"(?<![\w'])(?:(?:{_OF_SPEAKER['fr']}|{_OF_SPOKEN_TO['fr']})(?!\w)|[jmt]')"),
}
"""Those, and words that tell of who is spoken to: in a request that is the owner."""
_NO_DEED = re.compile(
    r"^(?:be|have|see|know|like|mind|hear|think|say|not|never|do (?:it|that|this)|go|a |the )\b"
)

_ORDER = re.compile(rf"(?:{VERBS['en']}|get) (?:the|a|an|it|that|this|them|your|our|two|three|some)\b")
"""An English order, once its name is left out."""
_POLITE = re.compile(r"(?:,? please|, (?:would|will|could|can) you)(?=[.!?]*$)")
"""What an order may end with."""
_SAYS_IT = re.compile(
    r"^(?:(?:alors|donc|bon|moi|et),? )*(?:(?P<me>je |j')(?P<self>m'(?:en |y )?|me )?(?P<whom>(?:vous |te |t'|nous ))?(?P<it>(?:(?:leur|lui|les|la|le|en|y) |l')*))?(?P<verb>[a-z]+)(?P<rest> .+?)[.! ]*$"
)
"""A French promise or order: "Je vous les envoie demain", "Envoie le devis"."""
_OBJECT = re.compile(
    r" (?:le|la|les|un|une|des|du|ce|cet|cette|ces|nos|notre|vos|votre|ton|ta|tes|deux|trois|quatre|tout|toute|tous|toutes)\b| l'"
)
_ANOTHER_DOES = re.compile(
    r"(?<![\w'])(?:on|il|elle|ils|elles|nous|ca|pas|plus|jamais|rien)(?![\w'])|^ (?:si|que|qu')"
)
"""Words after a verb that say more than what is to be done, or that it is not."""


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
    if found is None and language == "fr":
        return _in_the_infinitive(whole, ordered=whole != text) or text
    if found is None:
        # "Get the cover, Raj."
        ordered = whole != text and _ORDER.match(folded)
        return capital(_POLITE.sub("", whole).rstrip(" .!?")) + "." if ordered else text
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


def _in_the_infinitive(whole: str, *, ordered: bool) -> str:
    """ "Réserver la grue" for "Je réserve la grue" and, where it was `ordered`, "Réserve la grue"; '' where that is not
    certain."""
    match = _SAYS_IT.match(fold(whole))
    verb = infinitive(whole[match.start("verb") : match.end("verb")]) if match else ""
    if match is None or not verb:
        return ""
    has_object = bool(_OBJECT.match(match["rest"]))
    if not match["me"] and not (ordered and has_object):
        return ""
    if _ANOTHER_DOES.search(match["rest"]) or (match["me"] and _ONES_OWN["fr"].search(match["rest"])):
        return ""
    # "Je vous appelle" without "vous" would not say whom.
    if match["whom"] and not (match["it"] or has_object):
        return ""
    own = ""
    if match["self"]:
        with_word = match["self"].strip() not in {"me", "m'"}
        own = "s" + match["self"][1:] if with_word else "s'" if verb[0] in "aeéèêiouh" else "se "
    deed = f"{own}{match['it'] or ''}{verb}{whole[match.start('rest') : match.end('rest')]}"
    return capital(deed) + "." if len(deed.split()) >= SHORTEST else ""


def _without_name(text: str, owner: str) -> str:
    """`text` without its owner being called in the middle or at the end: "Can you ask for two quotes, Jonah?"."""
    called = re.search(rf"(?:^|,? ){re.escape(fold(owner).split()[0])}(?= ?[,?.!]),?", fold(text))
    rest = text[: called.start()] + text[called.end() :] if called else text
    return rest.strip()
