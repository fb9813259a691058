"""The first page a new person sees: what it needs once, each answer kept at once; skippable, and never there again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from core import messages
from core.messages import _
from core.settings import Settings
from core.values import Devices, Diagnostics, Models, SourceState
from desktop import theme
from desktop.commands import Commands, Trouble
from desktop.views.actions import Actions, follow_tip
from desktop.views.export_sheet import choose_folder
from desktop.views.models_page import ModelOffer
from desktop.views.record_bar import LevelMeter
from desktop.views.settings.page import SettingsPage, fill
from desktop.views.settings.recording import default_microphone, microphones
from desktop.views.settings.transcription import spoken_languages
from desktop.views.widgets import announce, button, choice, column, label, row

WIDTH = 620
AUDIBLE = -50.0
"""dB of a peak from which on somebody was heard: room noise stays below."""


class FirstRun(SettingsPage):
    """Language with the model that it needs, microphone, minutes, where everything lies; then the library."""

    done = Signal()
    providers_wanted = Signal()  # where the key and the address of who makes minutes are entered

    @staticmethod
    def title() -> str:
        """What stands above the page."""
        return _("Welcome")

    def __init__(self, commands: Commands, actions: Actions) -> None:
        super().__init__(commands)
        if content := self.widget():
            content.setMaximumWidth(WIDTH)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._loudest = AUDIBLE - 1
        self._trying = False
        self.add_hint(
            label(
                _(
                    "Sound, text and minutes stay on this machine; nothing is sent anywhere unless you ask for it."
                ),
                "quietText",
                wrap=True,
            )
        )
        self.language = self.choice(spoken_languages(commands.settings.spoken_language), "spoken_language")
        self.add(_("Language of your meetings"), self.language)
        self.offer = ModelOffer(
            commands,
            actions.models.trigger,
            _("The speech model that comes with the program knows only English."),
        )
        self.add_wide("", self.offer)
        self._model = self._model_part(actions)
        self.add_wide("", self._model)
        self._why = label("", "meta", wrap=True)
        self._speed = label(_("Measuring how fast this machine is…"), "meta", wrap=True)
        self._measures = False
        self.add_hint(self._why)
        self.add_hint(self._speed)
        chosen = commands.settings.microphone
        self.microphones = self.choice([(chosen, chosen or default_microphone())], "microphone")
        self.add(_("Microphone"), self.microphones)
        self.add_wide("", self._trial())
        self.provider = choice()
        self.provider.activated.connect(lambda: commands.choose_provider(self.provider.currentData()))
        self.add(
            _("Minutes are made by"),
            self.provider,
            _("On this machine nothing is sent anywhere. The others receive the text, never the sound."),
        )
        self.add(
            "",
            _link(
                _("Key and address…"),
                self.providers_wanted.emit,
                _("Open the settings, where the key and the address of a server are entered"),
            ),
        )
        folder = label(str(commands.places.root), wrap=True)
        folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.add_wide(_("Everything is kept in this folder"), folder)
        other = _(
            "Keep it in another folder or disk, or open the library that is there; what you chose here stays"
        )
        self.add("", _link(_("Choose another folder…"), self._choose_folder, other))
        self.add_wide("", self._ways_out(actions))
        self.end()
        commands.devices_found.connect(self._show_devices)
        commands.models_found.connect(self._show_model)
        commands.machine_known.connect(self._show_speed)
        commands.settings_changed.connect(self._show)
        commands.microphone_heard.connect(self._heard)
        # One that was refused is not the chosen one.
        commands.consent_wanted.connect(lambda _consent: self._show(commands.settings))
        self._show(commands.settings)
        commands.look_for_devices()
        commands.look_for_models()
        commands.look_at_machine()

    def _model_part(self, actions: Actions) -> QWidget:
        self._model_words = label("", "meta")
        part = QWidget()
        more = _link(
            actions.models.text(),
            actions.models.trigger,
            _("A better one can be fetched, or added from a folder."),
        )
        layout = column(label(_("Speech model")), space=theme.SPACE_1)
        layout.addLayout(row(self._model_words, more, None))
        part.setLayout(layout)
        return part

    def _trial(self) -> QWidget:
        self._try = button(
            _("Try the microphone"),
            self._turn_trial,
            icon="microphone",
            tip=_("Hear how loud you are; nothing is kept"),
        )
        self._meter = LevelMeter()
        self._meter.setAccessibleName(_("Microphone level"))
        self._verdict = label("", "meta", wrap=True)
        part = QWidget()
        line = row(self._try, self._meter, space=theme.SPACE_3)
        line.addWidget(self._verdict, 1)
        part.setLayout(line)
        return part

    def _ways_out(self, actions: Actions) -> QWidget:
        part = QWidget()
        sample = button(actions.sample.text(), actions.sample.trigger, icon="sparkle")
        follow_tip(actions.sample, sample.setToolTip)
        sample.clicked.connect(self.done.emit)
        part.setLayout(
            row(
                button(
                    _("Go to the library"),
                    self.done.emit,
                    kind="main",
                    tip=_("Begin; everything here can be changed in the settings"),
                ),
                sample,
                None,
                button(_("Skip"), self.done.emit, kind="link", tip=_("Leave everything as it is")),
                space=theme.SPACE_3,
            )
        )
        return part

    def hideEvent(self, event: QHideEvent) -> None:
        """Hears nothing once it is left."""
        super().hideEvent(event)
        self.commands.stop_trying()

    def _choose_folder(self) -> None:
        dialog = choose_folder(self, _("Use the library in"), str(self.commands.places.root.parent))
        dialog.fileSelected.connect(lambda chosen: self.commands.use_library(Path(chosen)))
        dialog.open()

    # --- what is asked and answered ----------------------------------------------------------------

    def _show(self, settings: Settings) -> None:
        fill(
            self.provider,
            [(name, messages.provider_name(name)) for name in ("offline", "mistral", "server")],
            settings.provider,
        )
        likely = self.commands.likely_language
        self.offer.want(None if likely == "en" else likely)
        self._model.setHidden(self.offer.isVisibleTo(self))

    def _show_model(self, models: Models) -> None:
        model = models.chosen(self.commands.settings.model)
        cost = models.costs.get(model.name) if model else None
        if model and cost:
            self._model_words.setText(f"{model.name} · {messages.model_cost(cost)}")
        self._model.setHidden(self.offer.isVisibleTo(self))

        better = next((one for one in models.offered if one.name == models.multilingual), None)
        self._why.setVisible(better is not None)
        if better:
            quality = messages.model_quality(better.quality)
            self._why.setText(
                " · ".join(
                    (
                        _("A better model: “{model}” {quality}").format(model=better.name, quality=quality),
                        _("{size} to fetch").format(size=messages.size(better.size)),
                        messages.model_cost(models.costs[better.name]),
                    )
                )
            )

    def _show_speed(self, found: Diagnostics) -> None:
        """Says how fast this machine is, which is measured once where nobody has yet."""
        speed = found.machine.speed
        if speed:
            self._speed.setText(
                _(
                    "This machine is {number} times as fast as speech with the model that comes with the program."
                ).format(number=messages.decimal(speed))
            )
            self.commands.look_for_models()  # what they cost is known now
        elif not self._measures:
            self._measures = True
            self.commands.measure_machine()
        self._speed.setVisible(bool(speed) or self._measures)

    def _show_devices(self, devices: Devices) -> None:
        if not self.microphones.view().isVisible():
            fill(self.microphones, microphones(devices), self.commands.settings.microphone)

    def _turn_trial(self) -> None:
        if self._trying:
            self.commands.stop_trying()
            return
        self._trying, self._loudest = True, AUDIBLE - 1
        self._try.setText(_("Stop trying"))
        self._verdict.setText(_("Say something."))
        self.commands.try_microphone()

    def _heard(self, news: SourceState | Trouble | None) -> None:
        if isinstance(news, SourceState):
            self._meter.set_level(news.rms, news.peak)
            self._meter.update()
            if self._loudest < AUDIBLE <= news.peak:
                self._tell(_("You are heard."))
            self._loudest = max(self._loudest, news.peak)
            return
        self._trying = False
        self._try.setText(_("Try the microphone"))
        self._meter.set_level(-90.0, -90.0)
        self._meter.update()
        if isinstance(news, Trouble):
            self._tell(f"{news.what} {news.do}")
        elif self._loudest < AUDIBLE:
            self._tell(_("Nothing was heard. Choose another microphone, or look whether it is muted."))

    def _tell(self, words: str) -> None:
        self._verdict.setText(words)
        announce(self._verdict)


def _link(text: str, do: Callable[[], object], tip: str) -> QWidget:
    """A button that looks like words of a text."""
    return button(text, do, kind="link", tip=tip)
