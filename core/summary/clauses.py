# ruff: noqa: E501  a pattern reads best whole
"""Sentences in which more than one thing is taken on: "Sure, and I'll book the van." Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from core.summary import dates
from core.summary.phrases import NAME
from core.summary.sentences import Sentence, content_words, fold, has_verb, plain
from core.summary.verbs import PRESENTS_FR, VERBS

WORDS = 2
"""Fewest topic words of a clause that tells a task of its own."""

_ASSENT = {
    "en": re.compile(
        r"^(?:(?:well|okay|ok|oh|um|yes|yeah|yep|yup|sure|of course|no problem|will do|absolutely|certainly|gladly|right|great|good|fine|definitely|with pleasure|happily|all right|alright|got it|i will)\b[,.!]? ?)+"
    ),
    "fr": re.compile(
        r"^(?:(?:ah|bon|alors|ben|oui|ouais|d'accord|ok|okay|bien sur|pas de (?:probleme|souci)|sans probleme|volontiers|entendu|ca marche|tres bien|parfait|avec plaisir|absolument|tout a fait|c'est note)\b[,.!]? ?)+"
    ),
}
_JOINED = {
    "en": re.compile(
        rf"(?i:,? and (?:then )?)(?=(?:I'll|I will|I'm going to|I'm gonna|{NAME} (?:will|is going to)) )"
    ),
    "fr": re.compile(
        rf"(?i:,? et (?:puis )?)(?=(?:moi,? )?(?:[Jj]e |[Jj]')|{NAME} (?:va|doit|s'occupe|se charge|\w{{3,}}ra) )"
    ),
}
_LEAD = r"(?:(?:so|and|then|okay|ok|great|right|et|alors|bon|donc),? )*"
_ORDERS = {
    "en": re.compile(
        rf"(?i:^(?P<who>{_LEAD}(?:[a-z][\w'-]+, (?:please )?|(?:[a-z][\w'-]+, )?(?:can|could|would|will) you (?:please )?|please ))(?:{VERBS['en']}|get) )"
    ),
    "fr": re.compile(
        rf"(?i:^(?P<who>{_LEAD}(?:[a-z][\w'-]+, (?:s'il te plait,? )?(?=(?:{PRESENTS_FR})(?:-(?:moi|nous|lui|leur))? )|(?:[a-z][\w'-]+, )?(?:est-ce que )?(?:(?:tu|vous) (?:peux|pourrais|pouvez|pourriez)|(?:peux|pourrais)-tu|(?:pouvez|pourriez)-vous) (?=(?:{VERBS['fr']}) ))))"
    ),
}
"""A request of somebody, up to what they are asked for."""
_AND_DO = {
    "en": re.compile(
        rf",? and (?:then |also |please )*(?=(?:{VERBS['en']}|get) (?:(?:the|a|an|our|your|my|his|her|their|two|three|four|some|all)\b|[A-Z]))"
    ),
    "fr": re.compile(
        rf",? et (?:puis |aussi )*(?=(?:{PRESENTS_FR}|{VERBS['fr']}) (?:(?:le|la|les|un|une|des|nos|notre|ton|ta|tes|vos|votre|deux|trois)\b|l'|[A-Z]))"
    ),
}
"""What else they are asked for, with an object of its own."""
_UNTIL = re.compile(r"(?:by|before|until|till|no later than|avant|d'ici|au plus tard)\b")
"""With these a day is the last on which something may be done, not the day of what is done."""
_ANY_DAY = date(2000, 1, 3)
"""Where only counts that a day is named, not which."""
_CALLED = re.compile(r"(?:,? please|, (?:would|will|could|can) you)?(?:, [A-Z][\w'-]+)?\s*[.?!]*$")
_ADDS = {"en": re.compile(r"\b(?:also|as well|too)\b"), "fr": re.compile(r"\b(?:aussi|egalement|en plus)\b")}


def clauses(sentence: Sentence, language: str) -> tuple[Sentence, ...]:
    """What is taken on in one sentence, each as a sentence of its own with the same evidence; itself where it is one."""
    parts = tuple(_orders(sentence.text, language)) or tuple(_parts(sentence.text, language))
    return tuple(_cut(sentence, one) for one in parts) if len(parts) > 1 else (sentence,)


def assent(sentence: Sentence, language: str, asked: bool) -> Sentence | None:
    """The "Sure" with which a sentence begins that goes on with something else; None where it has none.

    Of somebody who was `asked` by name it is the answer even without a word of assent.
    """
    match = _ASSENT[language].match(sentence.folded)
    if match is None and not asked:
        return None
    return _cut(sentence, sentence.text[: match.end() if match else 0].strip(" ,"))


def adds(sentence: Sentence, language: str) -> bool:
    """Whether it says that something comes on top."""
    return bool(_ADDS[language].search(sentence.folded))


def goes_on(sentence: Sentence, language: str) -> bool:
    """Whether it says yes, and goes on with something else: "Sure, and I'll call York." """
    match = _ASSENT[language].match(sentence.folded)
    return match is not None and re.match(r"(?:and|et) ", sentence.folded[match.end() :]) is not None


def without_assent(text: str, language: str) -> str:
    """`text` without a "Sure, and" before what its speaker does."""
    match = _ASSENT[language].match(fold(text))
    rest = re.sub(r"^(?i:and|et) ", "", text[match.end() :]) if match else text
    return rest if re.match(r"(?:i|je)\b|(?:i|j)'", fold(rest)) else text


def _parts(text: str, language: str) -> Iterator[str]:
    start = 0
    for joined in _JOINED[language].finditer(plain(text)):
        before, after = text[start : joined.start()], text[joined.end() :]
        told = has_verb(fold(before), language) and len(content_words(before, language)) >= WORDS
        if told and len(content_words(after, language)) >= WORDS:
            yield before + "."
            start = joined.end()
    yield text[start:]


def _orders(text: str, language: str) -> Iterator[str]:
    """The requests of "Marc, send the figures and call the bank.", each with whom they are for; none of a single one."""
    asked, end = _ORDERS[language].match(plain(text)), _CALLED.search(plain(text))
    if asked is None or end is None:
        return
    who, called = text[: asked.end("who")], text[end.start() :]
    asked_for = plain(text)[: end.start()]
    joined = list(_AND_DO[language].finditer(asked_for, asked.end()))
    starts = [asked.end("who"), *(one.end() for one in joined)]
    ends = [*(one.start() for one in joined), end.start()]
    parts = [text[start:stop] for start, stop in zip(starts, ends, strict=True)]
    if joined and all(len(one.split()) >= WORDS for one in parts):
        yield from (f"{who}{one}{called}" for one in _for_one_day(parts, language))


def _for_one_day(parts: list[str], language: str) -> Iterator[str]:
    """The requests, each with the day that ends the last where no other has one: "Send the slides and book the room by
    Friday." asks for both by then."""
    due = dates.find(parts[-1], language, _ANY_DAY)
    shared = (
        due is not None
        and _UNTIL.match(fold(due.said)) is not None
        and not parts[-1][due.stop :].strip()
        and not any(dates.find(one, language, _ANY_DAY) for one in parts[:-1])
    )
    for one in parts[:-1]:
        yield f"{one.rstrip()} {due.said}" if due and shared else one
    yield parts[-1]


def _cut(sentence: Sentence, text: str) -> Sentence:
    return replace(sentence, text=text, folded=fold(text))
