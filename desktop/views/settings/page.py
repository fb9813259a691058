"""What the settings' pages are made of: a heading, and fields below each other whose changes are kept at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.messages import _
from desktop import theme
from desktop.commands import Commands
from desktop.views.narrow import Back, narrow
from desktop.views.widgets import choice, label

FIELD_WIDTH = 320
WIDEST_FIELD = 400
BESIDE_WORDS = 52
"""What of a box's width its words do not have: frame, padding and arrow."""

_FITTED = "fitted"
"""The property of a field whose width is that of the page's fields."""

FIELD_CHARACTERS = 32
"""So many letters a field shows at least, however large they are."""

Entries = Sequence[tuple[str | int, str]]
"""What a field offers: the values of the setting, and their words."""


class SettingsPage(QScrollArea):
    """A heading, then a label and a field per line, with a hint below where it helps; scrolled where it is long.

    A page is a subclass that names itself with `title`, makes its fields in its constructor and ends with `end`.
    What it shows only while it is seen it begins in `showEvent`.
    """

    @staticmethod
    def title() -> str:
        """The name of the page."""
        raise NotImplementedError

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.commands = commands
        self._narrowed: list[Back] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        self.setWidget(content)
        self._lines = QVBoxLayout(content)
        self._lines.setContentsMargins(theme.SPACE_6, theme.SPACE_4, theme.SPACE_6, theme.SPACE_6)
        self._lines.setSpacing(theme.SPACE_1)
        self._lines.addWidget(label(self.title(), "heading"))

    def add(self, name: str, field: QWidget, hint: str = "") -> None:
        """Adds a field; its name is read out with it."""
        self._lines.addSpacing(theme.SPACE_3)
        if name:
            field.setAccessibleName(name)
            words = label(name)
            words.setBuddy(field)
            self._lines.addWidget(words)
        line = QHBoxLayout()
        line.addWidget(field)
        line.addStretch(1)
        if isinstance(field, (QComboBox, QLineEdit, QAbstractSpinBox)):
            if not field.toolTip():
                field.setToolTip(hint or name)
            field.setProperty(_FITTED, True)
            _fit(field)
        self._lines.addLayout(line)
        if hint:
            self.add_hint(label(hint, "meta", wrap=True))

    def add_wide(self, name: str, part: QWidget) -> None:
        """Adds a part as wide as the page, under its name, if it has one."""
        self._lines.addSpacing(theme.SPACE_3)
        if name:
            self._lines.addWidget(label(name))
        self._lines.addWidget(part)

    def add_layout(self, part: QVBoxLayout) -> None:
        """Adds several fields at once."""
        self._lines.addSpacing(theme.SPACE_4)
        self._lines.addLayout(part)

    def add_hint(self, hint: QLabel) -> None:
        """Adds a text about the field above."""
        self._lines.addWidget(hint)

    def choice(self, entries: Entries, field: str) -> QComboBox:
        """A box that offers `entries` for this field of the settings, and keeps what is chosen."""
        box = choice()
        fill(box, entries, getattr(self.commands.settings, field))
        box.activated.connect(lambda place: self.commands.change_settings(**{field: box.itemData(place)}))
        return box

    def commit(self) -> None:
        """Keeps what is being written in fields that are not kept as they are left."""

    def end(self) -> None:
        """Fills the page up to its lower edge."""
        self._lines.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Has nothing stand out of the page to the right, however large the text is."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            for back in reversed(self._narrowed):
                back()
            self._narrowed = []
        self._fit_width()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The same where something in the page has changed."""
        answer = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_width()
        return answer

    def _fit_width(self) -> None:
        content = self.widget()
        layout = content.layout() if content else None
        if content is None or layout is None:
            return
        room, margins = min(self.viewport().width(), content.maximumWidth()), layout.contentsMargins()
        if layout.minimumSize().width() > room:
            self._narrowed += narrow(content, room - margins.left() - margins.right())


def _fit(field: QWidget) -> None:
    """Gives a field the width of all fields, and a box that of what it offers, within reason."""
    width = max(FIELD_WIDTH, FIELD_CHARACTERS * field.fontMetrics().averageCharWidth())
    if isinstance(field, QComboBox) and not field.isEditable():
        offered = (field.itemText(place) for place in range(field.count()))
        widest = max(map(field.fontMetrics().horizontalAdvance, offered), default=0) + BESIDE_WORDS
        width = max(width, min(widest, theme.grown(WIDEST_FIELD)))
    field.setFixedWidth(width)


def fill(box: QComboBox, entries: Entries, chosen: str | int, name: str = "") -> None:
    """Offers `entries`; what is `chosen` and not among them stands there too, by its `name`."""
    if chosen not in dict(entries):
        entries = [*entries, (chosen, _("{name} (not found)").format(name=name or chosen))]
    if entries != [(box.itemData(place), box.itemText(place)) for place in range(box.count())]:
        box.clear()
        for data, text in entries:
            box.addItem(text, data)
        if box.property(_FITTED):
            _fit(box)
    box.setCurrentIndex(box.findData(chosen))
