"""Decisions by how a group takes them, not by their words: somebody concludes, asks whether all agree, and they do.

What is only proposed, supposed or objected to is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.summary.motions import puts
from core.summary.phrases import Rules
from core.summary.sentences import Sentence, content_words, fold, has_verb

_BACK = 2
"""So many sentences before the question whether all agree what is agreed on stands."""
_ON = 4
"""So many sentences after it somebody agrees."""
_MATTER = 2
"""Topic words that what somebody concludes has at least; more where only another agrees."""
_WE = re.compile(r"\b(?:we|we'll|on|nous)\b")
_BRIEF = 7
"""A sentence of more words is no bare word of agreement."""


def agreed_on(
    says: Rules, sentence: Sentence, sentences: Sequence[Sentence], language: str
) -> tuple[Sentence, ...]:
    """What was decided, then the sentences by which all agreed, where `sentence` concludes or asks it; else ()."""
    if sentence.is_question:
        return _by_asking(says, sentence, sentences, language)
    return _by_concluding(says, sentence, sentences, language)


def _by_asking(
    says: Rules, question: Sentence, sentences: Sequence[Sentence], language: str
) -> tuple[Sentence, ...]:
    """ "We get the plumber in. Happy with that, everyone? — Yep." """
    if not says.consent.search(question.folded):
        return ()
    earlier = sentences[max(0, question.index - _BACK) : question.index]
    # "I move that we sell it. — Any questions? No. All in favour?"
    motion = next((one for one in reversed(earlier) if puts(one, language)), None)
    said = [
        one
        for one in reversed(earlier)
        if not one.is_question
        and not one.is_by_another_than(question)
        and content_words(one.text, language)
        and not says.tentative.search(one.folded)
    ]
    # "It's not safe." only gives the reason.
    matter = (
        asks_about(says, question, language)
        or motion
        or max(said, key=lambda one: len(content_words(one.text, language)), default=None)
    )
    answers = sentences[question.index + 1 : question.index + 1 + _ON]
    # "So it's settled." tells it better, and is found by its own words.
    if any(says.decision.search(one.folded) for one in answers[:3]):
        return ()
    agreed = _agreement(says, question, answers)
    if agreed and matter is None:
        # "Who is for twenty-five? All. Then it goes up to twenty-five."
        after = sentences[agreed.index + 1 : agreed.index + 2]
        matter = next((one for one in after if _draws(says, one, language) and not one.is_question), None)
    return (matter, question, agreed) if agreed and matter else ()


def asks_about(says: Rules, question: Sentence, language: str) -> Sentence | None:
    """What the question itself says before it asks whether all agree: "We sign with Girard, everybody agreed?" and
    "Sundays off in winter, does that suit everyone?"; None where it asks nothing of that kind."""
    asked = question.is_question and says.consent.search(question.folded)
    told = question.text[: asked.start()].strip() if asked else ""
    added = question.text[asked.end() :].strip(" ,?\u00a0") if asked else ""
    if not told.endswith(",") or len(content_words(told, language)) < _MATTER:
        return None
    # "à", folded, would be the verb.
    clause = has_verb(fold(told.replace("à", "")), language)
    if says.tentative.search(fold(told)) or (clause and not _WE.search(fold(told))):
        return None
    # "The date, does that suit everyone, the third of May?"
    told = (f"{told} {added}" if content_words(added, language) else told.rstrip(" ,")) + "."
    return replace(question, text=told, folded=fold(told))


def _agreement(says: Rules, question: Sentence, answers: Sequence[Sentence]) -> Sentence | None:
    """The answer that agrees, None where nobody does or the first who speaks objects."""
    # Whether anybody objects is answered with no.
    wants_no = says.objection.search(question.folded)
    qualified: Sentence | None = None
    for one in answers:
        if says.qualifies.search(one.folded):
            # "Yes, but not the old ones." is agreed where nobody objects.
            qualified = qualified or one
            continue
        if says.no.search(one.folded):
            return one if wants_no else None
        if says.objects.search(one.folded) or (wants_no and says.yes.search(one.folded)):
            return None
        closed = not one.is_by_another_than(question) and says.closing.search(one.folded)
        if says.assents.search(one.folded) or closed:
            return one
    return qualified


def _draws(says: Rules, sentence: Sentence, language: str) -> bool:
    """Whether it draws a conclusion for all."""
    return bool(
        says.drawn.search(sentence.folded)
        and not says.tentative.search(sentence.folded)
        and not says.first_person.search(sentence.folded)
        and len(content_words(sentence.text, language)) >= _MATTER
    )


def _by_concluding(
    says: Rules, sentence: Sentence, sentences: Sequence[Sentence], language: str
) -> tuple[Sentence, ...]:
    """ "So plots that become free get halved. Good." and "So from Monday we pack in the morning. — Perfect." """
    earlier = sentences[max(0, sentence.index - _BACK) : sentence.index]
    given_in = [one for one in earlier if says.gives_in.search(one.folded) and one.is_by_speaker_of(sentence)]
    if given_in and says.plan.search(sentence.folded) and not says.tentative.search(sentence.folded):
        return (sentence, given_in[0])
    lasting = says.lasting.search(sentence.folded)
    ruled = lasting and says.ruled.search(sentence.folded) and not says.tentative.search(sentence.folded)
    if not ruled and not _draws(says, sentence, language):
        return ()
    after = next(iter(sentences[sentence.index + 1 : sentence.index + 2]), None)
    if after is None or after.is_question or len(after.text.split()) > _BRIEF:
        return ()
    if says.closing.search(after.folded) and after.is_by_speaker_of(sentence):
        return (sentence, after)
    binds = lasting or says.course.search(sentence.folded)
    if (
        binds
        and len(content_words(sentence.text, language)) > _MATTER
        and says.assents.search(after.folded)
        and not after.is_by_speaker_of(sentence)
    ):
        return (sentence, after)
    return ()
