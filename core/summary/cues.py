"""Decisions, action items and open questions, recognised by how people say them (`core.summary.phrases`).

Precision first: a sentence that negates, asks, supposes or postpones is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.summary import dates
from core.summary.consent import agreed_on
from core.summary.phrases import NAME, NO_NAMES, Rules, rules
from core.summary.sentences import STOP_WORDS, Sentence, content_words, fold, plain, tidy


@dataclass(frozen=True, slots=True)
class Found:
    """What was recognised: `text` to show, and the `sentences` that carry it.

    A task belongs to whoever says `taken`, one of the sentences; to the one who was `called` where that one has no name
    or nobody took it on.
    """

    text: str
    sentences: tuple[Sentence, ...]
    called: str = ""
    taken: Sentence | None = None
    due_said: str = ""
    due: date | None = None

    @property
    def owner(self) -> str:
        """The name of whose task it is, '' where that is not known."""
        return (self.taken.speaker if self.taken else "") or self.called

    def may_be_of(self, other: Found) -> bool:
        """Whether it may belong to the same one as another task, as far as names and voices tell."""
        if self.owner and other.owner:
            return self.owner == other.owner
        voices = {one.taken.speaker_id for one in (self, other) if one.taken and one.taken.speaker_id}
        return len(voices) < 2


# How far an answer may be from its request, and an "I" from the name that was called, in sentences.
_REPLY = 3
_CALLED = 2
# Share of the shorter line's topic words that another must have to be the same line said again.
_SAME = 0.6
# Sentences as short as "Hm, well." do not count as an answer.
_SHORT = 4
# Longer sentences do not only add a day to a request.
_ADDED = 14
# How far before "I'll do it." the need that it answers may lie.
_NEED = 4
# How far before "we won't settle that today" the question lies.
_ASKED = 6
# So many sentences an asker adds to a question, and hesitations come before its answer.
_ADDS = 2
# In longer sentences "I don't know" is only by the way.
_DOUBT = 16
# Questions of so many words and fewer need the topic words of others.
_ELLIPTIC = 7
# Topic words that a question must have to be worth a line.
_TOPIC = 2

_ADDRESSED = (
    re.compile(rf"^(?:[\w' ]{{1,12}}, )?{NAME}, "),
    re.compile(rf", {NAME}\s*[?.!]*$"),
    re.compile(
        rf"^{NAME} (?=(?:can|could|would|will) you |(?:est-ce que )?(?:tu|vous) |(?:peux|pourrais)-tu)"
    ),
    re.compile(rf"^(?:And |Et )?{NAME}\s*\?$"),
)


def decisions(sentences: Sequence[Sentence], language: str) -> list[Found]:
    """The decisions among `sentences` (one meeting's, in order). A bare "Agreed." brings its proposal along."""
    says, found = rules(language), list[Found]()
    for sentence in sentences:
        before = _before(sentences, sentence)
        if agreed := agreed_on(says, sentence, sentences, language):
            _add(found, Found(shown(agreed[0], language), agreed), language)
            continue
        if sentence.is_question or says.no_decision.search(sentence.folded):
            continue
        if before and says.agreement.search(sentence.folded):
            if says.proposal.search(before.folded) and not says.no_decision.search(before.folded):
                _add(found, Found(shown(before, language), (before, sentence)), language)
        elif before and says.heading.search(before.folded):
            _add(found, Found(shown(sentence, language), (sentence, before)), language)
        elif says.decision.search(sentence.folded):
            told = sentences[sentence.index : sentence.index + 2]
            if content_words(sentence.text, language):
                _add(found, Found(shown(sentence, language), (sentence,)), language)
            elif len(told) > 1 and told[1].is_by_speaker_of(sentence) and not told[1].is_question:
                # "Let's give it a go. We try it for April."
                _add(found, Found(shown(told[1], language), (told[1], sentence)), language)
    return found


def action_items(sentences: Sequence[Sentence], language: str, told: date) -> list[Found]:
    """The commitments among `sentences`, with owner and due date where they were said; `told` is the local day."""
    finder = _Actions(sentences, language, told)
    found, taken = list[Found](), set[int]()
    for sentence in sentences:
        if sentence.index not in taken and (item := finder.at(sentence)):
            taken.update(one.index for one in item.sentences)
            _add(found, item, language)
    return found


def open_questions(sentences: Sequence[Sentence], language: str) -> list[Found]:
    """What nobody could answer: said to be open, or asked and met with doubt. Answered at once is not open."""
    found, taken = list[Found](), set[int]()
    for sentence in sentences:
        asked = _left_open(rules(language), sentence, sentences, language)
        if asked and not taken.intersection(one.index for one in asked):
            taken.update(one.index for one in asked)
            _add(found, Found(_question(asked, language), asked), language)
    return found


def shown(sentence: Sentence, language: str) -> str:
    """The sentence as a line of the minutes: without slips of the tongue and the words that only open a turn."""
    text = tidy(sentence.text, language)
    start = rules(language).lead.match(fold(text))
    return _capital(text[start.end() if start else 0 :].strip(" ,") or text or sentence.text)


# --- people and dates -----------------------------------------------------------------------------


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _before(sentences: Sequence[Sentence], sentence: Sentence) -> Sentence | None:
    return sentences[sentence.index - 1] if sentence.index else None


def _is_name(word: str) -> bool:
    folded = fold(word)
    head = folded.split("'")[0]
    return not (
        {folded, head} & NO_NAMES or any(folded in stop or head in stop for stop in STOP_WORDS.values())
    )


def _person(match: re.Match[str] | None, text: str) -> str:
    """The person a match names, as written in `text`: of "So Ana" only what is a name; '' where nothing is."""
    if match is None:
        return ""
    said = text[match.start("name") : match.end("name")].split()
    while said and (said[0] in {"and", "et"} or not _is_name(said[0])):
        said.pop(0)
    while said and not _is_name(said[-1]):
        said.pop()
    return " ".join(said)


def _addressed(sentence: Sentence) -> str:
    """The name of whoever is spoken to, '' where nobody is called."""
    text = plain(sentence.text)
    return next(filter(None, (_person(pattern.search(text), sentence.text) for pattern in _ADDRESSED)), "")


# --- action items ---------------------------------------------------------------------------------


class _Actions:
    """One meeting's sentences, searched for commitments."""

    def __init__(self, sentences: Sequence[Sentence], language: str, told: date) -> None:
        self._all, self._language, self._told = sentences, language, told
        self._says: Rules = rules(language)

    def at(self, sentence: Sentence) -> Found | None:
        """The commitment that begins with `sentence`, if one does."""
        return self._labelled(sentence) or self._asked(sentence) or self._promised(sentence)

    def _item(
        self, text: str, sentences: tuple[Sentence, ...], called: str, taken: Sentence | None = None
    ) -> Found:
        for sentence in sentences:
            if due := dates.find(sentence.text, self._language, self._told):
                return Found(text, sentences, called, taken, due.said, due.day)
        return Found(text, sentences, called, taken)

    def _has_due(self, *sentences: Sentence) -> bool:
        return any(dates.find(one.text, self._language, self._told) for one in sentences)

    def _labelled(self, sentence: Sentence) -> Found | None:
        """ "Action item for Ana: send the figures." """
        before = _before(self._all, sentence)
        match = self._says.labelled.match(sentence.folded)
        if before and self._says.task_heading.search(before.folded) and not sentence.is_question:
            owner = self._named(sentence)
            return self._item(shown(sentence, self._language), (sentence, before), owner)
        if (
            match is None
            or sentence.is_question
            or not content_words(sentence.text[match.end() :], self._language)
        ):
            return None
        owner = ""
        if match["owner"]:
            said = sentence.text[match.start("owner") : match.end("owner")]
            owner = _capital(said) if _is_name(said) else ""
        task = sentence.text[match.end() :].strip()
        return self._item(_capital(task), (sentence,), owner or self._named(sentence, match.end()))

    def _named(self, sentence: Sentence, start: int = 0) -> str:
        """Whom a labelled task is for, by its own words."""
        text, whole = plain(sentence.text), sentence.text
        leading = re.compile(rf"{NAME}(?:,| to | will | doit | va | -|:)").match(text, start)
        return (
            _person(self._says.third_person.search(text, start), whole)
            or _person(self._says.third_person_weak.search(text, start), whole)
            or _person(leading, whole)
        )

    def _asked(self, sentence: Sentence) -> Found | None:
        """ "Marc, can you book the room? — Yes, I will." A refusal ends it; silence is enough only for an order."""
        match = self._says.request.search(sentence.folded)
        if match is None or self._says.no_action.search(sentence.folded):
            return None
        before = _before(self._all, sentence)
        called = _addressed(sentence) or (
            _addressed(before) if before and len(before.text.split()) < _SHORT else ""
        )
        replies = self._replies(sentence)
        if replies is None:
            return None
        taken = None if called else next(iter(replies), None)
        if called == sentence.speaker and not (taken and taken.is_by_another_than(sentence)):
            return None
        # "For Thursday, if you can." comes after the question.
        more = tuple(
            one for one in self._all[sentence.index + 1 : sentence.index + 2] if self._adds_day(one, sentence)
        )
        replies = tuple(one for one in replies if one not in more)
        ordered = called and (self._has_due(sentence, *more) or not sentence.is_question)
        promised = any(self._promises(one) for one in replies)
        strong = self._says.request_strong.search(sentence.folded)
        if (replies and (strong or promised or self._has_due(sentence, *more, *replies))) or (
            not replies and strong and ordered
        ):
            return self._item(shown(sentence, self._language), (sentence, *more, *replies), called, taken)
        return None

    def _adds_day(self, sentence: Sentence, request: Sentence) -> bool:
        """Whether `sentence` only adds to a request until when."""
        return (
            not sentence.is_question
            and not sentence.is_by_another_than(request)
            and not self._says.accepts.search(sentence.folded)
            and len(sentence.text.split()) <= _ADDED
            and self._has_due(sentence)
        )

    def _replies(self, request: Sentence) -> tuple[Sentence, ...] | None:
        """The sentences that accept `request`, () without an answer, None where it is refused."""
        for reply in self._all[request.index + 1 : request.index + 1 + _REPLY]:
            if self._says.refuses.search(reply.folded):
                return None
            if self._says.request_strong.search(reply.folded) or reply.is_by_speaker_of(request):
                continue
            if self._says.accepts.search(reply.folded) or self._promises(reply):
                more = self._all[reply.index + 1 : reply.index + 2]
                going_on = [
                    one
                    for one in more
                    if (one.speaker, one.speaker_id, one.channel)
                    == (reply.speaker, reply.speaker_id, reply.channel)
                    and self._promises(one)
                ]
                return (reply, *(one for one in going_on if not self._other_task(one, request)))
            if reply.is_question or _addressed(reply):
                break
        return ()

    def _other_task(self, promise: Sentence, request: Sentence) -> bool:
        """Whether `promise` is about something else than `request`: more new topic words than shared ones."""
        new = set(content_words(promise.text, self._language))
        return len(new - set(content_words(request.text, self._language))) > len(
            new
        ) / 2 and not self._has_due(promise)

    def _promises(self, sentence: Sentence) -> bool:
        says, said = self._says, sentence.folded
        if sentence.is_question or says.no_action.search(said):
            return False
        return bool(says.first_person.search(said) or says.first_person_short.search(said)) or (
            bool(says.first_person_weak.search(said)) and self._has_due(sentence)
        )

    def _promised(self, sentence: Sentence) -> Found | None:
        says, said, text = self._says, sentence.folded, plain(sentence.text)
        if sentence.is_question or says.no_action.search(said):
            return None
        due = self._has_due(sentence)
        owner = _person(says.third_person.search(text), sentence.text)
        if not owner and due:
            owner = _person(says.third_person_weak.search(text), sentence.text)
        if owner:
            return self._item(shown(sentence, self._language), (sentence,), owner)
        if self._promises(sentence) or self._is_welcome(sentence):
            return self._own(sentence)
        if team := says.team.search(said):
            name = sentence.text[team.start("name") : team.end("name")]
            return self._item(shown(sentence, self._language), (sentence,), _capital(name))
        if due and says.nobody.search(said):
            return self._item(shown(sentence, self._language), (sentence,), "")
        return None

    def _is_welcome(self, offer: Sentence) -> bool:
        """Whether somebody else takes "I can bring it" up at once."""
        after = self._all[offer.index + 1 : offer.index + 2]
        whole = len(offer.text.split()) > _SHORT + 1
        return (whole and bool(self._says.offer.search(offer.folded))) and any(
            self._says.welcome.search(one.folded) and one.is_by_another_than(offer) for one in after
        )

    def _own(self, sentence: Sentence) -> Found | None:
        """A task taken by "I": a label says whose it is, or a name called just before, or thanked just after."""
        called = ""
        for earlier in reversed(self._all[max(0, sentence.index - _CALLED) : sentence.index]):
            called = called or (_addressed(earlier) if earlier.is_question else "")
        for later in self._all[sentence.index + 1 : sentence.index + 2]:
            called = called or _person(self._says.thanks.search(plain(later.text)), later.text)
        says_what = (
            len(content_words(self._says.first_person_short.sub("", sentence.folded), self._language)) > 0
        )
        if self._says.first_person_short.search(sentence.folded) and not says_what:
            need = next(
                (
                    one
                    for one in reversed(self._all[max(0, sentence.index - _NEED) : sentence.index])
                    if self._says.nobody.search(one.folded) or self._says.needs_somebody.search(one.folded)
                ),
                None,
            )
            if need is None:
                return None
            return self._item(shown(need, self._language), (need, sentence), called, sentence)
        return self._item(shown(sentence, self._language), (sentence,), called, sentence)


# --- open questions -------------------------------------------------------------------------------


def _asks(says: Rules, sentence: Sentence, language: str, topic: int = _TOPIC) -> bool:
    return (
        sentence.is_question
        and not says.request.search(sentence.folded)
        and not says.no_open.search(sentence.folded)
        and len(content_words(sentence.text, language)) >= topic
    )


def _question(asked: Sequence[Sentence], language: str) -> str:
    """The open question in words: the one that was asked, else what was said to be open, without its label."""
    main = next((one for one in asked if one.is_question), asked[-1] if len(asked) > 1 else asked[0])
    label = rules(language).declared.match(main.folded)
    rest = main.text[label.end() :].strip() if label else ""
    return _capital(rest) if rest else shown(main, language)


def _unanswered(
    says: Rules, first: Sentence, sentences: Sequence[Sentence], language: str
) -> tuple[Sentence, ...]:
    """The question that begins with `first`, with what its asker adds, and the doubt that it meets; else ()."""
    asked, place = [first], first.index + 1
    while place < len(sentences) and len(asked) <= _ADDS and sentences[place].is_by_speaker_of(first):
        if says.uncertain.search(sentences[place].folded):
            break
        asked.append(sentences[place])
        place += 1
    answers = list(sentences[place : place + _ADDS + 1])
    while (
        len(answers) > 1
        and len(answers[0].text.split()) <= _SHORT
        and not says.uncertain.search(answers[0].folded)
    ):
        # "Hm, well." is no answer yet.
        answers.pop(0)
    if not answers or answers[0].is_question or says.answered.search(answers[0].folded):
        return ()
    if not says.uncertain.search(answers[0].folded) or len(answers[0].text.split()) > _DOUBT:
        return ()
    questions = [one for one in asked if one.is_question]
    topic = {word for one in questions for word in content_words(one.text, language)}
    enough = 1 if sum(len(one.text.split()) for one in questions) > _ELLIPTIC else _TOPIC
    if len(topic) < enough or not all(_asks(says, one, language, 0) for one in questions):
        return ()
    return (*asked, answers[0])


def _left_open(
    says: Rules, sentence: Sentence, sentences: Sequence[Sentence], language: str
) -> tuple[Sentence, ...]:
    """The sentences of the open question that `sentence` begins or declares, () if it does neither."""
    following = sentences[sentence.index + 1 : sentence.index + 3]
    if following and says.answered.search(following[0].folded):
        return ()
    if label := says.declared.match(sentence.folded):
        alone = not content_words(sentence.text[label.end() :], language)
        return (sentence, *following[:1]) if alone else (sentence,)
    if sentence.is_question:
        return _unanswered(says, sentence, sentences, language)
    if says.no_open.search(sentence.folded):
        return ()
    if says.postponed.search(sentence.folded):
        earlier = reversed(sentences[max(0, sentence.index - _ASKED) : sentence.index])
        asked = next((one for one in earlier if _asks(says, one, language, 1)), None)
        return (asked, sentence) if asked else ()
    before, cue = _before(sentences, sentence), says.open.search(sentence.folded)
    if says.open_back.search(sentence.folded) and before and _asks(says, before, language):
        return (before, sentence)
    if cue:
        topic = content_words(sentence.text[: cue.start()], language) + content_words(
            sentence.text[cue.end() :], language
        )
        return (sentence,) if len(topic) >= _TOPIC else ()
    return ()


# --- the same thing said twice --------------------------------------------------------------------


def _add(found: list[Found], item: Found, language: str) -> None:
    """Puts `item` into `found`; what was said before only gains evidence, and the owner or date it lacked."""
    topic = set(content_words(item.text, language))
    for place, earlier in enumerate(found):
        known = set(content_words(earlier.text, language))
        shared = len(topic & known)
        if (
            shared >= 2
            and shared >= _SAME * min(len(topic), len(known))
            and item.may_be_of(earlier)
            and (item.due is None or earlier.due is None or item.due == earlier.due)
        ):
            more = tuple(one for one in item.sentences if one not in earlier.sentences)
            found[place] = replace(
                earlier,
                sentences=earlier.sentences + more,
                called=earlier.called or item.called,
                taken=earlier.taken if earlier.owner else item.taken or earlier.taken,
                due_said=earlier.due_said or item.due_said,
                due=earlier.due or item.due,
            )
            return
    found.append(item)


def all_names(sentences: Iterable[Sentence]) -> frozenset[str]:
    """The people of a meeting as far as words tell: those who are labelled and those who are called."""
    return frozenset(
        name for sentence in sentences for name in (sentence.speaker, _addressed(sentence)) if name
    )
