"""Action items: what was taken on, by whom and until when. Precision first: what is supposed or refused is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from core.summary import dates
from core.summary.alone import meant
from core.summary.clauses import adds, assent, clauses, goes_on
from core.summary.corrected import corrected, named_alone
from core.summary.decisions import decisions
from core.summary.deeds import as_deed
from core.summary.found import Found, add, capital, sentence_before, shown
from core.summary.handed import SOON, declined, takes_from
from core.summary.motions import puts
from core.summary.overturned import gives_back, takes_over, timeless
from core.summary.people import addressed, all_names, is_name, participant, person
from core.summary.phrases import NAME, Rules, rules
from core.summary.sentences import Sentence, content_words, plain
from core.summary.taken_on import asks, is_firm, refers, taken_on
from core.summary.things import question_answered, thing_meant
from core.summary.unmeant import dictated, unmeant

# How far an answer may be from its request, and an "I" from the name that was called, in sentences.
_REPLY = 3
_CALLED = 2
# Sentences as short as this are no answer, and may be no more than a name that is called.
_SHORT = 4
# Longer sentences do not only add a day to a request.
_ADDED = 14
# How far before "I'll do it." the need that it answers may lie.
_NEED = 4
# Sentences of more words tell too much to stand before a task that says little.
_TOLD = 20
# Topic words from which a task can be understood by itself, and those of a promise that answers no request.
_SAYS = 2
_OTHER = 2
_LACKS = {
    "en": re.compile(r"\b(?:needs?|missing|waiting for|have you (?:got|sent|printed|ordered))\b"),
    "fr": re.compile(r"\b(?:besoin|manque(?:nt)?|attend(?:s|ons)?)\b"),
}
"""Words for what somebody still has to get."""


def action_items(
    sentences: Sequence[Sentence], language: str, told: date, decided: Sequence[Found] | None = None
) -> list[Found]:
    """The commitments among `sentences`, with owner and due date where they were said; `told` is the local day.

    `decided` is what the meeting decided, where that is known already.
    """
    finder = _Actions(sentences, language, told, decided)
    found, taken = list[Found](), set[tuple[int, str]]()
    free: Found | None = None
    until, ignored = 0, unmeant(sentences, language)
    for sentence in sentences:
        if sentence.index in ignored or dictated(sentence, language):
            continue
        for given in [one for one in found if gives_back(one, sentence, language)]:
            found.remove(given)
            free, until = given, sentence.index + _REPLY
        if (over := finder.overtaken(sentence, found)) is not None:
            found[over] = replace(
                found[over], sentences=(*found[over].sentences, sentence), called="", taken=sentence
            )
            continue
        for clause in clauses(sentence, language):
            known = {(sentence.index, sentence.text), (clause.index, clause.text)} & taken
            if not known and (item := finder.at(clause)):
                item = corrected(item, sentences, language, told)
                taken.update((one.index, one.text) for one in item.sentences)
                if free and sentence.index <= until and takes_over(item, language):
                    item = replace(item, text=timeless(free))
                add(found, item, language)
    return found


class _Actions:
    """One meeting's sentences, searched for commitments."""

    def __init__(
        self, sentences: Sequence[Sentence], language: str, told: date, decided: Sequence[Found] | None
    ) -> None:
        self._all, self._language, self._told = sentences, language, told
        self._known = decided
        self._says: Rules = rules(language)
        self._declining = set[int]()

    def at(self, sentence: Sentence) -> Found | None:
        """The commitment that begins with `sentence`, if one does."""
        if sentence.index in self._declining:
            return None
        return (
            self._labelled(sentence)
            or self._asked(sentence)
            or self._promised(sentence)
            or self._taken_on(sentence)
        )

    def overtaken(self, sentence: Sentence, found: Sequence[Found]) -> int | None:
        """Which of the tasks `found` its speaker takes from whoever has just taken it on, None where they do not."""
        if not takes_from(sentence, self._language):
            return None
        for place, one in enumerate(found):
            near = one.taken is not None and 0 < sentence.index - one.taken.index <= SOON
            if near and one.taken and not one.taken.is_by_speaker_of(sentence) and sentence.speaker:
                return place
        return None

    def _item(
        self, text: str, sentences: tuple[Sentence, ...], called: str, taken: Sentence | None = None
    ) -> Found:
        owner = (taken.speaker if taken else "") or called
        text = as_deed(text, owner, self._language)
        for sentence in sentences:
            said = sentence.text
            if sentence is not sentences[0] and self._says.first_person_short.search(sentence.folded):
                # "I'll do that and print the badges by Monday."
                said = re.split(r" (?:and|et) ", said)[0]
            if due := dates.find(said, self._language, self._told):
                return Found(text, sentences, called, taken, due.said, due.day)
        return Found(text, sentences, called, taken)

    def _line(
        self, main: Sentence, more: tuple[Sentence, ...], called: str, taken: Sentence | None = None
    ) -> Found:
        """The task that `main` tells; where that says little ("You run it, Luis?"), after what was said before it."""
        text, before = shown(main, self._language), sentence_before(self._all, main)
        says_what = set(content_words(text, self._language)) - set(content_words(called, self._language))
        told = before is not None and before.is_by_speaker_of(main) and self._tells(before)
        if len(says_what) >= _SAYS or not told:
            before = meant(main, self._all, self._language)
        found = self._item(text, (main, *more), called, taken)
        if thing := thing_meant(found.text, main, self._all, self._language, self._wants):
            return replace(
                found, text=f"{capital(thing[0])}. {found.text}", sentences=(*found.sentences, thing[1])
            )
        before = before or question_answered(found.text, main, self._all, self._language)
        if before is None or before in more:
            return found
        text = f"{shown(before, self._language)} {found.text}"
        return replace(found, text=text, sentences=(*found.sentences, before))

    def _wants(self, sentence: Sentence) -> bool:
        """Whether it says that somebody is to do something."""
        says, said = self._says, sentence.folded
        needed = (
            says.needs_somebody.search(said)
            or says.nobody.search(said)
            or _LACKS[self._language].search(said)
        )
        return bool(needed) or asks(says, sentence, self._language)

    def _tells(self, sentence: Sentence) -> bool:
        return (
            len(sentence.text.split()) <= _TOLD and len(content_words(sentence.text, self._language)) >= _SAYS
        )

    def _has_due(self, *sentences: Sentence) -> bool:
        return any(dates.find(one.text, self._language, self._told) for one in sentences)

    def _taken_on(self, sentence: Sentence) -> Found | None:
        """ "Who tells the head? — I see her on Monday." """
        if not (
            said := taken_on(self._says, sentence, self._all, self._language, self._has_due, self._decided)
        ):
            return None
        return self._line(said[0], said[1:], self._called(sentence), sentence)

    def _speaks(self, called: str) -> bool:
        """Whether whoever is called is one of those who are known to speak."""
        return bool(called) and any(participant(called, (one,)) == one for one in self._speakers)

    @cached_property
    def _speakers(self) -> frozenset[str]:
        return frozenset(one.speaker for one in self._all if one.speaker)

    @cached_property
    def _names(self) -> frozenset[str]:
        return all_names(self._all)

    @cached_property
    def _decided(self) -> frozenset[int]:
        known = decisions(self._all, self._language) if self._known is None else self._known
        return frozenset(one.index for found in known for one in found.sentences)

    def _labelled(self, sentence: Sentence) -> Found | None:
        """ "Action item for Ana: send the figures." """
        earlier = sentence_before(self._all, sentence)
        match = self._says.labelled.match(sentence.folded)
        if earlier and self._says.task_heading.search(earlier.folded) and not sentence.is_question:
            owner = self._named(sentence)
            return self._item(shown(sentence, self._language), (sentence, earlier), owner)
        if (
            match is None
            or sentence.is_question
            or not content_words(sentence.text[match.end() :], self._language)
        ):
            return None
        owner = ""
        if match["owner"]:
            said = sentence.text[match.start("owner") : match.end("owner")]
            owner = capital(said) if is_name(said) else ""
        task = sentence.text[match.end() :].strip()
        return self._item(capital(task), (sentence,), owner or self._named(sentence, match.end()))

    def _named(self, sentence: Sentence, start: int = 0) -> str:
        """Whom a labelled task is for, by its own words."""
        text, whole = plain(sentence.text), sentence.text
        leading = re.compile(rf"{NAME}(?:,| to | will | doit | va | -|:)").match(text, start)
        return (
            person(self._says.third_person.search(text, start), whole)
            or person(self._says.third_person_weak.search(text, start), whole)
            or person(leading, whole)
        )

    def _asked(self, sentence: Sentence) -> Found | None:
        """ "Marc, can you book the room? — Yes, I will." A refusal ends it; silence is enough only for an order."""
        if not asks(self._says, sentence, self._language) or self._says.no_action.search(sentence.folded):
            return None
        earlier = sentence_before(self._all, sentence)
        called = addressed(sentence) or (
            addressed(earlier)
            if earlier and len(earlier.text.split()) < _SHORT and (not earlier.is_by_another_than(sentence))
            else ""
        )
        if self._speaks(called):
            agrees = self._says.accepts
            passed_on = declined(
                sentence,
                called,
                self._all,
                self._language,
                self._promises,
                lambda one: bool(agrees.search(one.folded)),
            )
            if passed_on is not None:
                until = passed_on[-1].index if passed_on else sentence.index + _CALLED
                self._declining.update(
                    one.index
                    for one in self._all[sentence.index + 1 : until + 1]
                    if participant(called, (one.speaker,)) == one.speaker
                )
                return self._line(sentence, passed_on, "", passed_on[-1]) if passed_on else None
        replies = self._replies(sentence, called)
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
        promised = any(self._promises(one) or is_firm(one, self._language) for one in replies)
        strong = self._says.request_strong.search(sentence.folded)
        # "We need a roof by June." asks nobody.
        due = sentence.is_question and self._has_due(sentence, *more, *replies)
        counted_on = strong or promised or called or due
        if (replies and counted_on) or (not replies and strong and ordered):
            return self._line(sentence, (*more, *replies), called, taken)
        return None

    def _adds_day(self, sentence: Sentence, request: Sentence) -> bool:
        """Whether `sentence` only adds to a request until when."""
        return (
            not sentence.is_question
            and not sentence.is_by_another_than(request)
            and not self._says.accepts.search(sentence.folded)
            and not adds(sentence, self._language)
            and len(sentence.text.split()) <= _ADDED
            and self._has_due(sentence)
        )

    def _replies(self, request: Sentence, called: str) -> tuple[Sentence, ...] | None:
        """The sentences that accept what was asked of `called`, () without an answer, None where it is refused."""
        for reply in self._all[request.index + 1 : request.index + 1 + _REPLY]:
            if self._says.refuses.search(reply.folded):
                return None
            if self._says.request_strong.search(reply.folded) or reply.is_by_speaker_of(request):
                continue
            theirs = participant(called, (reply.speaker,)) == reply.speaker
            says_yes = self._promises(reply) or self._says.accepts.search(reply.folded)
            if not theirs and self._speaks(called) and says_yes:
                # "Great. Next, …" of somebody else accepts nothing.
                continue
            other_day = theirs and called and named_alone(reply, self._language, self._told)
            if self._says.accepts.search(reply.folded) or self._promises(reply) or other_day:
                if self._other_task(reply, request):
                    asked = bool(called) and participant(called, (reply.speaker,)) == reply.speaker != ""
                    return (agreeing,) if (agreeing := assent(reply, self._language, asked)) else ()
                more = self._all[reply.index + 1 : reply.index + 2]
                going_on = [
                    one
                    for one in more
                    if (one.speaker, one.speaker_id, one.channel)
                    == (reply.speaker, reply.speaker_id, reply.channel)
                    and (self._promises(one) or (self._adds_day(one, reply) and refers(one, self._language)))
                ]
                return (reply, *(one for one in going_on if not self._other_task(one, request)))
            if reply.is_question or addressed(reply):
                break
        return ()

    def _other_task(self, promise: Sentence, request: Sentence) -> bool:
        """Whether `promise` is about something else than `request`: mostly new words, and none for what was asked."""
        if not self._promises(promise) or self._says.first_person_short.search(promise.folded):
            return False
        due = dates.find(promise.text, self._language, self._told)
        said = promise.text.replace(due.said, " ") if due else promise.text
        new = set(content_words(said, self._language))
        unknown = new - set(content_words(request.text, self._language))
        if adds(promise, self._language) or goes_on(promise, self._language):
            return bool(unknown)
        if len(unknown) < _OTHER or len(unknown) <= len(new) / 2:
            return False
        return not refers(promise, self._language)

    def _promises(self, sentence: Sentence) -> bool:
        says, said = self._says, sentence.folded
        if sentence.is_question or says.no_action.search(said) or puts(sentence, self._language):
            return False
        return bool(says.first_person.search(said) or says.first_person_short.search(said)) or (
            bool(says.first_person_weak.search(said)) and self._has_due(sentence)
        )

    def _promised(self, sentence: Sentence) -> Found | None:
        says, said = self._says, sentence.folded
        if sentence.is_question or says.no_action.search(said):
            return None
        if another := self._of_another(sentence):
            return another
        if self._promises(sentence) or self._is_welcome(sentence):
            return self._own(sentence)
        if team := says.team.search(said):
            name = sentence.text[team.start("name") : team.end("name")]
            return self._item(shown(sentence, self._language), (sentence,), capital(name))
        if says.nobody.search(said) and self._has_due(sentence):
            return self._item(shown(sentence, self._language), (sentence,), "")
        return None

    def _of_another(self, sentence: Sentence) -> Found | None:
        """What somebody else will do, and the "Will do" by which that one takes it on."""
        says, text, whole = self._says, plain(sentence.text), shown(sentence, self._language)
        owner = person(says.third_person.search(text), sentence.text)
        if not owner and self._has_due(sentence):
            owner = person(says.third_person_weak.search(text), sentence.text)
            named = person(says.third_person_due.search(text), sentence.text)
            owner = owner or (named if named in self._names else "")
            now = says.third_person_now.search(text)
            if not owner and now and self._agreeing(person(now, sentence.text), sentence):
                owner, whole = person(now, sentence.text), sentence.text[now.start("name") :]
        return self._item(whole, (sentence, *self._agreeing(owner, sentence)), owner) if owner else None

    def _agreeing(self, owner: str, sentence: Sentence) -> tuple[Sentence, ...]:
        """The "yes" to `sentence` of the one it is about."""
        return tuple(
            one
            for one in self._all[sentence.index + 1 : sentence.index + 2]
            if participant(owner, (one.speaker,)) == one.speaker != ""
            and assent(one, self._language, False)
            and not self._other_task(one, sentence)
        )

    def _is_welcome(self, offer: Sentence) -> bool:
        """Whether somebody else takes "I can bring it" up at once."""
        after = self._all[offer.index + 1 : offer.index + 2]
        whole = len(offer.text.split()) > _SHORT + 1
        return (whole and bool(self._says.offer.search(offer.folded))) and any(
            self._says.welcome.search(one.folded) and one.is_by_another_than(offer) for one in after
        )

    def _called(self, sentence: Sentence) -> str:
        """Whose task it is where no label tells who "I" is: the name called just before, or thanked just after."""
        called = ""
        for earlier in reversed(self._all[max(0, sentence.index - _CALLED) : sentence.index]):
            called = called or (addressed(earlier) if earlier.is_question else "")
        for later in self._all[sentence.index + 1 : sentence.index + 2]:
            called = called or person(self._says.thanks.search(plain(later.text)), later.text)
        return called

    def _own(self, sentence: Sentence) -> Found | None:
        """A task taken by "I"."""
        called, said = self._called(sentence), sentence.folded
        if self._says.first_person_short.search(said):
            need = self._need(sentence)
            if need:
                return self._line(need, (sentence,), called, sentence)
            if not content_words(self._says.first_person_short.sub("", said), self._language):
                return None
        return self._line(sentence, (), called, sentence)

    def _need(self, sentence: Sentence) -> Sentence | None:
        """What "Leave that with me." answers: the last that somebody has to do."""
        for one in reversed(self._all[max(0, sentence.index - _NEED) : sentence.index]):
            if self._says.nobody.search(one.folded) or self._says.needs_somebody.search(one.folded):
                return one
        return None
