"""What the person is writing on the meeting page outlives the program, and what could not be stored stays with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.messages import _
from core.values import Section, Unkept
from desktop.commands import Commands, Trouble
from desktop.views.soon import Soon

if TYPE_CHECKING:
    from desktop.views.meeting_page import MeetingPage


class Writing(Soon):
    """Has what stands in the open field of a page kept on disk as long as it is neither kept in its place nor left.

    Questions that are begun too, until they are asked.
    """

    def __init__(self, page: MeetingPage, commands: Commands) -> None:
        super().__init__(self.keep, page)
        self._page, self._commands = page, commands
        self._kept: tuple[Unkept, ...] | None = ()  # None: what is on disk is not known
        page.header.title.textEdited.connect(self._written)
        page.header.tags.input.textChanged.connect(self._written)
        page.transcript.written.connect(self._written)
        page.summary.written.connect(self._written)
        page.tasks.new.written.connect(self._written)
        page.speakers.written.connect(self._written)
        commands.question_begun.connect(self._keep_questions)
        commands.unkept_found.connect(self._bring_back)

    def _written(self) -> None:
        self._commands.note_use()
        self.ask()

    def _keep_questions(self) -> None:
        self._kept = None
        self.ask()

    def keep(self) -> None:
        """Keeps what stands there now, and looks again as long as there is something."""
        field = self._field()
        now = (*filter(None, (field,)), *self._questions())
        if now != self._kept:
            self._kept = now
            self._commands.keep_unkept(*now)
        if field:
            self.start()
        else:
            self.stop()

    def _field(self) -> Unkept | None:
        """What stands in the open field."""
        page = self._page
        if title := page.header.title.unkept():
            return Unkept(page.wanted, "title", 0, (title,))
        if tags := page.header.tags.unkept():
            return Unkept(page.wanted, "tags", 0, (tags,))
        if segment := page.transcript.unkept():
            return Unkept(page.wanted, "segment", segment[0], (segment[1],))
        if line := page.summary.unkept() or page.tasks.new.unkept():
            return Unkept(page.wanted, "line", *line)
        if people := page.speakers.unkept():
            return Unkept(page.wanted, people[0], people[1], (people[2],))
        return None

    def _questions(self) -> list[Unkept]:
        """The questions that are begun; one about all meetings lies with the one that is shown."""
        begun = self._commands.begun_questions
        return [
            Unkept(about or shown, "question", int(about is None), (text,))
            for about, text in begun.items()
            if text.strip() and (shown := self._page.wanted or about)
        ]

    def _bring_back(self, unkept: Unkept) -> None:
        """Opens the field again with what was written there; where that is no more, it is shown to be copied."""
        other = self._field() is not None or self._page.wanted != unkept.meeting_id
        if not other and self._placed(unkept):
            self._kept = None  # what could not be stored in its place may not lie on disk yet
            self.start()
            self._commands.said.emit(_("This was not kept. Enter keeps it, Esc leaves it."), None)
        else:
            lost = _("What you wrote was not kept: “{text}”").format(text=unkept.texts[0])
            self._commands.troubled.emit(Trouble(lost, ""))

    def _placed(self, unkept: Unkept) -> bool:
        page, texts = self._page, unkept.texts
        match unkept.field:
            case "title":
                page.header.title.write(texts[0])
                return True
            case "tags":
                page.header.tags.write(texts[0])
                return True
            case "segment":
                page.turn_to_text()
                return page.transcript.write(unkept.subject, texts[0])
            case "speaker" | "participants":
                page.turn_to(page.speakers, page.speakers)
                return page.speakers.write(unkept.field, unkept.subject, texts[0])
            case _:
                page.turn_to_summary()
                return page.summary.write(unkept.subject, texts[:3], Section(texts[3]), texts[4])
