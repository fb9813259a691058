"""The text of a meeting, and the person's notes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, status

from core.api.meetings import Id, Offset
from core.api.problems import Refused
from core.api.service import Here, Key, Route
from core.api.shapes import (
    MOST_ID,
    NoteAsked,
    NoteChange,
    NoteShape,
    SegmentChange,
    SegmentShape,
    TranscriptShape,
    WordShape,
)
from core.messages import _
from core.values import MeetingId, Note, Segment

router = APIRouter(tags=["transcript"], route_class=Route)
RowId = Annotated[int, Path(ge=1, le=MOST_ID)]


@router.get("/meetings/{meeting_id}/transcript", summary="Get the text")
def get_transcript(
    service: Here,
    meeting_id: Id,
    words: Annotated[bool, Query(description="with the time of every word")] = False,
    limit: Annotated[int, Query(ge=1, le=2000, description="how many segments come at once")] = 500,
    offset: Offset = 0,
) -> TranscriptShape:
    """The version that is shown, segment by segment."""
    store = service.library.store
    known = store.meeting(meeting_id).id
    transcript = store.transcript(known)
    if transcript is None:
        raise Refused(404, _("This meeting has no text yet."), _("Start a job that transcribes it."))
    some = transcript.segments[offset : offset + limit]
    after = offset + len(some)
    more = some and after < len(transcript.segments)
    asked = f"limit={limit}&offset={after}{'&words=true' if words else ''}"
    return TranscriptShape(
        meeting_id=known,
        id=transcript.id,
        language=transcript.written,
        complete=transcript.complete,
        reached=transcript.reached,
        segments=[_segment(one, words=words) for one in some],
        total=len(transcript.segments),
        next=f"/v1/meetings/{known}/transcript?{asked}" if more else None,
    )


def _segment(segment: Segment, *, words: bool) -> SegmentShape:
    return SegmentShape(
        id=segment.id,
        start=segment.start,
        end=segment.end,
        text=segment.text,
        speaker=segment.speaker,
        speaker_id=segment.speaker_id,
        channel=segment.channel,
        language=segment.language,
        doubt=segment.doubt,
        edited=segment.edited,
        words=[*map(WordShape.model_validate, segment.words)] if words else None,
    )


@router.patch("/meetings/{meeting_id}/segments/{segment_id}", summary="Correct a segment")
def change_segment(service: Here, meeting_id: Id, segment_id: RowId, asked: SegmentChange) -> SegmentShape:
    """Puts the person's text in place of what was heard; it survives a new transcription."""
    store = service.library.store
    known = store.meeting(meeting_id).id

    def find() -> Segment:
        transcript = store.transcript(known)
        found = [one for one in transcript.segments if one.id == segment_id] if transcript else []
        if not found:
            raise Refused(404, _("This meeting has no such segment."), _("Read its text again."))
        return found[0]

    if find().text != asked.text:
        store.edit_segment(known, segment_id, asked.text)
    return _segment(find(), words=True)


# --- notes -----------------------------------------------------------------------------------------


@router.get("/meetings/{meeting_id}/notes", summary="List notes and bookmarks", tags=["notes"])
def list_notes(service: Here, meeting_id: Id) -> list[NoteShape]:
    """What the person wrote and marked, by time."""
    store = service.library.store
    return [*map(NoteShape.model_validate, store.notes(store.meeting(meeting_id).id))]


@router.post(
    "/meetings/{meeting_id}/notes",
    summary="Add a note or a bookmark",
    tags=["notes"],
    status_code=status.HTTP_201_CREATED,
)
async def add_note(
    service: Here, meeting_id: Id, asked: NoteAsked, response: Response, key: Key = None
) -> NoteShape:
    """Adds a note, or a bookmark, at a second of the meeting."""
    store = service.library.store

    def add() -> Note:
        if not (asked.text or asked.bookmark):
            raise Refused(422, _("A note needs words."), _("Write some, or set a bookmark."))
        known = store.meeting(meeting_id).id
        return store.add_note(known, asked.at, asked.text, bookmark=asked.bookmark)

    async def make() -> NoteShape:
        return NoteShape.model_validate(await service.ask(add))

    made = await service.once(key, ["POST", "notes", meeting_id, asked.model_dump()], NoteShape, make)
    response.headers["Location"] = f"/v1/meetings/{meeting_id}/notes/{made.id}"
    return made


@router.patch("/meetings/{meeting_id}/notes/{note_id}", summary="Change a note", tags=["notes"])
def change_note(service: Here, meeting_id: Id, note_id: RowId, asked: NoteChange) -> NoteShape:
    """Gives a note another text."""
    known = _note(service, meeting_id, note_id)
    service.library.store.edit_note(known, note_id, asked.text)
    return NoteShape.model_validate(service.library.store.note(note_id))


@router.delete(
    "/meetings/{meeting_id}/notes/{note_id}",
    summary="Take a note away",
    tags=["notes"],
    status_code=status.HTTP_204_NO_CONTENT,
)
def remove_note(service: Here, meeting_id: Id, note_id: RowId) -> None:
    """Takes a note or a bookmark away."""
    service.library.store.remove_note(_note(service, meeting_id, note_id), note_id)


def _note(service: Here, meeting_id: str, note_id: int) -> MeetingId:
    """The meeting's whole id. Raises `Refused` where it has no such note."""
    store = service.library.store
    known = store.meeting(meeting_id).id
    if not any(one.id == note_id for one in store.notes(known)):
        raise Refused(404, _("This meeting has no such note."), _("Read its notes again."))
    return known
