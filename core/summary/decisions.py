# ruff: noqa: E501  a pattern reads best whole
"""What a meeting decided: by the words for it, by consent, and by sentences that close a matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.summary.agenda import Topic, announced
from core.summary.alone import meant, names_its_thing
from core.summary.consent import agreed_on, asks_about
from core.summary.corrected import contrasts
from core.summary.dates import MONTH_NAMES, NUMBER_WORDS, WEEKDAY_NAMES
from core.summary.found import Found, add, capital, sentence_before, shown
from core.summary.lexicon import CURRENCIES
from core.summary.motions import names_only, result, voted, wording
from core.summary.overturned import changes, moves_it, overturned, resettles
from core.summary.phrases import Rules, rules
from core.summary.proposed import accepted
from core.summary.sentences import Sentence, content_words, fold, stem
from core.summary.settled import settled
from core.summary.unmeant import dictated, unmeant, was_proposed

# How far before "Agreed." its proposal may lie, and the words of remarks between them.
_PROPOSED = 4
_REMARK = 6
# Longer sentences tell of a decision among much else.
_LONGEST = 45
# So many sentences after its announcement a topic may have given way to another.
_ANNOUNCED = 12

_DAYS = (frozenset(map(stem, WEEKDAY_NAMES)), frozenset(map(stem, MONTH_NAMES)))
_VALUES = frozenset().union(
    *_DAYS, map(stem, NUMBER_WORDS), map(stem, CURRENCIES), map(stem, ("thousand", "million", "mille"))
)
"""Words of days, numbers and sums, as topic words."""

_REQUESTS = {
    "en": re.compile(r"\b(?:can|could|would|will) you\b|\bplease [a-z]+"),
    "fr": re.compile(
        r"\b(?:tu|vous) (?:peux|pourrais|pouvez|pourriez|veux|voulez)\b|\b(?:peux|pourrais|veux)-tu\b|\b(?:pouvez|pourriez|voulez)-vous\b"
    ),
}
"""Asks somebody for something."""

_VERDICT = {
    "en": re.compile(
        r"^(?:(?:so|and|then),? )*(?:(?:it(?:'s| is| has been)|that(?:'s| is))(?: now| therefore| then| hereby| all)* (?:decided|agreed|settled|approved)|(?:we(?:'re| are) )?(?:all )?agreed|(?:final )?decision)(?:,? that |[,:.] ?)"
    ),
    "fr": re.compile(
        r"^(?:(?:alors|donc|bon),? )*(?:c'est(?: donc| bien| alors)* (?:decide|acte|valide|entendu|convenu|adopte|approuve|vote)|adjuge|entendu|decision(?: finale)?)(?: que | qu'| ?[,:.] ?)"
    ),
}
"""That something is decided, before what it is."""


def decisions(sentences: Sequence[Sentence], language: str) -> list[Found]:
    """The decisions among `sentences` (one meeting's, in order). A bare "Agreed." brings its proposal along.

    What is taken back later gives way to what is decided instead, and a motion that is lost tells so.
    """
    found, topics = list[Found](), announced(sentences, language)
    ignored = unmeant(sentences, language)
    for sentence in sentences:
        if sentence.index in ignored or _only_dictated(sentence, sentences, language):
            continue
        vote = voted(sentence, sentences, language)
        if vote and not vote.carried:
            found = [one for one in found if one.sentences[0].index != vote.motion.index]
            add(found, _lost(vote.motion, sentence, sentences, topics, language), language)
            continue
        decided = (
            (vote.motion, sentence) if vote else _decided(rules(language), sentence, sentences, language)
        )
        if not decided and resettles(found, sentence, language):
            decided = (sentence,)
        if not decided and not changes(sentence, sentences, language):
            continue
        matter = decided[0] if decided else sentence
        if matter.index in ignored:
            continue
        text = _told(matter, wording(matter, language), sentences, topics, language)
        if vote and names_only(matter, language):
            text = f"{text.rstrip('.')}. {shown(sentence, language)}"
        item = Found(text or shown(matter, language), decided or (sentence,))
        stands = [one for one in found if all(result(said, language) is not False for said in one.sentences)]
        if earlier := overturned(stands, matter, sentences, language):
            found.remove(earlier)
            item = _instead(item, earlier, language)
        elif not (decided and text):
            continue
        if item.text != shown(matter, language) and any(
            item.text.startswith(shown(one.sentences[0], language)) for one in found
        ):
            # What it leans on is decided too, and stays a line of its own.
            found.append(item)
        else:
            add(found, item, language)
    return found


def _only_dictated(sentence: Sentence, sentences: Sequence[Sentence], language: str) -> bool:
    """Whether it was decided by nothing but that somebody wants it in the minutes."""
    return dictated(sentence, language) and not was_proposed(sentence, sentences, language)


def _instead(item: Found, earlier: Found, language: str) -> Found:
    """A decision that takes the place of an earlier one, which it may need to be understood."""
    text = shown(item.sentences[0], language)
    if moves_it(item.sentences[0], language) and not names_its_thing(text, language):
        # "We hold the fair in April. We'll postpone it until May."
        shows = dict.fromkeys((*item.sentences, *earlier.sentences))
        return Found(f"{earlier.text} {text}", tuple(shows))
    # Not "We hire the band. We do not hire the band."
    return replace(item, text=text) if item.text.startswith(shown(earlier.sentences[0], language)) else item


def _lost(
    motion: Sentence,
    told: Sentence,
    sentences: Sequence[Sentence],
    topics: Sequence[Topic],
    language: str,
) -> Found:
    """A motion that was voted down, as it was put, and the words that say so."""
    text = _told(motion, "", sentences, topics, language)
    if motion is told:
        return Found(text, (told,))
    return Found(f"{text} {shown(told, language)}", (motion, told))


def _told(
    matter: Sentence, moved: str, sentences: Sequence[Sentence], topics: Sequence[Topic], language: str
) -> str:
    """The decision in words: "Easter course. We cancel it." says more than its last words. What is `moved` by a motion
    is told in the words of that; '' where nobody can tell what "Friday, then." is about."""
    text = moved or shown(matter, language)
    bare = not _names_more_than_values(text, language)
    says_what = set(content_words(text, language)) - NUMBER_WORDS.keys()
    near = range(matter.index - _ANNOUNCED, matter.index)
    topic = next((one.name for one in reversed(topics) if one.place in near), "")
    verdict = _VERDICT[language].match(fold(text))
    clear = (
        not bare and len(says_what) > 1 and names_its_thing(text[verdict.end() if verdict else 0 :], language)
    )
    if clear or says_what & set(content_words(topic, language)):
        return text
    if topic:
        return f"{capital(topic)}. {text}"
    about = meant(matter, sentences, language)
    if about is None and moved:
        # "They want ten shirts. I propose six."
        about = sentence_before(sentences, matter)
    if about is None and bare:
        about = _asked_for(matter, sentences, language)
        return f"{shown(about, language)} {text}" if about else ""
    # "The motion is lost. Six shirts." would tell of another one.
    return f"{shown(about, language)} {text}" if about and result(about, language) is None else text


def _names_more_than_values(text: str, language: str) -> bool:
    """Whether it says more than a day, a number or a sum."""
    words = set(content_words(text, language)) - _VALUES
    return any(not any(sign.isdigit() for sign in word) for word in words)


def _asked_for(matter: Sentence, sentences: Sequence[Sentence], language: str) -> Sentence | None:
    """The question that "Six thousand it is." answers, or what had another such day; None where somebody is only asked
    to do something."""
    near = sentences[max(0, matter.index - _PROPOSED) : matter.index]
    before = [one for one in reversed(near) if _names_more_than_values(one.text, language)]
    if any(_REQUESTS[language].search(one.folded) for one in before):
        return None
    kind = next((days for days in _DAYS if days & set(content_words(matter.text, language))), frozenset())
    dated = (one for one in before if kind & set(content_words(one.text, language)))
    return next((one for one in before if one.is_question), None) or next(dated, None)


def _decided(
    says: Rules, sentence: Sentence, sentences: Sequence[Sentence], language: str
) -> tuple[Sentence, ...]:
    """What `sentence` decides, then the other sentences that show it; () where it decides nothing."""
    if agreed := agreed_on(says, sentence, sentences, language) or accepted(
        says, sentence, sentences, language
    ):
        return agreed
    if sentence.is_question or len(sentence.text.split()) > _LONGEST or contrasts(sentence, language):
        return ()
    if says.agreement.search(sentence.folded):
        matter = _agreed_matter(says, sentence, sentences, language)
        return (matter, sentence) if matter else ()
    if not says.no_decision.search(sentence.folded):
        earlier = sentence_before(sentences, sentence)
        if earlier and says.heading.search(earlier.folded):
            return (sentence, earlier)
        if says.decision.search(sentence.folded):
            if content_words(sentence.text, language):
                return (sentence,)
            # "Let's give it a go. We try it for April."
            for one in sentences[sentence.index + 1 : sentence.index + 2]:
                if one.is_by_speaker_of(sentence) and not one.is_question:
                    return (one, sentence)
    return settled(sentence, sentences, language)


def _agreed_matter(
    says: Rules, agreement: Sentence, sentences: Sequence[Sentence], language: str
) -> Sentence | None:
    """The proposal that a bare "Agreed." is about: the last sentence before it that is more than a remark."""
    for one in reversed(sentences[max(0, agreement.index - _PROPOSED) : agreement.index]):
        if asked := asks_about(says, one, language):
            return asked
        if says.proposal.search(one.folded) and not says.no_decision.search(one.folded):
            return one
        if len(one.text.split()) > _REMARK:
            break
    return None
