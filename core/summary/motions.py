# ruff: noqa: E501  a pattern reads best whole
"""Motions and how they were voted on: "I move that we close early. — Carried." decides what the motion says. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.summary.found import capital, shown
from core.summary.sentences import Sentence, content_words

BACK = 10
"""So many sentences before its result a motion may have been put."""
FEWEST = 3
"""Topic words and fewer of a motion that needs the sentence before it to be understood."""

_MOTION = {
    "en": re.compile(
        r"\bi (?:(?:hereby|formally|would like to|'d like to) )?(?:move|propose|suggest)(?:,? (?:that|to)\b)? (?P<what>\w.+)|\b(?:motion|proposal|question) (?:before us )?is (?:that|to) (?P<put>\w.+)"
    ),
    "fr": re.compile(
        r"\bje (?:propose|suggere|soumets au vote|mets aux voix)(?: (?:de|que)\b| (?:d'|qu'))? ?(?P<what>\w.+)|\b(?:motion|proposition) est (?:de|d'|que|qu') ?(?P<put>\w.+)"
    ),
}
_HOW = {
    "en": r"(?:,? (?:unanimously|by (?:a )?[\w -]+|with [\w -]+|then|nem con))*",
    "fr": r"(?:,? (?:a l'unanimite|a la majorite|par [\w -]+|avec [\w -]+|donc))*",
}
_CARRIED = {
    "en": re.compile(
        rf"^(?:(?:so|then|right|okay|good),? )*(?:(?:the |that |this )?(?:motion|proposal|resolution) (?:is |was |has been )?(?:carried|passe[sd]|adopted|approved|accepted)|(?:it's |that's )?(?:carried|adopted|passed|approved)){_HOW['en']}(?=[.,;!]|$)"
    ),
    "fr": re.compile(
        rf"^(?:(?:bon|donc|alors|tres bien),? )*(?:(?:la |cette )?(?:motion|proposition|resolution) (?:est|a ete)(?: donc)? (?:adoptee|acceptee|approuvee|votee|retenue)|(?:c'est )?(?:donc )?(?:adopte|approuve|vote)e?){_HOW['fr']}(?=[.,;!]|$)"
    ),
}


def puts(sentence: Sentence, language: str) -> bool:
    """Whether it puts a motion, which nobody takes on by that."""
    return bool(_MOTION[language].search(sentence.folded)) and not sentence.is_question


def carried(sentence: Sentence, sentences: Sequence[Sentence], language: str) -> Sentence | None:
    """The motion that `sentence` tells to be carried, None where it tells of none or none was put."""
    if sentence.is_question or not _CARRIED[language].match(sentence.folded):
        return None
    before = sentences[max(0, sentence.index - BACK) : sentence.index]
    for one in reversed(before):
        if puts(one, language):
            return one
        if _CARRIED[language].match(one.folded):
            return None
    return None


def told(motion: Sentence, sentences: Sequence[Sentence], language: str) -> str:
    """What a motion that was carried decides, in its own words; where they are few, after what was said before."""
    match = _MOTION[language].search(motion.folded)
    name = "what" if match and match["what"] else "put"
    words = motion.text[match.start(name) : match.end(name)] if match else motion.text
    if len(content_words(words, language)) < FEWEST and motion.index:
        return f"{shown(sentences[motion.index - 1], language)} {shown(motion, language)}"
    return capital(words)
