"""What is told while the person looks at something else, and where a click on it leads; meetings shown lately."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from core import errors
from core.meetings import Library
from core.store import Store
from core.values import Job, MeetingId
from desktop.views.main_window import MainWindow
from desktop.views.settings.dialog import SettingsDialog
from desktop.views.settings.general import GeneralPage
from desktop.views.tray import Tray
from tests.gui.conftest import OpenWindow
from tests.gui.hands import sentences, wait_for
from tests.gui.test_library import put
from tests.gui.test_settings import choose, field


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A desktop with a tray; what its messages say."""
    said: list[str] = []
    monkeypatch.setattr(Tray, "is_there", lambda _tray: True)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _icon, _title, text, *_: said.append(text))
    return said


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch, page: MainWindow, store: Store) -> MainWindow:
    """The window with the meeting “Release” and another one, behind that of another program."""
    put(store, "Stand-up", 0, "good morning")
    monkeypatch.setattr(QApplication, "activeWindow", lambda: None)
    return page


def is_shown(window: MainWindow, title: str) -> bool:
    return shown(window) == title


def shown(window: MainWindow) -> str:
    return window.page.header.title.text()


def test_what_is_ready_is_told_and_a_click_opens_it(
    behind: MainWindow, told: list[str], store: Store, qtbot: QtBot
) -> None:
    behind.actions_.minutes_offline.trigger()
    wait_for(qtbot, lambda: told == ["The minutes of “Release” are ready"])
    assert "The minutes of “Release” are ready" in sentences(behind)
    other = next(meeting for meeting in store.meetings() if meeting.title == "Stand-up")
    behind.commands.show(other.id)
    wait_for(qtbot, lambda: shown(behind) == "Stand-up")
    behind.actions_.tasks.trigger()
    behind.hide()
    behind.tray.icon.messageClicked.emit()
    wait_for(qtbot, lambda: behind.page.isVisible() and shown(behind) == "Release")


def test_what_failed_is_told_in_words(
    behind: MainWindow, told: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_library: Library, _meeting_id: MeetingId, *_: object, **__: object) -> Job[None]:
        yield from ()
        raise errors.NothingSaid("Release")

    monkeypatch.setattr("core.meetings.summarise", failing)
    behind.actions_.minutes_offline.trigger()
    wait_for(qtbot, lambda: told)
    assert told == ["“Release” has no text to summarise."]


def test_nothing_is_told_in_front_or_where_it_is_not_wanted(
    page: MainWindow, told: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(page.commands.noticed, timeout=20_000):
        page.actions_.minutes_offline.trigger()
    assert told == []
    dialog = SettingsDialog(page.commands, page, GeneralPage)
    dialog.open()
    choose(field(dialog, "Notifications"), "Never")
    dialog.close()
    monkeypatch.setattr(QApplication, "activeWindow", lambda: None)
    with qtbot.waitSignal(page.commands.noticed, timeout=20_000):
        page.actions_.minutes_offline.trigger()
    assert told == []
    page.commands.change_settings(notifications=True)
    page.tray.tell("now")
    assert told == ["now"]


# --- recent meetings -------------------------------------------------------------------------------


def recent(window: MainWindow) -> list[QAction]:
    window.recent.aboutToShow.emit()
    return [action for action in window.recent.actions() if not action.isSeparator()]


def test_recent_meetings_are_a_menu_also_after_a_restart(
    store: Store, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    for place, title in enumerate(("Stand-up", "R & D", "Interview")):
        put(store, title, place, "good morning")
    window = open_the_window()
    wait_for(qtbot, lambda: shown(window) == "Stand-up")
    for title in ("R & D", "Interview"):
        meeting = next(one for one in store.meetings() if one.title == title)
        window.commands.show(meeting.id)
        wait_for(qtbot, partial(is_shown, window, title))
    assert [action.text().split(" · ")[0] for action in recent(window)] == [
        "Interview", "R && D", "Stand-up", "Clear this list",
    ]  # fmt: skip
    window.leave()
    again = open_the_window()
    wait_for(qtbot, lambda: shown(again) == "Interview")
    earliest = recent(again)[2]
    assert earliest.text().startswith("Stand-up")
    earliest.trigger()
    wait_for(qtbot, lambda: shown(again) == "Stand-up")
    store.bin(next(one for one in store.meetings() if one.title == "R & D").id)
    wait_for(qtbot, lambda: [one.text()[:5] for one in recent(again)] == ["Stand", "Inter", "Clear"])
    recent(again)[-1].trigger()
    (nothing,) = recent(again)
    assert not nothing.isEnabled()
