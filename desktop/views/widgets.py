"""Small parts that several views are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QDir, QEvent, QFileInfo, QModelIndex, QObject, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QAction,
    QFocusEvent,
    QIcon,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFileIconProvider,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from core.messages import _
from desktop import theme, tips

_Layout = TypeVar("_Layout", bound=QBoxLayout)


def label(text: str = "", name: str = "", *, wrap: bool = False) -> QLabel:
    """A text in the style called `name` ('meta', 'heading', …), never read as markup."""
    made = QLabel(text)
    made.setObjectName(name)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def message(text: str) -> QLabel:
    """A sentence to read and select, as high as its words need at the width it gets."""
    made = label(text, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    # Not at the narrow width that a label would like.
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made


def announce(told: QLabel) -> None:
    """Has a screen reader say it now."""
    QAccessible.updateAccessibility(QAccessibleEvent(told, QAccessible.Event.Alert))


def reading_text(text: str) -> QLabel:
    """A text to read: with air between its lines, selectable."""
    from html import escape  # not before the first painting

    made = QLabel(f'<p style="line-height: {theme.LINE_HEIGHT:.0%}; margin: 0">{escape(text)}</p>')
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setAccessibleName(text)
    return made


class OneLine(QLabel):
    """Facts in one line, the most important first; what does not fit is in the tool tip."""

    def __init__(self, name: str) -> None:
        """In the style called `name`, as `label`."""
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._whole = self._hint = ""

    def say(self, *facts: str, hint: str = "") -> None:
        """Says these, without the full stops of sentences; '' says nothing. The tool tip has the `hint` too."""
        self._hint = hint
        whole = " · ".join(fact.removesuffix(".") for fact in facts if fact)
        self._whole = whole
        self.setAccessibleName(whole)
        self.updateGeometry()
        self._fit()

    def sizeHint(self) -> QSize:
        """As wide as all of it."""
        # A pixel more than it is: widths are rounded.
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 1, super().sizeHint().height())

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        told = (self._whole if shown != self._whole else "", self._hint)
        self.setToolTip(tips.plain("\n".join(tip for tip in told if tip)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shows as much as there is room for."""
        super().resizeEvent(event)
        self._fit()


class Rows(QListView):
    """A list that may have headings, which the keyboard passes by: Home leads to the first row that can be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The first key leads to the first row: Qt would take that for the current one, which nobody has chosen."""
        super().focusInEvent(event)
        if not self.selectionModel().hasSelection():
            self.selectionModel().clearCurrentIndex()

    def moveCursor(self, action: QListView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """The row that a key leads to."""
        if action is QListView.CursorAction.MoveHome:
            rows = (self.model().index(row, 0) for row in range(self.model().rowCount()))
            return next((row for row in rows if row.flags() & Qt.ItemFlag.ItemIsEnabled), QModelIndex())
        return super().moveCursor(action, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home shows the heading above the first row too; a key shows where the keyboard is."""
        theme.show_ring(self, on=True)
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Home:
            self.scrollToTop()


class Symbol(QLabel):
    """An icon that only shows; words beside it say the same."""

    def __init__(self, name: str, color: str = "text2", size: int = theme.ROW_ICON) -> None:
        super().__init__()
        self.setFixedSize(theme.grown(size), theme.grown(size))
        self._icon = theme.icon(name, color) if name else QIcon()

    def draw(self, name: str, color: str = "text2") -> None:
        """Shows the glyph `name`; nothing for ''."""
        self._icon = theme.icon(name, color) if name else QIcon()
        self.setVisible(bool(name))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws it in today's colour."""
        self._icon.paint(QPainter(self), self.rect())


def button(
    text: str,
    clicked: Callable[[], object] | None = None,
    *,
    kind: str = "",
    icon: str = "",
    color: str = "text2",
    tip: str = "",
) -> QPushButton:
    """A button of a `kind` of the style sheet: 'main', 'danger', 'erase', 'quiet', 'link' or plain.

    Without `text` its `tip` is read out.
    """
    made = QPushButton(text)
    if not text:
        made.setAccessibleName(tip)
    made.setProperty("kind", kind)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAutoDefault(False)
    made.setToolTip(tips.plain(tip))
    if icon:
        made.setIcon(theme.icon(icon, color))
    if clicked:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


def action_button(action: QAction, kind: str = "", *, words: bool = True) -> QToolButton:
    """A button of an action; without `words` only its icon shows, and its text is read out."""
    made = QToolButton()
    made.setDefaultAction(action)
    made.setProperty("kind", kind)
    side = theme.grown(theme.BAR_ICON if not words else 18)
    made.setIconSize(QSize(side, side))
    made.setToolButtonStyle(
        Qt.ToolButtonStyle.ToolButtonTextBesideIcon if words else Qt.ToolButtonStyle.ToolButtonIconOnly
    )
    made.setAccessibleName(action.text())
    action.changed.connect(lambda: made.setAccessibleName(action.text()))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def menu_button(text: str, tip: str, icon: str, menu: QMenu | None = None) -> QToolButton:
    """A button that opens `menu`, else one of its own; without `text` its `tip` is read out."""
    made = QToolButton()
    made.setText(text)
    made.setToolTip(tip)
    made.setAccessibleName(text or tip)
    made.setIcon(theme.icon(icon))
    made.setToolButtonStyle(
        Qt.ToolButtonStyle.ToolButtonTextBesideIcon if text else Qt.ToolButtonStyle.ToolButtonIconOnly
    )
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setProperty("kind", "quiet")
    if menu is None:
        menu = QMenu(made)
        menu.setToolTipsVisible(True)
    made.setMenu(menu)
    return made


_Number = TypeVar("_Number", QSpinBox, QDoubleSpinBox)


def number(box: _Number) -> _Number:
    """A field for a number whose text stands as far in as that of other fields, to which no style sheet brings it."""
    box.lineEdit().setTextMargins(theme.SPACE_2 - 1, 0, 0, 0)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    _Scrolled(box)
    return box


def choice() -> QComboBox:
    """A field to choose from a list, which a page can be scrolled over."""
    made = QComboBox()
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    _Scrolled(made)
    return made


def clearable(field: QLineEdit) -> None:
    """Gives a field a cross that empties it, as high to hit as other controls: Qt's is as high as its icon."""
    field.setClearButtonEnabled(True)
    for cross in field.findChildren(QToolButton):
        _Raised(cross)


class _Raised(QObject):
    """Keeps a small button as high as there is room for in the field that places it, up to what is easy to hit."""

    def __init__(self, small: QToolButton) -> None:
        super().__init__(small)
        small.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grows again whenever it was placed."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move} and isinstance(watched, QToolButton):
            field, place = watched.parentWidget(), watched.geometry()
            room = field.height() if field else theme.HIT
            high = min(room, theme.HIT)
            if place.height() != high:
                watched.setGeometry(place.left(), (room - high) // 2, place.width(), high)
        return super().eventFilter(watched, event)


class _Scrolled(QObject):
    """Has the wheel of the mouse scroll the page and not change a field that comes under it, unless it is in use."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leaves the wheel to what the field stands in."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def hand_keyboard(given: Sequence[QWidget], taker: QWidget) -> None:
    """Gives `taker` the keyboard where one of `given` has it in its window, which is about to rest or to go: else Qt
    chooses.
    """
    if taker.window().focusWidget() in given:
        taker.setFocus(Qt.FocusReason.TabFocusReason)


def row(*parts: QWidget | int | None, space: int = theme.SPACE_2) -> QHBoxLayout:
    """Parts side by side: a number is a gap in pixels, None takes the room that is left."""
    return _filled(QHBoxLayout(), parts, space)


def column(*parts: QWidget | int | None, space: int = theme.SPACE_2) -> QVBoxLayout:
    """Parts below each other: a number is a gap in pixels, None takes the room that is left."""
    return _filled(QVBoxLayout(), parts, space)


def _filled(layout: _Layout, parts: tuple[QWidget | int | None, ...], space: int) -> _Layout:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(space)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        else:
            layout.addWidget(part)
    return layout


def clear(layout: QBoxLayout) -> None:
    """Takes everything out of `layout`."""
    while item := layout.takeAt(0):
        inner = item.layout()
        if isinstance(inner, QBoxLayout):
            clear(inner)
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()


class _Kinds(QFileIconProvider):
    """Names kinds of files in our language: Qt's own French leaves them in English."""

    def type(self, info: QFileInfo) -> str:
        """What stands in the dialog's column of kinds."""
        return _("Folder") if info.isDir() else info.suffix().upper()


FILE_DIALOG = QSize(820, 520)


def file_dialog(parent: QWidget, title: str) -> QFileDialog:
    """A dialog for files or folders that goes when it is closed, every word of it in our language."""
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if (
        dialog.directory() == QDir.current()
    ):  # no folder was visited yet: that of the program says nothing to a person
        dialog.setDirectory(QDir.home())
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, _("In:"))
    dialog.setLabelText(QFileDialog.DialogLabel.FileName, _("Name:"))
    dialog.setLabelText(QFileDialog.DialogLabel.FileType, _("Kind:"))
    kinds = _Kinds()
    dialog.setIconProvider(kinds)
    dialog.destroyed.connect(lambda: kinds)  # the dialog does not own it, but needs it to the end
    fit(dialog, FILE_DIALOG)
    # The system's own dialog has no such list. Else names of some length, with the date at their end, are cut.
    if files := dialog.findChild(QTreeView, "treeView"):
        files.header().resizeSection(0, FILE_DIALOG.width() // 2)
    return dialog


def fit(dialog: QDialog, size: QSize) -> None:
    """Gives a dialog this size, or as much of it as the window has that it lies over."""
    above = dialog.parentWidget()
    while above and (higher := above.parentWidget()):
        above = higher
    dialog.resize(size.boundedTo(above.size()) if above else size)


QUESTION_WIDTH = 372
"""Pixels that the text of a question has at least."""


class Question(QDialog):
    """Asks first. The keyboard stands on the harmless answer, or on one of the kind 'main', which is the likely one."""

    INSTEAD = 2
    """The result where the third answer was given."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str,
        *,
        yes: tuple[str, str],
        no: tuple[str, str],
        instead: tuple[str, str] | None = None,
        remember: tuple[str, str] | None = None,
        kind: str = "danger",
    ) -> None:
        """The words of a button and its tool tip for `yes` (it accepts, a button of this `kind`), `no` and `instead`.

        With `remember` there is a box, ticked, see `remembers`; then `no` only leaves things as they are, and the
        keyboard stands on `instead`.
        """
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        accept = button(yes[0], self.accept, kind=kind, tip=yes[1])
        reject = harmless = button(no[0], self.reject, tip=no[1])
        says = label(text, wrap=True)
        says.setMinimumWidth(theme.grown(QUESTION_WIDTH))
        layout = column(says, space=theme.SPACE_4)
        answers = row(None, reject)
        if instead:
            harmless = button(instead[0], lambda: self.done(self.INSTEAD), kind="main", tip=instead[1])
            answers.addWidget(harmless)
        answers.addWidget(accept)
        self._box: QCheckBox | None = None
        if remember:
            self._box = QCheckBox(remember[0])
            self._box.setToolTip(remember[1])
            self._box.setChecked(True)
            layout.addWidget(self._box)
        layout.addLayout(answers)
        layout.setContentsMargins(theme.SPACE_6, theme.SPACE_6, theme.SPACE_6, theme.SPACE_4)
        self.setLayout(layout)
        # As wide as its answers, and as high as its text then is; the system's limit for a new window does not count.
        wide = layout.minimumSize().width()
        self.resize(wide, layout.heightForWidth(wide))
        (accept if kind == "main" else harmless).setFocus()
        # Enter presses the button on which the keyboard stands.
        for answer in self.findChildren(QPushButton):
            answer.setAutoDefault(True)

    @property
    def remembers(self) -> bool:
        """Whether the answer is meant for the next times too."""
        return self._box is not None and self._box.isChecked()
