"""The settings' page about the window itself."""

from __future__ import annotations

from core.messages import _
from desktop.commands import Commands
from desktop.views.settings.page import SettingsPage


class GeneralPage(SettingsPage):
    """Language, appearance and notifications."""

    @staticmethod
    def title() -> str:
        """The name of the page."""
        return _("General")

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands)
        languages = [("", _("As the system")), ("en", "English"), ("fr", "Français")]
        looks = [("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))]
        self.add(
            _("Language"),
            self.choice(languages, "language"),
            _("The window changes its language when the program starts again."),
        )
        self.add(_("Appearance"), self.choice(looks, "appearance"))
        tells = [(True, _("While the window is not in front")), (False, _("Never"))]
        self.add(
            _("Notifications"),
            self.choice(tells, "notifications"),
            _("What is ready or has failed, and what is wrong with a recording."),
        )
        self.end()
