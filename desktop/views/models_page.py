"""The speech models in the settings: those that are here, and those that can be had."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFileDialog, QProgressBar, QVBoxLayout, QWidget

from core import errors, messages
from core.messages import _
from core.values import Fetching, Model, Offer, Waiting
from desktop import theme
from desktop.commands import Commands, Trouble
from desktop.views.widgets import announce, button, column, file_dialog, label, row


class ModelList(QWidget):
    """A row per model with what can be done with it, and how far the one download is."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self._here: tuple[Model, ...] = ()
        self._offered: tuple[Offer, ...] = ()
        self._cached: tuple[Model, ...] = ()
        self._wanted = ""
        self.state = label("", "meta", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.setAccessibleName(_("Progress"))
        self.stop = button(
            _("Stop"), commands.stop_fetching, kind="link", tip=_("Stop; it can be carried on")
        )
        self.again = button(_("Try again"), self._try_again, kind="link", tip=_("Go on with the download"))
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.SPACE_2)
        state = row(space=theme.SPACE_3)
        state.addLayout(column(self.state, self.progress, space=theme.SPACE_1), 1)
        state.addWidget(self.stop)
        state.addWidget(self.again)
        layout = column(space=theme.SPACE_2)
        layout.addLayout(state)
        layout.addLayout(self._rows)
        self.setLayout(layout)
        self.setAccessibleName(_("Speech models"))
        self._show_fetching(None)
        commands.models_found.connect(self._set_here)
        commands.models_offered.connect(self._set_offered)
        commands.models_in_cache.connect(self._set_cached)
        commands.fetching_changed.connect(self._show_fetching)

    def choose_folder(self) -> None:
        """Asks for a model's folder and adds it."""
        dialog = file_dialog(self, _("Add a model folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._commands.add_model)
        dialog.open()

    def get(self, name: str) -> None:
        """Downloads a model."""
        self._wanted = name
        self._commands.fetch_model(name)

    def _try_again(self) -> None:
        self._commands.fetch_model(self._wanted)

    def _set_here(self, models: tuple[Model, ...]) -> None:
        self._here = models

    def _set_offered(self, offers: tuple[Offer, ...]) -> None:
        self._offered = offers

    def _set_cached(self, models: tuple[Model, ...]) -> None:
        self._cached = models
        self._show()

    def _show(self) -> None:
        while line := self._rows.takeAt(0):
            if old := line.widget():
                old.hide()
                old.deleteLater()
        for model in self._here:
            gone = button(
                _("Remove"),
                partial(self._commands.remove_model, model.name),
                kind="link",
                tip=_("Remove “{model}”").format(model=model.name),
            )
            if model.built_in:
                gone.hide()
            self._rows.addWidget(_line(model, _("installed"), gone))
        for model in self._cached:
            take = button(
                _("Use"),
                partial(self._commands.add_model, model.folder),
                kind="link",
                tip=_("Use “{model}”, which is on this machine already").format(model=model.name),
            )
            self._rows.addWidget(_line(model, _("found on this machine"), take))
        cached = {model.name for model in self._cached}
        for offer in self._offered:
            if offer.name not in cached:
                get = button(
                    _("Get"),
                    partial(self.get, offer.name),
                    kind="link",
                    tip=_("Download “{model}”").format(model=offer.name),
                )
                self._rows.addWidget(_line(offer, messages.model_quality(offer.quality), get))

    def _show_fetching(self, state: Fetching | Waiting | Trouble | None) -> None:
        busy = isinstance(state, Fetching | Waiting)
        self.progress.setVisible(busy)
        self.stop.setVisible(busy)
        self.again.setVisible(isinstance(state, Trouble) and bool(self._wanted))
        self.state.setVisible(state is not None)
        match state:
            case Fetching():
                self.state.setText(messages.fetching(state))
                self.progress.setValue(round(1000 * state.received / max(1, state.size)))
            case Waiting():
                why = messages.explain(errors.from_failure(state.cause)).what
                again = _("Again in {seconds} s.").format(seconds=round(state.seconds))
                self.state.setText(f"{why} {again}")
            case Trouble():
                self.state.setText(f"{state.what} {state.do}".strip())
                announce(self.state)


def _line(model: Model | Offer, word: str, does: QWidget) -> QWidget:
    """One model: its name, size, languages and one word more, and what can be done with it."""
    facts = (messages.size(model.size), messages.model_languages(model.languages), word)
    does.setAccessibleName(does.toolTip())
    line = QWidget()
    words = column(label(model.name), label(" · ".join(facts), "meta"), space=0)
    both = row(space=theme.SPACE_3)
    both.addLayout(words, 1)
    both.addWidget(does)
    line.setLayout(both)
    return line
