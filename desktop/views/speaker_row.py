"""One speaker of a meeting in the list of all: the name, how long they talk, and what can be done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from core import messages
from core.messages import _
from core.values import Speaker, Talk
from desktop import theme, tips
from desktop.views.actions import connect
from desktop.views.talk_time import SHARE_WIDTH, TalkBar
from desktop.views.widgets import button, column, label, menu_button, row

NAME_LEAST, NAME_MOST = 110, 220


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
        self.name.left.connect(self.colour.setFocus)  # what is typed next is no name
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

    def show_talk(self, talk: Talk, others: list[Speaker], time: str, length: float, *, sound: bool) -> None:
        """Shows a speaker beside the `others`: for how long they talk, in words, and the bar's `length`, 0 to 1.

        Without `sound` nobody can be heard.
        """
        self._talk, self._others = talk, others
        speaker, who = talk.speaker, messages.speaker_label(talk.speaker)
        self.colour.setIcon(theme.speaker_dot(speaker.colour))
        self.colour.setAccessibleName(_("Colour of {name}").format(name=who))
        self.name.show_name(speaker.name, who)
        self.bar.show_share(length, speaker.colour)
        self.share.setText(time)
        self.bar.setAccessibleName(_("{name} speaks for {share}").format(name=who, share=time))
        self.bar.setToolTip(tips.plain(self.bar.accessibleName()))
        self.sample.setEnabled(sound and talk.sample is not None)
        self.sample.setAccessibleName(_("Listen to {name}").format(name=who))
        hear = _("Listen to some seconds of {name}").format(name=who)
        self.sample.setToolTip(tips.plain(hear) if sound else _("This meeting has no sound."))
        self.more.setAccessibleName(_("More about {name}").format(name=who))
        like = messages.suggestion(speaker)
        self._suggestion.setVisible(bool(like))
        if like:
            self._like.setText(like)
            self.accept.setText(tips.verbatim(_("This is {name}").format(name=speaker.suggested)))
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
            who = tips.verbatim(messages.speaker_label(other))
            entry = merge.addAction(theme.speaker_dot(other.colour), who)
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
    left = Signal()  # by Enter, with the keyboard still in it

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

    @property
    def is_written(self) -> bool:
        """Whether another name stands in it than the one that is kept."""
        return self.isModified() and " ".join(self.text().split()) != self._kept

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
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.commit()
            self.left.emit()
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
