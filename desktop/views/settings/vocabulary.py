"""The words and names that transcriptions listen for: those of the library, and those of each tag."""

from __future__ import annotations

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from core.messages import _
from desktop import theme
from desktop.commands import Commands, Vocabulary
from desktop.views.soon import Soon
from desktop.views.widgets import choice, column, label, row

LINES = 6
TAG_WIDTH = 240


class VocabularyPage(QWidget):
    """One word or name per line, of all meetings or of those with a tag; kept as it is written."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self._kept: tuple[str, ...] = ()
        self._shown = ""
        self.tag = choice()
        self.tag.setAccessibleName(_("Meetings whose words these are"))
        self.tag.setToolTip(_("Words of all meetings, or of those with a tag"))
        self.tag.setFixedWidth(TAG_WIDTH)
        self.tag.addItem(_("All meetings"), "")
        self.tag.activated.connect(lambda _place: self._turn_to(self.tag.currentData()))
        self.words = QPlainTextEdit()
        self.words.setAccessibleName(_("Vocabulary"))
        self.words.setPlaceholderText(_("One word or name per line"))
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(LINES * self.words.fontMetrics().lineSpacing() + theme.SPACE_6)
        self.words.setEnabled(False)
        self._soon = Soon(self.keep, self)
        self.words.textChanged.connect(self._soon.ask)
        hint = label(
            _(
                "Names and terms that new transcriptions listen for, the most important first. "
                "About forty are heeded, those of a meeting's tags before the others."
            ),
            "meta",
            wrap=True,
        )
        layout = column(space=theme.SPACE_2)
        layout.addLayout(row(self.tag, None))
        layout.addWidget(self.words)
        layout.addWidget(hint)
        self.setLayout(layout)
        commands.vocabulary_found.connect(self._show)
        commands.look_for_vocabulary("")

    def keep(self) -> None:
        """Keeps what is written now."""
        self._soon.stop()
        lines = (" ".join(line.split()) for line in self.words.toPlainText().splitlines())
        terms = tuple(filter(None, lines))
        if self.words.isEnabled() and terms != self._kept:
            self._kept = terms
            self._commands.keep_vocabulary(terms, self._shown)

    def _turn_to(self, tag: str) -> None:
        self.keep()
        self.words.setEnabled(False)
        self._commands.look_for_vocabulary(tag)

    def _show(self, found: Vocabulary) -> None:
        self._kept, self._shown = found.terms, found.tag
        self.tag.clear()
        self.tag.addItem(_("All meetings"), "")
        for tag in found.tags:
            self.tag.addItem(f"#{tag}", tag)
        self.tag.setCurrentIndex(max(0, self.tag.findData(found.tag)))
        self.words.setPlainText("\n".join(found.terms))
        self._soon.stop()
        self.words.setEnabled(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keeps what is written when the settings are left."""
        self.keep()
        super().hideEvent(event)
