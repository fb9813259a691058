"""The menus of the window."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from core.messages import _
from desktop.views.actions import Actions


def _with_key(name: str, taken: set[str]) -> str:
    """The name of a menu with its first letter that no menu before has as the one that opens it with Alt."""
    for place, letter in enumerate(name.casefold()):
        if letter.isascii() and letter.isalpha() and letter not in taken:
            taken.add(letter)
            return f"{name[:place]}&{name[place:]}"
    return name


def fill_menus(bar: QMenuBar, actions: Actions, sources: QMenu, recent: QMenu) -> None:
    """Puts every action of the window into its menu; `sources` chooses what is recorded."""
    groups: tuple[tuple[str, tuple[QAction | QMenu | None, ...]], ...] = (
        (
            _("Library"),
            (
                actions.import_files,
                actions.import_parts,
                actions.sample,
                recent,
                None,
                actions.search,
                actions.ask_all,
                actions.tasks,
                actions.bin,
                None,
                actions.settings,
                actions.models,
                None,
                actions.quit,
            ),
        ),
        (
            _("Edit"),
            (
                actions.undo,
                actions.redo,
                None,
                actions.find,
                actions.replace,
                None,
                *actions.of_text,
                None,
                actions.next_doubt,
                actions.previous_doubt,
            ),
        ),
        (
            _("Meeting"),
            (
                actions.star,
                actions.rename,
                actions.tags,
                actions.note,
                actions.consent,
                actions.continue_recording,
                None,
                actions.transcribe,
                actions.stretch,
                actions.translate,
                actions.minutes_offline,
                actions.minutes_mistral,
                actions.minutes_server,
                None,
                actions.export,
                actions.markdown,
                actions.copy,
                actions.copy_rich,
                actions.print_out,
                actions.send,
                None,
                actions.drop_sound,
                actions.delete,
            ),
        ),
        (
            _("Recording"),
            (
                actions.record,
                sources,
                None,
                actions.pause,
                actions.bookmark,
                actions.stop,
            ),
        ),
        (_("Playback"), (*actions.of_player, None, actions.bookmark)),
        (
            _("View"),
            (
                actions.library,
                actions.queue,
                actions.summary,
                actions.transcript,
                actions.notes,
                actions.todo,
                actions.speakers,
                actions.questions,
            ),
        ),
        (_("Help"), (actions.guide, actions.about)),
    )
    keys: set[str] = set()
    for name, entries in groups:
        menu = bar.addMenu(_with_key(name, keys))
        menu.setToolTipsVisible(True)
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            elif isinstance(entry, QMenu):
                menu.addMenu(entry)
            else:
                menu.addAction(entry)
