"""Who speaks in a meeting, for how long, and what can be done where that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QLineEdit,
    QMenu,
    QScrollArea,
    QWidget,
)

from core import errors, messages
from core.messages import _, ngettext
from core.values import MOST_SPEAKERS, Meeting, MeetingId, Speaker, Stage, Talk
from desktop import theme
from desktop.commands import Commands, Page
from desktop.views.actions import connect
from desktop.views.page_parts import PartOrSentence
from desktop.views.talk_time import SHARE_WIDTH, TalkBar
from desktop.views.widgets import Question, Symbol, button, clear, column, label, menu_button, row

NAME_LEAST, NAME_MOST = 110, 220
WIDEST = 900
PARTICIPANTS_WIDTH = 420


class SpeakersView(PartOrSentence):
    """The speakers of the meeting shown, the one who speaks longest first, each with what can be done."""

    def __init__(self, commands: Commands) -> None:
        self._rows = column(space=theme.SPACE_2)
        super().__init__(self._laid_out())
        self._commands = commands
        self._meeting: Meeting | None = None
        self._talk: tuple[Talk, ...] = ()
        self._by_speaker: dict[int, SpeakerRow] = {}
        self.setAccessibleName(_("Speakers"))
        self.again.clicked.connect(self._tell_apart)
        self.participants.editingFinished.connect(self._keep_participants)

    def _laid_out(self) -> QScrollArea:
        self._count = label("", "meta")
        self._trouble = label("", "warning", wrap=True)
        self._warning = row(Symbol("warning", "warning", theme.ROW_ICON), space=theme.SPACE_2)
        self._warning.addWidget(self._trouble, 1)
        self._warned = QWidget()
        self._warned.setLayout(self._warning)
        self.people = QComboBox()
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
        self.participants.setToolTip(_("Names of who took part without speaking. Enter keeps them."))
        self.participants.setMaximumWidth(PARTICIPANTS_WIDTH)
        layout = column(self._count, self._warned, space=theme.SPACE_3)
        layout.addLayout(self._rows)
        layout.addSpacing(theme.SPACE_4)
        layout.addWidget(label(_("How many people speak"), "meta"))
        layout.addLayout(row(self.people, self.again, None))
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
        area.setWidget(content)
        return area

    # --- showing -----------------------------------------------------------------------------------

    def show_nothing(self) -> None:
        """No meeting is shown."""
        self._meeting = None
        self._show_rows(())

    def commit(self) -> None:
        """Keeps the names that the person is writing."""
        for made in self._by_speaker.values():
            made.name.commit()
        self._keep_participants()

    def show_page(self, page: Page) -> None:
        """Shows a meeting as it was just read, but for what the person is writing."""
        before, self._meeting = self._meeting, page.meeting
        meeting = page.meeting
        other = before is None or before.id != meeting.id
        self._show_rows(page.talk)
        if before is None or other or before.speaker_count != meeting.speaker_count:
            # What was chosen and not asked for yet stays.
            self.people.setCurrentIndex(max(0, self.people.findData(meeting.speaker_count)))
        can = bool(meeting.audio) and not meeting.recording_open
        busy = any(one.stage is Stage.SEPARATE and not one.failure for one in meeting.work)
        self.people.setEnabled(can)
        if busy and self.again.hasFocus():
            # A button that is disabled would hand the keyboard on to the field below.
            self.people.setFocus()
        self.again.setEnabled(can and not busy)
        spoken = {one.speaker.name.casefold() for one in page.talk}
        others = [name for name in meeting.participants if name.casefold() not in spoken]
        if other or not self.participants.hasFocus():
            self.participants.setText(", ".join(others))
            self.participants.setModified(False)
        failed = next((one.failure for one in meeting.work if one.stage is Stage.SEPARATE), None)
        trouble = str(messages.explain(errors.from_failure(failed))) if failed else ""
        self._trouble.setText(trouble)
        self._warned.setVisible(bool(trouble))
        self._show_sentence(meeting, trouble, can=can, busy=busy)

    def _show_sentence(self, meeting: Meeting, trouble: str, *, can: bool, busy: bool) -> None:
        if self._talk or (meeting.participants and not can):
            self.show_part()
        elif trouble:
            self.say(trouble, _("Try again"), self._tell_apart)
        elif meeting.recording_open:
            self.say(_("Who speaks is found when the recording has ended."))
        elif busy:
            self.say(_("Who speaks appears here once the voices are told apart."))
        elif can:
            self.say(
                _("Who says what in this meeting is not known yet."),
                _("Tell voices apart"),
                self._tell_apart,
            )
        else:
            self.say(_("Without its sound, nobody can be told apart in this meeting."))

    def _show_rows(self, talk: tuple[Talk, ...]) -> None:
        if talk == self._talk:
            return
        same = [one.speaker.id for one in talk] == [one.speaker.id for one in self._talk]
        self._talk = talk
        whole = sum(one.seconds for one in talk) or 1.0
        longest = max((one.seconds for one in talk), default=0.0) or 1.0
        if not same:
            clear(self._rows)
            self._by_speaker = {one.speaker.id: self._new_row() for one in talk}
            for made in self._by_speaker.values():
                self._rows.addWidget(made)
        for one in talk:
            others = [other.speaker for other in talk if other is not one]
            self._by_speaker[one.speaker.id].show_talk(
                one, others, one.seconds / whole, one.seconds / longest
            )
        # Whose voice a smaller number of people gave to another one is listed with nothing said.
        count = sum(one.seconds > 0 for one in talk) or len(talk)
        self._count.setText(ngettext("{count} speaker", "{count} speakers", count).format(count=count))

    def _new_row(self) -> SpeakerRow:
        made, commands = SpeakerRow(), self._commands
        made.renamed.connect(self._name)
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
            names = (" ".join(name.split()) for name in self.participants.text().split(","))
            self._commands.set_participants(self._meeting.id, tuple(filter(None, names)))

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
            kind="main",
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
            kind="main",
        )


class SpeakerRow(QWidget):
    """One speaker: colour, name, share of the talking, a sample to hear, and what can be done."""

    renamed = Signal(int, str)
    coloured = Signal(int, int)
    merge_wanted = Signal(int, int)
    split_wanted = Signal(int)
    me_wanted = Signal(int)  # 0: nobody is
    accepted = Signal(object)  # Speaker
    rejected = Signal(object)  # Speaker
    sample_wanted = Signal(float, float)
    remember_wanted = Signal(object)  # Speaker
    forget_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._talk: Talk | None = None
        self._others: list[Speaker] = []
        self.colour = menu_button("", _("Colour"), "", QMenu(self))
        self.colour.setProperty("kind", "quiet")
        for place, name in enumerate(colour_names()):
            entry = self.colour.menu().addAction(theme.speaker_dot(place), name)
            connect(entry, partial(self._choose_colour, place))
        self.name = NameField()
        self.name.setMinimumWidth(theme.grown(NAME_LEAST))
        self.name.setMaximumWidth(theme.grown(NAME_MOST))
        self.name.named.connect(self._rename)
        self.bar = TalkBar()
        self.share = label("", "meta")
        self.share.setMinimumWidth(SHARE_WIDTH)
        self.sample = button("", self._play, kind="quiet", icon="play", tip=_("Listen"))
        self.more = menu_button("", _("More"), "dots-three", QMenu(self))
        self.more.setProperty("kind", "quiet")
        self.more.menu().aboutToShow.connect(self._fill_menu)
        line = row(self.colour, self.name, self.bar, self.share, self.sample, self.more, space=theme.SPACE_2)
        line.setStretch(1, 1)
        line.setStretch(2, 2)
        self._like = label("", "meta")
        self.accept = button("", lambda: self._tell(self.accepted), kind="link")
        self.reject = button(_("No"), lambda: self._tell(self.rejected), kind="link", tip=_("It is not"))
        self._suggestion = QWidget()
        about = row(self._like, self.accept, self.reject, None, space=theme.SPACE_1)
        about.setContentsMargins(theme.SPACE_8 + theme.SPACE_3, 0, 0, 0)
        self._suggestion.setLayout(about)
        layout = column(space=0)
        layout.addLayout(line)
        layout.addWidget(self._suggestion)
        self.setLayout(layout)

    def show_talk(self, talk: Talk, others: list[Speaker], share: float, length: float) -> None:
        """Shows a speaker beside the `others`: their `share` of all talking, and the bar's `length`, both 0 to 1."""
        self._talk, self._others = talk, others
        speaker, who = talk.speaker, messages.speaker_label(talk.speaker)
        self.colour.setIcon(theme.speaker_dot(speaker.colour))
        self.colour.setAccessibleName(_("Colour of {name}").format(name=who))
        self.name.show_name(speaker.name, who)
        self.bar.show_share(length, speaker.colour)
        time = messages.talk_time(talk.seconds, share)
        self.share.setText(time)
        self.bar.setAccessibleName(_("{name} speaks for {share}").format(name=who, share=time))
        self.bar.setToolTip(self.bar.accessibleName())
        self.sample.setEnabled(talk.sample is not None)
        self.sample.setAccessibleName(_("Listen to {name}").format(name=who))
        self.sample.setToolTip(_("Listen to some seconds of {name}").format(name=who))
        self.more.setAccessibleName(_("More about {name}").format(name=who))
        like = messages.suggestion(speaker)
        self._suggestion.setVisible(bool(like))
        if like:
            self._like.setText(like)
            self.accept.setText(_("This is {name}").format(name=speaker.suggested))
            self.accept.setToolTip(_("Give this speaker the name"))

    def _fill_menu(self) -> None:
        menu, talk = self.more.menu(), self._talk
        menu.clear()
        if talk is None:
            return
        speaker = talk.speaker
        me = menu.addAction(_("This is me"))
        me.setCheckable(True)
        me.setChecked(speaker.is_me)
        me.triggered.connect(lambda on: self.me_wanted.emit(speaker.id if on else 0))
        merge = menu.addMenu(_("Is the same as"))
        merge.setEnabled(bool(self._others))
        for other in self._others:
            entry = merge.addAction(theme.speaker_dot(other.colour), messages.speaker_label(other))
            connect(entry, partial(self.merge_wanted.emit, speaker.id, other.id))
        connect(menu.addAction(_("Split into two voices")), lambda: self.split_wanted.emit(speaker.id))
        menu.addSeparator()
        if talk.remembered:
            connect(menu.addAction(_("Forget this voice")), lambda: self.forget_wanted.emit(speaker.name))
        else:
            remember = menu.addAction(_("Remember this voice…"))
            remember.setEnabled(bool(speaker.name))
            connect(remember, lambda: self.remember_wanted.emit(speaker))

    def _choose_colour(self, colour: int) -> None:
        if self._talk:
            self.coloured.emit(self._talk.speaker.id, colour)

    def _rename(self, name: str) -> None:
        if self._talk:
            self.renamed.emit(self._talk.speaker.id, name)

    def _play(self) -> None:
        if self._talk and self._talk.sample:
            self.sample_wanted.emit(*self._talk.sample)

    def _tell(self, signal: SignalInstance) -> None:
        if self._talk:
            signal.emit(self._talk.speaker)


class NameField(QLineEdit):
    """A name, changed in place: Enter or leaving keeps, Esc gives the old one back."""

    named = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.setToolTip(_("Click to name the speaker, everywhere in this meeting"))
        self._kept = ""
        self.editingFinished.connect(self.commit)

    def show_name(self, name: str, who: str) -> None:
        """Shows a name, unless the person is writing one; without one, `who` it is."""
        self._kept = name
        self.setPlaceholderText(who)
        self.setAccessibleName(_("Name of {name}").format(name=who))
        if not (self.hasFocus() and self.isModified()):
            self.setText(name)
            self.setCursorPosition(0)

    def commit(self) -> None:
        """Keeps what is written."""
        name = " ".join(self.text().split())
        if name != self._kept:
            self._kept = name
            self.named.emit(name)
        self.setText(self._kept)
        self.setModified(False)

    def event(self, event: QEvent) -> bool:
        """Leaves undo and redo to the window where nothing was typed since a name was kept."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            nothing_typed = (event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()) or (
                event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            )
            if nothing_typed:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves; Enter keeps."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._kept)
            self.setModified(False)
            self.clearFocus()
        else:
            super().keyPressEvent(event)


def colour_names() -> tuple[str, ...]:
    """The names of the speakers' colours, in their order."""
    return (
        _("Blue"),
        _("Pink"),
        _("Green"),
        _("Orange"),
        _("Purple"),
        _("Cyan"),
        _("Brown"),
        _("Red"),
    )
