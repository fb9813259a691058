"""What the window does where a meeting is in a language that its model does not know."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.errors import NotEnglish, to_failure
from core.store import Store
from core.values import MeetingId, Stage, TranscriptOptions
from desktop.views.main_window import MainWindow


@pytest.fixture
def foreign(page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot) -> MainWindow:
    """The meeting that is shown was not English to its model."""
    store.ask(finished, Stage.TRANSCRIBE, TranscriptOptions(model="tiny.en"))
    store.fail(finished, Stage.TRANSCRIBE, to_failure(NotEnglish("tiny.en")))
    qtbot.waitUntil(lambda: page.page._banner.other.isVisible(), timeout=20_000)
    return page


def test_it_says_so_and_can_be_told_that_it_is_english(
    foreign: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    banner = foreign.page._banner
    assert "“tiny.en” knows only English" in banner.text.text()
    assert banner.button.text() == "Get a multilingual model"
    monkeypatch.setattr(foreign.commands, "_carry_on", lambda _meeting: None)
    qtbot.mouseClick(banner.other, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: [work.failure for work in store.work() if work.stage == Stage.TRANSCRIBE] == [None],
        timeout=20_000,
    )
    (text,) = [work for work in store.work() if work.stage == Stage.TRANSCRIBE]
    assert isinstance(text.options, TranscriptOptions)
    assert text.options.language == "en"
    assert text.meeting_id == finished
    qtbot.waitUntil(lambda: not banner.other.isVisible(), timeout=20_000)


def test_it_carries_on_once_another_model_is_chosen(
    foreign: MainWindow, store: Store, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign.commands, "_carry_on", lambda _meeting: None)
    (before,) = [work for work in store.work() if work.stage == Stage.TRANSCRIBE]
    foreign.commands.change_settings(model="base")

    def asked_anew() -> bool:
        (work,) = [work for work in store.work() if work.stage == Stage.TRANSCRIBE]
        return work.failure is None and work.options == dataclasses.replace(before.options, model="base")

    qtbot.waitUntil(asked_anew, timeout=20_000)
