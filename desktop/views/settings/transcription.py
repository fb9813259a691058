"""The settings' page about speech to text."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QApplication

from core import messages
from core.messages import _
from core.values import Models
from desktop import theme
from desktop.commands import Commands
from desktop.views import tab_order
from desktop.views.models_page import ModelList, choose_folder
from desktop.views.settings.page import SettingsPage, fill
from desktop.views.settings.vocabulary import VocabularyPage
from desktop.views.widgets import button

SPOKEN = [
    "en",
    "fr",
    "de",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "sv",
    "da",
    "fi",
    "cs",
    "el",
    "tr",
    "ru",
    "uk",
    "ar",
    "hi",
    "ja",
    "ko",
    "zh",
]
"""Spoken languages on offer: those of Whisper's that it understands well or that many people speak."""


class TranscriptionPage(SettingsPage):
    """The speech model, the spoken language, the quality, the vocabulary; and every model there is."""

    @staticmethod
    def title() -> str:
        """The name of the page."""
        return _("Transcription")

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands)
        settings = commands.settings
        self._models: Models | None = None
        self._turning = False
        self.models = self.choice([(settings.model, settings.model or _("Looking…"))], "model")
        self.model_list = ModelList(commands)
        self.add(_("Speech model"), self.models, _("Larger models understand more and take longer."))
        self.add(
            "",
            button(
                _("Add a model folder…"),
                lambda: choose_folder(commands, self),
                icon="plus",
                tip=_("Choose the folder of a faster-whisper model"),
            ),
        )
        self.spoken = self.choice(spoken_languages(settings.spoken_language), "spoken_language")
        self.add(_("Spoken language"), self.spoken)
        presets = [("best", _("Best")), ("balanced", _("Balanced")), ("fast", _("Fast"))]
        self.add(_("Quality"), self.choice(presets, "preset"), _presets())
        self.vocabulary = VocabularyPage(commands)
        self.add_wide(_("Vocabulary"), self.vocabulary)
        self.add_wide(_("Speech models"), self.model_list)
        self.end()
        commands.models_found.connect(self._show_models)
        commands.settings_changed.connect(self._show_model)
        commands.look_for_models()

    def commit(self) -> None:
        """Keeps the vocabulary that is being written."""
        self.vocabulary.keep()

    def turn_to_models(self) -> None:
        """Brings the list of models into sight, with the keyboard on it, once it is there."""
        self._turning = True

    def _show_models(self, models: Models) -> None:
        self._models = models
        self._show_model()
        if self._turning:
            self._turning = False
            QTimer.singleShot(0, self, self._bring_models)  # when they have their places

    def _bring_models(self) -> None:
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        if first := next(tab_order.controls(self.model_list), None):
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.verticalScrollBar().setValue(self.model_list.y() - theme.SPACE_8)

    def _show_model(self) -> None:
        if self._models:
            chosen = self.commands.settings.model
            name = Path(chosen).name or _("The program's own model")
            fill(self.models, _models(self._models, chosen), chosen, name)


def _models(models: Models, chosen: str) -> list[tuple[str, str]]:
    entries = []
    for model in models.here:
        facts = (model.name, messages.size(model.size), messages.model_languages(model.languages))
        # Without a name the program's own one is meant, so that a later program may bring a better one.
        usual = "" if model == models.chosen("") else model.name
        entries.append((chosen if model == models.chosen(chosen) else usual, " · ".join(facts)))
    return entries


def _presets() -> str:
    """A sentence for each preset."""
    return "\n".join(
        (
            _("Best: the fewest errors, and the longest wait."),
            _("Balanced: nearly as few errors in less time."),
            _("Fast: the shortest wait and more errors, for a first look."),
        )
    )


def spoken_languages(chosen: str) -> list[tuple[str, str]]:
    """The languages that are offered for meetings; `chosen` is among them where it is one at all."""
    spoken = [("", _("Find out by itself"))]
    spoken += [(code, messages.language_name(code)) for code in SPOKEN]
    if chosen not in dict(spoken) and messages.language_name(chosen) != chosen:
        spoken.append((chosen, messages.language_name(chosen)))
    return spoken
