"""The parts of the settings' page about minutes that only who has them made elsewhere is shown."""

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
from core.values import LocalServer
from desktop import theme
from desktop.commands import Commands
from desktop.views.settings.page import FIELD_WIDTH
from desktop.views.widgets import button, choice, column, label, number, row

MOST_TOKENS = 1_000_000
MOST_EUROS = 1_000.0

_Number = TypeVar("_Number", QSpinBox, QDoubleSpinBox)


class MistralPart(QWidget):
    """The key, the model and what it costs."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.key, self._key_state, self._forget = _key_fields(_("Mistral key"), commands.keep_key)
        self.model = _ModelBox(commands, "mistral", "provider_model")
        prices = _PriceFields(self, commands, "provider_model")
        _lay_out(
            self,
            label(_("Mistral key")),
            self.key,
            self._key_state,
            self._forget,
            *self.model.parts,
            *prices.parts,
        )
        commands.key_known.connect(self._show_key)
        commands.provider_models_found.connect(self._show_models)
        self._show_key(known=commands.has_key)
        commands.look_for_key()

    def _show_key(self, known: bool) -> None:
        self._key_state.setText(_("A key is kept.") if known else _("There is no key yet."))
        self._forget.setVisible(known)

    def _show_models(self, provider: str, models: tuple[str, ...]) -> None:
        if provider == "mistral":
            self.model.offer(models)


class ServerPart(QWidget):
    """The address of a server, its key, its model, how much that takes and what it costs."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self.address = QLineEdit(commands.settings.provider_address)
        self.address.setAccessibleName(_("Server address"))
        self.address.setPlaceholderText("http://localhost:11434")
        self.address.setToolTip(_("Where the server answers"))
        self.address.editingFinished.connect(self._keep_address)
        self.look = button(
            _("Find on this computer"),
            self.search,
            icon="magnifying-glass",
            tip=_("Look for Ollama, LM Studio, llama.cpp and vLLM"),
        )
        self.found = label("", "meta", wrap=True)
        self.key, self._key_state, self._forget = _key_fields(
            _("Key of the server"), commands.keep_server_key
        )
        self.model = _ModelBox(commands, "server", "server_model")
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
        _lay_out(
            self,
            label(_("Server address")),
            self.address,
            self.look,
            self.found,
            label(_("Key of the server")),
            self.key,
            self._key_state,
            self._forget,
            *self.model.parts,
            label(_("Context in tokens")),
            self.context,
            *_PriceFields(self, commands, "server_model").parts,
        )
        commands.server_key_known.connect(self._show_key)
        commands.settings_changed.connect(self._show)
        commands.servers_found.connect(self._show_servers)
        commands.provider_models_found.connect(self._show_models)
        self._show_key(known=False)
        self._show(commands.settings)
        commands.look_for_key()
        self.search_first()

    def search_first(self) -> None:
        """Looks for a server on this computer where none was named yet."""
        if not self._commands.settings.provider_address:
            self.search()

    def search(self) -> None:
        """Looks for a server on this computer."""
        self.found.setText(_("Looking…"))
        self._commands.look_for_servers()

    def _show(self, settings: Settings) -> None:
        self.key.setEnabled(bool(settings.provider_address))

    def _show_key(self, known: bool) -> None:
        self._key_state.setText(
            _("A key is kept for this address.") if known else _("Most servers of your own need none.")
        )
        self._forget.setVisible(known)

    def _keep_address(self) -> None:
        self.found.setText(self._commands.keep_address(self.address.text()))
        self.address.setText(self._commands.settings.provider_address)

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
        if provider == "server" and not self.model.offer(models):
            self.model.box.setCurrentText(models[0])
            self._commands.change_settings(server_model=models[0])


class PatiencePart(QWidget):
    """How often and how long a provider is asked."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.tries = _setting(commands, QSpinBox(), "provider_tries", (1, 10))
        self.tries.setAccessibleName(_("Tries per question"))
        self.tries.setToolTip(_("How often a question is tried before this machine makes the minutes"))
        self.factor = _setting(commands, QDoubleSpinBox(), "provider_factor", (1, 10))
        self.factor.setAccessibleName(_("Waiting grows by"))
        self.factor.setToolTip(_("How many times longer is waited before each next try"))
        self.factor.setPrefix("× ")
        self.factor.setDecimals(1)
        self.factor.setSingleStep(0.5)
        self.minutes = _setting(commands, QSpinBox(), "provider_minutes", (1, 240))
        self.minutes.setAccessibleName(_("Time limit in minutes"))
        self.minutes.setToolTip(_("After this time this machine makes the minutes instead"))
        _lay_out(
            self,
            label(_("Tries per question")),
            self.tries,
            label(_("Waiting grows by")),
            self.factor,
            label(_("Time limit in minutes")),
            self.minutes,
            label(_("Each further part of a long meeting adds a third of it."), "meta", wrap=True),
        )


def _setting(commands: Commands, box: _Number, field: str, bounds: tuple[int, int]) -> _Number:
    """A box for a number of the settings, kept as it is left."""
    number(box).setRange(*bounds)
    box.setValue(getattr(commands.settings, field))
    box.editingFinished.connect(lambda: commands.change_settings(**{field: box.value()}))
    return box


class _ModelBox(QObject):
    """A box for a provider's model, with its name and the button that reads the list."""

    def __init__(self, commands: Commands, provider: str, field: str) -> None:
        self.box = choice()
        super().__init__(self.box)
        self.box.setAccessibleName(_("Model"))
        self.box.setEditable(True)
        self.box.setCurrentText(getattr(commands.settings, field))
        self.box.setToolTip(_("The model that writes: choose it from the list, or type its name"))

        def keep() -> None:
            commands.change_settings(**{field: self.box.currentText().strip()})

        self.box.activated.connect(keep)
        if written := self.box.lineEdit():
            written.editingFinished.connect(keep)
        listed = button(
            _("Read the list of models"),
            lambda: commands.look_for_provider_models(provider),
            kind="link",
            tip=_("Ask the provider which models it has"),
        )
        self.parts = (label(_("Model")), self.box, listed)

    def offer(self, models: tuple[str, ...]) -> bool:
        """Lists these; whether the one that was chosen is among them, as far as there are any."""
        chosen = self.box.currentText()
        self.box.clear()
        self.box.addItems(list(models))
        self.box.setCurrentText(chosen)
        return chosen in models or not models


class _PriceFields(QObject):
    """What the model of a field of the settings costs, in and out, as far as the person says it."""

    def __init__(self, part: QWidget, commands: Commands, model_field: str) -> None:
        super().__init__(part)  # and not of the commands, which outlive it
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


def _lay_out(part: QWidget, *fields: QWidget) -> None:
    """Puts fields below each other, each as wide as those of the page, or as its words."""
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
