"""What a meeting decided: by the words for it, by consent, and by sentences that close a matter."""

from __future__ import annotations

from collections.abc import Sequence

from core.summary.agenda import Topic, announced
from core.summary.alone import meant, names_its_thing
from core.summary.consent import agreed_on
from core.summary.dates import NUMBER_WORDS
from core.summary.found import Found, add, capital, sentence_before, shown
from core.summary.motions import carried, told
from core.summary.overturned import changes, overturned
from core.summary.phrases import Rules, rules
from core.summary.sentences import Sentence, content_words
from core.summary.settled import settled

# How far before "Agreed." its proposal may lie, and the words of remarks between them.
_PROPOSED = 4
_REMARK = 6
# Longer sentences tell of a decision among much else.
_LONGEST = 45
# So many sentences after its announcement a topic may have given way to another.
_ANNOUNCED = 12


def decisions(sentences: Sequence[Sentence], language: str) -> list[Found]:
    """The decisions among `sentences` (one meeting's, in order). A bare "Agreed." brings its proposal along.

    What is taken back later gives way to what is decided instead.
    """
    found, topics = list[Found](), announced(sentences, language)
    for sentence in sentences:
        decided = _decided(rules(language), sentence, sentences, language)
        if not decided and not changes(sentence, sentences, language):
            continue
        matter = decided[0] if decided else sentence
        voted = carried(sentence, sentences, language)
        text = told(voted, sentences, language) if voted else _told(matter, sentences, topics, language)
        if earlier := overturned(found, matter, sentences, language):
            found.remove(earlier)
            # Not "We hire the band. We do not hire the band."
            if text.startswith(shown(earlier.sentences[0], language)):
                text = shown(matter, language)
        if not decided and not earlier:
            continue
        item = Found(text, decided or (sentence,))
        if text != shown(matter, language) and any(
            text.startswith(shown(one.sentences[0], language)) for one in found
        ):
            # What it leans on is decided too, and stays a line of its own.
            found.append(item)
        else:
            add(found, item, language)
    return found


def _told(matter: Sentence, sentences: Sequence[Sentence], topics: Sequence[Topic], language: str) -> str:
    """The decision in words: "Easter course. We cancel it." says more than its last words."""
    text = shown(matter, language)
    says_what = set(content_words(text, language)) - NUMBER_WORDS.keys()
    near = range(matter.index - _ANNOUNCED, matter.index)
    topic = next((one.name for one in reversed(topics) if one.place in near), "")
    clear = len(says_what) > 1 and names_its_thing(text, language)
    if clear or says_what & set(content_words(topic, language)):
        return text
    if topic:
        return f"{capital(topic)}. {text}"
    about = meant(matter, sentences, language)
    return f"{shown(about, language)} {text}" if about else text


def _decided(
    says: Rules, sentence: Sentence, sentences: Sequence[Sentence], language: str
) -> tuple[Sentence, ...]:
    """What `sentence` decides, then the other sentences that show it; () where it decides nothing."""
    if motion := carried(sentence, sentences, language):
        return (motion, sentence)
    if agreed := agreed_on(says, sentence, sentences, language):
        return agreed
    if sentence.is_question or len(sentence.text.split()) > _LONGEST:
        return ()
    if says.agreement.search(sentence.folded):
        matter = _agreed_matter(says, sentence, sentences)
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


def _agreed_matter(says: Rules, agreement: Sentence, sentences: Sequence[Sentence]) -> Sentence | None:
    """The proposal that a bare "Agreed." is about: the last sentence before it that is more than a remark."""
    for one in reversed(sentences[max(0, agreement.index - _PROPOSED) : agreement.index]):
        if says.proposal.search(one.folded) and not says.no_decision.search(one.folded):
            return one
        if len(one.text.split()) > _REMARK:
            break
    return None
