"""The settings' page where every action is given its keys."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import QGridLayout, QKeySequenceEdit, QLineEdit, QWidget
from shiboken6 import isValid

from core.messages import _
from desktop import theme
from desktop.commands import Commands
from desktop.views.actions import Actions, keys_of, native, writes_or_moves
from desktop.views.settings.page import SettingsPage
from desktop.views.widgets import announce, button, clearable, label

KEYS_WIDTH = 180

AT_ONCE = 6
"""Lines that are made before the window answers again: some hundredths of a second."""


class ShortcutsPage(SettingsPage):
    """Each action with a field for its keys; those that another action or writing needs are refused with the reason."""

    @staticmethod
    def title() -> str:
        """The name of the page."""
        return _("Shortcuts")

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands)
        self.actions_: Actions | None = None
        self._fields: dict[str, QKeySequenceEdit] = {}
        self._lines_of: dict[str, tuple[QWidget, ...]] = {}
        self._rest: Iterator[tuple[str, QAction]] = iter(())  # what has no line yet
        self.add_hint(label(_("Press the new keys in a field; they count at once."), "quietText", wrap=True))
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_("Look for an action"))
        clearable(self.filter)
        self.filter.textChanged.connect(self._filter)
        self.add("", self.filter)
        self.filter.setAccessibleName(_("Look for an action"))
        self.conflict = label("", "warning", wrap=True)
        self.conflict.hide()
        self.add_hint(self.conflict)
        self._list = QWidget()
        self._grid = QGridLayout(self._list)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_3)
        self._grid.setVerticalSpacing(theme.SPACE_1)
        self._grid.setColumnStretch(0, 1)
        self.add_wide("", self._list)
        self.add(
            "",
            button(_("Reset all"), self._reset_all, tip=_("Give every action its usual keys again")),
        )
        self.end()

    def showEvent(self, event: QShowEvent) -> None:
        """Lists the actions once they are to be seen."""
        if self.actions_ and not self._fields:
            self._rest = iter(self.actions_.named.items())
            self._list_some()
        super().showEvent(event)

    def _list_some(self) -> None:
        """Gives some more of the window's actions a line, in the order of their making: all at once take too long."""
        some = list(islice(self._rest, AT_ONCE))
        for name, action in some:
            self._add_line(name, action)
        if some:
            self._filter(self.filter.text())
            QTimer.singleShot(0, self, self._list_some)

    def _add_line(self, name: str, action: QAction) -> None:
        assert self.actions_
        called = self.actions_.words[name]
        words = label(called, wrap=True)
        field = QKeySequenceEdit(action.shortcut())
        field.setMaximumSequenceLength(1)
        field.setClearButtonEnabled(True)
        field.setFixedWidth(KEYS_WIDTH)
        field.setAccessibleName(_("Shortcut of “{action}”").format(action=called))
        field.setToolTip(action.toolTip())
        for inner in field.findChildren(QLineEdit):
            inner.setAccessibleName(field.accessibleName())
            inner.setToolTip(action.toolTip())
        field.editingFinished.connect(partial(self._keep, name))
        reset = button(
            _("Reset"),
            partial(self._reset, name),
            kind="link",
            tip=_("Give “{action}” its usual keys again").format(action=called),
        )
        reset.setAccessibleName(reset.toolTip())
        room = reset.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        reset.setSizePolicy(room)
        for column, part in enumerate((words, field, reset)):
            self._grid.addWidget(part, len(self._fields), column)
        self._fields[name] = field
        self._lines_of[name] = (words, field, reset)

    def _filter(self, text: str) -> None:
        assert self.actions_
        for name, (words, field, reset) in self._lines_of.items():
            fits = text.casefold() in self.actions_.words[name].casefold()
            words.setVisible(fits)
            field.setVisible(fits)
            reset.setVisible(fits and self._differs(name))

    def _differs(self, name: str) -> bool:
        """Whether an action has other keys than its usual ones."""
        assert self.actions_
        return self.actions_.named[name].shortcut().toString() != self.actions_.usual[name]

    def _keep(self, name: str) -> None:
        """Gives the action what stands in its field, unless it is needed elsewhere."""
        assert self.actions_
        if not isValid(self.actions_.named[name]):
            return  # a field loses the keyboard while the window is taken down
        keys = self._fields[name].keySequence()
        if keys == self.actions_.named[name].shortcut():
            return
        if refused := self._refused(name, keys):
            self._fields[name].setKeySequence(self.actions_.named[name].shortcut())
            self._say(refused)
            return
        self._say("")
        self._change({**keys_of(self.commands.settings.shortcuts), name: keys.toString()})

    def _refused(self, name: str, keys: QKeySequence) -> str:
        """Why an action cannot have these keys, '' where it can."""
        assert self.actions_
        if keys.toString() != self.actions_.usual[name] and writes_or_moves(keys):
            control, alt = (
                native(QKeySequence(f"{one}+A")).removesuffix("A").rstrip("+") for one in ("Ctrl", "Alt")
            )
            return _("{keys} is needed to write and to move about. Hold {control} or {alt} with it.").format(
                keys=native(keys), control=control, alt=alt
            )
        if other := self.actions_.owner_of(keys, name):
            return _(
                "{keys} already belongs to “{action}”. Choose other keys, or change those first."
            ).format(keys=native(keys), action=self.actions_.words[other])
        return ""

    def _reset(self, name: str) -> None:
        assert self.actions_
        usual = QKeySequence(self.actions_.usual[name])
        self._fields[name].setKeySequence(usual)
        self._keep(name)

    def _reset_all(self) -> None:
        self._say("")
        self._change({})

    def _change(self, chosen: dict[str, str]) -> None:
        """Keeps what differs from the usual keys; the actions follow the settings."""
        assert self.actions_
        usual = self.actions_.usual
        kept = {name: keys for name, keys in chosen.items() if keys != usual.get(name)}
        self.commands.change_settings(
            shortcuts=tuple(f"{name}={keys}" for name, keys in sorted(kept.items()))
        )
        for name, field in self._fields.items():
            field.setKeySequence(self.actions_.named[name].shortcut())
            field.setToolTip(self.actions_.named[name].toolTip())
        self._filter(self.filter.text())

    def _say(self, words: str) -> None:
        self.conflict.setText(words)
        self.conflict.setVisible(bool(words))
        if words:
            announce(self.conflict)
