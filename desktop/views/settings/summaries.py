"""The settings' page about who writes the minutes, and how."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from core import messages
from core.messages import _
from core.settings import Settings
from core.values import Template
from desktop import theme
from desktop.commands import Commands
from desktop.views.settings.page import SettingsPage, fill
from desktop.views.settings.providers import MistralPart, PatiencePart, ServerPart
from desktop.views.widgets import choice, column, label

LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl")


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
        self.mistral: MistralPart | None = None
        self.server: ServerPart | None = None
        self.patience: PatiencePart | None = None
        self._of_others = QWidget()
        self._parts = column(self.sent, space=theme.SPACE_4)
        self._of_others.setLayout(self._parts)
        self.add_wide("", self._of_others)
        self.add(_("Template"), self.template)
        self.add(
            _("Language of the minutes"),
            self.choice(languages, "minutes_language"),
            _("Another language needs Mistral or a server: this machine does not translate."),
        )
        self.add(_("Length"), self.choice(lengths, "minutes_length"))
        self.end()
        commands.settings_changed.connect(self._show)
        commands.consent_wanted.connect(self._show_refused)
        commands.hour_estimated.connect(self._show_sent)
        commands.templates_found.connect(self._show_templates)
        self._show(settings)
        commands.look_for_templates()

    # --- what is asked and answered ----------------------------------------------------------------

    def _choose(self) -> None:
        self.commands.choose_provider(self.provider.currentData())
        if self.provider.currentData() == "server" and self.server:
            self.server.search_first()

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
        self._of_others.setVisible(chosen != "offline")
        self._show_parts(chosen)
        if chosen != "offline":
            QTimer.singleShot(0, self, self._make_next)
        self.commands.foresee_an_hour(chosen)

    def _show_parts(self, chosen: str) -> None:
        for part, of in (
            (self.mistral, ("mistral",)),
            (self.server, ("server",)),
            (self.patience, ("mistral", "server")),
        ):
            if part:
                part.setVisible(chosen in of)

    def _make_next(self) -> None:
        """Makes what is to be seen of whoever was chosen, one part at a time: all at once would take too long."""
        chosen, made = self.provider.currentData(), self._parts.count()
        if chosen == "mistral" and self.mistral is None:
            self.mistral = MistralPart(self.commands)
            self._parts.insertWidget(1, self.mistral)
        elif chosen == "server" and self.server is None:
            self.server = ServerPart(self.commands)
            self._parts.insertWidget(1, self.server)
        elif chosen != "offline" and self.patience is None:
            self.patience = PatiencePart(self.commands)
            self._parts.addWidget(self.patience)
        if self._parts.count() > made:
            QTimer.singleShot(0, self, self._make_next)

    def _show_sent(self, much: str) -> None:
        self.sent.setText(much)
        self.sent.setVisible(bool(much))

    def _show_templates(self, templates: tuple[Template, ...]) -> None:
        entries = [(one.key, messages.template_name(one)) for one in templates]
        fill(self.template, entries, self.commands.settings.template)
