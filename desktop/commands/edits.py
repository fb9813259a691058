"""What a person changes in a meeting, each change stored at once; most can be taken back and done again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from core import paths
from core.messages import _
from core.settings import Settings
from core.tasks import Tasks
from core.values import Meeting, MeetingId, Note, Unkept
from desktop.bridge import Bridge
from desktop.commands.answers import Draft, Trouble
from desktop.commands.history import Edit, History, Step, both_ways
from desktop.commands.importing import Importing

if TYPE_CHECKING:
    from core.meetings import Library


class Edits(Importing):
    """The person's changes, and what each meeting's history says of them.

    Every change goes through `change`, so that it can be undone; it is stored on the store lane, and what is shown is
    read again.
    """

    history_changed = Signal()
    unkept_found = Signal(object)  # Unkept, for the person to write on
    draft_taken_back = Signal(object)  # Draft, whose note is in the library no more

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self._history = History()
        self._removed: set[MeetingId] = set()  # for good

    # --- undo and redo -----------------------------------------------------------------------------

    def change(
        self, meeting_id: MeetingId, what: str, edit: Edit, told: str = "", wrote: Unkept | None = None
    ) -> None:
        """Does an `edit` that can be taken back; `what` names it in the menu, as “Rename”.

        `told` is said in a toast that takes it back. What the person `wrote` is given back by `unkept_found` if it
        could not be stored.
        """
        self._do(Step((meeting_id,), what, edit, wrote=wrote), told)

    def keep_unkept(self, *unkept: Unkept) -> None:
        """Has on disk what the person is writing, in place of what they were writing before; none: nothing."""
        if library := self._library:
            # Where it cannot be, that is told once it is to be kept.
            self._run(lambda: library.store.keep_unkept(*unkept), lambda _none: None, lambda _trouble: None)

    def _bring_back(self, found: tuple[Unkept, ...]) -> None:
        """Shows where the person was writing when the program ended without having kept it."""
        for one in found:
            self.show(one.meeting_id)
            self._give_back(one)

    def _give_back(self, unkept: Unkept) -> None:
        """Has the person write on, once the page shows what is stored there."""
        self._read_page(unkept.meeting_id)
        self._ask(lambda _library: unkept, self.unkept_found.emit)

    def undo(self, meeting_id: MeetingId | None) -> None:
        """Takes back what was changed last in a meeting; None: in any."""
        if step := self._history.newest(meeting_id):
            self.take_back(step)

    def redo(self, meeting_id: MeetingId | None) -> None:
        """Does again what was taken back last."""
        step = self._history.next(meeting_id)
        if step and self._history.do_again(step):
            self._run_step(step, done=True)
            self.said.emit(_("Done again: {what}").format(what=step.what), partial(self.take_back, step))

    def take_back(self, step: Step) -> None:
        """Takes one change back, where that was not done already."""
        if self._history.take_back(step):
            self._run_step(step, done=False)
            self.said.emit(_("Undone: {what}").format(what=step.what), None)

    def can_undo(self, meeting_id: MeetingId | None) -> str:
        """What `undo` takes back, in words; '' nothing."""
        step = self._history.newest(meeting_id)
        return step.what if step else ""

    def can_redo(self, meeting_id: MeetingId | None) -> str:
        """What `redo` does again, in words; '' nothing."""
        step = self._history.next(meeting_id)
        return step.what if step else ""

    def _changed(self, meeting_id: MeetingId, meeting: Meeting | None, *, carry_on: bool = False) -> None:
        if meeting is None:
            self._removed.add(meeting_id)
            self._history.forget(self._removed)
            self.history_changed.emit()
        super()._changed(meeting_id, meeting, carry_on=carry_on)

    def _do(self, step: Step, told: str = "") -> None:
        self._note_done(step, told)
        self._run_step(step, done=True)

    def _note_done(self, step: Step, told: str = "") -> None:
        """Notes what is done, so that it can be taken back."""
        self._history.push(step)
        self.history_changed.emit()
        if told:
            self.said.emit(told, partial(self.take_back, step))

    def _run_step(self, step: Step, *, done: bool) -> None:
        def show() -> None:
            self.history_changed.emit()
            for meeting_id in step.meeting_ids:
                self._refresh(meeting_id)

        def stored(_done: object = None) -> None:
            self._changing.subtract(step.meeting_ids)

        def failed(trouble: Trouble) -> None:
            stored()
            self._history.drop(step)
            show()
            self.troubled.emit(trouble)
            if done and step.wrote:
                self._give_back(step.wrote)

        library = self._library
        if library is None:
            self._early.append(partial(self._run_step, step, done=done))
            return
        self._changing.update(step.meeting_ids)
        self._store(step.run, stored, failed)
        show()
        step.then(done=done)

    # --- the meeting -------------------------------------------------------------------------------

    def rename(self, meeting_id: MeetingId, title: str) -> None:
        """Gives a meeting another title."""

        wrote = Unkept(meeting_id, "title", 0, (title,))
        self.change(meeting_id, _("Rename"), renamed(meeting_id, title), wrote=wrote)

    def set_tags(self, meeting_id: MeetingId, tags: tuple[str, ...]) -> None:
        """Gives a meeting these tags and no others."""

        def tagged(tags: tuple[str, ...]) -> Edit:
            def edit(library: Library) -> Edit:
                before = library.store.meeting(meeting_id).tags
                library.store.set_tags(meeting_id, tags)
                return tagged(before)

            return edit

        wrote = Unkept(meeting_id, "tags", 0, ("".join(f"#{tag} " for tag in tags),))
        self.change(meeting_id, _("Change the tags"), tagged(tags), _("Tags changed"), wrote)

    # --- minutes and notes -------------------------------------------------------------------------

    def tick(self, meeting_id: MeetingId, line_id: int, *, done: bool) -> None:
        """Notes whether an action item is done."""
        self.change(
            meeting_id,
            _("Mark as done") if done else _("Mark as not done"),
            both_ways(
                lambda library: library.store.tick(meeting_id, line_id, done=done),
                lambda library: library.store.tick(meeting_id, line_id, done=not done),
            ),
        )

    def add_note(self, meeting_id: MeetingId, at: float, text: str, *, bookmark: bool = False) -> None:
        """Keeps a note at second `at`, or a `bookmark`."""

        def edit(library: Library) -> Edit:
            note = library.store.add_note(meeting_id, at, text, bookmark=bookmark)
            return both_ways(
                lambda library: library.store.remove_note(meeting_id, note.id),
                lambda library: library.store.put_note_back(meeting_id, note),
            )

        self.change(meeting_id, _("Set a bookmark") if bookmark else _("Write a note"), edit)

    def write_note(self, draft: Draft, text: str) -> None:
        """Keeps a note that is being written as it reads now; an emptied one goes, which can be undone."""
        before, draft.text = draft.text, text
        if text == before:
            return

        def write(library: Library) -> None:
            if draft.id:
                library.store.edit_note(draft.meeting_id, draft.id, text)
            else:
                draft.id = library.store.add_note(draft.meeting_id, draft.at, text).id

        if not text:
            self.change(draft.meeting_id, _("Remove a note"), _without(draft), _("Note removed"))
            return
        self._edit(draft.meeting_id, write)
        if not before:

            def then(*, done: bool) -> None:
                if not done:
                    self.draft_taken_back.emit(draft)

            self._note_done(Step((draft.meeting_id,), _("Write a note"), _without(draft), then))

    def edit_note(self, meeting_id: MeetingId, note_id: int, text: str, *, goes_on: bool = False) -> None:
        """Changes a note; what `goes_on` with what was just written in it is taken back with that."""

        def written(text: str) -> Edit:
            def edit(library: Library) -> Edit:
                note = library.store.note(note_id)
                library.store.edit_note(meeting_id, note_id, text)
                return written(note.text if note else text)

            return edit

        if goes_on and self._history.goes_on(meeting_id, note_id):
            self._edit(meeting_id, lambda library: library.store.edit_note(meeting_id, note_id, text))
        else:
            self._do(Step((meeting_id,), _("Change a note"), written(text), subject=note_id))

    def remove_note(self, meeting_id: MeetingId, note: Note) -> None:
        """Takes a note away."""
        edit = both_ways(
            lambda library: library.store.remove_note(meeting_id, note.id),
            lambda library: library.store.put_note_back(meeting_id, note),
        )
        self.change(meeting_id, _("Remove a note"), edit, _("Note removed"))


def renamed(meeting_id: MeetingId, title: str, placeholder: str | None = None) -> Edit:
    """An edit that gives a meeting another title; see `Store.rename`."""

    def edit(library: Library) -> Edit:
        before, unnamed = library.store.meeting(meeting_id).title, library.store.placeholder(meeting_id)
        library.store.rename(meeting_id, title, placeholder)
        return renamed(meeting_id, before, unnamed)

    return edit


def _without(draft: Draft) -> Edit:
    """An edit that takes away the note of a draft, as it reads by then."""

    def edit(library: Library) -> Edit:
        note = library.store.note(draft.id)
        if note is None:
            return edit
        library.store.remove_note(draft.meeting_id, note.id)

        def back(library: Library) -> Edit:
            library.store.put_note_back(draft.meeting_id, note)
            return edit

        return back

    return edit
