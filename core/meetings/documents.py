"""Export: all that is known of a meeting, as files or as text."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from core import errors, paths
from core import export as exports
from core.meetings.library import Library
from core.values import (
    SOUNDS,
    ExportChoices,
    Exported,
    Failure,
    Format,
    Job,
    Meeting,
    MeetingId,
    Preview,
    Progress,
    Stage,
)

PREVIEWED = 60
"""Segments that a preview shows."""

RICH = (Format.WORD, Format.PDF, Format.HTML)
"""The formats whose preview is a page and not their text."""


def export(
    library: Library,
    meeting_id: MeetingId,
    folder: Path,
    formats: Sequence[str] = (Format.MARKDOWN,),
    *,
    choices: ExportChoices | None = None,
    name: str = "",
    pattern: str = exports.PATTERN,
) -> Job[tuple[Path, ...]]:
    """Writes the meeting into `folder` in each format; returns the files' paths, in the order of the formats.

    Without a `name` (no ending) a free one, the same for all formats, is made by the `pattern`; with one, a file of
    that name is replaced. Raises `FormatUnknown`, `TemplateBroken`, `NothingToTranscribe` (sound was wanted of a
    meeting without any) or a `StorageProblem`; a file is written whole or not at all.
    """
    known = document(library, meeting_id)
    meeting = known.meeting
    sound = Path(meeting.audio).suffix
    endings = [exports.ending(kind, sound) for kind in formats]
    exports.make_folder(folder)
    exports.sweep(folder)
    stem = name or exports.free_name(
        folder, exports.file_name(meeting.title, meeting.started_at, pattern), tuple(endings)
    )
    # An HTML page plays the sound that lies beside it.
    heard = next((kind for kind in formats if kind in SOUNDS), Format.AUDIO)
    audio = f"{stem}{exports.ending(heard, sound)}" if meeting.audio else ""
    written: list[Path] = []
    for place, (kind, ending) in enumerate(zip(formats, endings, strict=True)):
        yield Progress(Stage.EXPORT, place / len(formats), part=place + 1, parts=len(formats))
        path = folder / f"{stem}{ending}"
        if kind in SOUNDS:
            written.append((yield from _sound(library, meeting, Format(kind), path, replace=bool(name))))
        else:
            content = exports.render(known, kind, choices, own=library.places.templates, audio=audio)
            written.append(exports.put(content, path, replace=bool(name)))
    yield Progress(Stage.EXPORT, 1.0)
    return tuple(written)


def export_many(
    library: Library,
    meeting_ids: Sequence[MeetingId],
    folder: Path,
    formats: Sequence[str],
    *,
    choices: ExportChoices | None = None,
    pattern: str = exports.PATTERN,
) -> Job[Exported]:
    """Writes each meeting as `export` does; one that cannot be written does not keep the others from it.

    Raises `FormatUnknown` or a `StorageProblem`, which would be the same for all.
    """
    check_formats(library, formats)
    written: list[str] = []
    failed: list[tuple[str, Failure]] = []
    for place, meeting_id in enumerate(meeting_ids):
        job = export(library, meeting_id, folder, formats, choices=choices, pattern=pattern)
        try:
            while True:
                step = next(job)
                share = (step.fraction or 0.0) if isinstance(step, Progress) else 0.0
                done = (place + share) / len(meeting_ids)
                yield Progress(Stage.EXPORT, done, part=place + 1, parts=len(meeting_ids))
        except StopIteration as end:
            written += map(str, end.value)
        except errors.StorageProblem:
            raise
        except errors.Problem as problem:
            title = library.store.meeting(meeting_id).title if library.store.knows(meeting_id) else meeting_id
            failed.append((title, errors.to_failure(problem)))
        finally:
            job.close()
    return Exported(tuple(written), tuple(failed))


def preview(library: Library, meeting_id: MeetingId, kind: str, choices: ExportChoices) -> Preview:
    """How the meeting would begin in this format; a long transcript is cut before anything is made of it.

    Raises as `export`.
    """
    known = document(library, meeting_id)
    if kind in SOUNDS:
        return Preview(kind, "")
    cut = False
    if known.transcript and len(known.transcript.segments) > PREVIEWED:
        cut = True
        known = replace(
            known, transcript=replace(known.transcript, segments=known.transcript.segments[:PREVIEWED])
        )
    rich = kind in RICH
    shown = Format.MARKDOWN if rich else kind
    wanted = replace(choices, properties=choices.properties and not rich)
    text = exports.render(known, shown, wanted, own=library.places.templates).decode()
    return Preview(kind, text, rich, cut)


def rich_text(library: Library, meeting_id: MeetingId, choices: ExportChoices | None = None) -> str:
    """The meeting as simple HTML, for the clipboard or a printer. Raises `MeetingUnknown`."""
    return exports.rich(document(library, meeting_id), choices)


def _sound(library: Library, meeting: Meeting, kind: Format, path: Path, *, replace: bool) -> Job[Path]:
    from core.audio import encode

    kept = library.audio_of(meeting)
    beside = exports.beside_of(path)
    try:
        if kind is Format.AUDIO:
            yield from encode.copy(kept, beside)
        else:
            yield from encode.compress(kept, beside, kind, meeting.duration)
        return exports.arrive(beside, path, replace=replace)
    except OSError as error:
        raise paths.storage_problem(error, path) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def document(library: Library, meeting_id: MeetingId) -> exports.Document:
    """All that is known of a meeting. Raises `MeetingUnknown`."""
    store = library.store
    return exports.Document(
        meeting=store.meeting(meeting_id),
        transcript=store.transcript(meeting_id),
        minutes=store.minutes(meeting_id),
        notes=store.notes(meeting_id),
        speakers=store.speakers(meeting_id),
    )


def as_text(library: Library, meeting_id: MeetingId, kind: str, choices: ExportChoices | None = None) -> str:
    """The meeting in a format of text, for the clipboard or a terminal; see `export`."""
    return exports.render(document(library, meeting_id), kind, choices, own=library.places.templates).decode()


def export_formats(library: Library) -> tuple[str, ...]:
    """The formats there are, the person's own templates last."""
    return exports.formats(library.places.templates)


def check_formats(library: Library, kinds: Sequence[str]) -> None:
    """Raises `FormatUnknown` for the first that is none, and where there are none at all."""
    known = export_formats(library)
    for kind in kinds or ("",):
        if kind not in known:
            raise errors.FormatUnknown(kind, ", ".join(known))
