"""The settings' page about who writes the minutes."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from core import messages
from core.messages import _
from desktop.commands import Commands
from desktop.views.settings.page import SettingsPage
from desktop.views.widgets import button, label


class SummariesPage(SettingsPage):
    """The provider, its key and its address."""

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands, _("Summaries"))
        providers = [("offline", messages.provider_name("offline")), ("mistral", "Mistral")]
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setPlaceholderText(_("Enter a key"))
        self.key.editingFinished.connect(self._keep_key)
        self._key_state = label("", "meta", wrap=True)
        self._forget = button(
            _("Forget the key"), lambda: commands.keep_key(""), kind="link", tip=_("Remove the kept key")
        )
        address = QLineEdit(commands.settings.provider_address)
        address.setPlaceholderText(_("Mistral's own"))
        address.editingFinished.connect(
            lambda: commands.change_settings(provider_address=address.text().strip())
        )
        self.add(
            _("Made by"),
            self.choice(providers, "provider"),
            _("On this machine nothing is sent anywhere. Mistral receives the text, never the sound."),
        )
        self.add(_("Mistral key"), self.key)
        self.add("", self._key_state)
        self.add("", self._forget)
        self.add(_("Server address"), address, _("For another server that speaks the same protocol."))
        self.end()
        commands.key_known.connect(self._show_key)
        self._show_key(known=commands.has_key)
        commands.look_for_key()

    def _show_key(self, known: bool) -> None:
        self._key_state.setText(_("A key is kept.") if known else _("There is no key yet."))
        self._forget.setVisible(known)

    def _keep_key(self) -> None:
        if key := self.key.text().strip():
            self.key.clear()
            self.commands.keep_key(key)
