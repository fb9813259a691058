"""What opens over the window: the settings, the export sheet, the guide, and what is asked before something is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core import messages, paths
from core.messages import _, ngettext
from core.values import Meeting
from desktop.commands import Consent
from desktop.views.actions import connect
from desktop.views.widgets import Question

if TYPE_CHECKING:
    from desktop.views.main_window import MainWindow
    from desktop.views.settings.dialog import SettingsDialog
    from desktop.views.settings.page import SettingsPage


class Dialogs(QObject):
    """Opens them for the window's actions; each is imported when it is first wanted."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._commands, self._library = window, window.commands, window.library
        actions = window.actions_
        connect(actions.settings, self.open_settings)
        connect(actions.models, self._open_models)
        connect(actions.about, self._open_about)
        connect(actions.guide, self._open_guide)
        actions.guide.setVisible(paths.GUIDES.is_dir())
        connect(actions.export, lambda: self._export(self._library.selected(), window))
        connect(actions.drop_sound, self._ask_to_drop_sound)
        self._commands.consent_wanted.connect(self._ask_consent)

    def open_settings(self, page: type[SettingsPage] | None = None) -> SettingsDialog:
        """Opens the settings at a page, the first by itself."""
        from desktop.views.settings.dialog import PAGES, SettingsDialog

        dialog = SettingsDialog(self._commands, self._window, page or PAGES[0])
        dialog.open()
        return dialog

    def open_summaries(self) -> None:
        """Opens the settings where it is chosen who writes minutes."""
        from desktop.views.settings.summaries import SummariesPage

        self.open_settings(SummariesPage)

    def _open_models(self) -> None:
        from desktop.views.settings.transcription import TranscriptionPage

        self.open_settings(TranscriptionPage).page(TranscriptionPage).turn_to_models()

    def _open_about(self) -> None:
        from desktop.views.settings.about import AboutPage

        self.open_settings(AboutPage)

    def _open_guide(self) -> None:
        from desktop.views.guide import Guide

        guide = self._window.findChild(Guide) or Guide(self._window)
        guide.show()
        guide.raise_()
        guide.activateWindow()

    def export_all(self, over: QWidget) -> None:
        """Opens the export sheet for every meeting of the library, `over` another window."""
        self._export(self._library.model.all(), over)

    def _export(self, chosen: Sequence[Meeting], over: QWidget) -> None:
        if chosen:
            from desktop.views.export_sheet import ExportSheet

            ExportSheet(self._commands, chosen, over).open()

    def _ask_consent(self, consent: Consent) -> None:
        """Nothing leaves this machine before the person has said so."""
        question = Question(
            self._window,
            _("Send the text?"),
            consent.sentence,
            yes=(_("Send it"), _("Send the text there, now and later")),
            no=(_("Send nothing"), _("Leave things as they are")),
        )
        question.accepted.connect(consent.agree)
        question.rejected.connect(consent.refuse)
        question.open()

    def _ask_to_drop_sound(self) -> None:
        chosen = [meeting for meeting in self._library.selected() if can_lose_sound(meeting)]
        text = ngettext(
            "The sound of {what} ({size}) is deleted for good. Text, minutes and notes stay, but it can be "
            "neither heard nor transcribed again.",
            "The sound of {what} ({size}) is deleted for good. Text, minutes and notes stay, but they can be "
            "neither heard nor transcribed again.",
            len(chosen),
        )
        what = (
            _("“{title}”").format(title=chosen[0].title)
            if len(chosen) == 1
            else ngettext("{count} meeting", "{count} meetings", len(chosen)).format(count=len(chosen))
        )
        question = Question(
            self._window,
            _("Delete the sound"),
            text.format(what=what, size=messages.size(sum(one.size for one in chosen))),
            yes=(_("Delete the sound"), _("Delete it for good and keep the text")),
            no=(_("Keep it"), _("Leave things as they are")),
        )
        question.accepted.connect(lambda: self._commands.remove_sound(*chosen))
        question.open()


def can_lose_sound(meeting: Meeting) -> bool:
    """Whether a meeting has sound, and all of its text."""
    return bool(meeting.audio) and meeting.transcript_complete and not meeting.recording_open
