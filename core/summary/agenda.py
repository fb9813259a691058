# ruff: noqa: E501  a pattern reads best whole
"""What a meeting turns to, in the words by which somebody announces it: "Next, the raffle.", "Bon, la chaudière." Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.summary.dates import MONTH_NAMES, NUMBER_WORDS, WEEKDAY_NAMES
from core.summary.people import all_names
from core.summary.sentences import Sentence, content_words, has_verb, tidy

EARLY = 12
"""In the first so many sentences people may still be coming in."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What is announced in the sentence at `place`; `labelled` where it is by more than its name."""

    place: int
    name: str
    labelled: bool


_OPENS = {
    "en": r"^(?:(?:so|okay|ok|right|alright|all right|well|and|now|then|good|great|lovely|brilliant|perfect|cheers|um|uh|hmm?),? )*",
    "fr": r"^(?:(?:alors|donc|bon|bien|et|ok|okay|d'accord|voila|tres bien|parfait|euh|hmm?|super|top|nickel|merci|sinon|maintenant|ensuite|enfin),? )*",
}
_LABEL = {
    "en": r"(?:(?:the )?(?:first|second|third|fourth|last|next|final|other|one more|another)(?! (?:week|month|quarter|year|time|spring|summer|autumn|fall|winter|night|one)\b)(?: (?:thing|item|point|topic|open thing|on the (?:agenda|list)))?(?: up)?|item (?:number )?\w+|moving on(?: to)?|on to|let's (?:talk about|turn to|start with|begin with|move on to)|can we talk about|(?:second|first|third)ly)",
    "fr": r"(?:(?:le |la )?(?:premier|deuxieme|troisieme|quatrieme|dernier|prochain|derniere|autre) (?:point|sujet|chose)|point suivant|ensuite|passons (?:a|au|aux)|on passe (?:a|au|aux)|commencons par|on commence par|parlons d[eu]s?|pour finir)",
}
_ARTICLE = {
    "en": r"(?:(?:is|are) )?(?:about )?(?:the |our |my |a |an )?",
    "fr": r"(?:c'est )?(?:le |la |les |l'|un |une |des |nos |notre |au |aux |du |d')?",
}
_DETERMINED = {"en": r"(?:the|our) ", "fr": r"(?:le |la |les |l')"}
_NOW = {"en": r"(?:next|now|then)", "fr": r"(?:maintenant|ensuite|a present|justement)"}
"""What follows on the name of a topic that somebody turns to: "The X-ray, next."."""
_WORD = r"[\w'-]+"
_NOUN_PHRASE = {
    "en": rf"(?!in |on |of |for |at |with |from |to |by |against |no |so |or |as |very |more |depends ){_WORD}(?: (?!in|on|of|for|at|with|from|to){_WORD}){{0,2}}(?: (?:of|in|for|on|at|with) (?:the |our |a )?{_WORD}(?: {_WORD})?)?",
    "fr": rf"(?!ce\b|ca\b|qui\b|quoi\b|pendant |pas |plus |dans |par |pour |en |tres |trop ){_WORD}(?:(?: (?:de|du|des|pour|en|a|au|aux|d'|a la|de la) ?(?:l'|la |les )?|-| d'| a l'| de l'){_WORD}(?: d'{_WORD}| {_WORD})?| {_WORD})?",
}
"""What names a thing: a noun with a word or two before it, or after it what it is of."""


def _compiled(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    opens, label, article = _OPENS[language], _LABEL[language], _ARTICLE[language]
    turned = rf"(?P<turned>{_NOUN_PHRASE[language]})"
    name = rf"(?P<name>{_NOUN_PHRASE[language]})(?=[.,;:?!]|$)"
    labelled = (
        rf"{opens}{label}[,:]? {article}{name}|{opens}{_DETERMINED[language]}{turned}, {_NOW[language]}[.,:]"
    )
    bare = rf"{opens}(?:(?<=[a-z], ){article}|(?={_DETERMINED[language]}){article}){name}[.?]*$"
    return re.compile(labelled), re.compile(bare)


_PATTERNS = {language: _compiled(language) for language in _OPENS}


_BEGINS = {
    "en": re.compile(
        r"\b(?:(?:shall we|let's|let us) (?:crack on|start|begin|get (?:started|going|on)|kick off|make a start)|call (?:us|the meeting) to order|first (?:thing|item|point|topic|up)|on the agenda|recording's on)\b|^(?:so|right|okay|ok)[,.] (?:welcome|first)"
    ),
    "fr": re.compile(
        r"\b(?:on (?:s'y met|commence|demarre|attaque|y va)|commencons|(?:ouvre|ouvrir) la seance|premier (?:point|sujet)|a l'ordre du jour)\b"
    ),
}
_ASIDE = {
    "en": re.compile(
        r"\b(?:by the way|just kidding|only joking|don't get me started|anyone fanc(?:y|ies)|fancies a (?:coffee|drink|pint)|my (?:dog|cat|kids?|son|daughter|wife|husband)|the (?:weather|rugby|football|traffic|match))\b"
    ),
    "fr": re.compile(
        r"\b(?:au (?:passage|fait)|je plaisante|(?:mon|ma|mes) (?:fils|fille|enfants?|femme|mari|chien|chat)|(?:la greve|le tram|la meteo|les bouchons|le match))\b"
    ),
}


_PROGRAMME = {
    "en": re.compile(
        r"\b(?:topics|things|points|items|subjects|questions)\b[^.?!]*:(?: [\w'-]+){2}|\b(?:is|are|we have|there's|we've got) \w+[^.?!]* on (?:the|our|today's) agenda\b"
        r"|\b(?:two|three|four|five|six|[2-9]) (?:topics|things|points|items|subjects)\b[^.?!,]*,(?: [\w'-]+){1,4}(?:,[^.?!]*)? and "
        r"|^(?:\w+,? ){0,3}(?:we're|we are) (?:all )?here (?:today )?(?:to|for|because of) (?:\w+ ){2}"
    ),
    "fr": re.compile(
        r"\b(?:sujets|points|choses|questions|themes)\b[^.?!]*:(?: [\w'-]+){2}|\ba l'ordre du jour,? (?:il y a|on a|nous avons|:)"
        r"|\b(?:deux|trois|quatre|cinq|six|[2-9]) (?:sujets|points|choses|themes)\b[^.?!,]*,(?: [\w'-]+){1,5}(?:,[^.?!]*)? et "
        r"|^(?:\w+,? ){0,3}(?:on est|nous sommes)(?: tous)? (?:la|ici|reunis) (?:aujourd'hui )?(?:pour|afin de) (?:[\w']+ ){2}"
    ),
}
"""How whoever opens a meeting says what it is about."""


def programme(sentences: Sequence[Sentence], language: str) -> Sentence | None:
    """The sentence in which it was said at the beginning what the meeting is about, None where there is none."""
    early = sentences[: min(EARLY, 1 + len(sentences) // 4)]
    return next((one for one in early if _PROGRAMME[language].search(one.folded)), None)


_OF_ANY = frozenset(
    content_words(
        "meeting meetings opening closing agenda start end introduction presentation presentations slide slides screen "
        "whiteboard zero email mail thing things minutes recording microphone",
        "en",
    )
    + content_words(
        "réunion ouverture clôture ordre début fin introduction présentation présentations diapo écran tableau zéro "
        "mail courriel chose compte rendu enregistrement micro",
        "fr",
    )
)
"""Words for what any meeting has."""


def announced(sentences: Sequence[Sentence], language: str) -> list[Topic]:
    """The topics of a meeting that were announced, in order, each once and named without its article.

    Only those of whoever announces most of them: others only answer in so many words.
    """
    found = [(sentence, name) for sentence in sentences if (name := _name(sentence, sentences, language))]
    often = Counter((sentence.speaker, sentence.speaker_id) for sentence, _name in found)
    chair = max(often, key=lambda one: often[one], default=None)
    people = content_words(" ".join(all_names(sentences)), language)
    topics, known = list[Topic](), {*people, *NUMBER_WORDS, *WEEKDAY_NAMES, *MONTH_NAMES, *_OF_ANY}
    for sentence, name in found:
        words = set(content_words(name, language))
        if (sentence.speaker, sentence.speaker_id) == chair and not words <= known:
            known |= words
            label = _PATTERNS[language][0].match(sentence.folded)
            topics.append(Topic(sentence.index, name, labelled=label is not None))
    return topics


def opening(sentences: Sequence[Sentence], language: str) -> int:
    """The place of the sentence with which the meeting turns to its business, 0 where none tells.

    What comes before ("How was the holiday?") belongs to no minutes.
    """
    early = sentences[: min(EARLY, len(sentences) // 4)]
    turns = [one.index for one in early if _BEGINS[language].search(one.folded)]
    topics = [topic.place for topic in announced(sentences, language) if topic.place < len(early)]
    return min([*turns, *topics], default=0)


def is_aside(sentence: Sentence, language: str) -> bool:
    """Whether its speaker says that it is by the way, or not meant."""
    return bool(_ASIDE[language].search(sentence.folded))


def _name(sentence: Sentence, sentences: Sequence[Sentence], language: str) -> str:
    labelled, bare = _PATTERNS[language]
    match = labelled.match(sentence.folded)
    if match is None and _goes_on(sentence, sentences):
        match = bare.match(sentence.folded)
    if match is None:
        return ""
    group = "turned" if match.re is labelled and match["turned"] else "name"
    if has_verb(match[group], language):
        return ""
    return tidy(sentence.text[match.start(group) : match.end(group)], language)


def _goes_on(sentence: Sentence, sentences: Sequence[Sentence]) -> bool:
    """Whether the speaker goes on with it, as one who only answers in a word rarely does."""
    after = sentences[sentence.index + 1 : sentence.index + 2]
    return any(one.is_by_speaker_of(sentence) for one in after)
