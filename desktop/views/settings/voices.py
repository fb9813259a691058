"""The settings' page about speakers: whether they are told apart, and the voices that are remembered."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from core import messages
from core.messages import _
from core.values import KnownVoice
from desktop import theme
from desktop.commands import Commands
from desktop.views.settings.page import SettingsPage
from desktop.views.widgets import Question, Symbol, button, clear, column, label, row


class VoicesPage(SettingsPage):
    """Whether voices are told apart, and whose are known again in later meetings."""

    @staticmethod
    def title() -> str:
        """The name of the page."""
        return _("Speakers")

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands)
        voices = [(True, _("Tell them apart by their voices")), (False, _("Leave them together"))]
        self.add(
            _("In new meetings"),
            self.choice(voices, "tell_voices_apart"),
            _("It is done on this machine, after the text."),
        )
        self._rows = column(space=theme.SPACE_1)
        known = QWidget()
        known.setLayout(self._rows)
        self.add_wide(_("Voices that are known again"), known)
        self._none = label(
            _(
                "No voice is remembered. On the Speakers page of a meeting, the menu of a named speaker "
                "can remember the voice."
            ),
            "meta",
            wrap=True,
        )
        self.add_hint(self._none)
        self.forget_all = button(
            _("Forget all voices…"), self._ask, kind="link", tip=_("Forget every voice that is remembered")
        )
        self.add("", self.forget_all)
        self.end()
        self._show(())
        commands.voices_found.connect(self._show)
        commands.look_for_voices()

    def _show(self, voices: tuple[KnownVoice, ...]) -> None:
        clear(self._rows)
        for one in voices:
            since = label(_("since {date}").format(date=messages.day(one.remembered_at)), "meta")
            forget = button(
                _("Forget"),
                partial(self.commands.forget_voice, one.name),
                kind="link",
                tip=_("Forget the voice of {name}").format(name=one.name),
            )
            forget.setAccessibleName(forget.toolTip())
            same = label(messages.same_voice(one), "meta", wrap=True)
            same.setToolTip(_("If that is one person, forget one of the two"))
            same.setVisible(bool(one.same_as))
            line = row(Symbol("user"), label(one.name), since, forget, same, None, space=theme.SPACE_2)
            line.setStretchFactor(same, 1)
            self._rows.addLayout(line)
        self._none.setVisible(not voices)
        self.forget_all.setVisible(bool(voices))

    def _ask(self) -> None:
        question = Question(
            self,
            _("Forget all voices"),
            _("Nobody will be suggested in later meetings any more. This cannot be undone."),
            yes=(_("Forget all"), _("Forget every voice that is remembered")),
            no=(_("Keep them"), _("Leave things as they are")),
        )
        question.accepted.connect(self.commands.forget_voices)
        question.open()
