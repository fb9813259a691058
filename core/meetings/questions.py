"""Ask: a question in the person's words, about one meeting or all, is answered with where it was said."""

from __future__ import annotations

from collections import Counter

import structlog

from core import errors
from core.meetings.library import Library
from core.meetings.providers import conversation, place_of, priced, size_of
from core.summary import asking, remote
from core.summary.passages import ranked
from core.summary.sentences import STOP_WORDS, asked_in, words_of
from core.values import (
    Estimate,
    Evidence,
    Job,
    Meeting,
    MeetingId,
    Notice,
    Passage,
    Reply,
    Segment,
    SummaryOptions,
)

_log = structlog.get_logger("meetings")

PASSAGES = 6
"""Passages that are shown where nobody answers."""
MEETINGS = 8
"""Meetings that are looked into, those first in which most words of the question are found."""


def ask(
    library: Library,
    question: str,
    meeting_id: MeetingId | None = None,
    options: SummaryOptions | None = None,
) -> Job[Reply]:
    """The answer of the provider with checked evidence, else the passages that share most with the question.

    Without a `meeting_id` all meetings are asked. A provider that fails is told by `Notice('offline_instead')`.
    Raises `MeetingUnknown`; where no word of it was said, the provider's `RemoteProblem`, else `NothingFound`.
    """
    wanted = options or library.summary_options()
    looked_at, passages, said, language = _gathered(library, question, meeting_id)
    if wanted.provider != "offline" and said:
        try:
            # Whoever asks again wants another answer than the one that was given.
            server = conversation(library, wanted)
            line = yield from asking.ask(question, _language(wanted, question, language), said, server)
        except errors.RemoteProblem as problem:
            _log.warning("remote answer failed", problem=str(problem))
            if not passages:
                raise
            name = getattr(problem, "provider", wanted.provider)
            yield Notice("passages_instead", {"provider": name, "failure": errors.to_failure(problem)})
        else:
            sources = {one.id: (meeting, one) for meeting in looked_at for one in _segments(library, meeting)}
            cited = tuple(_cited(*sources[one.segment_ids[0]], one) for one in line.evidence)
            return Reply(line.text, cited, wanted.provider, line.supported, line.unverified)
    if not passages:
        raise errors.NothingFound
    return Reply("", passages, "offline")


def estimate_of_question(
    library: Library, question: str, meeting_id: MeetingId | None, options: SummaryOptions
) -> Estimate:
    """What asking this would send and get back; nothing where all stays on this machine. Raises `MeetingUnknown`."""
    if not place_of(library, options.provider):
        return Estimate(0, 0)
    _looked_at, _passages, said, language = _gathered(library, question, meeting_id)
    if not said:
        return Estimate(0, 0)
    found = asking.estimate(question, _language(options, question, language), said, size_of(library, options))
    return priced(library, options, found)


def _language(wanted: SummaryOptions, question: str, spoken: str) -> str:
    """The language of the answer: the question's, where that is one of those that are told apart."""
    return wanted.language or (asked_in(question) if spoken in STOP_WORDS else "") or spoken


def _gathered(
    library: Library, question: str, meeting_id: MeetingId | None
) -> tuple[list[Meeting], tuple[Passage, ...], list[asking.Said], str]:
    """The meetings that are looked into, the passages that fit best, what may be sent, and the language of it."""
    looked_at = [library.store.meeting(meeting_id)] if meeting_id else _likely(library, question)
    scored: list[tuple[float, Passage]] = []
    said: list[asking.Said] = []
    language = ""
    for meeting in looked_at:
        transcript = library.store.transcript(meeting.id)
        if transcript is None:
            continue
        language = language or transcript.written
        found = ranked(question, transcript.segments, transcript.written)
        scored += [
            (score, Passage(meeting.id, meeting.title, meeting.started_at, one.speaker, one.evidence))
            for score, one in found
        ]
        near = {number for _score, one in found[:40] for number in one.evidence.segment_ids}
        places = {one.id: place for place, one in enumerate(transcript.segments)}
        around = {places[number] + step for number in near if number in places for step in (-1, 0, 1, 2)}
        first = [one for place, one in enumerate(transcript.segments) if place in around]
        # Of one meeting all may be sent where it fits; what is most promising comes first.
        rest = [one for one in transcript.segments if one not in first] if meeting_id else []
        labels = remote.labels_of(transcript.segments)
        said += [
            asking.Said(meeting, one, remote.voice(one, labels))
            for one in (*first, *rest)
            if one.text.strip()
        ]
    scored.sort(key=lambda one: (-one[0], -one[1].started_at.timestamp()))
    return looked_at, tuple(passage for _score, passage in scored[:PASSAGES]), said, language


def _cited(meeting: Meeting, first: Segment, evidence: Evidence) -> Passage:
    return Passage(meeting.id, meeting.title, meeting.started_at, first.speaker, evidence)


def _segments(library: Library, meeting: Meeting) -> tuple[Segment, ...]:
    transcript = library.store.transcript(meeting.id)
    return transcript.segments if transcript else ()


def _likely(library: Library, question: str) -> list[Meeting]:
    """The meetings in which most words of the question are found by the library's search."""
    common = STOP_WORDS["en"] | STOP_WORDS["fr"]
    counts: Counter[MeetingId] = Counter()
    for word in dict.fromkeys(word for word in words_of(question) if word not in common and len(word) > 2):
        found = list(library.store.search(word))
        counts.update({hit.meeting_id for hit in (found[-1].hits if found else ())})
    return [library.store.meeting(one) for one, _times in counts.most_common(MEETINGS)]
