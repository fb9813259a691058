# ruff: noqa: E501  a pattern reads best whole
"""Motions and how they were voted on: "I move that we close early. — Carried." decides what the motion says, and "The
motion is lost." that it is not done. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.summary.found import capital
from core.summary.sentences import Sentence, tidy

BACK = 10
"""So many sentences before its result a motion may have been put."""

_MOTION = {
    "en": re.compile(
        r"\bi(?:'d| would)? (?:(?:hereby|formally|like to) )*(?:move(?=,? (?:that|to|we|(?:the )?(?:adoption|approval|acceptance))\b)|propose|suggest)(?:,? (?:that|to)\b)? (?P<what>\w.+)|\b(?:motion|proposal|question) (?:before us )?is (?:that|to) (?P<put>\w.+)"
    ),
    "fr": re.compile(
        r"\bje (?:propose|suggere|soumets au vote|mets aux voix)(?: (?:de|que)\b| (?:d'|qu')| ?:)? ?(?P<what>\w.+)|\b(?:motion|proposition) est (?:de|d'|que|qu') ?(?P<put>\w.+)|^(?:\w+,? ){0,2}?(?P<voted>(?:le|la|les|l'|cette|ce|cet) ?[^,.;]{3,60}? (?:est|sont) (?:mise?s?|soumise?s?) (?:aux? (?:voix|votes?)))"
    ),
}
_NAMED_ONLY = {
    "en": re.compile(r"(?!)"),
    "fr": re.compile(
        r"\b(?:soumets au vote|mets aux voix) (?:l[ae]s? |l'|cet?t?e? )|\b(?:mis|soumis)(?:e?s?) aux? (?:voix|votes?)\b"
    ),
}
_OPENS = {
    "en": r"(?:(?:so|then|right|okay|good|and|(?:\w+ )?(?:votes? )?(?:for|against|in favou?r|abstentions?)),? ){0,6}",
    "fr": r"(?:(?:bon|donc|alors|tres bien|et|(?:\w+ )?(?:voix |votes? )?(?:pour|contre|abstentions?)),? ){0,6}",
}
_HOW = {
    "en": r"(?:,? (?:unanimously|by (?:a )?[\w -]+|with [\w -]+|then|nem con))*(?=[.,;!]|$)",
    "fr": r"(?:,? (?:a l'unanimite|a la majorite|(?:a|par) (?:[\w-]+ ){1,3}voix(?: contre [\w-]+)?|par [\w -]+|avec [\w -]+|donc))*(?=[.,;!]|$)",
}
_IT = {
    "en": r"(?:the |that |this )?(?:motion|proposal|resolution|amendment)",
    "fr": r"(?:la |cette |l')?(?:motion|proposition|resolution|amendement)",
}
_CARRIED = {
    "en": rf"(?:(?P<named>{_IT['en']}) (?:is |was |has been )?(?:carried|passe[sd]|adopted|approved|accepted)|(?:it's |that's )?(?:carried|adopted|passed|approved))",
    "fr": rf"(?:(?P<named>{_IT['fr']}) (?:est|a ete)(?: donc)? (?:adoptee?|acceptee?|approuvee?|votee?|retenue?)|(?:c'est )?(?:donc )?(?:adopte|approuve|vote)e?)",
}
_LOST = {
    "en": rf"(?:(?P<named>{_IT['en']}) (?:(?:is |was |has been )?(?:therefore |then )?(?:lost|rejected|defeated|voted down|turned down|thrown out|not (?:carried|passed|adopted|approved|accepted))|falls|fell|fails|failed|(?:does not|doesn't|did not|didn't) (?:pass|carry))|lost|(?:it's |that's )?(?:rejected|defeated|voted down|not carried))",
    "fr": rf"(?:(?P<named>{_IT['fr']}) (?:(?:est|a ete)(?: donc)? (?:rejetee?|refusee?|repoussee?|ecartee?)|(?:n'est|n'a)(?: donc)? pas(?: ete)? (?:adoptee?|acceptee?|approuvee?|retenue?)|ne passe(?: donc)? pas)|(?:c'est )?(?:donc )?rejetee?|refusee?|repoussee?)",
}


def _results(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {code: re.compile(rf"^{_OPENS[code]}{said}{_HOW[code]}") for code, said in patterns.items()}


_RESULTS = {True: _results(_CARRIED), False: _results(_LOST)}


@dataclass(frozen=True, slots=True)
class Vote:
    """How a motion was voted on: what was put, or where nobody put it the result itself, and whether it was carried."""

    motion: Sentence
    carried: bool


def puts(sentence: Sentence, language: str) -> bool:
    """Whether it puts a motion, which nobody takes on by that."""
    return bool(_MOTION[language].search(sentence.folded)) and not sentence.is_question


def voted(sentence: Sentence, sentences: Sequence[Sentence], language: str) -> Vote | None:
    """What `sentence` tells to be carried or lost, None where it tells of no vote, or of one on nobody knows what."""
    carried = result(sentence, language)
    if carried is None:
        return None
    for one in reversed(sentences[max(0, sentence.index - BACK) : sentence.index]):
        if puts(one, language):
            return Vote(one, carried)
        if result(one, language) is not None:
            break
    match = _RESULTS[False][language].match(sentence.folded)
    return Vote(sentence, carried=False) if match and match["named"] else None


def wording(sentence: Sentence, language: str) -> str:
    """What a motion would have decided, in its own words; '' where the sentence puts none."""
    match = _MOTION[language].search(sentence.folded)
    if match is None or sentence.is_question:
        return ""
    name = next(name for name, said in match.groupdict().items() if said)
    return capital(tidy(sentence.text[match.start(name) : match.end(name)], language))


def names_only(motion: Sentence, language: str) -> bool:
    """Whether it names what is voted on without saying what would be done: "Je mets aux voix le budget." """
    return bool(_NAMED_ONLY[language].search(motion.folded))


def result(sentence: Sentence, language: str) -> bool | None:
    """Whether it tells that a motion was carried, None where it tells of no result."""
    if sentence.is_question:
        return None
    return next((carried for carried, of in _RESULTS.items() if of[language].match(sentence.folded)), None)
