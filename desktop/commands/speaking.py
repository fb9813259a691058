"""What a person can ask about who says what: name, merge, split, tell apart again; and which voices are remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from core import paths
from core.messages import _
from core.settings import Settings
from core.tasks import Lane, Priority, State, Task, Tasks
from core.values import Job, KnownVoice, MeetingId, Speaker, SpeakerOptions, Stage, Unkept, Voices
from desktop.bridge import Bridge
from desktop.commands.answers import trouble
from desktop.commands.exports import Exports
from desktop.commands.history import Edit, Step

if TYPE_CHECKING:
    from core.meetings import Library


class Speaking(Exports):
    """The speakers of the meetings, and the known voices. Every change of speakers can be undone."""

    voices_found = Signal(object)  # tuple[KnownVoice, ...]

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self._before: dict[MeetingId, Edit] = {}  # what takes a run back that was asked for

    # --- who it is ---------------------------------------------------------------------------------

    def rename_speaker(self, meeting_id: MeetingId, speaker_id: int, name: str) -> None:
        """Gives a speaker a name, everywhere in the meeting; '' takes it away."""
        edit = _voices_edit(
            meeting_id, lambda library: library.store.rename_speaker(meeting_id, speaker_id, name)
        )
        wrote = Unkept(meeting_id, "speaker", speaker_id, (name,)) if name else None
        self.change(meeting_id, _("Name a speaker"), edit, wrote=wrote)

    def choose_speaker(
        self, meeting_id: MeetingId, segment_ids: Sequence[int], speaker_id: int, name: str = ""
    ) -> None:
        """Notes who says segments: a speaker of the meeting, or with 0 the one of a name, old or new."""

        def choose(library: Library) -> None:
            if speaker_id:
                library.store.set_speaker(meeting_id, segment_ids, speaker_id)
            else:
                library.store.choose_speaker(meeting_id, segment_ids, name)

        if not segment_ids:
            return
        self.change(meeting_id, _("Change the speaker"), _voices_edit(meeting_id, choose))

    def colour_speaker(self, meeting_id: MeetingId, speaker_id: int, colour: int) -> None:
        """Gives a speaker another colour."""
        edit = _voices_edit(
            meeting_id, lambda library: library.store.colour_speaker(meeting_id, speaker_id, colour)
        )
        self.change(meeting_id, _("Change a speaker's colour"), edit)

    def set_me(self, meeting_id: MeetingId, speaker_id: int) -> None:
        """Notes that a speaker is the person at this machine; 0: nobody is."""
        edit = _voices_edit(meeting_id, lambda library: library.store.set_me(meeting_id, speaker_id))
        self.change(meeting_id, _("Say who you are"), edit)

    def reject_voice(self, meeting_id: MeetingId, speaker: Speaker) -> None:
        """Notes that a speaker is not who it sounds like."""
        edit = _voices_edit(meeting_id, lambda library: library.store.reject_voice(meeting_id, speaker.id))
        self.change(meeting_id, _("Refuse a suggested name"), edit)

    def set_participants(self, meeting_id: MeetingId, names: tuple[str, ...]) -> None:
        """Notes who took part besides the speakers."""

        def given(names: Iterable[str]) -> Edit:
            def edit(library: Library) -> Edit:
                meeting = library.store.meeting(meeting_id)
                spoken = {one.name.casefold() for one in library.store.speakers(meeting_id)}
                before = [name for name in meeting.participants if name.casefold() not in spoken]
                library.store.set_participants(meeting_id, names)
                return given(before)

            return edit

        wrote = Unkept(meeting_id, "participants", 0, (", ".join(names),))
        self.change(meeting_id, _("Change who took part"), given(names), wrote=wrote)

    # --- whose voices these are --------------------------------------------------------------------

    def merge_speakers(self, meeting_id: MeetingId, speaker_id: int, into: int) -> None:
        """Notes that two speakers are one."""
        edit = _voices_edit(
            meeting_id, lambda library: library.store.merge_speakers(meeting_id, speaker_id, into)
        )
        self.change(meeting_id, _("Merge speakers"), edit, _("Speakers merged"))

    def split_speaker(self, meeting_id: MeetingId, speaker_id: int) -> None:
        """Makes two of a speaker in whom two voices are heard."""

        def job(library: Library) -> Job[Voices]:
            from core import meetings

            before = library.store.voices(meeting_id)
            yield from meetings.split_speaker(library, meeting_id, speaker_id)
            return before

        def ended(task: Task) -> None:
            if task.state is State.DONE:
                back = _voices_back(meeting_id, task.result)
                step = Step((meeting_id,), _("Split a speaker"), back)
                self._note_done(step, _("The speaker was split in two"))

        self._start_job(job, meeting_id, ended)

    def tell_apart(self, meeting_id: MeetingId, count: int) -> None:
        """Tells the voices of a meeting apart again: so many, or with 0 as many as are heard."""

        def ask(library: Library) -> None:
            before = library.store.meeting(meeting_id).speaker_count
            voices = _voices_back(meeting_id, library.store.voices(meeting_id))
            self._before[meeting_id] = _with_count(meeting_id, before, voices)
            library.store.set_speaker_count(meeting_id, count)
            library.store.ask(meeting_id, Stage.SEPARATE, SpeakerOptions(count))

        self._edit(meeting_id, ask, carry_on=True)

    def _stage_ended(self, task: Task) -> None:
        super()._stage_ended(task)
        if task.stage is Stage.SEPARATE and task.meeting_id and task.state is State.DONE:
            back = self._before.pop(task.meeting_id, None)
            if back:
                told = _("The voices were told apart again")
                self._note_done(Step((task.meeting_id,), _("Tell voices apart"), back), told)

    def _start_job(
        self,
        job: Callable[[Library], Job[Any]],
        meeting_id: MeetingId,
        done: Callable[[Task], None],
    ) -> None:
        """Runs a job that the person waits for, before what is in the queue."""

        def ended(task: Task) -> None:
            self._set_activity(meeting_id, None)
            if task.error:
                self.troubled.emit(trouble(task.error))
            else:
                done(task)
            self._refresh(meeting_id, carry_on=True)

        if task := self._start(job, Stage.SEPARATE, Lane.COMPUTE, meeting_id, Priority.REDO, ended=ended):
            self._wait(task)

    # --- known voices ------------------------------------------------------------------------------

    def look_for_voices(self) -> None:
        """Lists the voices that are remembered."""

        def look(library: Library) -> tuple[KnownVoice, ...]:
            from core import meetings

            return meetings.known_voices(library)

        self._ask(look, self.voices_found.emit)

    def remember_voice(self, meeting_id: MeetingId, speaker: Speaker) -> None:
        """Remembers what a named speaker's voice is like, to suggest the name in later meetings."""

        def job(library: Library) -> Job[KnownVoice | None]:
            from core import meetings

            named = (one for one in library.store.known_voices() if _same(one.name, speaker.name))
            before = next(named, None)
            yield from meetings.remember_voice(library, meeting_id, speaker.id)
            return before

        def ended(task: Task) -> None:
            if task.state is State.DONE:
                before: KnownVoice | None = task.result
                told = _("The voice of {name} is remembered").format(name=speaker.name)
                self.said.emit(told, lambda: self._put_back(meeting_id, speaker.name, before))
                self.look_for_voices()

        self._start_job(job, meeting_id, ended)

    def _put_back(self, meeting_id: MeetingId, name: str, before: KnownVoice | None) -> None:
        if before:
            self._ask(lambda library: library.store.bring_back(before))
            self._refresh(meeting_id)
        else:
            self.forget_voice(name, meeting_id)

    def forget_voice(self, name: str, meeting_id: MeetingId | None = None) -> None:
        """Forgets the voice of this name; the page of the meeting is read again."""

        def forget(library: Library) -> KnownVoice | None:
            known = next((one for one in library.store.known_voices() if _same(one.name, name)), None)
            if known:
                library.store.forget_voice(known.id)
            return known

        def forgotten(known: KnownVoice | None) -> None:
            if known:
                told = _("The voice of {name} is forgotten").format(name=known.name)
                self.said.emit(told, partial(self._put_back, shown, known.name, known))

        shown = meeting_id or self._shown
        self._ask(forget, forgotten)
        self.look_for_voices()
        self._refresh_shown(shown)

    def forget_voices(self) -> None:
        """Forgets all voices, for good."""
        self._ask(lambda library: library.store.forget_voices())
        self.look_for_voices()
        self._refresh_shown(self._shown)

    def _refresh_shown(self, meeting_id: MeetingId) -> None:
        if meeting_id:
            self._refresh(meeting_id)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _voices_edit(meeting_id: MeetingId, change: Callable[[Library], object]) -> Edit:
    """An edit of speakers that is taken back whole."""

    def edit(library: Library) -> Edit:
        before = library.store.voices(meeting_id)
        change(library)
        return _voices_back(meeting_id, before)

    return edit


def _voices_back(meeting_id: MeetingId, before: Voices) -> Edit:
    return _voices_edit(meeting_id, lambda library: library.store.restore_voices(meeting_id, before))


def _with_count(meeting_id: MeetingId, count: int, edit: Edit) -> Edit:
    """The same edit, with the number of speakers that was given then."""

    def both(library: Library) -> Edit:
        now = library.store.meeting(meeting_id).speaker_count
        library.store.set_speaker_count(meeting_id, count)
        return _with_count(meeting_id, now, edit(library))

    return both
