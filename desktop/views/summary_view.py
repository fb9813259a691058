"""The minutes: sections of lines, each leading to where it was said, each to be changed in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QActionGroup, QFontMetrics, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from core import messages
from core.messages import _
from core.values import Estimate, Line, Minutes, Section, Template, TemplateSection
from desktop import theme, tips
from desktop.views.actions import Actions
from desktop.views.line_editor import LineEditor
from desktop.views.talk_time import TalkTime
from desktop.views.time_chip import TimeChip
from desktop.views.widgets import (
    Symbol,
    button,
    clear,
    column,
    label,
    menu_button,
    message,
    reading_text,
    row,
)

LEAST_BESIDE = 400
"""Pixels of width, beside text of the usual size, from which on the buttons stand beside the words."""

MARKER_WIDTH = 24
CHIPS_WIDTH = 190
MOST_CHIPS = 3
LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl")
"""Languages that minutes are offered in."""


class SummaryView(QScrollArea):
    """Shows one version of the minutes; a click on a time asks for that place, a change is told."""

    written = Signal()  # the person has written something in a line
    play_wanted = Signal(int, float)  # segment id, seconds
    place_wanted = Signal(int, float)  # the same, to be shown in the transcript
    ticked = Signal(int, bool)  # line id, done
    edited = Signal(object, object)  # Line before, Line after
    removed = Signal(object)  # Line
    added = Signal(object)  # Line
    version_wanted = Signal(object)  # Minutes
    again_wanted = Signal(object)  # dict of fields of SummaryOptions

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setAccessibleName(_("Summary"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._minutes: Minutes | None = None
        self._boxes: dict[int, QCheckBox] = {}
        self._places: dict[str, QVBoxLayout] = {}  # by the key of the section
        self._shown: dict[int, tuple[QVBoxLayout, QWidget]] = {}  # the lines, by their ids
        self._buttons: dict[
            int | str, QWidget
        ] = {}  # what changes a line, by its id, or adds one, by its section
        self._return_to: int | str = 0  # on which of them the keyboard was, or was before the field
        self._editor: LineEditor | None = None
        self._made = message("")
        self._made.setObjectName("meta")
        again = menu_button(_("Make again"), _("Make the minutes again"), "arrow-counter-clockwise")
        menu = again.menu()
        menu.addActions([actions.minutes_offline, actions.minutes_mistral, actions.minutes_server])
        menu.addSeparator()
        self._sent = {provider: menu.addAction("") for provider in ("mistral", "server")}
        self.show_estimates({})
        self._templates = QMenu(_("With the template"), menu)
        self._languages = QMenu(_("In the language"), menu)
        self._lengths = QMenu(_("In the length"), menu)
        for choices in (self._templates, self._languages, self._lengths):
            menu.addMenu(choices)
        self.versions = menu_button(
            _("Versions"), _("Bring an earlier version of the minutes back"), "clock-counter-clockwise"
        )
        self.versions.hide()
        self._nothing = message(
            _(
                "Nothing was found in this meeting that belongs into minutes. Add a line yourself, or make them "
                "again another way."
            )
        )
        self._nothing.setContentsMargins(0, theme.SPACE_4, 0, 0)
        self._nothing.hide()
        self._sections = column(space=0)
        self.talk = TalkTime()
        self.talk.place_wanted.connect(self.place_wanted)
        content = QWidget()
        layout = column(space=0)
        self._head = head = row()
        head.addWidget(self._made, 1)
        for made in (again, self.versions):
            head.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(head)
        layout.addWidget(self._nothing)
        layout.addLayout(self._sections)
        layout.addWidget(self.talk)
        layout.addStretch(1)
        layout.setContentsMargins(theme.SPACE_6, theme.SPACE_3, theme.SPACE_6, theme.SPACE_6)
        content.setLayout(layout)
        characters = QFontMetrics(theme.font()).averageCharWidth() * theme.LINE_CHARACTERS
        content.setMaximumWidth(characters + MARKER_WIDTH + CHIPS_WIDTH + 2 * theme.SPACE_6)
        self.setWidget(content)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What can be done stands below how it was made where large text has no room for both."""
        super().resizeEvent(event)
        wide = self.viewport().width() >= theme.grown(LEAST_BESIDE)
        way = QHBoxLayout.Direction
        self._head.setDirection(way.LeftToRight if wide else way.TopToBottom)

    def set_templates(self, templates: tuple[Template, ...]) -> None:
        """Offers these for minutes that are made again."""
        entries = [(one.key, messages.template_name(one)) for one in templates]
        self._offer(self._templates, "template", entries)

    def show_estimates(self, sent: dict[str, Estimate]) -> None:
        """Says how much each provider would get if the minutes are made again."""
        for provider, told in self._sent.items():
            told.setEnabled(False)
            told.setVisible(provider in sent)
            told.setText(messages.tokens_got(sent[provider], provider) if provider in sent else "")

    def set_minutes(self, minutes: Minutes | None, versions: tuple[Minutes, ...] = ()) -> None:
        """Shows these, which are one of `versions`; the line that the person is writing stays open."""
        before, self._minutes = self._minutes, minutes
        if minutes is None:
            self._leave()
        elif self._editor:
            self._editor.line = _followed(self._editor.line, minutes)
        self._offer_versions(versions)
        if before and minutes and _unticked(before) == _unticked(minutes):
            # Made anew, a line would lose the focus.
            for line in minutes.of(Section.ACTION_ITEMS):
                with QSignalBlocker(self._boxes[line.id]):
                    self._boxes[line.id].setChecked(line.done)
            return
        if before and minutes and before.id != minutes.id:
            self.verticalScrollBar().setValue(0)
        if self._editor:
            self._take_out(self._editor)
        self._note_keyboard()
        clear(self._sections)
        for known in (self._boxes, self._places, self._shown, self._buttons):
            known.clear()
        self._nothing.hide()
        if minutes is None:
            self._made.clear()  # of another meeting
            return
        facts = (
            messages.made_by(minutes),
            messages.day_and_time(minutes.created_at),
            messages.not_translated(minutes),
            messages.left_out(minutes),
        )
        self._made.setText(" · ".join(filter(None, facts)))
        self._offer_languages(minutes)
        lengths = [(name, messages.minutes_length(name)) for name in ("short", "normal", "long")]
        self._offer(self._lengths, "length", lengths)
        written = self._editor.line.part if self._editor and not self._editor.line.id else ""
        empty = not minutes.lines
        self._nothing.setVisible(empty)
        for section, lines in minutes.parts():
            if (
                lines
                or section.key == written
                or (empty and section.kind not in {Section.CHAPTERS, Section.NOTES})
            ):
                self._add_section(section, lines)
        if self._editor:
            self._put_in(self._editor)
        self._go_back()

    def _note_keyboard(self) -> None:
        """Takes the keyboard from a line that is made anew, for `_go_back`."""
        now = self.window().focusWidget()
        lines = (line_id for line_id, (_place, line) in self._shown.items() if line.isAncestorOf(now))
        adding = (key for key, one in self._buttons.items() if one is now)
        if now and (held := next(chain(lines, adding), None)):
            self._return_to = held
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_back(self) -> None:
        """Puts the keyboard, where it is still here, back on the line: the next key goes on from there."""
        if self.hasFocus() and self._return_to in self._buttons:
            self._buttons[self._return_to].setFocus(Qt.FocusReason.OtherFocusReason)

    # --- sections and lines ------------------------------------------------------------------------

    def _add_section(self, section: TemplateSection, lines: tuple[Line, ...]) -> None:
        self._sections.addSpacing(theme.SPACE_6)
        name = messages.heading(section)
        place = self._places[section.key] = column(space=0)
        new = Line(section.kind, "", part=section.key)
        add = self._buttons[section.key] = button(
            "",
            partial(self._write, new),
            kind="quiet",
            icon="plus",
            tip=_("Add a line to “{section}”").format(section=name),
        )
        self._sections.addLayout(row(label(name, "heading"), add, None, space=theme.SPACE_1))
        self._sections.addSpacing(theme.SPACE_2)
        for line in lines:
            place.addWidget(self._line(place, line))
        self._sections.addLayout(place)

    def _line(self, place: QVBoxLayout, line: Line) -> QWidget:
        text = reading_text(line.text)
        text.setToolTip(_("Double-click to change the line"))
        words = QVBoxLayout()
        words.setContentsMargins(0, 2, 0, 0)
        words.setSpacing(2)
        words.addWidget(text)
        if about := messages.about(line):
            words.addWidget(label(about, "meta", wrap=True))
        doubt, why = _doubt(line)
        if doubt:
            told = label(doubt, "warning")
            told.setToolTip(why)
            told.setAccessibleDescription(why)
            words.addLayout(row(Symbol("warning", "warning", 14), told, None, space=theme.SPACE_1))
        whole = row(space=theme.SPACE_2)
        if line.section is not Section.OVERVIEW:
            whole.addWidget(self._marker(line), 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(words, 1)
        self._add_chips(whole, line)
        holder = QWidget()
        change = self._buttons[line.id] = menu_button("", _("Change or remove the line"), "dots-three")
        self._shown[line.id] = place, holder
        begin = partial(self._change, line)
        change.menu().addAction(theme.icon("pencil-simple"), _("Change the line"), begin)
        change.menu().addAction(theme.icon("trash"), _("Remove the line"), lambda: self.removed.emit(line))
        if line.evidence:
            first = min(line.evidence, key=lambda one: one.start)
            show = partial(self.place_wanted.emit, next(iter(first.segment_ids), 0), first.start)
            change.menu().addAction(theme.icon("text-align-left"), _("Show in the transcript"), show)
        whole.addWidget(change, 0, Qt.AlignmentFlag.AlignTop)
        text.installEventFilter(_Clicks(text, begin))
        whole.setContentsMargins(0, 0, 0, theme.SPACE_2)
        holder.setLayout(whole)
        return holder

    def _add_chips(self, whole: QHBoxLayout, line: Line) -> None:
        for evidence in sorted(line.evidence, key=lambda one: one.start)[:MOST_CHIPS]:
            first = evidence.segment_ids[0] if evidence.segment_ids else 0
            play, show = (
                partial(wanted.emit, first, evidence.start)
                for wanted in (self.play_wanted, self.place_wanted)
            )
            made = TimeChip((evidence.start, evidence.end), evidence.quote, play, show)
            whole.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)

    def _marker(self, line: Line) -> QWidget:
        if line.section is Section.ACTION_ITEMS:
            box = QCheckBox()
            box.setChecked(line.done)
            box.setAccessibleName(line.text)
            box.setToolTip(_("Mark as done"))
            box.toggled.connect(lambda done: self.ticked.emit(line.id, done))
            box.setFixedSize(theme.grown(MARKER_WIDTH), theme.grown(28))
            self._boxes[line.id] = box
            return box
        bullet = Symbol("circle-fill", "text2", 6)
        holder = QWidget()
        holder.setFixedSize(theme.grown(MARKER_WIDTH), theme.grown(26))
        inside = row(6, bullet, None, space=0)
        holder.setLayout(inside)
        return holder

    # --- changing ----------------------------------------------------------------------------------

    def _change(self, line: Line) -> None:
        """Has the person change a line where it stands."""
        # A tick that came since stands in its box.
        done = self._boxes[line.id].isChecked() if line.id in self._boxes else line.done
        self._write(replace(line, done=done))

    def _write(self, line: Line) -> None:
        """Has the person write a line: one that there is in its place, a new one at the end of its section."""
        self.commit()
        editor = self._editor = LineEditor(line)
        editor.written.connect(self.written)
        editor.left.connect(self._leave)
        editor.kept.connect(self._keep)
        self._put_in(editor)
        editor.show()  # a layout would show it only later, and it could not have the focus yet
        editor.begin()

    def commit(self) -> None:
        """Keeps the line that the person is writing, as it reads now."""
        if self._editor:
            self._editor.commit()

    def unkept(self) -> tuple[int, tuple[str, ...]] | None:
        """What the person is writing: the line's id, 0 for a new one, its texts, its section and the section's key."""
        editor = self._editor
        if editor is None or not editor.is_changed:
            return None
        line = editor.line
        return line.id, (*editor.texts, line.section.value, line.part)

    def write(self, line_id: int, texts: Sequence[str], section: Section, part: str) -> bool:
        """Has the person write on in a line, or a new one, as `unkept` tells it; False where it has no place."""
        if self._minutes is None:
            return False
        line = next((one for one in self._minutes.lines if one.id == line_id), Line(section, "", part=part))
        line = _followed(line, self._minutes)
        if not line.id and line.part not in self._places:
            return False
        self._write(line)
        if self._editor:
            self._editor.write(texts)
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        """Keeps it too where the person turns to something else."""
        super().hideEvent(event)
        self.commit()

    def _keep(self, line: Line) -> None:
        editor = self._editor
        self._leave()
        if editor and editor.line.id:
            self.edited.emit(editor.line, line)
        else:
            self.added.emit(line)

    def _leave(self) -> None:
        """Closes the field, with the keyboard on the line's own button: it would fall to another one."""
        editor, self._editor = self._editor, None
        if editor is None:
            return
        if editor.isAncestorOf(self.window().focusWidget()):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._take_out(editor)
        editor.hide()
        editor.deleteLater()
        self._return_to = editor.line.id or editor.line.part
        self._go_back()

    def _put_in(self, editor: LineEditor) -> None:
        line = editor.line
        if line.id:
            place, shown = self._shown[line.id]
            place.insertWidget(place.indexOf(shown), editor)
            shown.hide()
        else:
            self._places[line.part].addWidget(editor)

    def _take_out(self, editor: LineEditor) -> None:
        for place, shown in self._shown.values():
            if place.indexOf(editor) >= 0:
                shown.show()
        for place in self._places.values():
            place.removeWidget(editor)

    # --- making again ------------------------------------------------------------------------------

    def _offer(self, menu: QMenu, field: str, entries: list[tuple[str, str]]) -> None:
        menu.clear()
        group = QActionGroup(menu)
        now = getattr(self._minutes.options, field) if self._minutes else None
        for value, words in entries:
            action = menu.addAction(tips.verbatim(words), partial(self._again, field, value))
            action.setCheckable(True)
            action.setChecked(value == now)
            group.addAction(action)

    def _offer_languages(self, minutes: Minutes) -> None:
        """Offers languages; where this machine would make the minutes, only that which they are in."""
        spoken = [("", _("The meeting's"))]
        spoken += [(code, messages.language_name(code)) for code in LANGUAGES]
        self._offer(self._languages, "language", spoken)
        self._languages.setToolTipsVisible(True)
        if minutes.options.provider == "offline":
            for (code, _words), action in zip(spoken, self._languages.actions(), strict=True):
                if code not in {"", minutes.language}:
                    action.setEnabled(False)
                    action.setToolTip(
                        _("This machine does not translate. Make the minutes with Mistral or a server first.")
                    )

    def _again(self, field: str, value: str) -> None:
        if self._minutes:
            before = self._minutes.options
            chosen = {name: getattr(before, name) for name in ("provider", "language", "template", "length")}
            self.again_wanted.emit(chosen | {field: value})

    def _offer_versions(self, versions: tuple[Minutes, ...]) -> None:
        menu = self.versions.menu()
        menu.clear()
        shown = self._minutes
        self.versions.setVisible(len(versions) > 1)
        if shown is None:
            return
        for one in versions:
            action = menu.addAction(
                tips.verbatim(messages.minutes_version(one)), partial(self.version_wanted.emit, one)
            )
            action.setCheckable(True)
            action.setChecked(one.id == shown.id)
            action.setEnabled(not action.isChecked())


class _Clicks(QObject):
    """Has a double click on a text do something."""

    def __init__(self, watched: QWidget, call: object) -> None:
        super().__init__(watched)
        self._call = call

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes the double click."""
        if event.type() == QEvent.Type.MouseButtonDblClick and callable(self._call):
            self._call()
            return True
        return super().eventFilter(watched, event)


def _followed(line: Line, minutes: Minutes) -> Line:
    """What became of a line in other minutes; one that they lack is a new one in its section."""
    known = next((one for one in minutes.lines if one.id == line.id), None)
    alike = (one for one in minutes.lines if (one.section, one.text) == (line.section, line.text))
    keys = {section.key for section, _lines in minutes.parts()}
    return (
        known
        or next(alike, None)
        or replace(line, id=0, part=line.part if line.part in keys else line.section.value)
    )


def _unticked(minutes: Minutes) -> Minutes:
    return replace(minutes, lines=tuple(replace(line, done=False) for line in minutes.lines))


def _doubt(line: Line) -> tuple[str, str]:
    """That the line should be checked, and why; ('', '') where nothing speaks against it."""
    why, quoted = "", bool(line.evidence)
    if not line.supported and quoted:
        why = _("Those words were said, but do not show this. Listen to the meeting before you rely on it.")
    elif not line.supported:
        why = _("No passage says this. Listen to the meeting before you rely on it.")
    elif line.unverified:
        why = _("These names or numbers are not said in the passage that the line rests on.")
    elif line.doubtful:
        why = _("The text of that passage may be wrong. Listen to the meeting before you rely on it.")
    return " · ".join(messages.doubts(line.supported, line.unverified, line.doubtful, quoted=quoted)), why
