# ruff: noqa: E501  a pattern reads best whole
"""Tasks that change hands before anybody has them: asked of one who declines, or taken from one who promised. Pure.

"Bob, could you book the hall? — I'm in Leeds. Cid, can you? — Yes." is Cid's, and "No, let me do it." makes the speaker's
what another has just taken on. Only where speakers are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from core.summary.people import addressed, is_name, participant
from core.summary.sentences import Sentence, content_words

NEAR = 6
"""So many sentences after a request it may still be handed on."""
SOON = 3
"""So many sentences after a promise somebody else may take it over."""

_DECLINES = {
    "en": re.compile(
        r"^(?:no\b(?! problem)|nope)|\b(?:i'd love to,? but|i would,? but|no time|no chance|i can't|i cannot|i couldn't|i'd rather not|not me|i'm (?:away|off|out|busy|swamped|on (?:leave|holiday)|not here)|i won't be|don't have (?:the )?time|someone else|somebody else)\b"
    ),
    "fr": re.compile(
        r"^(?:non\b|pas moi)|\b(?:j'aimerais bien,? mais|je voudrais bien,? mais|pas le temps|je (?:ne )?(?:peux|pourrai) pas|je (?:ne )?(?:suis|serai) pas (?:la|dispo\w*)|je (?:suis|serai) (?:absente?|en conges?|debordee?)|quelqu'un d'autre|je prefere pas)\b"
    ),
}
_HANDS_ON = {
    "en": re.compile(r"\b(?:can|could|would|will|can't|couldn't) (?:you|[a-z]+)\b|^[\w' -]+\?$"),
    "fr": re.compile(
        r"\b(?:tu (?:peux|pourrais|veux)|(?:peux|pourrais)-tu|vous (?:pouvez|pourriez)|[a-z]+ (?:peut|pourrait))\b|^[\w' -]+ ?\?$"
    ),
}
"""What asks another: "Cid, can you?", "Harold?"."""
_TAKES_OVER = {
    "en": re.compile(
        r"^(?:(?:oh|ah|well|yes,? please|actually|hang on|wait|hey)[,. ]+)*(?:no|leave (?:it|that|them)|let me|i'd rather)\b.*\b(?:let me (?:do|take|handle)|i'll (?:do|take|handle|\w+) (?:it|that|them|this)|i'd rather do (?:it|that|them))\b"
    ),
    "fr": re.compile(
        r"^(?:(?:oh|ah|bon|en fait|attend\w*)[,. ]+)*(?:non|laisse\w*|je prefere)\b.*\b(?:je m'en (?:occupe|charge)|je (?:le|la|les|l')\s?\w+|c'est moi qui|je prefere (?:le|la|les) faire|laisse\w*[ -]moi)\b"
    ),
}


def declined(
    request: Sentence,
    called: str,
    sentences: Sequence[Sentence],
    language: str,
    takes: Callable[[Sentence], bool],
    agrees: Callable[[Sentence], bool],
) -> tuple[Sentence, ...] | None:
    """Who does what was asked of `called`, who declines: the words that hand it on and those of the one who takes it
    (`takes` by a promise, `agrees` by a yes), () where nobody does; None where it is not declined."""
    refused, spoke, handed, words = False, False, False, list[Sentence]()
    for one in sentences[request.index + 1 : request.index + 1 + NEAR]:
        theirs = participant(called, (one.speaker,)) == one.speaker
        if spoke and not theirs and not refused:
            return None
        spoke = spoke or theirs
        other = _handed_to(one, called, language)
        if theirs and not refused and not _DECLINES[language].search(one.folded):
            # "I'm in Leeds on Friday. Cid, can you?" declines by what comes next.
            after = sentences[one.index + 1 : one.index + 2]
            refused = any(two.is_by_speaker_of(one) and _handed_to(two, called, language) for two in after)
            if not refused and (takes(one) or agrees(one)):
                return None
        elif other:
            refused, handed = True, True
            words.append(one)
        elif theirs:
            refused = True
        elif refused and (takes(one) or (handed and agrees(one) and not one.is_by_speaker_of(request))):
            return (*words, one)
        elif one.is_question:
            break
    return () if refused else None


def _handed_to(question: Sentence, called: str, language: str) -> str:
    """Whom a question is for that asks another than `called` to do it, and says nothing else; '' where it is none."""
    if not question.is_question or not _HANDS_ON[language].search(question.folded):
        return ""
    other = addressed(question) or next(
        filter(is_name, re.findall(r"(?<=\w )[A-Z][\w-]+", question.text)), ""
    )
    said = set(content_words(question.text, language)) - set(content_words(other, language))
    return "" if said or other == called else other


def takes_from(sentence: Sentence, language: str) -> bool:
    """Whether its speaker takes from another what that one has just taken on: "No, leave it, I'll print them." """
    said = sentence.folded
    return bool(_TAKES_OVER[language].search(said)) and not sentence.is_question
