"""What the meeting page is made of besides its three parts: title, banner, sentences in empty places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QActionGroup, QKeyEvent
from PySide6.QtWidgets import (
    QCompleter,
    QFrame,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from core import messages
from core.messages import _
from core.values import Stage
from desktop import theme
from desktop.models.meetings import Activity, activity_line
from desktop.views.widgets import Symbol, button, clear, column, label, row

Call = Callable[[], object]

TAGS_WIDTH = 320
TAGS_LEAST = 160


class Title(QLineEdit):
    """The title, changed in place: Enter or leaving keeps, Esc gives the old one back."""

    renamed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("title")
        self.setAccessibleName(_("Title"))
        self.setToolTip(_("Click to rename"))
        self._kept = ""
        self.editingFinished.connect(self._finished)

    def show_title(self, title: str, *, force: bool = False) -> None:
        """Shows a title, unless the person is writing one."""
        self._kept = title
        if force or not (self.hasFocus() and self.isModified()):
            self.setText(title)
            self.setCursorPosition(0)

    def begin(self) -> None:
        """Lets the person write."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def _finished(self) -> None:
        title = self.text().strip()
        if title and title != self._kept:
            self._kept = title
            self.renamed.emit(title)
        self.show_title(self._kept, force=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves; Enter keeps and leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._kept)
        if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.clearFocus()
        else:
            super().keyPressEvent(event)


class Tags(QWidget):
    """The meeting's tags as #chips, changed in place: Enter or leaving keeps, Esc gives the old ones back."""

    changed = Signal(object)  # tuple[str, ...]

    def __init__(self) -> None:
        super().__init__()
        self._kept: tuple[str, ...] = ()
        self._chips: list[QPushButton] = []
        self._words = QStringListModel(self)
        self.chips = row(space=theme.SPACE_1)
        self.input = QLineEdit()
        self.input.setAccessibleName(_("Tags"))
        self.input.setPlaceholderText(_("#budget #team"))
        self.input.setToolTip(_("Tags, separated by spaces. Enter keeps them."))
        self.input.setMaximumWidth(TAGS_WIDTH)
        self.input.hide()
        self._completer = QCompleter(self._words, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setWidget(self.input)
        popup = self._completer.popup()
        assert popup
        self._popup = popup
        self._completer.activated.connect(self._complete)
        self.input.textEdited.connect(self._offer)
        self.input.installEventFilter(self)
        layout = row(space=theme.SPACE_1)
        layout.addLayout(self.chips)
        layout.addWidget(self.input)
        layout.addStretch(1)
        self.setLayout(layout)
        # Many tags do not make the window wide.
        self.setMinimumWidth(TAGS_LEAST)
        self._fill()

    def show_tags(self, tags: tuple[str, ...], known: Iterable[str] = (), *, force: bool = False) -> None:
        """Shows tags, unless the person is writing some; `known` ones are offered while they write."""
        self._words.setStringList(list(known))
        if force:
            self.input.hide()
        if tags != self._kept or force:
            self._kept = tags
            self._fill()

    def begin(self) -> None:
        """Lets the person write."""
        self.input.setText("".join(f"#{tag} " for tag in self._kept))
        self._show_chips(shown=False)
        self.input.show()
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)
        self.input.setCursorPosition(len(self.input.text()))

    def _fill(self) -> None:
        clear(self.chips)
        tip = _("Click to change the tags")
        self._chips = [button(f"#{tag}", self.begin, kind="chip", tip=tip) for tag in self._kept]
        self._chips.append(button(_("Add a tag"), self.begin, kind="link", tip=_("Give the meeting tags")))
        for chip in self._chips:
            self.chips.addWidget(chip)
        self._show_chips(shown=self.input.isHidden())

    def _show_chips(self, *, shown: bool) -> None:
        for chip in self._chips:
            chip.setVisible(shown)

    def _offer(self, text: str) -> None:
        begun = text.rsplit(" ", 1)[-1].removeprefix("#")
        self._completer.setCompletionPrefix(begun)
        if begun and self._completer.completionCount():
            self._completer.complete()
        else:
            self._popup.hide()

    def _complete(self, tag: str) -> None:
        before = self.input.text().rsplit(" ", 1)[:-1]
        self.input.setText(" ".join([*before, f"#{tag} "]))

    def _end(self, *, keep: bool) -> None:
        if self.input.isHidden():
            return
        given: dict[str, str] = {}
        for word in self.input.text().replace(",", " ").replace("#", " ").split():
            given.setdefault(word.casefold(), word)
        tags = tuple(given.values())
        self.input.hide()
        if keep and tags != self._kept:
            self._kept = tags
            self.changed.emit(tags)
        self._fill()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and leaving keep, Esc does not."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}:
                self._end(keep=event.key() != Qt.Key.Key_Escape)
                return True
        elif event.type() == QEvent.Type.FocusOut and not self._popup.isVisible():
            self._end(keep=True)
        return super().eventFilter(watched, event)


class LanguageMenu(QMenu):
    """The languages that may be spoken in a meeting: to be found out, the usual ones, and all others."""

    chosen = Signal(str)  # the code, '' to find out

    def __init__(self, usual: Sequence[str], every: Callable[[], Sequence[str]], parent: QWidget) -> None:
        super().__init__(_("Spoken language"), parent)
        self.setToolTipsVisible(True)
        self._usual, self._every = usual, every
        self._group = QActionGroup(self)
        self._add(self, "", _("Find out by itself"))
        self.addSeparator()
        for code in usual:
            self._add(self, code, messages.language_name(code))
        self._rare = self.addMenu(_("More languages"))
        self._rare.aboutToShow.connect(self._fill)

    def show_chosen(self, code: str | None) -> None:
        """Marks the language that was chosen for the text; None where there is no text."""
        for action in self._group.actions():
            action.setChecked(action.data() == code)

    def _fill(self) -> None:
        """The others are named when they are first wanted."""
        if not self._rare.isEmpty():
            return
        rare = [(messages.language_name(code), code) for code in self._every() if code not in self._usual]
        for name, code in sorted(rare):
            self._add(self._rare, code, name)

    def _add(self, menu: QMenu, code: str, text: str) -> None:
        action = menu.addAction(text, lambda: self.chosen.emit(code))
        action.setCheckable(True)
        action.setData(code)
        action.setToolTip(_("Transcribe the meeting again in this language"))
        self._group.addAction(action)


class Banner(QFrame):
    """What is being done with the meeting, or why it is not, with the one button that changes it."""

    def __init__(self) -> None:
        super().__init__()
        self._call: Call | None = None
        self._icon = Symbol("")
        self.text = label("", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.setAccessibleName(_("Progress"))
        self.button = button("", self._clicked, kind="link")
        line = row(self._icon, space=theme.SPACE_3)
        line.addLayout(column(self.text, self.progress, space=6), 1)
        line.addWidget(self.button)
        line.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2)
        self.setLayout(line)
        self.hide()

    def working(self, activity: Activity, pause: Call) -> None:
        """Shows progress, with Pause where it is this program's."""
        self._show("banner", "", activity_line(activity))
        self.progress.setVisible(activity.fraction is not None)
        self.progress.setValue(round(1000 * (activity.fraction or 0)))
        ours = not (activity.stopping or activity.elsewhere)
        if activity.stage in {Stage.TRANSCRIBE, Stage.SEPARATE, Stage.SUMMARISE} and ours:
            self._offer(_("Pause"), _("Pause here; it can go on later"), pause)

    def failed(self, text: str, again: Call) -> None:
        """Shows what happened and what to do."""
        self._show("problem", "warning-circle", text)
        self._offer(_("Try again"), _("Do it again"), again)

    def not_english(self, text: str, as_english: Call) -> None:
        """Shows that the model knows English only, with the way out where English is spoken after all."""
        self._show("problem", "warning-circle", text)
        self._offer(_("Transcribe as English"), _("English is spoken in this meeting"), as_english)

    def cannot_translate(self, text: str, leave: Call) -> None:
        """Shows that the model does not translate, with the way back."""
        self._show("problem", "warning-circle", text)
        self._offer(_("Keep the original"), _("Leave the text as it is"), leave)

    def unsure(self, text: str, change: Call) -> None:
        """Shows between which languages it was not certain."""
        self._show("banner", "warning", text)
        self._offer(_("Change the language…"), _("Choose the language that is spoken"), change)

    def warned(self, text: str) -> None:
        """Shows what the person should know of the text."""
        self._show("banner", "warning", text)

    def paused(self, text: str, carry_on: Call) -> None:
        """Shows that it waits for the person."""
        self._show("banner", "pause", text)
        self._offer(_("Go on"), _("Go on where it was paused"), carry_on)

    def _show(self, kind: str, icon: str, text: str) -> None:
        if self.objectName() != kind:
            self.setObjectName(kind)
            theme.restyle(self)
        self._icon.draw(icon, "danger_text" if kind == "problem" else "text2")
        self.text.setText(text)
        self.progress.hide()
        self.button.hide()
        self.show()

    def _offer(self, does: str, tip: str, call: Call) -> None:
        self._call = call
        self.button.setText(does)
        self.button.setToolTip(tip)
        self.button.show()

    def _clicked(self) -> None:
        if self._call:
            self._call()


class PartOrSentence(QStackedWidget):
    """A part of the page, or in its place one sentence and what can be done about it."""

    def __init__(self, part: QWidget) -> None:
        super().__init__()
        self._call: Call | None = None
        self._sentence = label("", "quietText", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = button("", self._clicked)
        empty = QWidget()
        inner = column(None, self._sentence, space=theme.SPACE_3)
        inner.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        inner.addStretch(2)
        inner.setContentsMargins(theme.SPACE_8, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        empty.setLayout(inner)
        self.addWidget(part)
        self.addWidget(empty)

    def show_part(self) -> None:
        """Shows the part itself."""
        self.setCurrentIndex(0)

    def say(self, sentence: str, does: str = "", call: Call | None = None) -> None:
        """Shows a sentence, and a button where something can be done."""
        self._call = call
        self._sentence.setText(sentence)
        self.button.setText(does)
        self.button.setToolTip(does)
        self.button.setVisible(call is not None)
        self.setCurrentIndex(1)

    def _clicked(self) -> None:
        if self._call:
            self._call()
