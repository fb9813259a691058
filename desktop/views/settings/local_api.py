"""The settings page about the local interface for other programs."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QCheckBox, QSpinBox, QWidget

from core.messages import _
from core.settings import Settings
from desktop.commands import Commands, Trouble
from desktop.views.settings.page import SettingsPage
from desktop.views.widgets import button, column, label, number, row


class LocalApiPage(SettingsPage):
    """Switches the interface on and off, and hands its token over."""

    @staticmethod
    def title() -> str:
        """The name of the page."""
        return _("Local API")

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands)
        self._copying = False
        self.switch = QCheckBox(_("Let other programs of yours use the library"))
        self.switch.setToolTip(_("Answer requests of programs on this machine while the window is open"))
        self.switch.clicked.connect(lambda wanted: commands.change_settings(api=wanted))
        self.add("", self.switch)
        self.add_hint(
            label(
                _(
                    "Only programs on this machine that have the token can ask; nothing is reached from elsewhere."
                ),
                "meta",
                wrap=True,
            )
        )
        self.state = label("", "meta", wrap=True)
        self.add_wide("", self.state)
        self.port = number(QSpinBox())
        self.port.setRange(1024, 65535)
        self.port.setValue(commands.settings.api_port)
        self.port.setToolTip(_("The number at the end of the address"))
        self.port.editingFinished.connect(self._keep_port)
        self.add(_("Port"), self.port)
        self.copy = button(_("Copy token"), self._copy, tip=_("Copy what other programs have to send along"))
        self.renew = button(
            _("New token"), self._renew, tip=_("Make another token; the one before it counts no more")
        )
        self.open = button(
            _("Open the documentation"), self._open, tip=_("Show every request in the browser")
        )
        buttons = QWidget()
        both = column()
        both.addLayout(row(self.copy, self.renew, None))
        both.addLayout(row(self.open, None))
        buttons.setLayout(both)
        self.add_wide("", buttons)
        self.end()
        commands.interface_changed.connect(self._show)
        commands.token_known.connect(self._token_known)
        commands.settings_changed.connect(self._follow)
        self._follow(commands.settings)
        self._show(commands.address)

    def _follow(self, settings: Settings) -> None:
        self.switch.setChecked(settings.api)
        if not self.port.hasFocus():
            self.port.setValue(settings.api_port)

    def _show(self, told: str | Trouble) -> None:
        """Says where it answers, or why it does not."""
        if isinstance(told, Trouble):
            self.state.setText(f"{told.what} {told.do}".strip())
        else:
            self.state.setText(
                _("Answers at {address}").format(address=told) if told else _("It is switched off.")
            )
        self.open.setEnabled(bool(told) and not isinstance(told, Trouble))

    def _keep_port(self) -> None:
        if self.port.value() != self.commands.settings.api_port:
            self.commands.change_settings(api_port=self.port.value())

    def _copy(self) -> None:
        self._copying = True
        self.commands.look_for_token()

    def _renew(self) -> None:
        self._copying = True
        self.commands.look_for_token(new=True)

    def _token_known(self, token: str) -> None:
        if self._copying:
            self._copying = False
            QApplication.clipboard().setText(token)
            self.commands.said.emit(_("The token was copied"), None)

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl(f"{self.commands.address}/docs"))
