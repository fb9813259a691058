"""What a person asks of their meetings in the window: of one, of all, on this machine and of a provider."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core.store import Store
from core.summary import breaker
from core.values import MeetingId
from desktop.views.main_window import MainWindow
from desktop.views.questions_view import QuestionsView
from desktop.views.widgets import Question
from tests.gui.decoder import SPOKEN
from tests.gui.hands import button, click, sentences, wait_for
from tests.gui.test_library import put
from tests.mistral_server import Answer, Server, Silent, Status

ENTER = Qt.Key.Key_Return


@pytest.fixture(autouse=True)
def _closed_breakers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "_breakers", {})


def ask(qtbot: QtBot, view: QuestionsView, question: str) -> None:
    view.field.setText(question)
    qtbot.keyClick(view.field, ENTER)


def chips(view: QuestionsView) -> list[QPushButton]:
    return [
        one for one in view.findChildren(QPushButton) if one.property("kind") == "chip" and one.isVisible()
    ]


def words(view: QuestionsView) -> str:
    """What stands in the view, be it shown or behind another part."""
    return "\n".join(one.text() for one in view.findChildren(QLabel))


def test_this_machine_answers_with_passages_that_lead_to_their_second(page: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(page, Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
    view = page.page.questions
    assert page.focusWidget() is view.field
    assert not view.button.isEnabled()
    ask(qtbot, view, f"Is it true that {SPOKEN[1]}")
    wait_for(qtbot, lambda: chips(view))
    assert SPOKEN[1] in sentences(view)
    assert view.field.text() == ""
    click(qtbot, chips(view)[0])
    assert page.page.tabs.currentWidget() is not view
    assert page.page.transcript.current_second() == 10.0
    # A question that nothing answers says so and what to do; what was answered before it stays.
    ask(qtbot, view, "Elephants?")
    wait_for(qtbot, lambda: "Ask in other words." in words(view))
    assert SPOKEN[1] in words(view)


def test_all_meetings_are_asked_from_the_search_and_a_chip_opens_one(
    page: MainWindow, qtbot: QtBot, store: Store, finished: MeetingId
) -> None:
    other = put(store, "Roof", 1, "the roofer comes on Monday")
    field = page.library.field
    field.setFocus()
    qtbot.keyClicks(field, "Which day does the roofer come?")
    qtbot.keyClick(field, ENTER, Qt.KeyboardModifier.ControlModifier)
    view = page.questions
    wait_for(qtbot, lambda: view.isVisible() and chips(view))
    assert "the roofer comes on Monday" in sentences(view)
    assert "Roof · " in sentences(view)
    click(qtbot, chips(view)[0])
    wait_for(qtbot, lambda: page.page.isVisible() and page.library.current())
    current = page.library.current()
    assert current
    assert current.id == other
    assert not page.actions_.ask_all.isChecked()
    page.actions_.ask_all.trigger()
    assert "the roofer comes on Monday" in sentences(view)
    assert page.focusWidget() is view.field


def test_what_a_question_sends_stands_beside_it_before_it_is_asked(
    page: MainWindow, qtbot: QtBot, finished: MeetingId
) -> None:
    commands, view = page.commands, page.questions
    commands.change_settings(
        provider="server",
        provider_address="http://far.example",
        server_model="m",
        consents=("http://far.example",),
        provider_prices=("m=1000/1000",),
    )
    page.actions_.ask_all.trigger()
    assert "With the question about" not in sentences(view)
    qtbot.keyClicks(view.field, SPOKEN[0])
    wait_for(qtbot, lambda: "With the question about" in sentences(view))
    assert "That costs about €" in sentences(view)
    assert not commands.inquiries(None)


def test_a_provider_answers_is_stopped_and_fails(
    page: MainWindow, qtbot: QtBot, store: Store, finished: MeetingId
) -> None:
    transcript = store.transcript(finished)
    assert transcript
    second = transcript.segments[1]

    def reply_to(_body: dict[str, Any]) -> str:
        evidence = [{"segment_id": second.id, "quote": second.text}]
        return json.dumps({"answer": "<b>By Friday</b>", "evidence": evidence})

    with Server([Answer(reply_to), Silent(), Status(401), Status(401)]) as server:
        commands, view = page.commands, page.page.questions
        commands.change_settings(provider="server", provider_address=server.address, server_model="m")
        page.actions_.questions.trigger()
        ask(qtbot, view, "Until when?")
        wait_for(qtbot, lambda: "&lt;b&gt;By Friday" in sentences(view))
        assert second.text.rstrip(".") in sentences(view)
        assert len(chips(view)) == 1
        ask(qtbot, view, "And who?")
        wait_for(qtbot, lambda: len(server.requests) == 2)
        assert "Looking for an answer…" in sentences(view)
        qtbot.keyClick(view.field, Qt.Key.Key_Escape)
        wait_for(qtbot, lambda: "Stopped before there was an answer." in sentences(view))
        click(qtbot, button(view, "Ask again"))
        # Now it fails, and there is no passage to show instead.
        wait_for(qtbot, lambda: "does not accept the key" in sentences(view))
        ask(qtbot, view, SPOKEN[0])
        wait_for(qtbot, lambda: "gave no answer, so passages are shown" in sentences(view))
        assert len(chips(view)) > 1
    asked = [one.question for one in commands.inquiries(finished)]
    assert asked == [SPOKEN[0], "And who?", "And who?", "Until when?"]


def test_nothing_is_sent_without_an_agreement_and_this_machine_answers(
    page: MainWindow, qtbot: QtBot, finished: MeetingId
) -> None:
    commands, view = page.commands, page.page.questions
    commands.change_settings(provider="server", provider_address="http://far.example", server_model="m")
    page.actions_.questions.trigger()
    ask(qtbot, view, SPOKEN[0])
    wait_for(qtbot, lambda: page.findChild(Question))
    asked = page.findChild(Question)
    assert asked
    assert "http://far.example" in sentences(asked)
    assert "Your question" in sentences(asked)
    assert "With the question about" in sentences(asked)
    assert not commands.inquiries(finished)
    wait_for(qtbot, lambda: "With the question about" in sentences(view))
    click(qtbot, button(asked, "Send nothing"))
    wait_for(qtbot, lambda: chips(view))
    (inquiry,) = commands.inquiries(finished)
    assert (inquiry.provider, inquiry.reply and inquiry.reply.made_by) == ("offline", "offline")
    assert commands.settings.consents == ()
