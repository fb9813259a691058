"""The settings' page about the library's folder, the room it takes, and what may leave this machine."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QWidget

from core import messages, paths
from core.messages import _, ngettext, pgettext
from core.settings import rules_of
from core.values import Progress, Storage
from desktop import theme
from desktop.commands import Commands
from desktop.views.bin_view import EmptyBin
from desktop.views.export_sheet import choose_folder
from desktop.views.settings.page import SettingsPage, fill
from desktop.views.widgets import Question, button, choice, column, hand_keyboard, label, row

AGES = (7, 30, 90, 180, 365, 730)
"""Days after which sound can go by itself."""

AS_ALL = -1


def _consent() -> str:
    """Where it is written down that a meeting may be recorded, in the words that stand there."""
    words = _(
        "“{note}” in the menu of a meeting, or “{agreed}” beside “{record}”, writes into its notes who agreed to be "
        "recorded."
    )
    return words.format(
        note=_("Note the consent"), agreed=_("Everybody agreed to be recorded"), record=_("Record")
    )


class StoragePage(SettingsPage):
    """Where everything lies and how big it is; the bin; who may be sent text."""

    export_all_wanted = Signal()

    @staticmethod
    def title() -> str:
        """The name of the page."""
        return _("Storage & privacy")

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands)
        self._storage: Storage | None = None
        self.folder = label(paths.short(str(commands.places.root)), wrap=True)
        self.folder.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.folder.setAccessibleName(_("Folder of the library"))
        self.open = button(
            _("Open the folder"), commands.open_library_folder, tip=_("Show it in the file manager")
        )
        self.move_library = button(
            _("Move…"), self._choose_where_to_move, tip=_("Move the whole library to another folder or disk")
        )
        self.other = button(
            _("Use another folder…"),
            self._choose_another,
            tip=_("Open the library of another folder, or begin one there; this one stays as it is"),
        )
        self.stop = button(_("Stop"), commands.stop_moving, tip=_("Stop; the library stays where it is"))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.setAccessibleName(_("Progress"))
        self.moving = label("", "meta")
        self.add_wide(_("Folder of the library"), self.folder)
        self._add_buttons(row(self.open, self.move_library, None), row(self.other, self.stop, None))
        self.add_layout(column(self.moving, self.progress))
        self.add_hint(
            label(
                _(
                    "Moving copies and compares everything first, and removes it here only then. "
                    "The window opens again on the new folder."
                ),
                "meta",
                wrap=True,
            )
        )
        self._sizes = QWidget()
        self._grid = QGridLayout(self._sizes)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_6)
        self._grid.setVerticalSpacing(theme.SPACE_1)
        self._grid.setColumnStretch(2, 1)
        self._figures: dict[str, QLabel] = {}
        for key, name in (
            ("sound", _("Recordings")),
            ("text", _("Texts and minutes")),
            ("models", _("Speech models you added")),
            ("backups", _("Backups")),
            ("exports", _("Exports")),
            ("free", _("Free on this disk")),
        ):
            self._add_figure(key, name)
        self.add_wide(_("Room it takes"), self._sizes)
        self.of_tag = choice()
        self.of_tag.setToolTip(_("For all meetings, or for those with a tag"))
        self.of_tag.activated.connect(lambda _place: self._show_rule())
        self.add(_("Keep the sound of"), self.of_tag)
        self.days = choice()
        self.days.activated.connect(lambda _place: self._keep_rule())
        self.add(
            pgettext("duration", "For"),
            self.days,
            _("Older sound is deleted for good when the program starts; text, minutes and notes stay."),
        )
        self.due = label("", "warning", wrap=True)
        self.due.hide()
        self.add_hint(self.due)
        self.export_all = button(
            _("Export all meetings…"),
            self.export_all_wanted.emit,
            tip=_("Write every meeting as files that other programs read"),
        )
        self.export_all.setEnabled(False)
        self.add_wide(
            _("Taking it with you"),
            label(
                _("A backup, which has a page of its own, is the whole library as one file."),
                "meta",
                wrap=True,
            ),
        )
        self._add_buttons(row(self.export_all, None))
        self.binned = label("", wrap=True)
        self.empty = button(_("Empty the bin…"), self._ask_to_empty, tip=_("Remove all of it for good"))
        self.add_wide(_("Bin"), self.binned)
        self._add_buttons(row(self.empty, None))
        self.erase = button(
            _("Delete everything…"),
            self._ask_to_erase,
            kind="erase",
            tip=_("Delete every meeting, remembered voice and word of the vocabulary for good"),
        )
        self._add_buttons(row(self.erase, None))
        self.sent = label("", wrap=True)
        self.withdraw = button(
            _("Ask me again"),
            lambda: commands.change_settings(consents=()),
            tip=_("Ask again before any text leaves this machine"),
        )
        self.add_wide(_("Privacy"), self.sent)
        self._add_buttons(row(self.withdraw, None))
        self.add_hint(label(_consent(), "meta", wrap=True))
        self.end()
        self._show_tags(())
        self._show_consents()
        self._show_moving(None)
        commands.library_moving.connect(self._show_moving)
        commands.storage_known.connect(self._show)
        commands.bin_read.connect(self._look)
        commands.settings_changed.connect(self._show_consents)
        commands.settings_kept.connect(self._look)

    def _add_figure(self, key: str, name: str) -> None:
        line = self._grid.rowCount()
        figure = label("…")
        figure.setAccessibleName(name)
        figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(label(name, "meta"), line, 0)
        self._grid.addWidget(figure, line, 1)
        self._figures[key] = figure

    def _add_buttons(self, *lines: QHBoxLayout) -> None:
        part, below = QWidget(), column()
        for line in lines:
            below.addLayout(line)
        part.setLayout(below)
        self.add_wide("", part)

    def showEvent(self, event: QShowEvent) -> None:
        """Looks how things are now."""
        super().showEvent(event)
        self._look()

    def _look(self, *_found: object) -> None:
        if self.isVisible():
            self.commands.look_at_storage()

    def _show(self, found: Storage) -> None:
        self._storage = found
        self.export_all.setEnabled(bool(found.meetings))
        self._show_tags(found.tags)
        for key, figure in self._figures.items():
            figure.setText(messages.size(getattr(found, key)))
        what = []
        if found.binned_meetings:
            meetings = ngettext("{count} meeting", "{count} meetings", found.binned_meetings)
            what.append(meetings.format(count=found.binned_meetings))
        if found.binned_cuts:
            cuts = ngettext("{count} cut passage", "{count} cut passages", found.binned_cuts)
            what.append(cuts.format(count=found.binned_cuts))
        self.binned.setText(
            " · ".join((*what, messages.size(found.binned))) if what else _("The bin is empty.")
        )
        self.empty.setEnabled(bool(what))
        due = ngettext(
            "At the next start the sound of {count} meeting is deleted ({size}).",
            "At the next start the sound of {count} meetings is deleted ({size}).",
            found.due_meetings,
        )
        self.due.setText(due.format(count=found.due_meetings, size=messages.size(found.due)))
        self.due.setVisible(bool(found.due_meetings))

    def _show_tags(self, tags: tuple[str, ...]) -> None:
        shown = str(self.of_tag.currentData() or "")
        fill(
            self.of_tag,
            [("", _("All meetings")), *((tag, f"#{tag}") for tag in tags)],
            shown,
            name=f"#{shown}",
        )
        self._show_rule()

    def _show_rule(self) -> None:
        tag = str(self.of_tag.currentData())
        rules = rules_of(self.commands.settings)
        ages: list[tuple[str | int, str]] = [
            (0, _("Always")),
            *((days, ngettext("{count} day", "{count} days", days).format(count=days)) for days in AGES),
        ]
        if tag:
            ages.insert(0, (AS_ALL, _("As all meetings")))
        self.days.clear()
        fill(self.days, ages, rules.get(tag.casefold(), AS_ALL if tag else 0))

    def _keep_rule(self) -> None:
        tag = str(self.of_tag.currentData()).casefold()
        rules = rules_of(self.commands.settings) | {tag: int(self.days.currentData())}
        self.commands.change_settings(
            sound_rules=tuple(f"{one}={days}" for one, days in sorted(rules.items()) if days != AS_ALL)
        )

    def _choose_where_to_move(self) -> None:
        dialog = choose_folder(self, _("Move the library to"), str(Path.home()))
        dialog.fileSelected.connect(lambda folder: self.commands.move_library(Path(folder)))
        dialog.open()

    def _choose_another(self) -> None:
        dialog = choose_folder(self, _("Use the library in"), str(self.commands.places.root.parent))
        dialog.fileSelected.connect(lambda folder: self.commands.use_library(Path(folder)))
        dialog.open()

    def _show_moving(self, progress: Progress | None) -> None:
        busy = self.commands.is_moving
        ways = (self.move_library, self.other)
        if busy:
            self.stop.show()
            hand_keyboard(ways, self.stop)
        for part in ways:
            part.setEnabled(not busy)
        if not busy:
            hand_keyboard([self.stop], self.move_library)
        for shown in (self.stop, self.moving, self.progress):
            shown.setVisible(busy)
        if progress:
            self.moving.setText(messages.stage_label(progress.stage))
            self.progress.setValue(round(1000 * (progress.fraction or 0.0)))

    def _show_consents(self, _changed: object = None) -> None:
        places = [
            messages.provider_name(place) if place == "mistral" else place
            for place in self.commands.settings.consents
        ]
        self.sent.setText(
            _("Text may be sent to {places}. Sound never leaves this machine.").format(
                places=", ".join(places)
            )
            if places
            else _("Neither sound nor text leaves this machine. Before any text does, you are asked.")
        )
        self.withdraw.setVisible(bool(places))

    def _ask_to_erase(self) -> None:
        question = Question(
            self,
            _("Delete everything"),
            _(
                "Every meeting with its sound, text, minutes and notes, what is in the bin, all remembered voices and "
                "the vocabulary are deleted. This cannot be undone. Backups, exports, models and settings stay."
            ),
            yes=(_("Delete everything for good"), _("Leave an empty library")),
            no=(_("Keep everything"), _("Leave things as they are")),
        )
        question.accepted.connect(self.commands.erase_library)
        question.open()

    def _ask_to_empty(self) -> None:
        if self._storage:
            question = EmptyBin(self, self._storage.binned_meetings, self._storage.binned_cuts)
            question.accepted.connect(self.commands.remove)
            question.open()
