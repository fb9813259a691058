"""Tags in the page's head, the vocabulary in the settings, and the spoken language of a meeting."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from core.errors import CannotTranslate, to_failure
from core.store import Store
from core.values import MeetingId, Place, Segment, Stage, TranscriptOptions
from desktop.views.main_window import MainWindow
from desktop.views.settings.dialog import SettingsDialog
from desktop.views.settings.transcription import TranscriptionPage
from tests.gui.conftest import with_sound
from tests.gui.hands import button, click, wait_for


def chips(page: MainWindow) -> list[str]:
    return [
        one.text()
        for one in page.page.header.tags.findChildren(QPushButton)
        if one.isVisible() and one.property("kind") == "chip"
    ]


def test_tags_are_written_in_place_and_taken_back(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    tags = page.page.header.tags
    click(qtbot, button(tags, "Add a tag"))
    qtbot.keyClicks(tags.input, "#Budget R&D, budget")
    qtbot.keyClick(tags.input, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: store.meeting(finished).tags == ("Budget", "R&D"))
    # Qt shows two as one, and makes no key of the D.
    wait_for(qtbot, lambda: chips(page) == ["#Budget", "#R&&D"])
    click(qtbot, button(page, "Undo"))
    wait_for(qtbot, lambda: store.meeting(finished).tags == ())
    wait_for(qtbot, lambda: chips(page) == [])


def test_escape_leaves_the_tags_as_they_were(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    store.set_tags(finished, ["kept"])
    wait_for(qtbot, lambda: chips(page) == ["#kept"])
    tags = page.page.header.tags
    page.actions_.tags.trigger()
    assert tags.input.text() == "#kept "
    qtbot.keyClicks(tags.input, "#new")
    qtbot.keyClick(tags.input, Qt.Key.Key_Escape)
    assert tags.input.isHidden()
    assert chips(page) == ["#kept"]
    assert store.meeting(finished).tags == ("kept",)


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_known_tags_are_offered(page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot) -> None:
    store.set_vocabulary(["Kowalczyk"], "budget")
    store.set_tags(finished, ["team"])
    wait_for(qtbot, lambda: chips(page) == ["#team"])
    tags = page.page.header.tags
    tags.begin()
    qtbot.keyClicks(tags.input, "bu")
    popup = tags._completer.popup()
    assert popup
    assert popup.isVisible()
    tags._completer.activated.emit(tags._completer.currentCompletion())
    popup.hide()
    assert tags.input.text() == "#team #budget "
    qtbot.keyClick(tags.input, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: store.meeting(finished).tags == ("team", "budget"))


def test_the_vocabulary_is_kept_as_it_is_written(window: MainWindow, store: Store, qtbot: QtBot) -> None:
    store.set_vocabulary(["Siobhan"], "team")
    dialog = SettingsDialog(window.commands, window, TranscriptionPage)
    dialog.show()
    page = dialog.page(TranscriptionPage).vocabulary
    wait_for(qtbot, page.words.isEnabled)
    qtbot.keyClicks(page.words, "Kowalczyk")
    qtbot.keyClick(page.words, Qt.Key.Key_Return)
    qtbot.keyClicks(page.words, "rigor  mortis")
    wait_for(qtbot, lambda: store.vocabulary() == ("Kowalczyk", "rigor mortis"))
    page.tag.setCurrentIndex(page.tag.findData("team"))
    page.tag.activated.emit(page.tag.currentIndex())
    wait_for(qtbot, lambda: page.words.toPlainText() == "Siobhan" and page.words.isEnabled())
    qtbot.keyClicks(page.words, "Ngoc, ")
    dialog.close()
    wait_for(qtbot, lambda: store.vocabulary("#Team") == ("Ngoc, Siobhan",))
    assert store.vocabulary() == ("Kowalczyk", "rigor mortis")


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_an_unsure_language_is_said_and_can_be_chosen(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page.commands, "_carry_on", lambda _meeting: None)
    begun = store.begin_transcript(finished, TranscriptOptions(), "")
    store.note_languages(begun, (("fr", 0.62), ("en", 0.31)))
    store.add_segments(begun, [Segment(0.0, 2.0, "Bonjour.")], Place(2.0), language="fr")
    store.complete_transcript(begun)
    banner = page.page.header.banner
    wait_for(qtbot, banner.isVisible)
    assert "French (62%) or English (31%)" in banner.text.text()
    assert banner.button.text() == "Change the language…"
    click(qtbot, banner.button)
    menu = page.page.header.spoken
    wait_for(qtbot, menu.isVisible)
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Find out by itself"]
    menu._fill_rare()
    assert "Welsh" in [action.text() for action in menu._rare.actions()]
    menu.close()
    next(action for action in menu.actions() if action.text() == "French").trigger()

    def wanted() -> object:
        return [work.options for work in store.work() if work.stage == Stage.TRANSCRIBE]

    wait_for(qtbot, lambda: wanted() == [TranscriptOptions(language="fr")])


def test_a_model_that_cannot_translate_leaves_the_original(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    store.ask(finished, Stage.TRANSCRIBE, TranscriptOptions(task="translate"))
    store.fail(finished, Stage.TRANSCRIBE, to_failure(CannotTranslate("tiny.en", "small")))
    wait_for(qtbot, page.page.header.model_offer.get.isVisible)
    assert "cannot translate" in page.page.header.banner.text.text()
    assert "multilingual" in page.page.header.model_offer.get.text()
    click(qtbot, button(page.page, "Keep the original"))
    wait_for(qtbot, lambda: store.work() == () and not page.page.header.banner.isVisible())


@with_sound
def test_a_translation_is_asked_for_and_switched_to_and_back(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page.commands, "_carry_on", lambda _meeting: None)
    action = page.actions_.translate
    assert action.text() == "Translate into English"
    action.trigger()
    options = TranscriptOptions(task="translate")
    wait_for(
        qtbot, lambda: options in [work.options for work in store.work() if work.stage == Stage.TRANSCRIBE]
    )
    begun = store.begin_transcript(finished, options, "fr")
    store.add_segments(begun, [Segment(0.0, 2.0, "Hello.")], Place(2.0), language="fr")
    store.complete_transcript(begun)
    wait_for(qtbot, lambda: action.text() == "Show the original text")
    wait_for(qtbot, lambda: "French, in English" in page.page.header.meta.text())
    action.trigger()
    wait_for(qtbot, lambda: action.text() == "Show the translation")
    assert page.page.transcript.segments.count == 3
    action.trigger()
    wait_for(qtbot, lambda: page.page.transcript.segments.count == 1)
