"""The settings: one dialog, a page per subject, every change kept at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core import messages
from core.messages import _
from core.settings import Settings
from core.values import Channel, Devices, Models
from desktop import theme
from desktop.commands import Commands
from desktop.views.about_page import AboutPage
from desktop.views.actions import no_system_sound, sources
from desktop.views.models_page import ModelList, choose_folder
from desktop.views.vocabulary_page import VocabularyPage
from desktop.views.widgets import button, label, row

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

TRANSCRIPTION = 2
"""The page with the speech models."""

DIALOG = QSize(720, 560)
FIELD_WIDTH = 320
PAGE_ROW = 36

LOOK_MILLISECONDS = 5000
"""How long after one look at the devices the next follows, while they are shown: each takes a process of its own."""

SILENCES = (15, 30, 60)
"""Minutes without a voice after which a recording may end by itself."""

Entries = Sequence[tuple[str | int, str]]
"""What a field offers: the values of the setting, and their words."""


class SettingsDialog(QDialog):
    """Shows `Commands.settings` and changes them."""

    def __init__(self, commands: Commands, parent: QWidget, page: int = 0) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(DIALOG)
        self._commands = commands
        self._models: Models | None = None
        self.pages = QListWidget()
        self.pages.setObjectName("pages")
        self.pages.setAccessibleName(_("Settings pages"))
        self.pages.setFixedWidth(190)
        self._stack = QStackedWidget()
        for name, content in (
            (_("General"), self._general()),
            (_("Recording"), self._recording()),
            (_("Transcription"), self._transcription()),
            (_("Summaries"), self._summaries()),
            (_("About & diagnostics"), self._about()),
        ):
            self.pages.addItem(name)
            self.pages.item(self.pages.count() - 1).setSizeHint(QSize(0, PAGE_ROW))
            self._stack.addWidget(content)
        self.pages.currentRowChanged.connect(self._turn_to)
        layout = row(self.pages, space=0)
        layout.addWidget(self._stack, 1)
        self.setLayout(layout)
        commands.models_found.connect(self._show_models)
        commands.devices_found.connect(self._show_devices)
        commands.settings_changed.connect(self._enable_microphones)
        commands.settings_changed.connect(self._show_model)
        self._enable_microphones(commands.settings)
        commands.key_known.connect(self._show_key)
        commands.look_for_models()
        commands.look_for_key()
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(LOOK_MILLISECONDS)
        self._look.timeout.connect(commands.look_for_devices)
        self.pages.setCurrentRow(page)

    # --- pages -------------------------------------------------------------------------------------

    def _general(self) -> QWidget:
        settings = self._commands.settings
        languages = [("", _("As the system")), ("en", "English"), ("fr", "Français")]
        looks = [("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))]
        page = _Page(_("General"))
        page.add(
            _("Language"),
            self._choice(languages, settings.language, "language"),
            _("The window changes its language when the program starts again."),
        )
        page.add(_("Appearance"), self._choice(looks, settings.appearance, "appearance"))
        return page.ended()

    def _recording(self) -> QWidget:
        settings = self._commands.settings
        live = [
            ("on", _("While recording")),
            ("mains", _("While recording, but not on battery")),
            ("off", _("After the recording")),
        ]
        silences = [(0, _("Never")), *((one, messages.length(60 * one)) for one in SILENCES)]
        closing = [
            ("", _("Ask")),
            ("keep", _("Go on recording in the background")),
            ("stop", _("Stop and keep the recording")),
        ]
        chosen = settings.microphone
        self.microphones = self._choice([(chosen, chosen or _default_microphone())], chosen, "microphone")
        self.system = label("", "meta", wrap=True)
        self._devices_page = page = _Page(_("Recording"))
        self.sources = self._choice(
            [(name, text) for name, (text, _tip) in sources().items()], settings.sources, "sources"
        )
        page.add(_("What is recorded"), self.sources)
        page.add_hint(self.system)
        page.add(_("Microphone"), self.microphones)
        page.add(_("Text is made"), self._choice(live, settings.live_text, "live_text"))
        page.add(
            _("Stop by itself when nobody is heard for"),
            self._choice(silences, settings.stop_after_silence, "stop_after_silence"),
        )
        page.add(_("Closing the window while recording"), self._choice(closing, settings.closing, "closing"))
        return page.ended()

    def _transcription(self) -> QWidget:
        settings = self._commands.settings
        spoken = [("", _("Find out by itself"))]
        spoken += [(code, messages.language_name(code)) for code in SPOKEN]
        rare = settings.spoken_language
        if rare not in dict(spoken) and messages.language_name(rare) != rare:
            spoken.append((rare, messages.language_name(rare)))
        looking = [(settings.model, settings.model or _("Looking…"))]
        self.models = self._choice(looking, settings.model, "model")
        page = _Page(_("Transcription"))
        self.model_list = ModelList(self._commands)
        page.add(_("Speech model"), self.models, _("Larger models understand more and take longer."))
        page.add(
            "",
            button(
                _("Add a model folder…"),
                lambda: choose_folder(self._commands, self),
                icon="plus",
                tip=_("Choose the folder of a faster-whisper model"),
            ),
        )
        self.spoken = self._choice(spoken, settings.spoken_language, "spoken_language")
        page.add(_("Spoken language"), self.spoken)
        presets = [("best", _("Best")), ("balanced", _("Balanced")), ("fast", _("Fast"))]
        page.add(_("Quality"), self._choice(presets, settings.preset, "preset"), _presets())
        voices = [(True, _("Tell them apart by their voices")), (False, _("Leave them together"))]
        page.add(_("Speakers"), self._choice(voices, settings.tell_voices_apart, "tell_voices_apart"))
        self.vocabulary = VocabularyPage(self._commands)
        page.add_wide(_("Vocabulary"), self.vocabulary)
        page.add_wide(_("Speech models"), self.model_list)
        return page.ended()

    def _summaries(self) -> QWidget:
        settings = self._commands.settings
        providers = [("offline", messages.provider_name("offline")), ("mistral", "Mistral")]
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setPlaceholderText(_("Enter a key"))
        self.key.editingFinished.connect(self._keep_key)
        self._key_state = label("", "meta", wrap=True)
        self._forget = button(
            _("Forget the key"),
            lambda: self._commands.keep_key(""),
            kind="link",
            tip=_("Remove the kept key"),
        )
        address = QLineEdit(settings.provider_address)
        address.setPlaceholderText(_("Mistral's own"))
        address.editingFinished.connect(
            lambda: self._commands.change_settings(provider_address=address.text().strip())
        )
        page = _Page(_("Summaries"))
        page.add(
            _("Made by"),
            self._choice(providers, settings.provider, "provider"),
            _("On this machine nothing is sent anywhere. Mistral receives the text, never the sound."),
        )
        page.add(_("Mistral key"), self.key)
        page.add("", self._key_state)
        page.add("", self._forget)
        page.add(_("Server address"), address, _("For another server that speaks the same protocol."))
        self._show_key(known=self._commands.has_key)
        return page.ended()

    def _about(self) -> QWidget:
        page = _Page(_("About & diagnostics"))
        page.add("", AboutPage(self._commands))
        return page.ended()

    # --- what is asked and answered ----------------------------------------------------------------

    def _choice(self, entries: Entries, chosen: str | int, field: str) -> QComboBox:
        box = QComboBox()
        _fill(box, entries, chosen)
        box.activated.connect(lambda place: self._commands.change_settings(**{field: box.itemData(place)}))
        return box

    def _turn_to(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self._look.stop()
        if self._stack.currentWidget() is self._devices_page:
            self._commands.look_for_devices()

    def _show_models(self, models: Models) -> None:
        self._models = models
        self._show_model()

    def _show_model(self) -> None:
        if self._models:
            chosen = self._commands.settings.model
            name = Path(chosen).name or _("The program's own model")
            _fill(self.models, _models(self._models, chosen), chosen, name)

    def _show_devices(self, devices: Devices) -> None:
        """Shows what is there now; an open list is left alone until the next look."""
        if self._stack.currentWidget() is self._devices_page:
            self._look.start()
        if not self.microphones.view().isVisible():
            _fill(self.microphones, _microphones(devices), self._commands.settings.microphone)
        heard = f"{messages.source_name(Channel.SYSTEM)} · {devices.system}"
        self.system.setText(no_system_sound(devices) or heard)

    def _enable_microphones(self, settings: Settings) -> None:
        self.microphones.setEnabled(settings.sources != "system")

    def _show_key(self, known: bool) -> None:
        self._key_state.setText(_("A key is kept.") if known else _("There is no key yet."))
        self._forget.setVisible(known)

    def _keep_key(self) -> None:
        if key := self.key.text().strip():
            self.key.clear()
            self._commands.keep_key(key)


class _Page(QScrollArea):
    """A heading, then a label and a field per line, with a hint below where it helps; scrolled where it is long."""

    def __init__(self, heading: str) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        self.setWidget(content)
        self._lines = QVBoxLayout(content)
        self._lines.setContentsMargins(theme.SPACE_6, theme.SPACE_4, theme.SPACE_6, theme.SPACE_6)
        self._lines.setSpacing(theme.SPACE_1)
        self._lines.addWidget(label(heading, "heading"))

    def add(self, name: str, field: QWidget, hint: str = "") -> None:
        """Adds a field; its name is read out with it."""
        self._lines.addSpacing(theme.SPACE_3)
        if name:
            field.setAccessibleName(name)
            words = label(name)
            words.setBuddy(field)
            self._lines.addWidget(words)
        line = QHBoxLayout()
        line.addWidget(field)
        line.addStretch(1)
        if isinstance(field, (QComboBox, QLineEdit)):
            field.setFixedWidth(FIELD_WIDTH)
        self._lines.addLayout(line)
        if hint:
            self.add_hint(label(hint, "meta", wrap=True))

    def add_wide(self, name: str, part: QWidget) -> None:
        """Adds a part as wide as the page, under its name."""
        self._lines.addSpacing(theme.SPACE_3)
        self._lines.addWidget(label(name))
        self._lines.addWidget(part)

    def add_hint(self, hint: QLabel) -> None:
        """Adds a text about the field above."""
        self._lines.addWidget(hint)

    def ended(self) -> QWidget:
        """The page, filled up to its lower edge."""
        self._lines.addStretch(1)
        return self


def _fill(box: QComboBox, entries: Entries, chosen: str | int, name: str = "") -> None:
    """Offers `entries`; what is `chosen` and not among them stands there too, by its `name`."""
    if chosen not in dict(entries):
        entries = [*entries, (chosen, _("{name} (not found)").format(name=name or chosen))]
    if entries != [(box.itemData(place), box.itemText(place)) for place in range(box.count())]:
        box.clear()
        for data, text in entries:
            box.addItem(text, data)
    box.setCurrentIndex(box.findData(chosen))


def _models(models: Models, chosen: str) -> list[tuple[str, str]]:
    entries = []
    for model in models.here:
        facts = (model.name, messages.size(model.size), messages.model_languages(model.languages))
        # Without a name the built-in one is meant, so that a later program may bring a better one.
        usual = "" if model.built_in else model.name
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


def _default_microphone() -> str:
    return _("The system's default")


def _microphones(devices: Devices) -> list[tuple[str, str]]:
    usual = next((one.name for one in devices.microphones if one.is_default), "")
    first = f"{_default_microphone()} ({usual})" if usual else _default_microphone()
    return [("", first), *((one.name, one.name) for one in devices.microphones)]
