# ruff: noqa: E501  a pattern reads best whole
"""Which sentences can be read by themselves, by somebody who heard nothing of what was said before them. Pure.

"The last one is on the payment page." needs the sentence before it, "I would not feel comfortable." needs to be told who
speaks, and "How about Fridays?" is only half of a talk: none of them belongs in minutes as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from core.summary.dates import NUMBER_WORDS
from core.summary.found import shown
from core.summary.people import addressed
from core.summary.sentences import Sentence, content_words, fold, has_verb

BACK = 4
"""So many sentences before one that leans on others stands what it is about."""
FEWEST, MOST = 4, 20
"""Words that such a sentence has at least and at most."""
SAID_AGAIN = 0.6
"""Share of a sentence's topic words, or of what is told elsewhere, from which one repeats the other."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*['’]?")


@dataclass(frozen=True, slots=True)
class _Language:
    """The words of one language; patterns meet folded text without what only opens a turn."""

    begins: re.Pattern[str]
    """A beginning that goes on from something before it."""
    ends: re.Pattern[str]
    """An end that does ("The website is not ready either.")."""
    points: re.Pattern[str]
    """A word that stands for a thing, which has to be named before it."""
    names_things: frozenset[str]
    """What stands before the name of a thing."""
    personal: re.Pattern[str]
    """Who speaks and who is spoken to."""
    talk: re.Pattern[str]
    """Supposes, proposes, or is about the talk itself."""


_EN = _Language(
    begins=re.compile(
        r"^(?:it|its|it's|it'll|it'd|that|that's|that'll|that'd|those|these|them|they\S*|he|he's|he'll|he'd|she|she's|she'll|she'd|his|her|their|which|who|whose|whom|because|'cause|cause|or|nor|not|no(?! more\b| to\b)|yes|yeah|nope|neither|either|both|such|same|otherwise|instead|exactly|especially|including|like|plus|even|also|too|else|then|there's (?:that|your|my)|hence|therefore|in the meantime|meanwhile|until then|since then|from then|an? (?:\w+ )?one|about|roughly|around|almost|as (?:well|such)|if (?:so|not|it|that|they|he|she|this|we do|you do)|so (?:is|are|was|were|do|does|did|that|it|they|he|she)|and|but|though|still|yet|than|where|except|unless (?:it|that|they)|most of it|of (?:it|them|those|these|course)|apparently|well|oh|ah|hm+|ha|mind you|i mean|you know|there(?! (?:is|are|was|were|will|has|have)\b)|one thing is|"
        r"this(?! (?:week|month|year|quarter|time|morning|afternoon|evening|spring|summer|autumn|winter|season|meeting|is (?:the|our|about))\b)"
        r"|the (?:last|first|second|third|fourth|other|others|next|latter|former|rest|same|only|old|new)(?: (?:one|ones|two|three|four|thing|reason|part|option|bit))?(?=,| (?:is|was|are|were|will|would|has|have|had|can|could|on|of (?:it|them)|doesn't|don't|didn't|isn't|wasn't)\b|'s)"
        r"|(?:one|two|three|four|some|most|all|none|half|many|few|each|any|several|another|more|others?)(?: (?:of (?:them|those|these|it|us)|is|was|are|were|would|has|have|had|ones?)\b|,)"
        r"|another (?:one|thing|reason|option|is)|the (?:problem|point|thing|idea|reason|answer|trouble|good news|bad news|difference|result|question|trick|advantage) (?:is|was|being)\b)(?![\w'])"
    ),
    ends=re.compile(
        r"(?:\b(?:either|too|as well|though|then|anyway|after all|in that case|that way|like that|about that|about it|of it|with it|for it|to it|on it|of them|do that|did that|do it|did it|there|so)|,? right|,? no|,? yes|you know|i (?:think|guess|suppose|mean))[.!?…\"]*$"
    ),
    points=re.compile(
        r"(?<![\w'])(?:it(?! is(?:,? then)?(?:[.,!]|$))|it's|it'll|it'd|its|they|they're|they've|they'll|they'd|them|their|theirs|he|he's|he'll|he'd|him|his|she|she's|she'll|she'd|her|hers|(?:that|this) (?:one|way|sort|kind)|the (?:one|ones|other|others)|"
        r"(?:that|this|these|those)(?:'s|'ll|'d)|(?:that|this|these|those)(?= (?:is|was|are|were|will|would|should|could|can|can't|has|had|have|means?|makes?|takes?|sounds?|looks?|works?|goes|went|comes?|with|without|for|by|in|on|at|to|from|until|every|all|and|or|so|too|either|already|again|yet|now|then|there|here)\b|[.,;:!?]|$))(?![\w'])"
    ),
    names_things=frozenset(
        [
            "the",
            "a",
            "an",
            "our",
            "each",
            "every",
            "some",
            "any",
            "no",
            "all",
            "both",
            "several",
            "many",
            "few",
            "more",
            "most",
            "another",
            "enough",
            "of",
        ]
    ),
    personal=re.compile(
        r"(?<![\w'])(?:i|i'm|i've|i'd|i'll|me|my|mine|myself|you|you're|you've|you'd|you'll|your|yours)(?![\w'])"
    ),
    talk=re.compile(
        r"\b(?:let's|let us|what if|how about|what about|maybe|perhaps|shall we|we could|we might|(?:if|had) (?:i|we|you|he|she|they) (?:had|were|was|knew)|why don't|why not|might|as (?:we|i) said|sum up|in other words|apparently|(?:he|she|they) (?:said|says|told)|welcome|thanks|thank you|sorry|please|good morning|see (?:you|how|what|if)|hello|lunch|coffee|anyway|ha|gosh|gonna|(?:another|one|next|last|first|main|other) thing|or something|or whatever|and stuff|kind of|sort of|this meeting|today's meeting|next meeting|the agenda|slides?|mute|screen)\b"
    ),
)

_SUBJECTS_FR = r"(?:je|tu|on|nous|vous|ne|qui|il|elle|ils|elles)"
_MODAL_FR = r"(?:peu[xt]|peuvent|pouvez|pourr\w+|veu[xt]|voul\w+|vais|vas?|vont|allez|doi[st]|devez|devr\w+|faut|faudra\w*)"
_FR = _Language(
    begins=re.compile(
        r"^(?:il(?! (?:y a|y avait|y aura|(?:me |nous |vous |te )?faut|faudra|faudrait|manque|reste|s'agit)\b)|elle|ils|elles|ca|cela|ceci|c'(?:est|etait|est-a-dire|en)(?! (?:la |le |les |l'|notre |nos )[\w' ]+ qu(?:i|e|')\b)|ce (?:sont|serait|sera|n'est|qui|que|qu')|celui\S*|celle\S*|ceux\S*|lequel|laquelle|lesquel\S+|parce|car|puisque?|comme (?:ca|quoi)|donc|alors|et|mais|ou|ni|non|oui|ouais|si (?:c'est|ca|oui|non|on|tu|vous|il|elle)|pas(?! de | d')|meme|aussi|surtout|sauf|sinon|d'ailleurs|du coup|en fait|par contre|en revanche|pareil|idem|voila|bref|enfin|ben|bah|ah|oh|eh|hein|le (?:meme|notre|leur|sien|tien|mien)|la (?:meme|notre|leur|sienne|tienne|mienne)|les (?:autres|memes|notres|leurs)|son|sa|ses|leur|leurs|l'autre|d'autres|certains|plusieurs|aucune?|tous(?! les)|toutes(?! les)|chacune?|la-dessus|la-bas|pour (?:ca|cela)|avec (?:ca|eux|elles?|lui)|a cause|dont|qui(?! )|y|d'ici la|entre-temps|environ|a peu pres|presque|(?:une?|la|le) (?:neuve?|autre),|en (?:plus|gros|tout cas|meme temps|attendant)|"
        r"(?:le|la|l'|les) ?(?:premier|premiere|deuxieme|second|seconde|troisieme|quatrieme|dernier|derniere|autre|autres|suivante?|seule?|memes?)s?(?: (?:fois|chose|point|raison))?(?=,| (?:est|etait|sera|a|ont|sont|n'|ne|c'est|va|vont|peut|doit)\b)"
        r"|(?:un|une|deux|trois|certaine?s|la plupart|aucune?|chacune?|la moitie) d'entre|(?:le|l'autre) (?:probleme|souci|truc|idee|avantage|but),? c'est)(?![\w])"
    ),
    ends=re.compile(
        r"(?:\b(?:non plus|aussi|alors|quand meme|du coup|d'ailleurs|comme ca|pour ca|de ca|avec ca|la-dessus|la-bas|en fait|en gros|pareil|par contre)|,? (?:hein|non|quoi|voila|je crois|je pense|on dirait|tu vois|vous voyez))[.!?…\"» ]*$"
    ),
    points=re.compile(
        rf"(?<![\w'-])(?:ca|cela|celui(?:-ci|-la)?|celle(?:-ci|-la)?|ceux(?:-ci|-la)?|celles(?:-ci|-la)?|elle|elles|ils|lui|eux|leur|leurs|dedans|dessus|il(?! (?:y|n'y|(?:me |nous |vous |te )?faut|ne faut|faudra|faudrait|manque|reste|s'agit|pleut|fait (?:chaud|froid|beau))\b)|j'(?:en|y)|l'(?:un|autre)|(?:me|te|nous|vous) (?:le|la|les)(?= \w)|"
        rf"(?!il y a){_SUBJECTS_FR} (?:le|la|les|lui|leur|en|y)(?= \w)|{_SUBJECTS_FR} (?:l'\w+|[smt]'(?:en|y)|l'y)|{_MODAL_FR} (?:(?:le|la|les|lui|leur|en|y)(?= \w+(?:er|ir|re)\b)|l'\w+(?:er|ir|re)))(?![\w])"
    ),
    names_things=frozenset(
        [
            "le",
            "la",
            "les",
            "l'",
            "un",
            "une",
            "des",
            "du",
            "de",
            "d'",
            "au",
            "aux",
            "notre",
            "nos",
            "ce",
            "cet",
            "cette",
            "ces",
            "chaque",
            "quelques",
            "plusieurs",
            "aucun",
            "aucune",
            "tout",
            "toute",
            "tous",
            "toutes",
        ]
    ),
    personal=re.compile(
        r"(?<![\w'-])(?:je|j'|me|m'|moi|mon|ma|mes|mien|mienne|tu|t'|te|toi|ton|ta|tes|vous|votre|vos)(?![\w-])|(?<![\w'])(?:j'|m'|t')(?=\w)|-(?:moi|toi|tu|vous)\b"
    ),
    talk=re.compile(
        r"\b(?:et si|si on|s'ils? avai\\w+|si (?:je|j'|tu|il|elle|nous|vous)(?:avais?|etais?| avait| etait| avions)|peut-etre|on pourrait|pourquoi (?:ne )?pas|autant|il parait|soi-disant|comme (?:on|je) (?:disait|disais|l'a dit)|merci|pardon|desolee?|bonjour|bonsoir|bienvenue|s'il (?:te|vous) plait|resume(?:r|ons)?|recapitul\w+|la reunion|l'ordre du jour|(?:il|elle|ils|elles) (?:a|ont) dit|un truc|des trucs|machin|(?:autre|une|derniere|premiere) chose|un peu|quand meme|d'ailleurs|bon week-end|bonne (?:soiree|journee|semaine)|ca ne s'invente|rigol\w+)\b"
    ),
)

_LANGUAGES = {"en": _EN, "fr": _FR}
_SLIPS = {
    "en": re.compile(
        r"(?<![\w'])(?!very|had|that|really|no|far|long|bye)([\w'-]+),? \1(?![\w'-])|(?<![\w'-])[b-hj-z](?![\w'-])"
        r"|(?<![\w'])(?:and|or|but|the|an?|of|that|with|we|i|is|are|then|because|which|if|when|like|you|they|our|your|my)[\s.,…!-]*$"
    ),
    "fr": re.compile(
        r"(?<![\w'])(?!tres|nous|vous|non|oui|bien|loin|plus)([\w'-]+),? \1(?![\w'-])|(?<![\w'-])[b-xz](?![\w'-])"
        r"|(?<![\w'])(?:et|ou|mais|le|la|les|un|une|de|du|des|que|qui|a|pour|on|je|est|avec|dans|si|quand|parce|il|elle|ce|se|ne)[\s.,…!-]*$"
    ),
}
"""A word said twice, a letter alone, an end in the middle."""


def stands_alone(sentence: Sentence, language: str) -> bool:
    """Whether a sentence says by itself what it is about: it goes on from nothing, and every "it" has its thing."""
    body = shown(sentence, language)
    return names_its_thing(body, language) and not _LANGUAGES[language].ends.search(fold(body))


def names_its_thing(body: str, language: str) -> bool:
    """Whether a text, which does not begin with what only opens a turn, can be understood without what comes before
    it, be it an answer or not."""
    words = _LANGUAGES[language]
    said = fold(body)
    if words.begins.search(said):
        return False
    if re.split(r"[\s,-]", said)[0] in NUMBER_WORDS and not has_verb(said, language):
        return False
    pointing = words.points.search(said)
    return pointing is None or _names_a_thing(body[: pointing.start()], language)


def is_impersonal(sentence: Sentence, language: str) -> bool:
    """Whether it tells of the matter: not of who speaks or is spoken to, and no proposal or remark on the talk."""
    words = _LANGUAGES[language]
    said = sentence.folded
    return not (words.personal.search(said) or words.talk.search(said) or addressed(sentence))


def is_fluent(sentence: Sentence, language: str) -> bool:
    """Whether it was said to its end and without a slip: "What what we need is the." can be shown to nobody."""
    return not _SLIPS[language].search(fold(shown(sentence, language)))


def meant(sentence: Sentence, sentences: Sequence[Sentence], language: str) -> Sentence | None:
    """What "Can you measure them?" is about: the last sentence before it that tells something by itself; None where
    there is none, or none is needed."""
    if names_its_thing(shown(sentence, language), language):
        return None
    for one in reversed(sentences[max(0, sentence.index - BACK) : sentence.index]):
        tells = len(content_words(one.text, language)) > 1 + one.is_question
        known = one.is_by_speaker_of(sentence) or is_impersonal(one, language)
        if tells and known and FEWEST <= len(one.text.split()) <= MOST and stands_alone(one, language):
            return one
    return None


def repeats(topic: Collection[str], told: Iterable[Collection[str]]) -> bool:
    """Whether a sentence with these topic words says again what one line of minutes `told`, or several together."""
    words, shared = set(topic), set[str]()
    for one in map(set, told):
        both = words & one
        if len(both) >= 2:
            if len(both) >= SAID_AGAIN * min(len(words), len(one)):
                return True
            shared |= both
    return len(words) > 0 and len(shared) >= SAID_AGAIN * len(words)


def _names_a_thing(text: str, language: str) -> bool:
    """Whether something is named there that a later "it" can stand for."""
    known = _LANGUAGES[language].names_things
    words = _WORD.findall(text)
    if language == "fr" and any(fold(word).startswith(("l'", "d'")) for word in words):
        return True
    heads = (fold(word) for word in words)
    return any(head in known or word[0].isupper() for head, word in zip(heads, words[1:], strict=False))
