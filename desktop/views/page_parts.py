"""What the meeting page is made of besides its parts: title, tags, languages, sentences in empty places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QActionGroup, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QStyle,
    QStyleOptionFrame,
    QWidget,
)

from core import messages
from core.messages import _
from core.values import SIDES, Channel
from desktop import theme, tips
from desktop.views.widgets import button, clear, column, label, row

Call = Callable[[], object]

INSET = 2
"""What Qt leaves free on both sides of a field's text, within its frame and padding."""

TAGS_WIDTH = 320
TAGS_LEAST = 160


class Title(QLineEdit):
    """The title, changed in place: Enter or leaving keeps, Esc gives the old one back."""

    renamed = Signal(str)
    left = Signal()  # by Enter or Esc, with the keyboard still in it

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("title")
        self.setAccessibleName(_("Title"))
        self._kept = ""
        self.editingFinished.connect(self.commit)

    def show_title(self, title: str, *, force: bool = False) -> None:
        """Shows a title, unless the person is writing one."""
        self._kept = title
        self.setToolTip(tips.plain("\n".join(filter(None, (title, _("Click to rename"))))))
        if force or not (self.hasFocus() and self.isModified()):
            self.setText(title)
            self.setCursorPosition(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Says with an ellipsis that there is more of it, while it is not being written."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        place = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        place.adjust(INSET, 0, -INSET, 0)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, place.width())
        if self.hasFocus() or shown == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        painter.setPen(theme.tokens().color("text"))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def begin(self) -> None:
        """Lets the person write."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def write(self, title: str) -> None:
        """Has the person write on in this title."""
        self.begin()
        self.insert(title)
        self.setModified(True)

    def unkept(self) -> str:
        """What the person is writing, '' where they are not."""
        title = self.text().strip()
        return title if self.isModified() and title != self._kept else ""

    def commit(self) -> None:
        """Keeps what is written."""
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
            self.commit()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Tags(QWidget):
    """The meeting's tags as #chips, changed in place: Enter or leaving keeps, Esc gives the old ones back."""

    changed = Signal(object)  # tuple[str, ...]
    left = Signal()  # by Enter or Esc, with the keyboard on no other control yet

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
        self.setMinimumWidth(theme.grown(TAGS_LEAST))
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

    def write(self, text: str) -> None:
        """Has the person write on in these tags."""
        self.begin()
        self.input.setText(text)

    def take_keyboard(self) -> None:
        """Has the keyboard on what opens the field."""
        self._chips[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def unkept(self) -> str:
        """What the person is writing, '' where they are not."""
        return "" if self.input.isHidden() or self._given() == self._kept else self.input.text()

    def _fill(self) -> None:
        clear(self.chips)
        tip = _("Click to change the tags")
        self._chips = [
            button(tips.verbatim(f"#{tag}"), self.begin, kind="chip", tip=tip) for tag in self._kept
        ]
        if self._kept:
            self._chips.append(button("", self.begin, kind="quiet", icon="plus", tip=_("Add a tag")))
        else:
            add = button(_("Add a tag"), self.begin, kind="link", tip=_("Give the meeting tags"))
            self._chips.append(add)
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

    def commit(self) -> None:
        """Keeps the tags that are being written."""
        self._end(keep=True)

    def _end(self, *, keep: bool) -> None:
        if self.input.isHidden():
            return
        tags = self._given()
        self.input.hide()
        if keep and tags != self._kept:
            self._kept = tags
            self.changed.emit(tags)
        self._fill()

    def _given(self) -> tuple[str, ...]:
        """The tags as they are written."""
        given: dict[str, str] = {}
        for word in self.input.text().replace(",", " ").replace("#", " ").split():
            given.setdefault(word.casefold(), word)
        return tuple(given.values())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and leaving keep, Esc does not."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}:
                self._end(keep=event.key() != Qt.Key.Key_Escape)
                self.left.emit()
                return True
        elif event.type() == QEvent.Type.FocusOut and not self._popup.isVisible():
            self.commit()
        return super().eventFilter(watched, event)


class LanguageMenu(QMenu):
    """The languages that may be spoken in a meeting: to be found out, the usual ones, and all others."""

    chosen = Signal(str)  # the code, '' to find out

    def __init__(self, usual: Sequence[str], every: Callable[[], Sequence[str]], parent: QWidget) -> None:
        super().__init__(_("Spoken language"), parent)
        self.setToolTipsVisible(True)
        self._usual, self._every = usual, every
        self._chosen: str | None = None
        self._group = QActionGroup(self)
        self._rare = QMenu(_("More languages"), self)
        # The names are made when they are first wanted: that takes longer than the rest of the page.
        self.aboutToShow.connect(self._fill)
        self._rare.aboutToShow.connect(self._fill_rare)

    def show_chosen(self, code: str | None) -> None:
        """Marks the language that was chosen for the text; None where there is no text."""
        self._chosen = code
        for action in self._group.actions():
            action.setChecked(action.data() == code)

    def _fill(self) -> None:
        if self.isEmpty():
            self._add(self, "", _("Find out by itself"))
            self.addSeparator()
            for code in self._usual:
                self._add(self, code, messages.language_name(code))
            self.addMenu(self._rare)

    def _fill_rare(self) -> None:
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
        action.setChecked(code == self._chosen)
        action.setToolTip(_("Transcribe the meeting again in this language"))
        self._group.addAction(action)


class SidesMenu(QMenu):
    """How the two channels of an imported meeting are heard; hidden where there are none to choose between."""

    chosen = Signal(str)  # the name in `core.values.SIDES`

    def __init__(self, parent: QWidget) -> None:
        super().__init__(_("Channels of the file"), parent)
        self.setToolTipsVisible(True)
        group = QActionGroup(self)
        for name in SIDES:
            action = self.addAction(messages.sides(name), partial(self.chosen.emit, name))
            action.setCheckable(True)
            action.setData(name)
            action.setToolTip(messages.sides_tip(name))
            group.addAction(action)
        self.show_chosen(None)

    def show_chosen(self, channels: tuple[Channel, ...] | None) -> None:
        """Marks what the channels are taken for; None where there is no choice."""
        self.menuAction().setVisible(channels is not None)
        for action in self.actions():
            action.setChecked(SIDES[action.data()] == channels)


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
