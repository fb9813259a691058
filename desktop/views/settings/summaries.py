"""The settings' page about who writes the minutes, and how."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from core import messages
from core.messages import _
from core.settings import Settings, price_of, with_price
from core.values import LocalServer, Template
from desktop import theme
from desktop.commands import Commands
from desktop.views.settings.page import FIELD_WIDTH, SettingsPage, fill
from desktop.views.widgets import button, choice, column, label, number, row

LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl")
MOST_TOKENS = 1_000_000
MOST_EUROS = 1_000.0

_Number = TypeVar("_Number", QSpinBox, QDoubleSpinBox)


class SummariesPage(SettingsPage):
    """The provider with its key, address and model; template, language and length of new minutes."""

    @staticmethod
    def title() -> str:
        """The name of the page."""
        return _("Summaries")

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands)
        settings = commands.settings
        self.provider = choice()
        fill(
            self.provider,
            [(name, messages.provider_name(name)) for name in ("offline", "mistral", "server")],
            settings.provider,
        )
        self.provider.activated.connect(self._choose)
        self.template = choice()
        self.template.activated.connect(
            lambda: commands.change_settings(template=self.template.currentData())
        )
        languages = [("", _("The meeting's"))]
        languages += [(code, messages.language_name(code)) for code in LANGUAGES]
        lengths = [(name, messages.minutes_length(name)) for name in ("short", "normal", "long")]
        self.add(
            _("Made by"),
            self.provider,
            _("On this machine nothing is sent anywhere. The others receive the text, never the sound."),
        )
        self.sent = label("", "meta", wrap=True)
        self.sent.hide()
        self._mistral = self._mistral_part()
        self._server = self._server_part()
        self._patience = self._patience_part()
        self._of_others = QWidget()
        self._of_others.setLayout(
            column(self.sent, self._mistral, self._server, self._patience, space=theme.SPACE_4)
        )
        self.add_wide("", self._of_others)
        self.add(_("Template"), self.template)
        self.add(
            _("Language of the minutes"),
            self.choice(languages, "minutes_language"),
            _("Another language needs Mistral or a server: this machine does not translate."),
        )
        self.add(_("Length"), self.choice(lengths, "minutes_length"))
        self.end()
        commands.key_known.connect(self._show_key)
        commands.server_key_known.connect(self._show_server_key)
        commands.settings_changed.connect(self._show)
        commands.consent_wanted.connect(self._show_refused)
        commands.servers_found.connect(self._show_servers)
        commands.provider_models_found.connect(self._show_models)
        commands.hour_estimated.connect(self._show_sent)
        commands.templates_found.connect(self._show_templates)
        self._show_key(known=commands.has_key)
        self._show_server_key(known=False)
        self._show(settings)
        commands.look_for_key()
        commands.look_for_templates()

    def _mistral_part(self) -> QWidget:
        commands = self.commands
        self.key, self._key_state, self._forget = _key_fields(_("Mistral key"), commands.keep_key)
        self.mistral_model, part = self._model_box("mistral", "provider_model")
        prices = _PriceFields(self, "provider_model")
        return _part(label(_("Mistral key")), self.key, self._key_state, self._forget, *part, *prices.parts)

    def _server_part(self) -> QWidget:
        commands = self.commands
        self.address = QLineEdit(commands.settings.provider_address)
        self.address.setAccessibleName(_("Server address"))
        self.address.setPlaceholderText("http://localhost:11434")
        self.address.setToolTip(_("Where the server answers"))
        self.address.editingFinished.connect(self._keep_address)
        self.look = button(
            _("Find on this computer"),
            self._find,
            icon="magnifying-glass",
            tip=_("Look for Ollama, LM Studio, llama.cpp and vLLM"),
        )
        self.found = label("", "meta", wrap=True)
        self.server_key, self._server_key_state, self._forget_server_key = _key_fields(
            _("Key of the server"), commands.keep_server_key
        )
        self.server_model, part = self._model_box("server", "server_model")
        self.context = number(QSpinBox())
        self.context.setAccessibleName(_("Context in tokens"))
        self.context.setRange(0, MOST_TOKENS)
        self.context.setSingleStep(1024)
        self.context.setSpecialValueText(_("All that it takes"))
        self.context.setToolTip(_("How much text the model is given at once"))
        self.context.setValue(commands.settings.provider_context)
        self.context.editingFinished.connect(
            lambda: commands.change_settings(provider_context=self.context.value())
        )
        return _part(
            label(_("Server address")),
            self.address,
            self.look,
            self.found,
            label(_("Key of the server")),
            self.server_key,
            self._server_key_state,
            self._forget_server_key,
            *part,
            label(_("Context in tokens")),
            self.context,
            *_PriceFields(self, "server_model").parts,
        )

    def _patience_part(self) -> QWidget:
        """How often and how long a provider is asked."""
        self.tries = self._number(QSpinBox(), "provider_tries", (1, 10))
        self.tries.setAccessibleName(_("Tries per question"))
        self.tries.setToolTip(_("How often a question is tried before this machine makes the minutes"))
        self.factor = self._number(QDoubleSpinBox(), "provider_factor", (1, 10))
        self.factor.setAccessibleName(_("Waiting grows by"))
        self.factor.setToolTip(_("How many times longer is waited before each next try"))
        self.factor.setPrefix("× ")
        self.factor.setDecimals(1)
        self.factor.setSingleStep(0.5)
        self.minutes = self._number(QSpinBox(), "provider_minutes", (1, 240))
        self.minutes.setAccessibleName(_("Time limit in minutes"))
        self.minutes.setToolTip(_("After this time this machine makes the minutes instead"))
        return _part(
            label(_("Tries per question")),
            self.tries,
            label(_("Waiting grows by")),
            self.factor,
            label(_("Time limit in minutes")),
            self.minutes,
            label(_("Each further part of a long meeting adds a third of it."), "meta", wrap=True),
        )

    def _number(self, box: _Number, field: str, bounds: tuple[int, int]) -> _Number:
        """A box for a number of the settings, kept as it is left."""
        number(box).setRange(*bounds)
        box.setValue(getattr(self.commands.settings, field))
        box.editingFinished.connect(lambda: self.commands.change_settings(**{field: box.value()}))
        return box

    def _model_box(self, provider: str, field: str) -> tuple[QComboBox, list[QWidget]]:
        """A box for a provider's model, with its name and the button that reads the list."""
        box = choice()
        box.setAccessibleName(_("Model"))
        box.setEditable(True)
        box.setCurrentText(getattr(self.commands.settings, field))
        box.setToolTip(_("The model that writes: choose it from the list, or type its name"))
        keep = lambda: self.commands.change_settings(**{field: box.currentText().strip()})  # noqa: E731
        box.activated.connect(keep)
        if written := box.lineEdit():
            written.editingFinished.connect(keep)
        listed = button(
            _("Read the list of models"),
            lambda: self.commands.look_for_provider_models(provider),
            kind="link",
            tip=_("Ask the provider which models it has"),
        )
        return box, [label(_("Model")), box, listed]

    # --- what is asked and answered ----------------------------------------------------------------

    def _choose(self) -> None:
        self.commands.choose_provider(self.provider.currentData())
        if self.provider.currentData() == "server" and not self.commands.settings.provider_address:
            self._find()

    def _show_refused(self, _consent: object) -> None:
        """What waits for the person's consent is not chosen yet."""
        self._show(self.commands.settings)

    def _show(self, settings: Settings) -> None:
        fill(
            self.provider,
            [(name, messages.provider_name(name)) for name in ("offline", "mistral", "server")],
            settings.provider,
        )
        chosen = self.provider.currentData()
        self._mistral.setVisible(chosen == "mistral")
        self._server.setVisible(chosen == "server")
        self._patience.setVisible(chosen != "offline")
        self.server_key.setEnabled(bool(settings.provider_address))
        self._of_others.setVisible(chosen != "offline")
        self.commands.foresee_an_hour(chosen)

    def _show_sent(self, much: str) -> None:
        self.sent.setText(much)
        self.sent.setVisible(bool(much))

    def _show_key(self, known: bool) -> None:
        self._key_state.setText(_("A key is kept.") if known else _("There is no key yet."))
        self._forget.setVisible(known)

    def _show_server_key(self, known: bool) -> None:
        self._server_key_state.setText(
            _("A key is kept for this address.") if known else _("Most servers of your own need none.")
        )
        self._forget_server_key.setVisible(known)

    def _keep_address(self) -> None:
        self.found.setText(self.commands.keep_address(self.address.text()))
        self.address.setText(self.commands.settings.provider_address)

    def _find(self) -> None:
        self.found.setText(_("Looking…"))
        self.commands.look_for_servers()

    def _show_servers(self, servers: tuple[LocalServer, ...]) -> None:
        if not servers:
            self.found.setText(_("No program with language models runs on this computer."))
            return
        first = servers[0]
        self.address.setText(first.address)
        self._keep_address()
        self.found.setText(messages.servers_found(servers))
        self._show_models("server", first.models)

    def _show_models(self, provider: str, models: tuple[str, ...]) -> None:
        box, field = (
            (self.mistral_model, "provider_model")
            if provider == "mistral"
            else (self.server_model, "server_model")
        )
        chosen = box.currentText()
        box.clear()
        box.addItems(list(models))
        if chosen in models or not models:
            box.setCurrentText(chosen)
        elif provider == "server":
            self.commands.change_settings(**{field: models[0]})
        else:
            box.setCurrentText(chosen)

    def _show_templates(self, templates: tuple[Template, ...]) -> None:
        entries = [(one.key, messages.template_name(one)) for one in templates]
        fill(self.template, entries, self.commands.settings.template)


class _PriceFields(QObject):
    """What the model of a field of the settings costs, in and out, as far as the person says it."""

    def __init__(self, page: SettingsPage, model_field: str) -> None:
        super().__init__(page)  # and not of the commands, which outlive it
        commands = page.commands
        self._commands, self._model_field = commands, model_field
        self._boxes = tuple(
            self._box(name)
            for name in (
                _("Price of a million tokens that are sent, in euros"),
                _("Price of a million tokens that come back, in euros"),
            )
        )
        self.parts: list[QWidget] = [
            part for box in self._boxes for part in (label(box.accessibleName()), box)
        ]
        self.parts.append(
            label(
                _("The provider's price list tells; with it the cost is said beforehand."), "meta", wrap=True
            )
        )
        commands.settings_changed.connect(self._show)
        self._show(commands.settings)

    def _box(self, name: str) -> QDoubleSpinBox:
        box = number(QDoubleSpinBox())
        box.setAccessibleName(name)
        box.setToolTip(_("What the provider asks for the model that is chosen here"))
        box.setRange(0, MOST_EUROS)
        box.setDecimals(3)
        box.setSingleStep(0.1)
        box.setSpecialValueText(_("Not known"))
        box.editingFinished.connect(self._keep)
        return box

    @property
    def _model(self) -> str:
        return str(getattr(self._commands.settings, self._model_field))

    def _show(self, settings: Settings) -> None:
        prices = price_of(settings, self._model) or (0.0, 0.0)
        for box, price in zip(self._boxes, prices, strict=True):
            box.setValue(price)

    def _keep(self) -> None:
        sent, back = (round(box.value(), 3) for box in self._boxes)
        if self._model and (sent, back) != (price_of(self._commands.settings, self._model) or (0.0, 0.0)):
            self._commands.change_settings(
                provider_prices=with_price(self._commands.settings, self._model, sent, back)
            )


def _key_fields(name: str, keep: Callable[[str], None]) -> tuple[QLineEdit, QLabel, QWidget]:
    """A field for a key, which is kept as it is left and never shown again, its state, and what forgets it."""
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setPlaceholderText(_("Enter a key"))
    field.setToolTip(_("The key that you were given; it is kept in the system's keyring"))

    def entered() -> None:
        if key := field.text().strip():
            field.clear()
            keep(key)

    field.editingFinished.connect(entered)
    forget = button(_("Forget the key"), lambda: keep(""), kind="link", tip=_("Remove the kept key"))
    return field, label("", "meta", wrap=True), forget


def _part(*fields: QWidget) -> QWidget:
    """Fields that are shown together, each as wide as those of the page, or as its words."""
    part = QWidget()
    layout = column(space=theme.SPACE_1)
    for field in fields:
        if layout.count() and isinstance(field, QLabel) and not field.wordWrap():
            layout.addSpacing(theme.SPACE_3)  # the name of the next field
        if isinstance(field, (QComboBox, QLineEdit, QAbstractSpinBox)):
            field.setFixedWidth(FIELD_WIDTH)
        if isinstance(field, QLabel) and field.wordWrap():
            layout.addWidget(field)
        else:
            layout.addLayout(row(field, None))
    part.setLayout(layout)
    return part
