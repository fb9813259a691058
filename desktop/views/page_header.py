"""The top of the meeting page: its title, what can be done with it, what it is about, and how the work on it stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QSizePolicy, QWidget
from shiboken6 import isValid

from core import messages
from core.messages import _
from core.values import Meeting, MeetingId, Transcript
from desktop import theme
from desktop.commands import Commands, Page
from desktop.models.states import Activity
from desktop.views.actions import Actions, connect, follow_tip
from desktop.views.banner import Banner
from desktop.views.export_menu import ExportMenu
from desktop.views.models_page import ModelOffer
from desktop.views.page_parts import LanguageMenu, SidesMenu, Tags, Title
from desktop.views.settings.transcription import SPOKEN
from desktop.views.widgets import OneLine, button, column, menu_button, row

LEAST_WITH_WORDS = 540
"""Pixels of width, beside text of the usual size, from which on the buttons say what they do."""

TITLE_FRAME = 7


class PageHeader(QWidget):
    """Shows a meeting's facts, changes them in place, and offers what can be done with it as a whole."""

    def __init__(self, commands: Commands, actions: Actions) -> None:
        super().__init__()
        self._commands = commands
        self._actions = actions
        self._meeting_id = MeetingId("")
        self._meeting: Meeting | None = None
        self.star = button(
            "",
            self._turn_star,
            kind="quiet",
            icon="star",
        )
        follow_tip(actions.star, self.star.setToolTip)
        self.title = Title()
        self.meta = OneLine("meta")
        self.tags = Tags()
        self.banner = Banner(commands)
        self.spoken = LanguageMenu(SPOKEN, commands.languages, self)
        self.sides = SidesMenu(self)
        self.model_offer = ModelOffer(commands, actions.models.trigger)
        self.export = ExportMenu(commands, actions, self)
        self._lay_out()
        self.title.renamed.connect(lambda title: commands.rename(self._meeting_id, title))
        self.tags.changed.connect(lambda tags: commands.set_tags(self._meeting_id, tags))
        self.spoken.chosen.connect(lambda code: commands.transcribe_in(self._meeting_id, code))
        self.sides.chosen.connect(lambda name: commands.use_sides(self._meeting_id, name))
        commands.sides_known.connect(self._show_sides)
        self.banner.language_wanted.connect(self._choose_language)
        self._before: QWidget | None = None  # what had the keyboard before a field here
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._note_before)
        self.title.left.connect(lambda: self._give_back(self.star.setFocus))
        self.tags.left.connect(lambda: self._give_back(self.tags.take_keyboard))
        connect(actions.rename, self.title.begin)

    def _note_before(self, old: QWidget | None, new: QWidget | None) -> None:
        fields = (self.title, self.tags.input)
        if new in fields and old not in fields:
            self._before = old

    def _give_back(self, otherwise: Callable[[], object]) -> None:
        """Gives the keyboard to what had it before; without it the next key would do nothing."""
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            otherwise()

    def _lay_out(self) -> None:
        actions = self._actions
        export = menu_button(_("Export"), _("Write the meeting to a file"), "export", self.export)
        share = menu_button(_("Share"), _("Give the meeting to somebody else"), "share-network")
        share.menu().addActions([actions.copy_rich, actions.copy, actions.print_out, actions.send])
        more = menu_button("", _("More"), "dots-three")
        menu = more.menu()
        menu.addActions([actions.rename, actions.tags, actions.note, actions.consent])
        menu.addMenu(self.spoken)
        menu.addMenu(self.sides)
        menu.addActions([actions.transcribe, actions.translate])
        menu.addSeparator()
        menu.addAction(actions.delete)
        head = row(space=theme.SPACE_2)
        head.addWidget(self.title, 1)
        for opened in (self.star, more, export, share):
            head.addWidget(opened)
        self._said = export, share
        facts = self._facts = row(TITLE_FRAME, space=0)
        # Behind the facts, which are cut where there is no room for both.
        self.meta.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        facts.addWidget(self.meta)
        facts.addSpacing(theme.SPACE_3)
        facts.addWidget(self.tags, 1)
        top = column(space=theme.SPACE_1)
        # The title's own frame and padding reach out into the margin, so that its letters stand on it.
        top.setContentsMargins(theme.SPACE_6 - TITLE_FRAME, theme.SPACE_4, theme.SPACE_6, theme.SPACE_2)
        top.addLayout(head)
        top.addLayout(facts)
        top.addSpacing(theme.SPACE_1)
        top.addLayout(row(TITLE_FRAME, self.banner, space=0))
        top.addLayout(row(TITLE_FRAME, self.model_offer, space=0))
        self.setLayout(top)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leaves the words of buttons out where large text would take their room from the title."""
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        wide = self.width() >= theme.grown(LEAST_WITH_WORDS)
        for said in self._said:
            said.setToolButtonStyle(style.ToolButtonTextBesideIcon if wide else style.ToolButtonIconOnly)
        # Below each other they have the whole width each.
        direction = QBoxLayout.Direction
        self._facts.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self._facts.setContentsMargins(0 if wide else TITLE_FRAME, 0, 0, 0)

    def show_nothing(self) -> None:
        """Empties it."""
        self._meeting = None
        self._meeting_id = MeetingId("")
        self.title.show_title("", force=True)
        self.meta.say()
        self.tags.show_tags((), force=True)
        self.export.show_meeting(None)
        self.banner.hide()
        self.model_offer.answer(None)

    def commit(self) -> None:
        """Keeps what the person is writing here."""
        self.title.commit()
        self.tags.commit()

    def show_page(self, page: Page) -> None:
        """Shows a meeting as it was just read, but for what the person is writing."""
        meeting, transcript = page.meeting, page.transcript
        other = meeting.id != self._meeting_id
        self._meeting_id = meeting.id
        self.title.show_title(meeting.title, force=other)
        self.tags.show_tags(meeting.tags, page.known_tags, force=other)
        hint = messages.language_found(transcript) if transcript else ""
        self.meta.say(*_facts(meeting, transcript), hint=hint)
        self.spoken.show_chosen(transcript.options.language if transcript else None)
        self.export.show_meeting(meeting)
        self._meeting = meeting
        if other:
            self.sides.show_chosen(None)
        self._commands.ask_sides(meeting)
        glyph, color = ("star-fill", "warning") if meeting.starred else ("star", "text2")
        self.star.setIcon(theme.icon(glyph, color))
        self.star.setAccessibleName(_("Take the star away") if meeting.starred else _("Give a star"))

    def show_state(self, meeting: Meeting, activity: Activity | None, transcript: Transcript | None) -> None:
        """Shows how the work on the meeting stands."""
        self.model_offer.answer(self.banner.tell(meeting, activity, transcript))

    def _show_sides(self, meeting_id: MeetingId, known: bool) -> None:
        if self._meeting and meeting_id == self._meeting.id:
            self.sides.show_chosen(self._meeting.channels if known else None)

    def _turn_star(self) -> None:
        if self._meeting:
            self._commands.star(self._meeting, starred=not self._meeting.starred)

    def _choose_language(self) -> None:
        button = self.banner.button
        self.spoken.popup(button.mapToGlobal(button.rect().bottomLeft()))


def _facts(meeting: Meeting, transcript: Transcript | None) -> list[str]:
    facts = [messages.day_and_time(meeting.started_at)]
    if meeting.duration:
        facts.append(messages.length(meeting.duration))
    if not meeting.audio and meeting.transcript_complete:
        facts.append(_("without sound"))
    if meeting.participants:
        facts.append(", ".join(meeting.participants))
    if meeting.language:
        several = [code for code, _share in transcript.spoken] if transcript else []
        spoken = ", ".join(map(messages.language_name, several or [meeting.language]))
        translated = transcript and transcript.options.task == "translate"
        facts.append(_("{language}, in English").format(language=spoken) if translated else spoken)
    if sides := messages.heard_sides(meeting):
        facts.append(sides)
    return facts
