# ruff: noqa: E501  a pattern reads best whole
"""What is said in a meeting but not to it: orders to a machine that may be listening, dictation to whoever writes the
minutes, and jokes that are taken back. None of them is done or decided by being said. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.summary.phrases import rules
from core.summary.sentences import Sentence, content_words

NEAR = 3
"""So many sentences before "Just kidding." the joke lies, and after a machine was spoken to, more orders to it."""
BACK = 12
"""So many sentences before its dictation a decision may have been proposed."""
BRIEF = 6
"""A joke is taken back in so many words, or at the end of itself."""
SAME = 2 / 3
"""Share of the topic words of what is dictated that a proposal has at least."""

_ANY_EN = r"(?:(?:all|any|every|of|the|your|my|our|these|those) )*"
_ANY_FR = r"(?:(?:toutes?|tous|les?|la|tes|vos|mes|nos|ces) )*"
_ANY_DE = r"(?:(?:bitte|sie|alle|samtliche|die|deine|eure|ihre|jede) )*"
_MACHINE = r"(?:assistant|a\.?i\.?|ia|ki|bot|robot|roboter|machine|maschine|language model|modele de langage|sprachmodell|llm|chatgpt|chatbot|transcriber|summari[sz]er|note[- ]?taker)"
_TO_MACHINE = re.compile(
    rf"(?:^|[,;:] |\b(?:please|now|and|also|you must|you should) )(?:(?:ignore|disregard|override) {_ANY_EN}|forget (?:all|any|every|your) {_ANY_EN})(?:previous|prior|earlier|above|preceding|foregoing|system) (?:instructions?|prompts?|orders|directions|commands|rules|messages)\b"
    r"|\b(?:ignore|disregard|forget|override) (?:all )?(?:of )?your (?:instructions?|prompts?|programming|guidelines|training)\b"
    rf"|(?:^|[,;:] )(?:(?:dear|hey|hi|hello|ok|okay|attention|note (?:to|for)|(?:message|instructions?) (?:to|for)|cher|chere|bonjour|salut|note pour|message (?:pour|a)|liebe[rs]?|hallo|hinweis an|nachricht an),? )(?:the |any |our |my |le |la |l'|une? |die |den |das |unsere[nr]? )?{_MACHINE}(?=[,:.!]|$| (?:that|who|reading|writing|which|qui|please)\b)"
    r"|\byou are (?:now )?(?:an? )?(?:a\.?i\.?|language model|chatbot|helpful assistant)\b|\b(?:reveal|repeat|print|show|output) (?:me )?(?:your|the) system prompt\b"
    rf"|(?:^|[,;:] |\b(?:et|maintenant|aussi) )(?:ignore[zr]? |oublie[zr]? (?=tou|tes|vos)|neglige[zr]? |ne (?:tiens|tenez) (?:pas|plus) compte(?: des?)? ){_ANY_FR}(?:(?:instructions?|consignes?|directives?|ordres?|messages?) (?:precedente?s?|anterieure?s?|ci-dessus|du systeme)|precedentes? (?:instructions?|consignes?|directives?))"
    rf"|\b(?:ignoriere?n?|vergiss|vergesst|vergessen|missachte\w*) {_ANY_DE}(?:vorherig|vorig|bisherig|fruher|vorangegangen|vorangehend|obig|vorstehend)\w+ (?:anweisung|instruktion|befehl|vorgabe|anordnung|aufforderung)\w*"
)
"""Is addressed to a machine, in English, French or German."""
_ORDERS_ON = re.compile(
    r"^(?:(?:and|then|now|please|instead|et|puis|maintenant|alors|und|dann|jetzt|bitte),? )*(?:write|say|send|e-?mail|forward|reply|respond|answer|output|print|add|list|state|pretend|act|tell|translate|delete|ecri[st]|ecrivez|di[st]|dites|envoie|envoyez|reponds|repondez|ajoute[zr]?|fais|faites|affiche[zr]?|traduis\w*|supprime[zr]?|schreibe?|sende?|sage?|antworte|fuge|gib|losche|ubersetze|tu so)\b"
)
"""Goes on with orders to it."""

_DICTATED = {
    "en": re.compile(
        r"\b(?:write|put|note|record|add|enter|state|say|mention|include)\b[^.?!:]{0,30}?\b(?:minutes|record|notes|report|transcript|summary)(?:,? that\b| ?: )|\bminute (?:it )?that\b"
        r"|\b(?:minutes|record|notes|transcript|summary) (?:should|must|shall|can|ought to|needs? to|ha(?:s|ve) to) (?:\w+ )?(?:say|state|read|show|reflect|record|note|mention)\b|\blet the (?:record|minutes) (?:\w+ )?(?:show|state|reflect|say|note|read)\b"
    ),
    "fr": re.compile(
        r"\b(?:not|inscri|ecri|mett|met|marqu|ajout|consign|mentionn|indiqu|precis)\w*[^.?!:]{0,30}?\b(?:compte[- ]rendu|proces[- ]verbal|pv|releve)(?:,? qu(?:e\b|')| ?: )|\bqu'il soit (?:bien )?(?:note|inscrit|ecrit|consigne)\b"
        r"|\b(?:compte[- ]rendu|proces[- ]verbal|pv) (?:doit|devra|devrait|peut|dira|dise)(?: bien)?(?: (?:dire|indiquer|mentionner|preciser|noter|retenir))? qu(?:e\b|')"
    ),
}
"""Tells whoever writes the minutes what to write."""
_JEST = {
    "en": re.compile(
        r"(?:\b(?:i'm|i am|i was|we're|we were) (?:just |only |of course |obviously |totally )?(?:joking|kidding)|\b(?:just|only) (?:joking|kidding)|^kidding|\b(?:that|it) was (?:just |only )?a joke)\b"
    ),
    "fr": re.compile(
        r"\b(?:je (?:plaisant|rigol|blagu|deconn)(?:e|ais)\b(?! pas)|c'etait (?:juste )?(?:une (?:blague|plaisanterie)|pour (?:rire|rigoler|plaisanter))|pour rire[.!]*$)"
    ),
}
"""Takes back what its speaker has just said."""
_LAUGHS = {
    "en": re.compile(
        r"^(?:oh,? |well,? )*(?:ha[\s,-]?ha\w*|he he|lol|very funny|hilarious|nice try|in your dreams|dream on|you wish)\b"
    ),
    "fr": re.compile(
        r"^(?:ah,? |oh,? )*(?:ha[\s,-]?ha\w*|hi hi|mdr|tres (?:drole|amusant)|elle est bonne|tu reves|bien essaye|ben voyons|mais bien sur)\b"
    ),
}


def unmeant(sentences: Sequence[Sentence], language: str) -> frozenset[int]:
    """The places of what is said to a machine, and of jokes that are taken back or laughed at with the taking back."""
    places = set[int]()
    for sentence in sentences:
        if _TO_MACHINE.search(sentence.folded):
            places.update((sentence.index, *_orders_after(sentence, sentences)))
        elif _is_jest(sentence, language):
            places.add(sentence.index)
            if len(sentence.text.split()) <= BRIEF and (joke := _joke(sentence, sentences, language)):
                places.add(joke.index)
        elif dictated(sentence, language) and _laughed_at(sentence, sentences, language):
            places.add(sentence.index)
    return frozenset(places)


def dictated(sentence: Sentence, language: str) -> bool:
    """Whether it tells whoever writes the minutes what to write there, which nobody takes on as a task."""
    return bool(_DICTATED[language].search(sentence.folded))


def was_proposed(sentence: Sentence, sentences: Sequence[Sentence], language: str) -> bool:
    """Whether somebody proposed before what is dictated as decided, and nobody has said no to it since."""
    says, cue = rules(language), _DICTATED[language].search(sentence.folded)
    told = set(content_words(sentence.text[cue.end() if cue else 0 :], language))
    for one in reversed(sentences[max(0, sentence.index - BACK) : sentence.index]):
        if says.no.search(one.folded) or says.objects.search(one.folded) or laughs(one, language):
            return False
        known = told & set(content_words(one.text, language))
        proposed = (says.proposal, says.consent, says.decision)
        if told and len(known) >= SAME * len(told) and any(cue.search(one.folded) for cue in proposed):
            return True
    return False


def _orders_after(sentence: Sentence, sentences: Sequence[Sentence]) -> list[int]:
    """The places of what its speaker goes on to order the machine."""
    places: list[int] = []
    for one in sentences[sentence.index + 1 : sentence.index + 1 + NEAR]:
        if one.is_by_another_than(sentence) or not _ORDERS_ON.match(one.folded):
            break
        places.append(one.index)
    return places


def _is_jest(sentence: Sentence, language: str) -> bool:
    cue = _JEST[language].search(sentence.folded)
    if cue is None or sentence.is_question:
        return False
    ends = not re.search(r"\w", sentence.folded[cue.end() :])
    return ends or len(sentence.text.split()) <= BRIEF


def _joke(sentence: Sentence, sentences: Sequence[Sentence], language: str) -> Sentence | None:
    """What its speaker has just said and takes back, None where that is not near."""
    for one in reversed(sentences[max(0, sentence.index - NEAR) : sentence.index]):
        told = content_words(one.text, language) and not laughs(one, language)
        if told and not one.is_by_another_than(sentence):
            return one
    return None


def _laughed_at(sentence: Sentence, sentences: Sequence[Sentence], language: str) -> bool:
    after = sentences[sentence.index + 1 : sentence.index + 3]
    return any(laughs(one, language) for one in after)


def laughs(sentence: Sentence, language: str) -> bool:
    """Whether somebody laughs at what was said before."""
    return len(sentence.text.split()) <= BRIEF and bool(_LAUGHS[language].search(sentence.folded))
