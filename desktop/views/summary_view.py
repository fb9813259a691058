"""The minutes: sections of lines, each leading to where it was said."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core import messages
from core.messages import _
from core.values import Line, Minutes, Section, TemplateSection
from desktop import theme
from desktop.views.actions import Actions
from desktop.views.widgets import Symbol, chip, clear, column, label, menu_button, reading_text, row

MARKER_WIDTH = 24
CHIPS_WIDTH = 160
MOST_CHIPS = 3


class SummaryView(QScrollArea):
    """Shows one version of the minutes; a click on a time asks for that place, a tick is told."""

    place_wanted = Signal(int, float)  # segment id, seconds
    ticked = Signal(int, bool)  # line id, done

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setAccessibleName(_("Summary"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._minutes: Minutes | None = None
        self._boxes: dict[int, QCheckBox] = {}
        self._made = label("", "meta")
        again = menu_button(_("Make again"), _("Make the minutes again"), "arrow-counter-clockwise")
        again.menu().addActions([actions.minutes_offline, actions.minutes_mistral])
        self._sections = column(space=0)
        content = QWidget()
        layout = column(space=0)
        layout.addLayout(row(self._made, again, None))
        layout.addLayout(self._sections)
        layout.addStretch(1)
        layout.setContentsMargins(theme.SPACE_6, theme.SPACE_3, theme.SPACE_6, theme.SPACE_6)
        content.setLayout(layout)
        characters = QFontMetrics(theme.font()).averageCharWidth() * theme.LINE_CHARACTERS
        content.setMaximumWidth(characters + MARKER_WIDTH + CHIPS_WIDTH + 2 * theme.SPACE_6)
        self.setWidget(content)

    def set_minutes(self, minutes: Minutes | None) -> None:
        """Shows these."""
        before, self._minutes = self._minutes, minutes
        if before and minutes and _unticked(before) == _unticked(minutes):
            # Made anew, a line would lose the focus.
            for line in minutes.of(Section.ACTION_ITEMS):
                with QSignalBlocker(self._boxes[line.id]):
                    self._boxes[line.id].setChecked(line.done)
            return
        if before and minutes and before.id != minutes.id:
            self.verticalScrollBar().setValue(0)
        clear(self._sections)
        self._boxes.clear()
        if minutes is None:
            return
        made = messages.made_by(minutes)
        self._made.setText(f"{made} · {messages.day_and_time(minutes.created_at)}")
        for section, lines in minutes.parts():
            if lines:
                self._add_section(section, lines)

    def _add_section(self, section: TemplateSection, lines: tuple[Line, ...]) -> None:
        self._sections.addSpacing(theme.SPACE_6)
        self._sections.addWidget(label(messages.heading(section), "heading"))
        self._sections.addSpacing(theme.SPACE_2)
        for line in lines:
            self._sections.addLayout(self._line(section.kind, line))
            self._sections.addSpacing(theme.SPACE_2)

    def _line(self, section: Section, line: Line) -> QHBoxLayout:
        text = reading_text(line.text)
        words = QVBoxLayout()
        words.setContentsMargins(0, 2, 0, 0)
        words.setSpacing(2)
        words.addWidget(text)
        if about := _about(line):
            words.addWidget(label(about, "meta", wrap=True))
        if doubt := _doubt(line):
            words.addLayout(
                row(Symbol("warning", "warning", 14), label(doubt, "warning"), None, space=theme.SPACE_1)
            )
        whole = row(space=theme.SPACE_2)
        if section is not Section.OVERVIEW:
            whole.addWidget(self._marker(section, line), 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(words, 1)
        for evidence in sorted(line.evidence, key=lambda one: one.start)[:MOST_CHIPS]:
            first = evidence.segment_ids[0] if evidence.segment_ids else 0
            to = chip(
                evidence.start,
                evidence.quote,
                lambda first=first, start=evidence.start: self.place_wanted.emit(first, start),  # type: ignore[misc]
            )
            whole.addWidget(to, 0, Qt.AlignmentFlag.AlignTop)
        return whole

    def _marker(self, section: Section, line: Line) -> QWidget:
        if section is Section.ACTION_ITEMS:
            box = QCheckBox()
            box.setChecked(line.done)
            box.setAccessibleName(line.text)
            box.setToolTip(_("Mark as done"))
            box.toggled.connect(lambda done: self.ticked.emit(line.id, done))
            box.setFixedSize(MARKER_WIDTH, 28)
            self._boxes[line.id] = box
            return box
        bullet = Symbol("circle-fill", "text2", 6)
        holder = QWidget()
        holder.setFixedSize(MARKER_WIDTH, 26)
        inside = row(6, bullet, None, space=0)
        holder.setLayout(inside)
        return holder


def _unticked(minutes: Minutes) -> Minutes:
    return replace(minutes, lines=tuple(replace(line, done=False) for line in minutes.lines))


def _about(line: Line) -> str:
    """Who and until when."""
    due = line.due_said
    if line.due:
        due = f"{due} ({messages.day(line.due)})" if due else messages.day(line.due)
    return " · ".join(part for part in (line.owner, due) if part)


def _doubt(line: Line) -> str:
    """Why the line should be checked, or ''."""
    if not line.supported:
        return _("Not found in the transcript")
    if line.unverified:
        return _("Check: {words}").format(words=", ".join(line.unverified))
    return ""
