"""Who speaks in a meeting, what the person says about it, and the voices that are known again in later ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Response, status

from core import errors, messages
from core.api.meetings import Id
from core.api.problems import Refused
from core.api.service import Here, Key, Route, Service
from core.api.shapes import (
    MOST_ID,
    JobShape,
    MergeAsked,
    RememberAsked,
    SegmentsGiven,
    SpeakerChange,
    SpeakerShape,
    StretchShape,
    VoiceShape,
)
from core.messages import _
from core.values import Job, MeetingId, Speaker, Stage

router = APIRouter(tags=["speakers"], route_class=Route)

SpeakerId = Annotated[int, Path(ge=1, le=MOST_ID, description="a speaker's id", examples=[3])]
VoiceId = Annotated[int, Path(ge=1, le=MOST_ID, description="a voice's id", examples=[1])]


@router.get("/meetings/{meeting_id}/speakers", summary="List who speaks")
def list_speakers(service: Here, meeting_id: Id) -> list[SpeakerShape]:
    """The speakers of a meeting by their numbers, with how long each is heard and whom it sounds like."""
    return _shapes(service, service.library.store.meeting(meeting_id).id)


@router.patch("/meetings/{meeting_id}/speakers/{speaker_id}", summary="Name a speaker")
def change_speaker(
    service: Here, meeting_id: Id, speaker_id: SpeakerId, asked: SpeakerChange
) -> SpeakerShape:
    """Gives a speaker a name or a colour, everywhere in the meeting, or says what is to become of a suggestion."""
    from core import meetings

    store = service.library.store
    known = store.meeting(meeting_id).id
    speaker = _speaker(service, known, speaker_id)
    if asked.suggestion and not (speaker.suggested and speaker.certainty and not speaker.name):
        raise errors.NobodySuggested(messages.speaker_label(speaker))
    if asked.suggestion == "accept":
        meetings.name_speaker(service.library, known, speaker_id, speaker.suggested)
    elif asked.suggestion == "refuse":
        store.reject_voice(known, speaker_id)
    if asked.name is not None:
        meetings.name_speaker(service.library, known, speaker_id, asked.name)
    if asked.colour is not None:
        store.colour_speaker(known, speaker_id, asked.colour)
    if asked.is_me or (asked.is_me is False and speaker.is_me):
        store.set_me(known, speaker_id if asked.is_me else 0)
    return _shape(service, known, speaker_id)


@router.post("/meetings/{meeting_id}/speakers/{speaker_id}/merge", summary="Merge two speakers")
def merge_speakers(service: Here, meeting_id: Id, speaker_id: SpeakerId, asked: MergeAsked) -> SpeakerShape:
    """Notes that two speakers are one, who is returned; voices told apart anew later stay one."""
    known = service.library.store.meeting(meeting_id).id
    speaker, into = (_speaker(service, known, one) for one in (speaker_id, asked.into))
    if speaker == into:
        raise errors.SameSpeaker(messages.speaker_label(into))
    service.library.store.merge_speakers(known, speaker_id, asked.into)
    return _shape(service, known, asked.into)


@router.post("/meetings/{meeting_id}/speakers/assign", summary="Give segments to a speaker")
def give_segments(service: Here, meeting_id: Id, asked: SegmentsGiven) -> list[SpeakerShape]:
    """Notes who says segments, or all from one second to another: a speaker of the meeting, or the one of a name.

    Somebody of that name is new where nobody has it. Voices told apart anew later do not change what was given.
    """
    from core import meetings

    store = service.library.store
    known = store.meeting(meeting_id).id
    if bool(asked.segment_ids) == (asked.start is not None and asked.end is not None):
        raise Refused(
            422, _("It is not clear what is meant."), _("Send either segments, or a start and an end.")
        )
    if (asked.speaker_id is None) == (asked.name is None):
        raise Refused(
            422, _("It is not clear who says it."), _("Send either a speaker's id or a speaker's name.")
        )
    transcript = store.transcript(known)
    if set(asked.segment_ids) - {one.id for one in (transcript.segments if transcript else ())}:
        raise Refused(404, _("This meeting has no such segment."), _("Read its text again."))
    if asked.speaker_id is not None:
        _speaker(service, known, asked.speaker_id)
    ids = asked.segment_ids or meetings.said_between(
        service.library, known, asked.start or 0.0, asked.end or 0.0
    )
    if not ids:
        raise Refused(
            422,
            messages.nothing_said_between(asked.start or 0.0, asked.end or 0.0),
            _("Send another start and end."),
        )
    if asked.speaker_id is not None:
        store.set_speaker(known, ids, asked.speaker_id)
    else:
        store.choose_speaker(known, ids, asked.name or "")
    return _shapes(service, known)


# --- what takes a while ----------------------------------------------------------------------------


@router.post(
    "/meetings/{meeting_id}/speakers/{speaker_id}/split",
    summary="Split a speaker",
    status_code=status.HTTP_202_ACCEPTED,
)
async def split_speaker(
    service: Here, meeting_id: Id, speaker_id: SpeakerId, response: Response, key: Key = None
) -> JobShape:
    """Starts a job that makes two of a speaker in whom two voices are heard. Its progress can be followed."""

    def job(known: MeetingId) -> Job[object]:
        from core import meetings

        return meetings.split_speaker(service.library, known, speaker_id)

    return await _job(service, ("split", meeting_id, speaker_id), response, key, job)


@router.post(
    "/meetings/{meeting_id}/speakers/{speaker_id}/remember",
    summary="Remember a voice",
    status_code=status.HTTP_202_ACCEPTED,
)
async def remember_voice(
    service: Here,
    meeting_id: Id,
    speaker_id: SpeakerId,
    asked: RememberAsked,  # noqa: ARG001  that it was sent is what counts
    response: Response,
    key: Key = None,
) -> JobShape:
    """Starts a job that keeps what a named speaker's voice is like, on this machine only.

    Later meetings suggest the name where the voice is heard. Ask the person whose voice it is first.
    """

    def job(known: MeetingId) -> Job[object]:
        from core import meetings

        return meetings.remember_voice(service.library, known, speaker_id)

    return await _job(service, ("remember", meeting_id, speaker_id), response, key, job, named=True)


async def _job(
    service: Service,
    asked: tuple[str, str, int],
    response: Response,
    key: str | None,
    job: Callable[[MeetingId], Job[object]],
    *,
    named: bool = False,
) -> JobShape:
    """Starts a job about a speaker, of whom a name must be known where it is about one that is `named`."""
    _what, meeting_id, speaker_id = asked

    def find() -> MeetingId:
        known = service.library.store.meeting(meeting_id).id
        speaker = _speaker(service, known, speaker_id)
        if named and not speaker.name:
            raise errors.SpeakerUnnamed(messages.speaker_label(speaker))
        return known

    async def make() -> JobShape:
        known = await service.ask(find)
        return service.jobs.start(Stage.SEPARATE, known, lambda: job(known)).shape()

    made = await service.once(key, ["POST", *asked], JobShape, make)
    response.headers["Location"] = f"/v1/jobs/{made.id}"
    return made


# --- known voices ----------------------------------------------------------------------------------


@router.get("/voices", summary="List known voices")
def list_voices(service: Here) -> list[VoiceShape]:
    """The voices that are remembered, by name. What they are like is told to nobody."""
    from core import meetings

    return [*map(VoiceShape.model_validate, meetings.known_voices(service.library))]


@router.delete("/voices", summary="Forget all voices", status_code=status.HTTP_204_NO_CONTENT)
def forget_voices(service: Here) -> None:
    """Forgets every voice; names that speakers have stay."""
    service.library.store.forget_voices()


@router.delete("/voices/{voice_id}", summary="Forget a voice", status_code=status.HTTP_204_NO_CONTENT)
def forget_voice(service: Here, voice_id: VoiceId) -> None:
    """Forgets a voice; names that speakers have stay."""
    store = service.library.store
    if not any(one.id == voice_id for one in store.known_voices()):
        raise Refused(404, _("No such voice is remembered."), _("List the known voices to see their ids."))
    store.forget_voice(voice_id)


# --- shapes ----------------------------------------------------------------------------------------


def _speaker(service: Service, meeting_id: MeetingId, speaker_id: int) -> Speaker:
    """Raises `Refused` where the meeting has no such speaker."""
    found = [one for one in service.library.store.speakers(meeting_id) if one.id == speaker_id]
    if not found:
        raise Refused(404, _("This meeting has no such speaker."), _("Read its speakers again."))
    return found[0]


def _shape(service: Service, meeting_id: MeetingId, speaker_id: int) -> SpeakerShape:
    """Raises `SpeakerUnknown` where another program has merged it meanwhile."""
    found = (one for one in _shapes(service, meeting_id) if one.id == speaker_id)
    if shape := next(found, None):
        return shape
    raise errors.SpeakerUnknown(str(speaker_id))


def _shapes(service: Service, meeting_id: MeetingId) -> list[SpeakerShape]:
    from core import meetings

    store = service.library.store
    known = store.voices(meeting_id)
    remembered = [one.name for one in store.known_voices()]
    heard = {one.speaker.id: one for one in meetings.talk(known, remembered)}
    shapes = []
    for speaker in known.speakers:
        talk, suggested = heard.get(speaker.id), bool(speaker.certainty and not speaker.name)
        shapes.append(
            SpeakerShape.model_validate(
                asdict(speaker)
                | {
                    "seconds": round(talk.seconds, 1) if talk else 0.0,
                    "sample": StretchShape(start=talk.sample[0], end=talk.sample[1])
                    if talk and talk.sample
                    else None,
                    "remembered": bool(talk and talk.remembered),
                    "suggested": speaker.suggested if suggested else "",
                    "certainty": speaker.certainty if suggested else 0.0,
                }
            )
        )
    return shapes
