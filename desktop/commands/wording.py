"""What a person changes in the text of a meeting; all of it can be taken back and done again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from core import editing
from core.messages import _, ngettext
from core.tasks import Lane, Priority, State, Task
from core.values import Job, MeetingId, Segment, Stage, Unkept
from desktop.commands.answers import Offer, trouble
from desktop.commands.history import Edit, Step
from desktop.commands.meetings import Earlier
from desktop.commands.minuting import Minuting

if TYPE_CHECKING:
    from core.meetings import Library
    from core.store import Replaced

Change = Callable[[Sequence[Segment]], Sequence[Segment]]


class Wording(Minuting):
    """Segments that are corrected, split, joined, added and taken out, and the versions of the text."""

    def edit_segment(self, meeting_id: MeetingId, segment_id: int, text: str) -> None:
        """Replaces a segment's text by the person's; a name that was misheard is offered for all of the meeting."""
        before: list[Segment] = []

        def change(found: Sequence[Segment]) -> list[Segment]:
            before[:] = found
            return [editing.corrected(one, text) for one in found]

        wrote = Unkept(meeting_id, "segment", segment_id, (text,))
        self._change_text(meeting_id, _("Correct the text"), [segment_id], change, wrote=wrote)

        def others(library: Library) -> tuple[str, str, int] | None:
            name = editing.renamed(before[0].text, text) if before else None
            shown = library.store.transcript(meeting_id) if name else None
            if name is None or shown is None:
                return None
            finder = editing.finder(name[0], case=True, whole=True)
            return *name, sum(len(finder.findall(one.text)) for one in shown.segments)

        self._ask(others, partial(self._offer_name, meeting_id))

    def split_segment(self, meeting_id: MeetingId, segment_id: int, text: str, place: int) -> None:
        """Keeps a segment with this text and cuts it in two before one of its characters."""

        def change(found: Sequence[Segment]) -> Sequence[Segment]:
            (one,) = found
            plain = " ".join(text.split())
            kept = one if plain == one.text.strip() else editing.corrected(one, plain)
            return editing.split(kept, len(" ".join(text[:place].split())))

        wrote = Unkept(meeting_id, "segment", segment_id, (text,))
        self._change_text(meeting_id, _("Split"), [segment_id], change, wrote=wrote)

    def merge_segments(self, meeting_id: MeetingId, ids: Sequence[int]) -> None:
        """Makes one of these segments; those of another channel than the first one stay as they are."""

        def change(found: Sequence[Segment]) -> list[Segment]:
            joined = [one for one in found if one.channel == found[0].channel]
            return [editing.merged(joined), *(one for one in found if one.channel != found[0].channel)]

        self._change_text(meeting_id, _("Merge"), ids, change)

    def insert_segment(self, meeting_id: MeetingId, after: int, before: int, text: str) -> None:
        """Adds a segment of the person's between two others; 0 where there is none."""

        def change(found: Sequence[Segment]) -> list[Segment]:
            known = {one.id: one for one in found}
            return [*found, editing.inserted(known.get(after), known.get(before), text)]

        ids = [one for one in (after, before) if one]
        wrote = Unkept(meeting_id, "segment", -after, (text,))
        self._change_text(meeting_id, _("Insert text"), ids, change, wrote=wrote)

    def remove_segments(self, meeting_id: MeetingId, ids: Sequence[int]) -> None:
        """Takes segments out."""
        told = ngettext("{count} text deleted", "{count} texts deleted", len(ids)).format(count=len(ids))
        self._change_text(
            meeting_id,
            _("Delete the text"),
            ids,
            lambda found: [editing.corrected(one, "") for one in found],
            told,
        )

    def replace_text(self, meeting_id: MeetingId, texts: Mapping[int, str], count: int) -> None:
        """Replaces the texts of segments, by their ids, in which `count` places are written otherwise."""
        told = ngettext("{count} place replaced", "{count} places replaced", count).format(count=count)
        self._change_text(
            meeting_id,
            _("Replace"),
            list(texts),
            lambda found: [editing.corrected(one, texts[one.id]) for one in found],
            told,
        )

    # --- names ---------------------------------------------------------------------------------------

    def correct_name(self, meeting_id: MeetingId, was: str, now: str) -> None:
        """Writes a name otherwise wherever it stands in the meeting, and has it listened for from now on."""
        finder = editing.finder(was, case=True, whole=True)

        def change(found: Sequence[Segment]) -> list[Segment]:
            return [
                replace(one, text=finder.sub(lambda _match: now, one.text), edited=True)
                if finder.search(one.text)
                else one
                for one in found
            ]

        def texts(library: Library) -> Replaced:
            shown = library.store.transcript(meeting_id)
            ids = [one.id for one in shown.segments if finder.search(one.text)] if shown else []
            return library.store.change_segments(meeting_id, ids, change)

        def edit(library: Library) -> Edit:
            new = library.store.add_term(now)
            written = text_edit(meeting_id, texts)(library)
            return _with_term(written, now if new else "", add=False)

        self.change(
            meeting_id,
            _("Correct “{name}”").format(name=now),
            edit,
            _("“{name}” is remembered").format(name=now),
        )

    def _offer_name(self, meeting_id: MeetingId, found: tuple[str, str, int] | None) -> None:
        if found is None:
            return
        was, now, count = found
        text = (
            ngettext("“{was}” stands {count} more time.", "“{was}” stands {count} more times.", count)
            if count
            else _("Listen for “{now}” in the next meetings?")
        )
        does = _("Replace all") if count else _("Remember the name")
        tip = _("Write “{now}” everywhere in this meeting, and listen for it from now on").format(now=now)
        do = partial(self.correct_name, meeting_id, was, now)
        self.offered.emit(Offer(text.format(was=was, now=now, count=count), does, tip, do))

    # --- versions ------------------------------------------------------------------------------------

    def transcribe_again(
        self, meeting_id: MeetingId, start: float, end: float, *, model: str = "", language: str = ""
    ) -> None:
        """Transcribes a stretch again as well as can be; the toast takes it back.

        `model` and `language` are those of the text where they are ''.
        """

        def job(library: Library) -> Job[int]:
            from core import meetings

            before = library.store.transcript(meeting_id)
            yield from meetings.transcribe_again(
                library, meeting_id, start, end, model=model, language=language
            )
            return before.id if before else 0

        def ended(task: Task) -> None:
            self._set_activity(meeting_id, None)
            if task.error:
                self.troubled.emit(trouble(task.error))
            elif task.state is State.DONE:
                step = Step((meeting_id,), _("Transcribe a stretch again"), _version(meeting_id, task.result))
                self._note_done(step, _("The stretch was transcribed again"))
            # What was asked for meanwhile has waited.
            self._refresh(meeting_id, carry_on=True)

        if task := self._start(job, Stage.TRANSCRIBE, Lane.COMPUTE, meeting_id, Priority.REDO, ended=ended):
            self._wait(task)

    def show_version(self, meeting_id: MeetingId, transcript_id: int) -> None:
        """Shows another version of a meeting's text, with its minutes."""
        self.change(meeting_id, _("Show another version"), _version(meeting_id, transcript_id))

    def _stage_ended(self, task: Task) -> None:
        super()._stage_ended(task)
        meeting_id, earlier = task.meeting_id, task.result
        made = task.stage is Stage.TRANSCRIBE and isinstance(earlier, Earlier) and earlier.transcript_id
        if made and meeting_id:
            self._note_done(Step((meeting_id,), _("Transcribe again"), _version(meeting_id, made)))

    def _change_text(
        self,
        meeting_id: MeetingId,
        what: str,
        ids: Sequence[int],
        change: Change,
        told: str = "",
        wrote: Unkept | None = None,
    ) -> None:
        self.change(
            meeting_id,
            what,
            text_edit(meeting_id, lambda library: library.store.change_segments(meeting_id, ids, change)),
            told,
            wrote,
        )


def text_edit(meeting_id: MeetingId, change: Callable[[Library], Replaced]) -> Edit:
    """An edit of segments that is taken back exactly, evidence and ids included."""

    def edit(library: Library) -> Edit:
        done = change(library)
        return text_edit(meeting_id, lambda library: library.store.put_back(meeting_id, done))

    return edit


def _version(meeting_id: MeetingId, transcript_id: int) -> Edit:
    """An edit that shows another version of the text."""

    def edit(library: Library) -> Edit:
        shown = library.store.transcript(meeting_id)
        library.store.activate_transcript(meeting_id, transcript_id)
        return _version(meeting_id, shown.id if shown else transcript_id)

    return edit


def _with_term(edit: Edit, term: str, *, add: bool) -> Edit:
    """An edit, with a word that is listened for added or taken away; none for ''."""

    def both(library: Library) -> Edit:
        if term and add:
            library.store.add_term(term)
        elif term:
            library.store.remove_term(term)
        return _with_term(edit(library), term, add=not add)

    return both
