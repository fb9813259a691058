"""Decisions by a proposal that the others agree to, in whatever words: "So we keep it at twelve? — Yes, fine." Pure.

Somebody says or asks what all might do; others say yes to it, and to nothing else; and nobody doubts, objects or laughs
before the talk goes on. What also asks for what is known ("So we pay monthly?") needs more than a bare "yes".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.summary.deciding import PAST
from core.summary.found import capital
from core.summary.phrases import Rules
from core.summary.proposals import LANGUAGES, Sort
from core.summary.sentences import Sentence, content_words, denials, fold, has_verb
from core.summary.settled import agrees
from core.summary.unmeant import laughs

ON = 6
"""So many sentences after a proposal the others agree to it."""
BRIEF = 9
"""Words over which an answer says more than that somebody agrees."""
LONGEST = 30
"""Words over which a sentence argues rather than proposes."""
VOICES = 2
"""So many must agree; one of them may be the proposer, who closes it."""
_PAST = {language: re.compile(pattern) for language, pattern in PAST.items()}


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What is proposed, as a sentence that says so."""

    matter: Sentence
    sort: Sort


def accepted(
    says: Rules, sentence: Sentence, sentences: Sequence[Sentence], language: str
) -> tuple[Sentence, ...]:
    """What `sentence` proposes, then the sentences by which the others agree; () where it proposes nothing, too few
    agree, or somebody doubts it."""
    proposal = _proposal(sentence, language)
    if proposal is None:
        return ()
    words, agreeing = LANGUAGES[language], list[Sentence]()
    closing: Sentence | None = None
    for one in sentences[sentence.index + 1 : sentence.index + 1 + ON]:
        own = one.is_by_speaker_of(sentence)
        if not own and _agrees(says, one, proposal, language):
            agreeing.append(one)
            continue
        if words.doubts.search(one.folded) or says.objects.search(one.folded) or laughs(one, language):
            return ()
        if one.is_question and says.consent.search(one.folded):
            continue
        closing = one if own and agreeing and words.closes.search(one.folded) else None
        if agreeing or not own or one.is_question:
            break
    voices = len({_voice(one) for one in agreeing}) + (closing is not None)
    if not agreeing or not _is_enough(proposal, agreeing, voices, language):
        return ()
    if closing and _says_it(closing, proposal.matter, language):
        return (closing, sentence, *agreeing)
    return (proposal.matter, *agreeing)


def _is_enough(proposal: _Proposal, agreeing: Sequence[Sentence], voices: int, language: str) -> bool:
    """Whether so many voices, in these words, decide it."""
    words, sort = LANGUAGES[language], proposal.sort
    approved = any(words.approves.search(one.folded) for one in agreeing)
    if sort is Sort.DRAWN:
        return approved
    if sort is Sort.KNOWN or sort is Sort.TOLD:
        approved = any(words.consents.search(one.folded) for one in agreeing)
    return voices >= VOICES and (approved or sort in {Sort.IDEA, Sort.OBJECTION})


def _agrees(says: Rules, answer: Sentence, proposal: _Proposal, language: str) -> bool:
    """Whether it says yes and nothing else, be it in the words of the proposal; a promise is a task's."""
    words = LANGUAGES[language]
    if answer.is_question or len(answer.text.split()) > BRIEF or says.first_person.search(answer.folded):
        return False
    if proposal.sort is Sort.OBJECTION:
        return bool(words.nobody.search(answer.folded))
    told = set(content_words(answer.text, language))
    new = told - words.of_agreement - set(content_words(proposal.matter.text, language))
    turned = bool(denials(answer.text)) != bool(denials(proposal.matter.text))
    if told and not new and not turned and not words.doubts.search(answer.folded.removeprefix("no ")):
        return True
    if words.doubts.search(answer.folded):
        return False
    yes = agrees(answer, language) or bool(words.agrees.search(answer.folded))
    return yes and (not new or proposal.sort is Sort.IDEA)


def _says_it(closing: Sentence, proposed: Sentence, language: str) -> bool:
    """Whether the last word on a proposal says itself what is done: "Right, so we keep both tills." """
    shared = set(content_words(closing.text, language)) & set(content_words(proposed.text, language))
    return bool(shared and LANGUAGES[language].concludes.search(closing.folded))


def _voice(sentence: Sentence) -> tuple[object, ...]:
    """Who says it; where nobody knows, in which turn."""
    if sentence.speaker or sentence.speaker_id:
        return sentence.speaker, sentence.speaker_id
    return sentence.evidence.segment_ids


def _proposal(sentence: Sentence, language: str) -> _Proposal | None:
    """What a sentence proposes that all do; None where it proposes nothing."""
    words, said = LANGUAGES[language], sentence.folded
    if len(said.split()) > LONGEST or words.supposed.search(said) or _PAST[language].search(said):
        return None
    tag = words.tag.search(said)
    end = tag.start() if tag else len(said)
    for form in words.forms:
        match = form.pattern.search(said, 0, end)
        if match is None or not content_words(said[match.end() : end], language):
            continue
        if not sentence.is_question and form.sort not in {Sort.IDEA, Sort.TOLD}:
            continue
        sort = Sort.DRAWN if tag and form.sort is Sort.ASKED else form.sort
        return _Proposal(_stated(sentence, match, form.opening, end), sort)
    choice = words.choice.search(said)
    if choice and content_words(said, language) and not has_verb(said[: choice.start()], language):
        return _Proposal(_told(sentence, sentence.text[: choice.start()]), Sort.ASKED)
    rule = words.rule.search(said)
    if rule and not has_verb(said[rule.end() :], language):
        return _Proposal(_told(sentence, sentence.text[rule.end() :]), Sort.KNOWN)
    return None


def _stated(sentence: Sentence, match: re.Match[str], opening: str | None, end: int) -> Sentence:
    """The proposal as it was put, or without its first words where the rest says it."""
    if opening is None:
        return sentence
    what = sentence.text[match.end() : end]
    return _told(sentence, what if what.split()[0].endswith("ing") else opening + what)


def _told(sentence: Sentence, text: str) -> Sentence:
    text = capital(text.strip(" ,?!.…\u00a0")) + "."
    return replace(sentence, text=text, folded=fold(text))
