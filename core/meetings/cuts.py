"""A passage cut from sound, text and minutes together, and brought back: nothing is lost until the bin is emptied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from glob import escape
from secrets import token_hex
from typing import TYPE_CHECKING

from core import errors, locks, paths
from core.meetings.library import Library, held
from core.values import Cut, Job, Meeting, MeetingChanged, MeetingId, Stage

if TYPE_CHECKING:
    from core.audio.splice import Span, Stretch
    from core.store.cutting import Sound

MARK = ".cut-"
"""What stands in the name of a sound file from which a passage was cut."""

CUTTING = ".cutting"
"""The ending of such a file while it is written."""

SHORTEST = 0.1
"""Seconds; nothing shorter is cut, or left of a meeting."""

STAGES = (Stage.TRANSCRIBE, Stage.SEPARATE, Stage.SUMMARISE)
"""What must not go on meanwhile: it would bring text, voices or minutes of the times that there were."""


def cut_passage(library: Library, meeting_id: MeetingId, start: float, end: float) -> Job[Cut]:
    """Cuts what lies between two seconds from the meeting's sound, text, minutes, bookmarks and speakers' turns.

    The new sound is written beside the old one and named once it is whole; then all rows change in one transaction. The
    old sound and what went are kept as the `Cut` that comes back, until the bin is emptied. Its ends are those of whole
    packets of sound. Raises `PassageUnfit`, `MeetingBusy` (it is being recorded, transcribed or summarised), an
    `Unreadable` or a `StorageProblem`, and then leaves all as it was.
    """
    with alone(library, meeting_id) as meeting:
        begin, finish = max(0.0, start), min(end, meeting.duration)
        left = meeting.duration - max(0.0, finish - begin)
        if not finish - begin >= SHORTEST or left < SHORTEST:
            raise errors.PassageUnfit(meeting.title)
        if not meeting.audio:
            cut = library.store.cut_passage(meeting_id, begin, finish)
        else:
            from core.audio.splice import Stretch

            path = library.audio_of(meeting)
            stretches = [Stretch(path, 0.0, begin), Stretch(path, finish, meeting.duration)]
            sound, ((_zero, begin), (finish, ends)) = yield from _spliced(library, meeting, stretches)
            with _named(library, sound):
                cut = library.store.cut_passage(
                    meeting_id, begin, finish if ends > finish else meeting.duration, sound
                )
    yield MeetingChanged(meeting_id)
    return cut


def bring_back(library: Library, cut_id: int) -> Job[MeetingId]:
    """Puts a cut passage back in its place, with all that went with it; what was changed since stays.

    Raises `CutGone`, `CutBelow` (another one was cut later), and as `cut_passage`.
    """
    cut = next((one for one in library.store.cuts() if one.id == cut_id), None)
    if cut is None:
        raise errors.CutGone
    if not cut.last:
        raise errors.CutBelow(cut.title)
    with alone(library, cut.meeting_id) as meeting:
        before, size = library.store.cut_sound(cut_id)
        old = library.places.audio / before.name
        if before.name and not old.is_file():
            raise errors.MissingFile(str(old))
        if not meeting.audio or meeting.size == size:
            library.store.restore_passage(cut_id)
        else:
            # The recording went on since: what was added follows behind the passage.
            from core.audio.splice import Stretch

            now = library.audio_of(meeting)
            stretches = [
                Stretch(now, 0.0, cut.start),
                Stretch(old, cut.start, cut.start + cut.seconds),
                Stretch(now, cut.start, meeting.duration),
            ]
            sound, _spans = yield from _spliced(library, meeting, stretches)
            with _named(library, sound):
                library.store.restore_passage(cut_id, sound)
        for name in (meeting.audio, cut.audio):
            _drop(library, meeting.id, name)
    yield MeetingChanged(meeting.id)
    return meeting.id


@contextmanager
def alone(library: Library, meeting_id: MeetingId) -> Iterator[Meeting]:
    """The meeting, with which nothing else is done meanwhile. Raises `MeetingBusy`."""
    meeting = library.store.meeting(meeting_id)
    with ExitStack() as stack:
        for stage in STAGES:
            stack.enter_context(held(library, meeting, stage))
        meeting = library.store.meeting(meeting_id)
        if meeting.recording_open or locks.is_held(library.record_lock(meeting.id)):
            raise errors.MeetingBusy(meeting.title)
        yield meeting


def _spliced(
    library: Library, meeting: Meeting, stretches: Sequence[Stretch]
) -> Job[tuple[Sound, Sequence[Span]]]:
    """The stretches as a new sound file of the meeting, whole and under its final name."""
    from core.audio import media
    from core.audio.splice import splice
    from core.store.cutting import Sound

    number = token_hex(4)
    beside = library.places.audio / f".{meeting.id}{MARK}{number}{CUTTING}"
    try:
        channels = 2 if len(meeting.channels) > 1 else 1
        ending, spans = yield from splice(stretches, beside, channels)
        duration, size = media.measure(beside), beside.stat().st_size
        kept = library.places.audio / f"{meeting.id}{MARK}{number}{ending}"
        paths.rename(beside, kept)
    except OSError as error:
        raise paths.storage_problem(error, beside) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return Sound(kept.name, size, duration), spans


@contextmanager
def _named(library: Library, sound: Sound) -> Iterator[None]:
    """Takes the new sound file away again where the store could not note it."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            (library.places.audio / sound.name).unlink(missing_ok=True)
        raise


# --- the bin -----------------------------------------------------------------------------------------


def forget(library: Library, cut_ids: Sequence[int] | None = None) -> Job[None]:
    """Removes these cut passages, or all there are, for good, with their sound. Raises a `StorageProblem`."""
    for cut in library.store.cuts():
        if cut_ids is None or cut.id in cut_ids:
            library.store.forget_cut(cut.id)
            _drop(library, cut.meeting_id, cut.audio)
            yield MeetingChanged(cut.meeting_id)


def sound_names(library: Library, meeting_id: MeetingId) -> set[str]:
    """The names of the meeting's sound files: the one that is heard, and those that have what was cut from it."""
    meeting = library.store.meeting(meeting_id)
    names = {meeting.audio, *(cut.audio for cut in library.store.cuts(meeting_id))}
    return names - {""}


def _drop(library: Library, meeting_id: MeetingId, name: str) -> None:
    """Removes a sound file of the meeting, with what was made from it, where nothing speaks of it any more."""
    if name and name not in sound_names(library, meeting_id):
        remove_files(library, {name})


def remove_files(library: Library, names: Iterable[str]) -> None:
    """Removes sound files and what was made from them, which lies beside them. Raises a `StorageProblem`."""
    try:
        for name in names:
            for file in library.places.audio.glob(f"{escape(name)}*"):
                file.unlink(missing_ok=True)
    except OSError as error:
        raise paths.storage_problem(error, library.places.audio) from error


def sweep_cuts(library: Library) -> None:
    """Removes what a cut that was killed had written: the meeting has its sound as it was."""
    left = [*library.places.audio.glob(f".*{MARK}*{CUTTING}"), *library.places.audio.glob(f"*{MARK}*")]
    for meeting_id in {MeetingId(path.name.removeprefix(".").partition(MARK)[0]) for path in left}:
        if locks.is_held(locks.path_of(library.places.locks, meeting_id, STAGES[0])):
            continue
        used = sound_names(library, meeting_id) if library.store.knows(meeting_id) else set()
        for path in left:
            if path.name.removeprefix(".").startswith(f"{meeting_id}{MARK}") and not any(
                path.name.startswith(name) for name in used
            ):
                path.unlink(missing_ok=True)
