# ruff: noqa: E501  a pattern reads best whole
"""What "them" stands for in "I'll get them by Friday": the thing that somebody wanted right before. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from core.summary.alone import names_its_thing
from core.summary.dates import MONTH_NAMES, NUMBER_WORDS, WEEKDAY_NAMES
from core.summary.found import shown
from core.summary.phrases import rules
from core.summary.sentences import STOP_WORDS, Sentence, content_words, fold, has_verb
from core.summary.verbs import PRESENTS_FR, VERBS

BACK = 4
"""So many sentences before it the thing was named."""
MOST = 3
"""Words of its name after the article."""
HEADING = 5
"""Words of a sentence without a verb that only names it: "Then the slides." """

ASKED = 2
"""Fewest topic words of a question that tells what an answer is about."""

_STANDS_FOR = {
    "en": re.compile(r"(?<![\w'])(?:(?P<one>it|that|this)|(?P<many>them|those|these))(?![\w'])"),
    "fr": re.compile(
        r"(?:^|(?<![\w'])(?:je|tu|vous|nous|vais|peux|pourrais|pouvez|pourriez) (?:(?:me|te|nous|vous|leur|lui) )?)(?:(?P<many>les) |(?P<one>l[ea] |l'))(?=\w)"
    ),
}
_NAMED = {
    "en": re.compile(
        r"(?<![\w'])(?P<article>the|our|your|those|these|a|an|some|all the|two|three|four|five|six)(?=(?P<name>(?: [\w'-]+)+))"
    ),
    "fr": re.compile(
        r"(?<![\w'])(?P<article>le |la |les |l'|un |une |des |nos |notre |vos |votre |ces |ce |cet |cette |(?:les )?(?:deux|trois|quatre|cinq|six) )(?P<name>[\w-]+(?: (?:de la |de l'|du |des |de |d')[\w-]+)?)"
    ),
}
_TIMES = """
tomorrow tonight morning afternoon evening end way time moment soir matin midi fin fois ready
"""
_NO_THING = frozenset([*MONTH_NAMES, *WEEKDAY_NAMES, *NUMBER_WORDS, *_TIMES.split()])
_DEEDS_FR = frozenset(f"{VERBS['fr']}|{PRESENTS_FR}".split("|"))
"""Before these "les" is no article."""
_FEMININE = {
    "la ": True,
    "une ": True,
    "cette ": True,
    "le ": False,
    "un ": False,
    "ce ": False,
    "cet ": False,
}

_FINDS_OUT = {
    "en": re.compile(r"\bi(?:'ll| will) (?:find (?:that )?out|check|look (?:into (?:it|that)|it up))[.! ]*$"),
    "fr": re.compile(r"\bje (?:vais )?(?:me renseigne\w*|verifie\w*|regarderai)[.! ]*$"),
}
"""Promises an answer to what was asked, and names nothing."""


def question_answered(
    text: str, promise: Sentence, sentences: Sequence[Sentence], language: str
) -> Sentence | None:
    """The question of another that "I'll find out." or "I'll call them." answers, None where `text`, which is told by
    `promise`, says enough by itself."""
    finds_out = bool(_FINDS_OUT[language].search(promise.folded))
    if not finds_out and names_its_thing(text, language):
        return None
    for one in reversed(sentences[max(0, promise.index - BACK) : promise.index]):
        if one.is_question and not one.is_by_speaker_of(promise):
            wanted = finds_out or rules(language).needs_somebody.search(one.folded)
            return one if wanted and len(content_words(one.text, language)) >= ASKED else None
    return None


def thing_meant(
    text: str,
    sentence: Sentence,
    sentences: Sequence[Sentence],
    language: str,
    wants: Callable[[Sentence], bool],
) -> tuple[str, Sentence] | None:
    """What `text`, told by `sentence`, calls "it" or "them", and where it was named: in the last request or need before
    it (`wants`), or in a bare heading. None where it needs no name, or not one thing alone agrees in number and gender."""
    said = _STANDS_FOR[language].search(fold(text))
    if said is None or names_its_thing(shown(sentence, language), language):
        return None
    for one in reversed(sentences[max(0, sentence.index - BACK) : sentence.index]):
        names = {name for name, article in _names(one, language) if _agrees(said, name, article, language)}
        heading = len(one.text.split()) <= HEADING and not has_verb(one.folded, language)
        if names:
            # Of two things, or of one that somebody only tells of, nobody knows.
            return (names.pop(), one) if len(names) == 1 and (heading or wants(one)) else None
    return None


def _names(sentence: Sentence, language: str) -> Iterator[tuple[str, str]]:
    """The things that a sentence names, each with its article, and that article folded."""
    for match in _NAMED[language].finditer(sentence.folded):
        words = match["name"].split()
        if language == "en":
            kept = 0
            while kept < min(MOST, len(words)) and not _ends_a_name(words[kept]):
                kept += 1
            words = words[:kept]
        if not words or words[-1] in _NO_THING or words[0] in _NO_THING or words[0] in _DEEDS_FR:
            continue
        start = match.start("article")
        length = len(sentence.text[match.start("name") :]) - len(
            sentence.text[match.start("name") :].lstrip()
        )
        stop = match.start("name") + length + len(" ".join(words))
        yield sentence.text[start:stop], match["article"]


def _ends_a_name(word: str) -> bool:
    return word in STOP_WORDS["en"] or word in _NO_THING or word[0].isdigit() or word.endswith(("ed", "ly"))


def _agrees(said: re.Match[str], name: str, article: str, language: str) -> bool:
    """Whether "it", "les" … can stand for that name."""
    many = said["many"] is not None
    if language == "en":
        return many == (name.endswith("s") and not name.endswith("ss"))
    plural = (
        article.split(maxsplit=1)[0] in {"les", "des", "nos", "vos", "ces"} or article.strip() in NUMBER_WORDS
    )
    if many != plural:
        return False
    feminine = {"la ": True, "le ": False}.get(said["one"] or "")
    return None in (feminine, _FEMININE.get(article)) or feminine == _FEMININE[article]
