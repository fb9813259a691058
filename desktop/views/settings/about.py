"""The settings page about the program and this machine: what works, what to do, facts to hand on, and the log."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from core import messages
from core.health import words
from core.messages import _
from core.values import Condition, Diagnostics, Health, LogLine
from desktop import theme
from desktop.commands import Commands
from desktop.views.settings.page import SettingsPage
from desktop.views.widgets import Symbol, announce, button, choice, column, fit, label, row

_GLYPHS = {
    Condition.OK: ("check-circle", "success"),
    Condition.WARNING: ("warning", "warning"),
    Condition.FAILING: ("x-circle", "danger"),
}


class AboutPage(SettingsPage):
    """Shows `Commands.look_at_machine` and `Commands.check_health` when it is made."""

    @staticmethod
    def title() -> str:
        """The name of the page."""
        return _("About & diagnostics")

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands)
        self._health: Health | None = None
        self._checking = False
        self._machine: Diagnostics | None = None
        self.verdict = label(_("Looking…"), wrap=True)
        self._checks = QWidget()
        self._rows = QVBoxLayout(self._checks)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.SPACE_2)
        self.check = button(_("Check again"), self._check, tip=_("Check every part of the program again"))
        self.listen = button(
            _("Test the microphone"),
            self._listen,
            tip=_("Record a second from the microphone, and throw it away"),
        )
        self.log = button(_("Show the log"), self._show_log, tip=_("Show what the program noted lately"))
        self.copy = button(
            _("Copy report"), self._copy, tip=_("Copy all of this, to send it to whoever helps")
        )
        self.facts = label(_("Looking…"), "meta", wrap=True)
        self.facts.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.facts.setAccessibleName(_("About this machine and this program"))
        self.measure = button(
            _("Measure again"), self._measure, tip=_("Find out how this machine transcribes fastest")
        )
        self.copy.setEnabled(False)
        self.add_wide("", self.verdict)
        # Above what is found, which grows and shrinks: they stay where they are.
        self._add_buttons((self.check, self.listen), (self.copy, self.log))
        self.add_wide("", self._checks)
        self.add_wide("", self.facts)
        self._add_buttons((self.measure,))
        self.end()
        commands.machine_known.connect(self._show)
        commands.health_known.connect(self._show_health)
        commands.look_at_machine()
        self._check()

    def _add_buttons(self, *rows: tuple[QWidget, ...]) -> None:
        part, below = QWidget(), column()
        for buttons in rows:
            below.addLayout(row(*buttons, None))
        part.setLayout(below)
        self.add_wide("", part)

    def _check(self) -> None:
        if not self._checking:
            self._begin(_("Looking…"))
            self.commands.check_health()

    def _listen(self) -> None:
        if not self._checking:
            self._begin(_("Listening to the microphone…"))
            self.commands.check_health(listen=True)

    def _begin(self, doing: str) -> None:
        """Says so; the buttons stay as they are, with the keyboard on them."""
        self._checking = True
        self.verdict.setText(doing)

    def _show_health(self, health: Health) -> None:
        self._health, self._checking = health, False
        self.verdict.setText(words.verdict(health))
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for check in health.checks:
            line = QWidget()
            glyph = Symbol(*_GLYPHS[check.condition])
            said = words.line(check)
            text = label(said, wrap=True)
            text.setAccessibleName(f"{words.condition(check.condition)}. {said}")
            layout = row(glyph, space=theme.SPACE_2)
            layout.addWidget(text, 1)
            layout.setAlignment(glyph, Qt.AlignmentFlag.AlignTop)
            line.setLayout(layout)
            self._rows.addWidget(line)
        self.copy.setEnabled(True)
        announce(self.verdict)

    def _show(self, found: Diagnostics) -> None:
        self._machine = found
        self.facts.setText(messages.diagnostics(found))
        self.measure.setText(_("Measure again"))

    def _copy(self) -> None:
        if self._health:
            QApplication.clipboard().setText(words.report(self._health, self._machine))
            self.commands.said.emit(_("The report was copied"), None)

    def _measure(self) -> None:
        if self.measure.text() != (measuring := _("Measuring…")):
            self.measure.setText(measuring)
            self.commands.measure_machine()

    def _show_log(self) -> None:
        LogDialog(self.commands, self).show()


class LogDialog(QDialog):
    """What was logged lately, by level; no key and nothing that was said stands in it."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Log"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, theme.LOG_WINDOW)
        self.level = choice()
        self.level.setAccessibleName(_("What is shown"))
        for text, level in (
            (_("Everything"), "debug"),
            (_("Warnings and errors"), "warning"),
            (_("Errors"), "error"),
        ):
            self.level.addItem(text, level)
        self.lines = QPlainTextEdit()
        self.lines.setReadOnly(True)
        self.lines.setAccessibleName(_("Log"))
        self.lines.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        layout = QVBoxLayout(self)
        layout.addLayout(row(self.level, None))
        layout.addWidget(self.lines)
        self.level.currentIndexChanged.connect(lambda _place: commands.read_log(self.level.currentData()))
        commands.log_read.connect(self._show)
        commands.read_log(self.level.currentData())

    def _show(self, found: tuple[LogLine, ...]) -> None:
        self.lines.setPlainText("\n".join(map(messages.log_line, found)) or _("Nothing was logged yet."))
        bar = self.lines.verticalScrollBar()
        bar.setValue(bar.maximum())
