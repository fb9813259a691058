"""Every sentence of the window comes from the catalogue: with each put in brackets, none is left bare."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QTabBar,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core import messages, paths
from core.errors import MissingFile, to_failure
from core.store import Store
from core.summary import templates
from core.values import (
    CALL,
    Channel,
    Cost,
    Devices,
    LiveText,
    MeetingId,
    Microphone,
    Model,
    Models,
    Notice,
    Recording,
    SourceState,
    Stage,
    TranscriptOptions,
)
from core.values import Trouble as SourceTrouble
from desktop.commands import Import, Trouble
from desktop.models.states import Activity
from desktop.views.actions import native
from desktop.views.export_menu import ReplaceFile
from desktop.views.leaving import Closing, StopRecording
from desktop.views.settings.dialog import PAGES, SettingsDialog
from desktop.views.settings.transcription import SPOKEN
from tests.gui.conftest import OpenWindow


class Bracketed(gettext.NullTranslations):
    """A language in which every sentence stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.fixture
def brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Bracketed()
    monkeypatch.setattr(messages, "_catalogue", lambda _code: catalogue)


def words(root: QWidget) -> Iterator[str]:
    """Everything that is read, seen or heard, in `root` and its children; hidden parts too."""
    for widget in (root, *root.findChildren(QWidget)):
        if widget.objectName().startswith("qt_") or isinstance(widget.parent(), QTabBar):
            continue  # Qt's own parts, whose words are Qt's
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        yield widget.windowTitle()
        match widget:
            case QLabel() | QAbstractButton():
                yield widget.text()
            case QLineEdit():
                yield widget.placeholderText()
            case QComboBox():
                yield from (widget.itemText(place) for place in range(widget.count()))
            case QListWidget():
                yield from (widget.item(place).text() for place in range(widget.count()))
            case QTabWidget():
                for place in range(widget.count()):
                    yield from (widget.tabText(place), widget.tabToolTip(place))
            case QMenu():
                yield widget.title()
    for action in root.findChildren(QAction):
        yield from (action.text(), action.toolTip())


DATA = {
    "Aa",
    "Release",
    "English",
    "Français",
    "Mistral",
    "Daniel",
    "tiny.en",
    "ask Marc",
    "a.mp3",
    "Blue Yeti",
}


def bare(root: QWidget) -> list[str]:
    known = DATA | {messages.language_name(code) for code in SPOKEN}
    # Templates are files, which have their words in each language.
    built_in = templates.known(paths.RESOURCES / "no templates of a person's own")
    known |= {name for one in built_in for _language, name in one.names}
    texts = (re.sub(r"<[^>]*>", "", text) for text in words(root))
    return sorted(
        {text for text in texts if re.search("[A-Za-z]", text) and "⟦" not in text and text not in known}
    )


def test_nothing_is_said_outside_the_catalogue(
    brackets: None, store: Store, finished: MeetingId, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    said_in_it = {line.text for line in store.minutes(finished).lines}  # type: ignore[union-attr]
    said_in_it |= {segment.text for segment in store.transcript(finished).segments}  # type: ignore[union-attr]
    store.add_note(finished, 3.0, "ask Marc")
    window = open_the_window()
    said_in_it.add(str(window.commands.places.root))
    said_in_it |= {native(action.shortcut()) for action in window.findChildren(QAction)}  # Qt names keys
    qtbot.waitUntil(lambda: window.page.has_meeting, timeout=20_000)

    def check(root: QWidget = window) -> None:
        # Dates and lengths are made by the language's own rules, not of sentences.
        left = [text for text in bare(root) if text not in said_in_it and not re.search(r"\d{4}", text)]
        assert not left

    check()
    commands = window.commands
    commands.activity_changed.emit(finished, Activity(Stage.TRANSCRIBE, 0.5, 30))
    commands.imports_changed.emit((Import(1, "a.mp3", 0.5),))
    commands.said.emit(messages._("Note removed"), lambda: None)
    commands.troubled.emit(Trouble(messages._("Settings"), "", "details"))
    commands.devices_found.emit(Devices((Microphone("Blue Yeti", True),), "Speakers"))
    for paused in (False, True):
        for trouble in SourceTrouble:
            sources = tuple(SourceState(channel, "Blue Yeti", -20.0, -10.0, trouble) for channel in CALL)
            commands.recording = Recording(
                finished, 5.0, 1.0, sources, paused=paused, gaps=2, room=600.0, silent=1000.0
            )
            commands.recording_changed.emit(commands.recording)
            check()
            assert "⟦" in window.tray.icon.toolTip()
    commands._ask_about_silence(Notice("long_silence", {"seconds": 900.0}))
    commands.live_text_changed.emit(LiveText(finished, "ask Marc", 12.0, Channel.SYSTEM))
    check()
    commands.recording = None
    commands.recording_changed.emit(None)
    commands.live_text_changed.emit(None)
    check(window.tray.menu)
    commands.activity_changed.emit(finished, None)
    store.ask(finished, Stage.TRANSCRIBE, TranscriptOptions())
    store.fail(finished, Stage.TRANSCRIBE, to_failure(MissingFile("a.mp3")))
    qtbot.waitUntil(lambda: "⟦There is no file" in window.page.header.banner.text.text(), timeout=20_000)
    check()
    check(StopRecording(window))
    check(Closing(window, tray=True))
    check(Closing(window, tray=False))
    check(ReplaceFile("a.mp3", window))
    settings = SettingsDialog(commands, window)
    for page in PAGES:
        settings.page(page)
    model = Model("tiny.en", "/models/tiny.en", ("en",), 71_000_000)
    commands.models_found.emit(Models((model,), (), (), {"tiny.en": Cost(1, 2.0)}, ""))
    check(settings)


def test_the_brackets_would_find_a_bare_sentence(brackets: None, qtbot: QtBot) -> None:
    label = QLabel("Nobody translated this")
    qtbot.addWidget(label)
    assert bare(label) == ["Nobody translated this"]


def test_the_window_speaks_french(
    open_the_window: OpenWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    window = open_the_window()
    assert messages.language() == "fr"
    assert window.actions_.record.text() not in {"", "Record"}
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Annuler"
