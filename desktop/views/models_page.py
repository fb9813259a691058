"""Speech models: the list in the settings, the offer of the one that a person lacks, and the download of either."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QProgressBar, QVBoxLayout, QWidget

from core import errors, messages
from core.messages import _
from core.values import Fetching, Model, Models, Offer, Waiting, speaks
from desktop import theme, tips
from desktop.commands import Commands, Trouble
from desktop.views.widgets import announce, button, clear, column, file_dialog, label, row

OFFER_WIDTH = 440
"""Pixels of an offer in the middle of a page, which is 496 wide in the smallest window."""


def choose_folder(commands: Commands, parent: QWidget) -> None:
    """Asks for a model's folder and adds it."""
    dialog = file_dialog(parent, _("Add a model folder"))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.fileSelected.connect(commands.add_model)
    dialog.open()


class DownloadLine(QWidget):
    """How far the one download is, and what can be done: stop it, try again, use what it brought.

    One that is `brief` leaves it to the window to tell how it ended.
    """

    def __init__(self, commands: Commands, *, brief: bool = False) -> None:
        super().__init__()
        self._brief = brief
        self._commands = commands
        self._call: Callable[[], object] | None = None
        self.state = label("", "meta", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.setAccessibleName(_("Progress"))
        self.button = button("", self._clicked, kind="link")
        line = row(space=theme.SPACE_3)
        line.addLayout(column(self.state, self.progress, space=theme.SPACE_1), 1)
        line.addWidget(self.button)
        self.setLayout(line)
        self.hide()
        commands.fetching_changed.connect(self._show)

    def _show(self, news: Fetching | Waiting | Trouble | Model | None) -> None:
        running = isinstance(news, Fetching | Waiting)
        self.setVisible(running or (news is not None and not self._brief))
        self.progress.setVisible(running)
        self.button.setVisible(running)
        if running:
            self._offer(_("Stop"), _("Stop; it can be carried on"), self._commands.stop_fetching)
        match news:
            case Fetching():
                self.state.setText(messages.fetching(news))
                self.progress.setValue(round(1000 * news.received / max(1, news.size)))
            case Waiting():
                why = messages.explain(errors.from_failure(news.cause)).what
                again = _("Again in {seconds} s.").format(seconds=round(news.seconds))
                self.state.setText(f"{why} {again}")
            case Trouble():
                self.state.setText(f"{news.what} {news.do}".strip())
                if remedy := news.remedy:
                    self._offer(remedy.text, remedy.tip, remedy.do)
                announce(self.state)
            case Model():
                self.state.setText(_("“{model}” is here now.").format(model=news.name))
                self._offer(_("Use"), _use(news), partial(self._use, news))
                announce(self.state)

    def _offer(self, text: str, tip: str, call: Callable[[], object]) -> None:
        self._call = call
        self.button.setText(text)
        self.button.setToolTip(tip)
        self.button.show()

    def _clicked(self) -> None:
        if self._call:
            self._call()

    def _use(self, model: Model) -> None:
        self._commands.use_model(model)
        self.hide()


class ModelList(QWidget):
    """A row per model with what can be done with it, and the download."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self._models: Models | None = None
        self._chosen = ""
        self.download = DownloadLine(commands)
        self.measure = button(
            _("Find out how long they take here"),
            self._measure,
            kind="link",
            tip=_("Measure how fast this machine transcribes; it takes some seconds"),
        )
        self.measure.hide()
        self._list = QWidget()
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.SPACE_2)
        layout = column(self.download)
        layout.addLayout(row(self.measure, None))
        layout.addWidget(self._list)
        self.setLayout(layout)
        self.setAccessibleName(_("Speech models"))
        commands.models_found.connect(self._show)
        commands.settings_changed.connect(self._mark_chosen)
        commands.fetching_changed.connect(self._allow)
        commands.machine_known.connect(self._measured)

    def _measure(self) -> None:
        self.measure.setEnabled(False)
        self._commands.measure_machine()

    def _measured(self) -> None:
        if not self.measure.isEnabled():
            self.measure.setEnabled(True)
            self._commands.look_for_models()

    def _allow(self, news: object) -> None:
        """One download at a time."""
        self._list.setEnabled(not isinstance(news, Fetching | Waiting))

    def _mark_chosen(self) -> None:
        if self._models and self._chosen != self._commands.settings.model:
            self._show(self._models)

    def _show(self, models: Models) -> None:
        commands = self._commands
        self._models, self._chosen = models, commands.settings.model
        self.measure.setVisible(all(cost.hour is None for cost in models.costs.values()))
        clear(self._rows)
        for model in models.here:
            used = model == models.chosen(self._chosen)
            remove = _link(
                _("Remove"),
                _("Remove “{model}”").format(model=model.name),
                partial(commands.remove_model, model.name),
            )
            use = _link(_("Use"), _use(model), partial(commands.use_model, model))
            removable = [] if model.built_in else [remove]
            if model.damaged:
                self._add(model, _("damaged"), *removable, below=messages.model_damaged(model))
                continue
            can = ([] if used else [use]) + removable
            self._add(model, _("in use") if used else _("installed"), *can)
        for model in models.cached:
            use = _link(_("Use"), _use(model), partial(commands.add_model, model.folder))
            self._add(model, _("found on this machine"), use)
        for offer in models.offered:
            get = _link(
                _("Get"),
                _("Download “{model}”").format(model=offer.name),
                partial(commands.fetch_model, offer.name),
            )
            received = models.begun.get(offer.name)
            if received is None:
                self._add(offer, messages.model_quality(offer.quality), get)
                continue
            go_on = _link(
                _("Go on"),
                _("Go on downloading “{model}”").format(model=offer.name),
                partial(commands.fetch_model, offer.name),
            )
            remove = _link(
                _("Remove"),
                _("Remove what was downloaded of “{model}”").format(model=offer.name),
                partial(commands.remove_model, offer.name),
            )
            self._add(offer, messages.begun(received), go_on, remove)

    def _add(self, model: Model | Offer, word: str, *can: QWidget, below: str = "") -> None:
        """A row; what the model takes stands in its last line, unless something else is to be `below`."""
        assert self._models
        facts = (messages.size(model.size), messages.model_languages(model.languages), word)
        cost = below or messages.model_cost(self._models.costs[model.name])
        line = QWidget()
        both = row(space=theme.SPACE_3)
        words = column(label(model.name), label(" · ".join(facts), "meta"), label(cost, "meta"), space=0)
        both.addLayout(words, 1)
        for one in can:
            both.addWidget(one)
        line.setLayout(both)
        self._rows.addWidget(line)


class ModelOffer(QWidget):
    """Offers the model that a person lacks, or its folder; shown only while one is lacking."""

    def __init__(
        self, commands: Commands, others: Callable[[], object], why: str = "", *, centred: bool = False
    ) -> None:
        """`others` shows all models. With `why`, a sentence, it has lines of its own, which can be `centred`."""
        super().__init__()
        self._commands = commands
        self._models: Models | None = None
        self._language: str | None = None
        self._name = ""
        self._call: Callable[[], object] | None = None
        self.download = DownloadLine(commands, brief=True)
        # A page that it is only a part of has its own main button.
        self.get = button("", self._clicked, kind="main" if centred or not why else "")
        folder = button(
            _("Choose a folder…"),
            lambda: choose_folder(commands, self),
            tip=_("Choose the folder of a faster-whisper model"),
        )
        more = button(_("Other models…"), others, kind="link", tip=_("Show all speech models"))
        self._ways = QWidget()
        layout = column()
        if why:
            sentence = label(why, wrap=True)
            layout.addWidget(sentence)
            ways = column()
            if centred:
                sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
                ways.addWidget(self.get)
                ways.addLayout(row(None, folder, more, None))
            else:
                ways.addLayout(row(self.get, None))
                ways.addLayout(row(folder, more, None))
            self._ways.setLayout(ways)
            self.setMinimumWidth(OFFER_WIDTH)
        else:
            self._ways.setLayout(row(self.get, folder, more, None))
        layout.addWidget(self._ways)
        layout.addWidget(self.download)
        self.setLayout(layout)
        self.hide()
        commands.models_found.connect(self._set_models)
        commands.settings_changed.connect(self._show)
        commands.fetching_changed.connect(self._allow)

    def answer(self, problem: errors.Problem | None) -> None:
        """Offers what helps against the problem that a meeting met; nothing where no model does."""
        match problem:
            case errors.NotEnglish():
                likely = self._commands.likely_language
                self.want("" if likely == "en" else likely)
            case errors.CannotTranslate():
                self.want("")
            case errors.LanguageNotSpoken(_model, language):
                self.want(language)
            case errors.ModelMissing(model):
                self.want(name=model)
            case _:
                self.want(None)

    def want(self, language: str | None = None, name: str = "") -> None:
        """Offers a model for a language ('': for others than English), or the one called `name`; without both none."""
        self._language, self._name = language, name
        if self._models is None and (name or language is not None):
            self._commands.look_for_models()
        self._show()

    def _set_models(self, models: Models) -> None:
        self._models = models
        self._show()

    def _allow(self, news: object) -> None:
        self._ways.setVisible(not isinstance(news, Fetching | Waiting))

    def _show(self) -> None:
        found = self._found()
        self.setVisible(found is not None)
        if found is None or self._models is None:
            return
        commands = self._commands
        if isinstance(found, Offer):
            self._call = partial(commands.fetch_model, found.name, use=True)
            self.get.setText(self._words(found))
            self.get.setToolTip(messages.model_cost(self._models.costs[found.name]))
        else:
            here = found in self._models.here
            self._call = (
                partial(commands.use_model, found) if here else partial(commands.add_model, found.folder)
            )
            self.get.setText(tips.verbatim(_use(found)))
            self.get.setToolTip(_("It is on this machine already"))

    def _found(self) -> Model | Offer | None:
        """What to offer; None where nothing is wanted, or the chosen model does."""
        models = self._models
        if models is None:
            return None
        if self._name:
            named = (one for one in models.offered if one.name == self._name)
            return models.chosen(self._name) or next(named, None)
        chosen = models.chosen(self._commands.settings.model)
        if self._language is None or (chosen and speaks(chosen, self._language)):
            return None
        return models.of_language(self._language)

    def _words(self, offer: Offer) -> str:
        size = messages.size(offer.size)
        if self._name:
            return _("Get “{model}” ({size})").format(model=offer.name, size=size)
        if not self._language:
            return _("Get a multilingual model ({model}, {size})").format(model=offer.name, size=size)
        return _("Get a model for {language} ({model}, {size})").format(
            language=messages.language_name(self._language), model=offer.name, size=size
        )

    def _clicked(self) -> None:
        if self._call:
            self._call()


def _use(model: Model) -> str:
    return _("Use “{model}”").format(model=model.name)


def _link(text: str, tip: str, call: Callable[[], object]) -> QWidget:
    """A button that is read out by its tool tip, which names the model."""
    made = button(text, call, kind="link", tip=tip)
    made.setAccessibleName(tip)
    return made
