"""What the window does where a model is lacking: for the language of a meeting, or of the person."""

from __future__ import annotations

import dataclasses

import pytest
from pytestqt.qtbot import QtBot

from core import messages
from core.errors import LanguageNotSpoken, ModelMissing, NotEnglish, Problem, to_failure
from core.store import Store
from core.values import Cost, MeetingId, Model, Models, Stage, TranscriptOptions
from desktop.views.main_window import MainWindow
from desktop.views.settings.dialog import SettingsDialog
from tests.gui.conftest import OpenWindow
from tests.gui.hands import button, click, sentences, wait_for
from tests.hub_server import Hub, Status


def refuse(store: Store, meeting_id: MeetingId, problem: Problem) -> None:
    """As if the meeting's transcription had ended with this."""
    store.ask(meeting_id, Stage.TRANSCRIBE, TranscriptOptions(model="tiny.en"))
    store.fail(meeting_id, Stage.TRANSCRIBE, to_failure(problem))


@pytest.fixture
def foreign(page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot) -> MainWindow:
    """The meeting that is shown was not English to its model."""
    refuse(store, finished, NotEnglish("tiny.en"))
    wait_for(qtbot, page.page.header.model_offer.get.isVisible)
    return page


def test_it_says_so_and_can_be_told_that_it_is_english(
    foreign: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    banner = foreign.page.header.banner
    assert "“tiny.en” knows only English" in banner.text.text()
    assert banner.button.text() == "Transcribe as English"
    assert foreign.page.header.model_offer.get.text() == "Get a multilingual model (small, 486 MB)"
    monkeypatch.setattr(foreign.commands, "_carry_on", lambda _meeting: None)
    click(qtbot, banner.button)
    wait_for(
        qtbot, lambda: [work.failure for work in store.work() if work.stage == Stage.TRANSCRIBE] == [None]
    )
    (text,) = [work for work in store.work() if work.stage == Stage.TRANSCRIBE]
    assert isinstance(text.options, TranscriptOptions)
    assert text.options.language == "en"
    assert text.meeting_id == finished
    wait_for(qtbot, lambda: not banner.isVisible() and not foreign.page.header.model_offer.isVisible())


def test_it_carries_on_once_another_model_is_chosen(
    foreign: MainWindow, store: Store, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign.commands, "_carry_on", lambda _meeting: None)
    (before,) = [work for work in store.work() if work.stage == Stage.TRANSCRIBE]
    assert isinstance(before.options, TranscriptOptions)
    wanted = dataclasses.replace(before.options, model="base")
    foreign.commands.change_settings(model="base")

    def asked_anew() -> bool:
        (work,) = [work for work in store.work() if work.stage == Stage.TRANSCRIBE]
        return work.failure is None and work.options == wanted

    wait_for(qtbot, asked_anew)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (LanguageNotSpoken("tiny.en", "de", "small"), "Get a model for German (small, 486 MB)"),
        (ModelMissing("base.en"), "Get “base.en” (148 MB)"),
    ],
)
def test_the_model_that_a_meeting_lacks_is_offered(
    problem: Problem, words: str, page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    refuse(store, finished, problem)
    offer = page.page.header.model_offer
    wait_for(qtbot, offer.get.isVisible)
    assert offer.get.text() == words
    button(offer, "Other models…").click()
    (dialog,) = page.findChildren(SettingsDialog)
    assert dialog.pages.currentItem().text() == "Transcription"
    dialog.close()


def test_a_missing_model_is_got_and_its_meeting_goes_on(
    page: MainWindow,
    store: Store,
    finished: MeetingId,
    hub: Hub,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carried_on = list[MeetingId]()
    monkeypatch.setattr(page.commands, "_carry_on", lambda meeting: carried_on.append(meeting.id))
    page.commands.change_settings(model="base.en")
    refuse(store, finished, ModelMissing("base.en"))
    offer = page.page.header.model_offer
    wait_for(qtbot, offer.get.isVisible)
    hub.faults["config.json"] = [Status(404)]
    click(qtbot, offer.get)
    wait_for(qtbot, lambda: "has no speech model “base.en”" in sentences(page.problems))
    assert not offer.download.isVisible()
    click(qtbot, button(page.problems, "Try again"))
    assert not page.problems.isVisible()
    wait_for(qtbot, lambda: finished in carried_on)
    wait_for(qtbot, lambda: not offer.isVisible())
    assert page.commands.settings.model == "base.en"


@pytest.fixture
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    messages.use_language("")


def test_a_first_run_in_french_offers_a_model_and_takes_it(
    french: None, hub: Hub, open_the_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The starter passes for a model that knows every language.
    monkeypatch.setattr("core.speech.models._english_only", lambda folder: "models" not in folder.parts)
    monkeypatch.setattr("core.speech.check_loads", lambda _model: None)
    window = open_the_window()
    offer = window.empty.offer
    wait_for(qtbot, offer.get.isVisible)
    assert "(small, 486" in offer.get.text()
    hub.pause = 0.02
    click(qtbot, offer.get)
    wait_for(qtbot, lambda: offer.download.progress.isVisible() and offer.download.progress.value() > 0)
    assert not offer.get.isVisible()
    hub.pause = 0.0
    wait_for(qtbot, lambda: window.commands.settings.model == "small")
    wait_for(qtbot, lambda: not offer.isVisible())


def test_an_english_window_offers_nothing(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.commands.models_found, timeout=20_000):
        window.commands.look_for_models()
    assert not window.empty.offer.isVisible()


def test_a_model_that_is_here_is_used_rather_than_another_fetched(foreign: MainWindow, qtbot: QtBot) -> None:
    tiny = Model("tiny.en", "/bundled", ("en",), 1, built_in=True)
    medium = Model("medium", "/models/medium", (), 2)
    costs = {"tiny.en": Cost(1, None), "medium": Cost(2, None)}
    foreign.commands.models_found.emit(Models((tiny, medium), (), (), costs, "small"))
    offer = foreign.page.header.model_offer
    assert offer.get.text() == "Use “medium”"
    click(qtbot, offer.get)
    assert foreign.commands.settings.model == "medium"
    assert not offer.isVisible()
