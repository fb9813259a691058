"""The first page: asks once what a new person needs, and is left as one likes."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from core import errors, paths, settings
from core.settings import Settings
from core.speech import machine
from core.values import Channel, Job, Machine, MeetingId, Recording, SourceState
from desktop.views.first_run import FirstRun
from desktop.views.main_window import MainWindow
from desktop.views.settings.dialog import SettingsDialog
from desktop.views.settings.summaries import SummariesPage
from tests.gui.conftest import OpenWindow
from tests.gui.decoder import Decoder
from tests.gui.hands import button, choose_in_dialog, click, sentences, wait_for


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose speed is found at once."""

    def measure(_model: object, _sound: object) -> Generator[float, None, Machine]:
        yield 1.0
        return dataclasses.replace(machine.unmeasured(), speed=12.5)

    monkeypatch.setattr(machine, "measured", measure)


def first_page(window: MainWindow) -> FirstRun:
    page = window.findChild(FirstRun)
    assert page
    assert page.isVisible()
    return page


def choose(qtbot: QtBot, box: QComboBox, text: str) -> None:
    """Chooses an entry with the keyboard."""
    box.setFocus()
    box.setCurrentIndex(box.findText(text) - 1)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == text


def test_it_is_there_once(open_the_window: OpenWindow, qtbot: QtBot, places: paths.Folders) -> None:
    window = open_the_window(new=True)
    page = first_page(window)
    assert page.language.hasFocus()
    assert str(places.root) in sentences(page)
    wanted: list[object] = []
    window.commands.closing_wanted.connect(lambda *change: wanted.append(change))
    click(qtbot, button(page, "Choose another folder…"))
    choose_in_dialog(qtbot, window, places.root.parent)
    wait_for(qtbot, lambda: wanted)
    assert "nothing is sent anywhere unless you ask for it" in sentences(page)
    click(qtbot, button(page, "Skip"))
    assert not page.isVisible()
    assert button(window, "Import…").isVisible()
    wait_for(qtbot, lambda: settings.load(places.settings).welcomed)
    again = open_window_again(open_the_window)
    assert not again.findChild(FirstRun)


def open_window_again(open_the_window: OpenWindow) -> MainWindow:
    """Another window on the same library, as after a restart: by what is kept alone."""
    return open_the_window(new=True)


def test_for_french_a_model_is_offered_first(open_the_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_the_window(new=True)
    page = first_page(window)
    assert not page.offer.isVisible()
    with qtbot.waitSignal(window.commands.models_found, timeout=20_000):
        choose(qtbot, page.language, "French")
    wait_for(qtbot, page.offer.isVisible)
    assert window.commands.settings.spoken_language == "fr"
    assert button(page, page.offer.get.text()).text().startswith("Get a model for French")
    assert page.offer.y() < page.microphones.y()
    choose(qtbot, page.language, "English")
    wait_for(qtbot, lambda: not page.offer.isVisible())


def test_it_measures_this_machine_and_says_what_a_better_model_takes(
    open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    page = first_page(open_the_window(new=True))
    wait_for(qtbot, lambda: "This machine is 12.5 times as fast as speech" in sentences(page))
    wait_for(qtbot, lambda: "A better model: “small” understands well" in sentences(page))
    wait_for(qtbot, lambda: "an hour takes about" in page._why.text())


def test_key_and_address_are_entered_where_they_belong(open_the_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_the_window(new=True)
    click(qtbot, button(first_page(window), "Key and address…"))
    dialog = window.findChild(SettingsDialog)
    assert dialog
    assert dialog.page(SummariesPage).isVisible()


def heard(peak: float) -> Recording:
    return Recording(MeetingId(""), 1.0, 0.0, (SourceState(Channel.MICROPHONE, "Desk", peak - 8, peak),))


def test_the_microphone_is_tried(
    open_the_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Recording | Exception] = [heard(-80), heard(-20)]

    def trial(_microphone: str, _seconds: float) -> Job[None]:
        for one in told:
            if isinstance(one, Exception):
                raise one
            yield one

    monkeypatch.setattr("core.meetings.try_microphone", trial)
    page = first_page(open_the_window(new=True))
    click(qtbot, button(page, "Try the microphone"))
    wait_for(qtbot, lambda: "You are heard." in sentences(page))
    told[:] = [heard(-80)]
    wait_for(qtbot, lambda: page._try.text() == "Try the microphone")
    click(qtbot, button(page, "Try the microphone"))
    wait_for(qtbot, lambda: "Nothing was heard." in sentences(page))
    told[:] = [errors.NoMicrophone()]
    click(qtbot, button(page, "Try the microphone"))
    wait_for(qtbot, lambda: "No microphone" in sentences(page))


def test_the_sample_leads_on(
    open_the_window: OpenWindow, qtbot: QtBot, decoder: Decoder, places: paths.Folders
) -> None:
    window = open_the_window(new=True)
    click(qtbot, button(first_page(window), "Try the sample meeting"))
    wait_for(qtbot, lambda: window.page.isVisible())
    assert window.commands.settings.welcomed
    decoder.may_go.release(100)


def test_who_has_meetings_is_not_welcomed(
    finished: MeetingId, open_the_window: OpenWindow, qtbot: QtBot, places: paths.Folders
) -> None:
    settings.save(Settings(), places.settings)
    window = open_the_window(new=True)
    wait_for(qtbot, lambda: settings.load(places.settings).welcomed)
    assert not window.findChild(FirstRun)
