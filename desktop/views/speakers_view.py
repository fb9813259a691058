"""Who speaks in a meeting, for how long, and what can be done where that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from core import errors, messages
from core.messages import _, ngettext
from core.values import MOST_SPEAKERS, Meeting, MeetingId, Speaker, Stage, Talk
from desktop import theme
from desktop.commands import Commands, Page
from desktop.views.actions import KeysOf
from desktop.views.page_parts import PartOrSentence
from desktop.views.speaker_row import SpeakerRow
from desktop.views.widgets import Question, Symbol, button, choice, clear, column, label, row

WIDEST = 900
PARTICIPANTS_WIDTH = 420


class SpeakersView(PartOrSentence):
    """The speakers of the meeting shown, the one who speaks longest first, each with what can be done."""

    written = Signal()
    """The person has written something in one of the fields."""

    def __init__(self, commands: Commands) -> None:
        self._rows = column(space=theme.SPACE_2)
        super().__init__(self._laid_out())
        self._commands = commands
        self._meeting: Meeting | None = None
        self._talk: tuple[Talk, ...] = ()
        self._sound = False  # they can be heard
        self._by_speaker: dict[int, SpeakerRow] = {}
        self._others = ""  # who took part without speaking
        self.setAccessibleName(_("Speakers"))
        self.again.clicked.connect(self._tell_apart)
        self.participants.editingFinished.connect(self._keep_participants)
        self.participants.textEdited.connect(self.written)
        KeysOf(self.participants, {"Esc": self._leave_participants})

    def _laid_out(self) -> QScrollArea:
        self._count = label("", "meta")
        self._trouble = label("", "warning", wrap=True)
        self._warning = row(Symbol("warning", "warning", theme.ROW_ICON), space=theme.SPACE_2)
        self._warning.addWidget(self._trouble, 1)
        self._warned = QWidget()
        self._warned.setLayout(self._warning)
        self.people = choice()
        self.people.addItem(_("Find out by itself"), 0)
        for number in range(1, MOST_SPEAKERS + 1):
            people = ngettext("{count} person", "{count} people", number).format(count=number)
            self.people.addItem(people, number)
        self.people.setAccessibleName(_("How many people speak"))
        self.people.setToolTip(_("How many people speak, if you know"))
        self.again = button(
            _("Tell apart again"),
            icon="arrow-counter-clockwise",
            tip=_("Tell the voices apart again; what you named and moved stays"),
        )
        self.participants = QLineEdit()
        self.participants.setAccessibleName(_("Who else took part"))
        self.participants.setPlaceholderText(_("Names, separated by commas"))
        self.participants.setToolTip(
            _("Names of who took part without speaking. Enter keeps them, Esc does not.")
        )
        self.participants.setMaximumWidth(PARTICIPANTS_WIDTH)
        layout = column(self._count, self._warned, space=theme.SPACE_3)
        layout.addLayout(self._rows)
        layout.addSpacing(theme.SPACE_4)
        asked = column(label(_("How many people speak"), "meta"), space=theme.SPACE_3)
        asked.addLayout(row(self.people, self.again, None))
        self._voices = QWidget()  # what is asked about the sound
        self._voices.setLayout(asked)
        layout.addWidget(self._voices)
        layout.addWidget(label(_("Who else took part"), "meta"))
        layout.addWidget(self.participants)
        layout.addStretch(1)
        layout.setContentsMargins(theme.SPACE_6, theme.SPACE_4, theme.SPACE_6, theme.SPACE_6)
        content = QWidget()
        content.setLayout(layout)
        content.setMaximumWidth(WIDEST)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        return area

    # --- showing -----------------------------------------------------------------------------------

    def show_nothing(self) -> None:
        """No meeting is shown."""
        self._meeting = None
        self._show_rows((), sound=False)

    def commit(self) -> None:
        """Keeps the names that the person is writing."""
        for made in self._by_speaker.values():
            made.name.commit()
        self._keep_participants()

    def unkept(self) -> tuple[str, int, str] | None:
        """What the person is writing: a 'speaker' and the id, or the 'participants', and the text."""
        for speaker_id, made in self._by_speaker.items():
            if made.name.is_written:
                return "speaker", speaker_id, made.name.text()
        return ("participants", 0, self.participants.text()) if self.participants.isModified() else None

    def write(self, field: str, speaker_id: int, text: str) -> bool:
        """Has the person write on, as `unkept` tells it; False where there is no such speaker any more."""
        made = self._by_speaker.get(speaker_id)
        into = self.participants if field == "participants" else made.name if made else None
        if into:
            self.show_part()
            into.setFocus(Qt.FocusReason.OtherFocusReason)
            into.setText(text)
            into.setModified(True)
        return into is not None

    def show_page(self, page: Page) -> None:
        """Shows a meeting as it was just read, but for what the person is writing."""
        before, self._meeting = self._meeting, page.meeting
        meeting = page.meeting
        other = before is None or before.id != meeting.id
        self._show_rows(page.talk, sound=bool(meeting.audio))
        if before is None or other or before.speaker_count != meeting.speaker_count:
            # What was chosen and not asked for yet stays.
            self.people.setCurrentIndex(max(0, self.people.findData(meeting.speaker_count)))
        can = bool(meeting.audio) and not meeting.recording_open
        busy = any(one.stage is Stage.SEPARATE and not one.failure for one in meeting.work)
        self._voices.setVisible(bool(meeting.audio))
        self.people.setEnabled(can)
        if busy and self.again.hasFocus():
            # A button that is disabled would hand the keyboard on to the field below.
            self.people.setFocus()
        self.again.setEnabled(can and not busy)
        spoken = {one.speaker.name.casefold() for one in page.talk}
        others = [name for name in meeting.participants if name.casefold() not in spoken]
        self._others = ", ".join(others)
        if other or not self.participants.hasFocus():
            self._leave_participants()
        failed = next((one.failure for one in meeting.work if one.stage is Stage.SEPARATE), None)
        trouble = str(messages.explain(errors.from_failure(failed))) if failed else ""
        self._trouble.setText(trouble)
        self._warned.setVisible(bool(trouble))
        self._show_sentence(meeting, trouble, can=can, busy=busy)

    def _show_sentence(self, meeting: Meeting, trouble: str, *, can: bool, busy: bool) -> None:
        silent = not (can or meeting.recording_open)
        if silent and not self._talk:
            self._count.setText(_("Without its sound, nobody can be told apart in this meeting."))
        if self._talk or (meeting.participants and not can) or (silent and not trouble):
            self.show_part()
        elif trouble:
            self.say(trouble, _("Try again"), self._tell_apart)
        elif meeting.recording_open:
            self.say(_("Who speaks is found when the recording has ended."))
        elif busy:
            self.say(_("Who speaks appears here once the voices are told apart."))
        else:
            self.say(
                _("Who says what in this meeting is not known yet."),
                _("Tell voices apart"),
                self._tell_apart,
            )

    def _show_rows(self, talk: tuple[Talk, ...], *, sound: bool) -> None:
        if (talk, sound) == (self._talk, self._sound):
            return
        same = [one.speaker.id for one in talk] == [one.speaker.id for one in self._talk]
        self._talk, self._sound = talk, sound
        times = messages.talk_times([one.seconds for one in talk])
        longest = max((one.seconds for one in talk), default=0.0) or 1.0
        if not same:
            clear(self._rows)
            self._by_speaker = {one.speaker.id: self._new_row() for one in talk}
            for made in self._by_speaker.values():
                self._rows.addWidget(made)
        for one, time in zip(talk, times, strict=True):
            others = [other.speaker for other in talk if other is not one]
            self._by_speaker[one.speaker.id].show_talk(one, others, time, one.seconds / longest, sound=sound)
        # Whose voice a smaller number of people gave to another one is listed with nothing said.
        count = sum(one.seconds > 0 for one in talk) or len(talk)
        self._count.setText(ngettext("{count} speaker", "{count} speakers", count).format(count=count))

    def _new_row(self) -> SpeakerRow:
        made, commands = SpeakerRow(), self._commands
        made.renamed.connect(self._name)
        made.name.textEdited.connect(self.written)
        made.coloured.connect(partial(self._with_id, commands.colour_speaker))
        made.merge_wanted.connect(partial(self._with_id, commands.merge_speakers))
        made.split_wanted.connect(partial(self._with_id, commands.split_speaker))
        made.me_wanted.connect(partial(self._with_id, commands.set_me))
        made.accepted.connect(lambda speaker: self._name(speaker.id, speaker.suggested))
        made.rejected.connect(partial(self._with_id, commands.reject_voice))
        made.sample_wanted.connect(commands.play_at)
        made.remember_wanted.connect(self._ask_consent)
        made.forget_wanted.connect(commands.forget_voice)
        return made

    # --- asking ------------------------------------------------------------------------------------

    def _with_id(self, call: Callable[..., object], *arguments: object) -> None:
        if self._meeting:
            call(self._meeting.id, *arguments)

    def _name(self, speaker_id: int, name: str) -> None:
        """Names a speaker, or asks whether the two are one where another one has the name."""
        if self._meeting is None:
            return
        meeting_id: MeetingId = self._meeting.id
        others = (one.speaker for one in self._talk if one.speaker.id != speaker_id)
        same = next((one for one in others if name and one.name.casefold() == name.casefold()), None)
        if same is None:
            self._commands.rename_speaker(meeting_id, speaker_id, name)
            return
        question = OnePerson(self, same.name)
        question.accepted.connect(lambda: self._commands.merge_speakers(meeting_id, speaker_id, same.id))
        question.rejected.connect(self._show_names)
        question.open()

    def _show_names(self) -> None:
        for one in self._talk:
            made = self._by_speaker.get(one.speaker.id)
            if made:
                made.name.show_name(one.speaker.name, messages.speaker_label(one.speaker))

    def _tell_apart(self) -> None:
        if self._meeting:
            self._commands.tell_apart(self._meeting.id, self.people.currentData())

    def _keep_participants(self) -> None:
        if self._meeting and self.participants.isModified():
            self.participants.setModified(False)
            self._others = self.participants.text()
            names = (" ".join(name.split()) for name in self.participants.text().split(","))
            self._commands.set_participants(self._meeting.id, tuple(filter(None, names)))

    def _leave_participants(self) -> None:
        """Shows again who is known to have taken part."""
        self.participants.setText(self._others)
        self.participants.setModified(False)

    def _ask_consent(self, speaker: Speaker) -> None:
        if self._meeting:
            question = Consent(self, speaker.name)
            meeting_id: MeetingId = self._meeting.id
            question.accepted.connect(lambda: self._commands.remember_voice(meeting_id, speaker))
            question.open()


class Consent(Question):
    """Says what it means to remember a voice before it is done."""

    def __init__(self, parent: QWidget, name: str) -> None:
        """Of whose voice."""
        kept, ask = messages.voice_consent(name)
        forget = _("You can forget it at any time, here and in the settings.")
        super().__init__(
            parent,
            _("Remember this voice"),
            f"{kept} {forget}\n\n{ask}",
            yes=(_("{name} agrees: remember").format(name=name), _("Keep what the voice is like")),
            no=(_("Do not remember"), _("Leave things as they are")),
            kind="",
        )


class OnePerson(Question):
    """Asks whether two speakers who are to have the same name are one."""

    def __init__(self, parent: QWidget, name: str) -> None:
        """What the other one is called."""
        super().__init__(
            parent,
            _("Name a speaker"),
            _(
                "Another speaker of this meeting is called {name} already. Are the two one person? If not, give a "
                "name that tells them apart."
            ).format(name=name),
            yes=(_("Merge the two"), _("All that both say is said by {name}").format(name=name)),
            no=(_("Do not merge"), _("Leave things as they are")),
            kind="",
        )
