"""The side bar: the meetings, or what a search found, or the bin; below them what is being brought in and done."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QListView,
    QMenu,
    QProgressBar,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.messages import _
from core.values import Cut, Meeting, MeetingId
from desktop import theme, tips
from desktop.commands import Commands, Import
from desktop.models.meetings import MeetingsModel, Order, Role, Shown, Which
from desktop.views.actions import Actions, connect
from desktop.views.bin_view import BinView
from desktop.views.meeting_delegate import MeetingDelegate
from desktop.views.queue_view import QueueView
from desktop.views.search_view import FoundView, SearchField
from desktop.views.widgets import OneLine, Rows, action_button, button, column, label, menu_button, row

MINUTE = 60_000


class LibraryView(QFrame):
    """Chooses the meeting, or the meetings, that are shown."""

    chosen = Signal()  # the person chose a meeting, be it the one that is shown already
    selection_changed = Signal()

    def __init__(self, commands: Commands, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self._commands = commands
        self._wanted = ""
        self.model = MeetingsModel(self)
        self.list = MeetingList(self.model)
        self.list.setAccessibleName(_("Meetings"))
        self.list.addActions([actions.star, actions.rename, actions.copy, actions.export, actions.delete])
        self.filters = Filters(self.model)
        self.field = SearchField(actions.search)
        self.found = FoundView(commands)
        self.bin = BinView(commands)
        self._empty = label("", "quietText", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(theme.SPACE_4, theme.SPACE_8, theme.SPACE_4, theme.SPACE_4)
        self._meetings = QStackedWidget()
        self._meetings.addWidget(self.list)
        self._meetings.addWidget(self._empty)
        shelf = QWidget()
        inner = column(self.filters, space=0)
        inner.addWidget(self._meetings, 1)
        shelf.setLayout(inner)
        self._stack = QStackedWidget()
        for part in (shelf, self.found, self.bin):
            self._stack.addWidget(part)
        self._import_lines: dict[int, _ImportLine] = {}
        self._imports = QVBoxLayout()
        self._imports.setContentsMargins(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4, theme.SPACE_2)
        self.queue = QueueView(commands, actions)
        self.bin_button = action_button(actions.bin, "quiet", words=False)
        places = row(
            action_button(actions.tasks, "quiet"),
            action_button(actions.ask_all, "quiet"),
            None,
            self.bin_button,
            space=theme.SPACE_1,
        )
        places.setContentsMargins(theme.SPACE_2, theme.SPACE_1, theme.SPACE_2, theme.SPACE_1)
        self._field_place = column(space=0)
        layout = column(space=0)
        layout.addLayout(self._field_place)
        layout.addWidget(self._stack, 1)
        layout.addLayout(self._imports)
        layout.addLayout(places)
        layout.addWidget(self.queue)
        self.setLayout(layout)
        self._actions = actions
        self._connect()
        self._days = QTimer(self)
        self._days.setInterval(MINUTE)
        self._days.timeout.connect(self.model.renew_days)
        self._days.start()

    def _connect(self) -> None:
        commands, actions = self._commands, self._actions
        commands.meetings_listed.connect(self.model.set_meetings)
        commands.meeting_changed.connect(self._put)
        commands.meeting_gone.connect(self._take_out)
        commands.activity_changed.connect(self.model.set_activity)
        commands.imports_changed.connect(self._show_imports)
        commands.shown.connect(self._select)
        commands.bin_read.connect(self._name_bin)
        self.model.renamed.connect(commands.rename)
        for changed in (self.model.rowsInserted, self.model.rowsRemoved):
            changed.connect(self._show_empty)
        self.filters.changed.connect(self._filter)
        self.list.selectionModel().selectionChanged.connect(self._selection_changed)
        self.list.clicked.connect(self.chosen)
        self.field.searched.connect(self._search)
        self.field.entered.connect(self.found.enter)
        self.field.chosen.connect(self.found.open_first)
        self.field.asked.connect(self.found.ask_wanted)
        self.found.left.connect(self.begin_search)
        self.bin.left.connect(lambda: self.show_meetings(focus=True))
        connect(actions.search, self.begin_search)
        connect(actions.bin, self._turn_bin)
        connect(actions.star, self._star)

    # --- which meetings ----------------------------------------------------------------------------

    def current(self) -> Meeting | None:
        """The meeting that is shown."""
        return self.model.meeting(self._wanted)

    def selected(self) -> tuple[Meeting, ...]:
        """The meetings that are selected, in the order of the list, else the one that is shown."""
        rows = sorted(self.list.selectedIndexes(), key=QModelIndex.row)
        selected = tuple(meeting for row in rows if (meeting := row.data(Role.MEETING)))
        shown = self.model.meeting(self._wanted)
        return selected or ((shown,) if shown else ())

    def show_meetings(self, *, focus: bool = False) -> None:
        """Shows the list, in place of the bin or of what was found."""
        self._stack.setCurrentIndex(0)
        self._actions.bin.setChecked(False)
        if focus:
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _put(self, meeting: Meeting) -> None:
        self.model.put(meeting)
        self._select_shown()

    def _take_out(self, meeting_id: str) -> None:
        """Takes a meeting out of the list; where it was shown, the one below it is shown, else the one above."""
        row = self.model.index_of(meeting_id).row()
        if meeting_id == self._wanted and row >= 0:
            going = {index.row() for index in self.list.selectedIndexes()} | {row}
            around = (*range(row + 1, self.model.rowCount()), *range(row - 1, -1, -1))
            others = (self.model.index(one).data(Role.MEETING) for one in around if one not in going)
            if beside := next(filter(None, others), None):
                self._commands.show(beside.id)
        self.model.remove(MeetingId(meeting_id))

    def _select(self, meeting_id: str) -> None:
        self._wanted = meeting_id
        index = self.model.index_of(meeting_id)
        if self.list.selectedIndexes() != [index]:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(index, flags)
        if index.isValid():
            self.list.scrollTo(index)

    def select_shown(self) -> None:
        """Selects the meeting that is shown, and no other."""
        if self.model.index_of(self._wanted).isValid():
            self._select(self._wanted)

    def _select_shown(self) -> None:
        """The meeting that is shown is selected where none is, so that what is done is done with it."""
        if not self.list.selectedIndexes():
            self.select_shown()

    def _selection_changed(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        """Shows the one meeting that is selected: where the keyboard only passes by with Ctrl, nothing turns."""
        selected = self.list.selectedIndexes()
        meeting = selected[0].data(Role.MEETING) if len(selected) == 1 else None
        if meeting and meeting.id != self._wanted:
            self._wanted = meeting.id
            self._commands.note_use()
            self.chosen.emit()
            self._commands.show(meeting.id)
        elif not selected:
            QTimer.singleShot(0, self, self._select_shown)  # not amid what takes rows away
        self.selection_changed.emit()

    def _star(self) -> None:
        meetings = self.selected()
        if meetings:
            self._commands.star(*meetings, starred=not all(meeting.starred for meeting in meetings))

    def _filter(self, shown: Shown) -> None:
        self.model.show_only(shown)
        self._show_empty()
        self._select(self._wanted)

    def _show_empty(self) -> None:
        hidden = self.model.count and not self.model.rowCount()
        self._empty.setText(self.filters.nothing() if hidden else "")
        self._meetings.setCurrentIndex(1 if hidden else 0)

    def take_field(self) -> None:
        """Has the search field at the top of the side bar, while the tool bar is not there."""
        self._field_place.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_3, 0)
        self._field_place.addWidget(self.field)
        self.field.show()

    # --- search and bin ----------------------------------------------------------------------------

    def begin_search(self) -> None:
        """Puts the keyboard into the field, on what stands there."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _search(self, asked: str) -> None:
        self.found.look_for(asked)
        if asked.strip():
            self._stack.setCurrentWidget(self.found)
            self._actions.bin.setChecked(False)
        elif self._stack.currentWidget() is self.found:
            # The keyboard goes back to where the meeting stands, unless the person is still writing.
            self.show_meetings(focus=self.found.isAncestorOf(self.focusWidget() or self))

    def _turn_bin(self) -> None:
        if self._stack.currentWidget() is self.bin:
            self.show_meetings(focus=True)
        else:
            self._commands.read_bin()
            self._stack.setCurrentWidget(self.bin)
            self.bin.enter()
        self._actions.bin.setChecked(self._stack.currentWidget() is self.bin)

    def _name_bin(self, binned: tuple[Meeting, ...], cuts: tuple[Cut, ...]) -> None:
        count = len(binned) + len(cuts)
        self._actions.bin.setText(_("Bin ({count})").format(count=count) if count else _("Bin"))

    # --- imports -----------------------------------------------------------------------------------

    def _show_imports(self, imports: tuple[Import, ...]) -> None:
        """Keeps the lines that are there: one that is made anew under the mouse could not be clicked."""
        for number in self._import_lines.keys() - {entry.number for entry in imports}:
            line = self._import_lines.pop(number)
            self._imports.removeWidget(line)
            line.hide()
            line.deleteLater()
        for entry in imports:
            if entry.number not in self._import_lines:
                line = self._import_lines[entry.number] = _ImportLine(entry, self._commands)
                self._imports.addWidget(line)
            self._import_lines[entry.number].progress.setValue(round(100 * entry.fraction))


class MeetingList(Rows):
    """Rows of meetings: several can be selected, F2 renames."""

    def __init__(self, model: MeetingsModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(MeetingDelegate(self))
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QListView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)


class Filters(QWidget):
    """All · Starred · Tags, and a menu with what else is left out and how the meetings are sorted."""

    changed = Signal(object)  # Shown

    def __init__(self, model: MeetingsModel) -> None:
        super().__init__()
        self._model = model
        self._shown = Shown()
        self.all = self._choice(_("All"), _("Show all meetings"))
        self.starred = self._choice(_("Starred"), _("Show the meetings with a star"))
        self.tags = self._choice(_("Tags"), _("Show the meetings with a tag"))
        self.tags.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._tag_menu = QMenu(self)
        self._tag_menu.aboutToShow.connect(self._list_tags)
        self.tags.setMenu(self._tag_menu)
        group = QButtonGroup(self)
        for one in (self.all, self.starred, self.tags):
            group.addButton(one)
        self.all.setChecked(True)
        self.all.clicked.connect(lambda: self._set(starred=False, tag=""))
        self.starred.clicked.connect(lambda: self._set(starred=True, tag=""))
        self.sort = menu_button("", _("Sort and filter"), "funnel-simple")
        self._fill_sort()
        layout = row(self.all, self.starred, self.tags, None, self.sort, space=theme.SPACE_1)
        layout.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_2, 0)
        self.setLayout(layout)

    def nothing(self) -> str:
        """Why the list is empty, and what to do."""
        if self._shown.starred:
            return _("No meeting has a star yet. Give one with the star in its menu.")
        return _("No meeting is like that. Show all to see the others.")

    def _choice(self, text: str, tip: str) -> QToolButton:
        made = QToolButton()
        made.setText(text)
        made.setToolTip(tip)
        made.setAccessibleName(text)
        made.setCheckable(True)
        made.setProperty("kind", "choice")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        return made

    def _set(self, **changes: object) -> None:
        self._shown = replace(self._shown, **changes)  # type: ignore[arg-type]
        self.all.setChecked(not self._shown.starred and not self._shown.tag)
        self.starred.setChecked(self._shown.starred)
        self.tags.setChecked(bool(self._shown.tag))
        self.tags.setText(tips.verbatim(f"#{self._shown.tag}") if self._shown.tag else _("Tags"))
        narrowed = self._shown.which is not Which.ALL
        self.sort.setIcon(theme.icon("funnel-simple", "accent_text" if narrowed else "text2"))
        self.changed.emit(self._shown)

    def _list_tags(self) -> None:
        self._tag_menu.clear()
        known = self._model.tags()
        for tag in known:
            action = self._tag_menu.addAction(tips.verbatim(f"#{tag}"))
            action.setCheckable(True)
            action.setChecked(tag == self._shown.tag)
            action.triggered.connect(lambda _checked=False, tag=tag: self._set(starred=False, tag=tag))
        if not known:
            self._tag_menu.addAction(_("No meeting has a tag yet")).setEnabled(False)
        # The button is checked by the click alone, whatever is chosen then.
        self._set()

    def _fill_sort(self) -> None:
        orders = {
            Order.NEWEST: _("Newest first"),
            Order.OLDEST: _("Oldest first"),
            Order.TITLE: _("By title"),
            Order.LONGEST: _("Longest first"),
        }
        kinds = {
            Which.ALL: _("Every meeting"),
            Which.UNREAD: _("Without a whole text"),
            Which.UNDECIDED: _("Without minutes"),
            Which.FAILED: _("With a problem"),
        }
        for name, options in (("order", orders), ("which", kinds)):
            group = QActionGroup(self)
            for option, text in options.items():
                action = QAction(text, self)
                action.setCheckable(True)
                action.setChecked(option in {Order.NEWEST, Which.ALL})
                group.addAction(action)
                self.sort.menu().addAction(action)
                action.triggered.connect(
                    lambda _checked=False, name=name, option=option: self._set(**{name: option})
                )
            self.sort.menu().addSeparator()


class _ImportLine(QWidget):
    """A file that is being brought in: how far, and the button that leaves it."""

    def __init__(self, entry: Import, commands: Commands) -> None:
        super().__init__()
        doing = _("Importing “{name}”").format(name=entry.name)
        text = OneLine("meta")
        text.say(doing)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(doing)
        leave = button(
            "",
            lambda: commands.stop_import(entry.number),
            kind="quiet",
            icon="x",
            tip=_("Stop this import"),
        )
        both = row()
        both.addLayout(column(text, self.progress, space=theme.SPACE_1), 1)
        both.addWidget(leave)
        self.setLayout(both)
