"""What a person does with minutes in the window: change a line, add one, bring a version back, agree to sending."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core import credentials, errors
from core.store import Store
from core.values import (
    Evidence,
    Line,
    MeetingId,
    Minutes,
    Origin,
    Section,
    Stage,
    SummaryOptions,
    TemplateSection,
    Waiting,
)
from desktop.models.states import Activity, activity_line
from desktop.views.line_editor import LineEditor
from desktop.views.main_window import MainWindow
from desktop.views.settings.summaries import SummariesPage
from desktop.views.summary_view import SummaryView
from desktop.views.widgets import Question
from tests.gui.conftest import OpenWindow
from tests.gui.hands import button, click, sentences, wait_for
from tests.mistral_server import Answer, Server
from tests.mistral_server import minutes as answer


def texts(store: Store, meeting_id: MeetingId) -> list[str]:
    found = store.minutes(meeting_id)
    return [line.text for line in found.lines] if found else []


def editor(page: MainWindow) -> LineEditor:
    return next(one for one in page.page.summary.findChildren(LineEditor) if one.isVisible())


def line_menus(page: MainWindow) -> list[QToolButton]:
    found = page.page.summary.findChildren(QToolButton)
    return [one for one in found if one.accessibleName() == "Change or remove the line"]


def test_a_line_is_changed_in_place_taken_out_and_brought_back(
    page: MainWindow, qtbot: QtBot, store: Store, finished: MeetingId
) -> None:
    before = store.minutes(finished)
    assert before
    line_menus(page)[1].menu().actions()[0].trigger()
    form = editor(page)
    form.text.setPlainText("Send the whole test report")
    form.owner.setText("Ana")
    form.due.setText("3/20/2026")
    qtbot.keyClick(form.due, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: "Send the whole test report" in texts(store, finished))
    changed = store.minutes(finished)
    assert changed
    assert (changed.lines[1].owner, str(changed.lines[1].due), changed.lines[1].edited) == (
        "Ana",
        "2026-03-20",
        True,
    )
    wait_for(qtbot, lambda: "Ana" in sentences(page.page.summary))
    assert line_menus(page)[1].hasFocus()
    line_menus(page)[2].menu().actions()[1].trigger()
    wait_for(qtbot, lambda: len(texts(store, finished)) == 2)
    wait_for(qtbot, lambda: "1 line that you removed is left out" in sentences(page.page.summary))
    page.commands.undo(finished)
    wait_for(qtbot, lambda: len(texts(store, finished)) == 3)
    page.commands.undo(finished)
    wait_for(qtbot, lambda: store.minutes(finished) == before)


def test_minutes_without_a_line_say_what_can_be_done(
    page: MainWindow, qtbot: QtBot, store: Store, finished: MeetingId
) -> None:
    minutes = store.minutes(finished)
    assert minutes
    view = SummaryView(page.actions_)
    qtbot.addWidget(view)
    view.show()
    view.set_minutes(minutes)
    assert "Add a line yourself" not in sentences(view)
    assert "From doubtful text" not in sentences(view)
    view.set_minutes(replace(minutes, lines=(replace(minutes.lines[0], doubtful=True),)))
    wait_for(qtbot, lambda: "From doubtful text" in sentences(view))
    view.set_minutes(replace(minutes, lines=()))
    wait_for(qtbot, lambda: "Decisions" in sentences(view))
    assert "Add a line yourself" in sentences(view)
    click(qtbot, button(view, "Add a line to “Decisions”"))
    assert view.findChild(LineEditor)


def test_a_line_of_the_persons_is_added_and_esc_leaves(
    page: MainWindow, qtbot: QtBot, store: Store, finished: MeetingId
) -> None:
    click(qtbot, button(page.page.summary, "Add a line to “Decisions”"))
    qtbot.keyClick(editor(page).text, Qt.Key.Key_Escape)
    click(qtbot, button(page.page.summary, "Add a line to “Decisions”"))
    qtbot.keyClicks(editor(page).text, "No release on Fridays")
    qtbot.keyClick(editor(page).text, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: "No release on Fridays" in sentences(page.page.summary))
    found = store.minutes(finished)
    assert found
    added = found.of(Section.DECISIONS)[-1]
    assert (added.text, added.origin, added.edited) == ("No release on Fridays", Origin.PERSON, True)


def test_an_earlier_version_is_brought_back(
    finished: MeetingId, store: Store, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    first = store.minutes(finished)
    assert first
    moment = datetime(2026, 3, 11, 10, tzinfo=UTC)
    line = Line(Section.DECISIONS, "Something else", supported=False, unverified=("Fabrice", "50,000"))
    store.add_minutes(Minutes(finished, SummaryOptions(), "offline", "en", moment, "", (line,)))
    window = open_the_window()
    wait_for(qtbot, lambda: "Something else" in sentences(window.page.summary))
    assert "Not found in the transcript · Check: Fabrice, 50,000" in sentences(window.page.summary)
    actions = window.page.summary.versions.menu().actions()
    assert [action.isChecked() for action in actions] == [True, False]
    actions[1].trigger()
    wait_for(qtbot, lambda: "Move the release to April" in sentences(window.page.summary))
    assert store.minutes(finished) == first
    window.commands.undo(finished)
    wait_for(qtbot, lambda: "Something else" in sentences(window.page.summary))


def test_nothing_is_sent_before_the_person_agrees(
    page: MainWindow, qtbot: QtBot, store: Store, finished: MeetingId
) -> None:
    commands = page.commands
    commands.change_settings(provider_address="http://far.example", server_model="m")
    commands.make_minutes(finished, provider="server")
    wait_for(qtbot, lambda: page.findChild(Question))
    question = page.findChild(Question)
    assert question
    assert "http://far.example" in sentences(question)
    assert "tokens" in sentences(question)
    click(qtbot, button(question, "Send nothing"))
    assert commands.settings.consents == ()
    assert not store.work()
    # How much it would be stands where minutes are asked for, also when nothing is to be agreed to any more.
    again = page.actions_.minutes_server
    wait_for(qtbot, lambda: re.search(r": Another server gets about [\d,]+ tokens \(", again.toolTip()))
    assert again.text() == "Make minutes with your server"
    with Server([Answer(answer("Sent", decisions=[]))]) as server:
        commands.change_settings(provider_address=server.address)
        # Nothing leaves this machine for a server on it.
        commands.make_minutes(finished, provider="server")
        wait_for(qtbot, lambda: store.minutes_versions(finished)[0].made_by == "server")
        assert len(server.requests) == 1


def test_the_settings_say_what_an_hour_of_meeting_sends(page: MainWindow, qtbot: QtBot) -> None:
    page.commands.change_settings(provider_address="http://far.example", server_model="m")
    settings = SummariesPage(page.commands)
    qtbot.addWidget(settings)
    settings.show()
    wait_for(qtbot, lambda: not settings.sent.isVisible())
    page.commands.choose_provider("server")
    wait_for(qtbot, lambda: page.findChild(Question))
    question = page.findChild(Question)
    assert question
    told = "For an hour of meeting about 18,000 tokens are sent to far.example, and about 1,800 come back."
    assert told in sentences(question)
    click(qtbot, button(question, "Send it"))
    wait_for(qtbot, lambda: settings.sent.isVisible() and settings.sent.text() == told)


def test_minutes_of_this_machine_say_that_they_are_not_translated(
    page: MainWindow, qtbot: QtBot, store: Store, finished: MeetingId
) -> None:
    action, menu = page.actions_.minutes_offline, page.page.summary._languages
    assert action.text() == "Make minutes on this machine"
    offered = {one.text(): one for one in menu.actions()}
    assert offered["English"].isEnabled()
    assert not offered["French"].isEnabled()
    assert "This machine does not translate." in offered["French"].toolTip()
    page.commands.change_settings(minutes_language="fr")
    assert action.text() == "Make minutes on this machine, not translated"
    assert "this machine does not translate" in action.toolTip()
    action.trigger()
    wait_for(qtbot, lambda: "· This machine does not translate" in sentences(page.page.summary))
    made = store.minutes(finished)
    assert made
    assert (made.language, made.options.language) == ("en", "fr")
    page.commands.change_settings(minutes_language="en")
    assert action.text() == "Make minutes on this machine"


def test_how_long_a_provider_is_tried_is_chosen(page: MainWindow, qtbot: QtBot) -> None:
    settings = SummariesPage(page.commands)
    qtbot.addWidget(settings)
    settings.show()
    page.commands.change_settings(provider="server", provider_address="http://127.0.0.1:1", server_model="m")
    wait_for(qtbot, lambda: settings.patience and settings.patience.isVisible())
    part = settings.patience
    assert part
    for box, written in ((part.tries, "5"), (part.factor, "1.5"), (part.minutes, "7")):
        assert box.isVisible()
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, written)
        qtbot.keyClick(box, Qt.Key.Key_Return)
    chosen = page.commands.settings
    assert (chosen.provider_tries, chosen.provider_factor, chosen.provider_minutes) == (5, 1.5, 7)


def test_a_server_on_this_computer_is_found_with_its_models(page: MainWindow, qtbot: QtBot) -> None:
    with Server([], {"/v1/models": {"data": [{"id": "llama"}, {"id": "mistral"}]}}) as server:
        port = int(server.address.rpartition(":")[2])
        from core.summary import reach

        usual, reach.servers_here.__defaults__ = reach.servers_here.__defaults__, ((port,),)
        try:
            settings = SummariesPage(page.commands)
            qtbot.addWidget(settings)
            settings.show()
            page.commands.choose_provider("server")
            wait_for(qtbot, lambda: page.commands.settings.server_model == "llama")
            part = settings.server
            assert part
            part.found.clear()
            click(qtbot, part.look)
            wait_for(qtbot, lambda: part.found.text() not in {"", "Looking…"})
        finally:
            reach.servers_here.__defaults__ = usual
    assert page.commands.settings.provider_address == f"http://127.0.0.1:{port}"
    assert [part.model.box.itemText(place) for place in range(2)] == ["llama", "mistral"]


def test_a_server_has_a_key_of_its_own_and_no_password_in_its_address(page: MainWindow, qtbot: QtBot) -> None:
    settings = SummariesPage(page.commands)
    qtbot.addWidget(settings)
    settings.show()
    page.commands.change_settings(provider="server", provider_address="http://desk.example:1234")
    wait_for(qtbot, lambda: settings.server and settings.server.isVisible())
    part = settings.server
    assert part
    part.key.setFocus()
    qtbot.keyClicks(part.key, "d3sk")
    qtbot.keyClick(part.key, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: "A key is kept for this address." in sentences(settings))
    assert credentials.server_key("http://desk.example:1234/v1") == "d3sk"
    assert part.key.text() == ""
    part.address.setFocus()
    part.address.selectAll()
    qtbot.keyClicks(part.address, "http://ana:pa55@desk.example")
    qtbot.keyClick(part.address, Qt.Key.Key_Return)
    assert "An address with a name or a password in it is not taken." in part.found.text()
    assert page.commands.settings.provider_address == part.address.text() == "http://desk.example:1234"


def test_while_a_provider_is_tried_again_it_is_said_why() -> None:
    waiting = Waiting(5.0, 1, errors.to_failure(errors.RemoteBusy("mistral", 503)))
    told = activity_line(Activity(Stage.SUMMARISE, waiting=waiting))
    assert told == "Writing minutes: trying again in 5 s · Mistral is overloaded or out of order (code 503)."


HOSTILE = '<img src="http://far.example/x.png"> ![x](http://far.example/y.png) <script>alert(1)</script>'


def test_what_a_model_writes_is_never_markup(qtbot: QtBot, window: MainWindow) -> None:
    said = (Evidence((1,), 0.0, 1.0, HOSTILE),)
    lines = (Line(Section.DECISIONS, HOSTILE, said), Line(Section.ACTION_ITEMS, HOSTILE, owner=HOSTILE, id=1))
    layout = (TemplateSection("decisions", Section.DECISIONS, (("", HOSTILE),)),)
    moment = datetime(2026, 3, 11, 10, tzinfo=UTC)
    view = SummaryView(window.actions_)
    qtbot.addWidget(view)
    options = SummaryOptions("server", HOSTILE)
    view.set_minutes(Minutes(MeetingId("m"), options, "server", "en", moment, HOSTILE, lines, layout=layout))
    shown = view.findChildren(QLabel)
    assert any("&lt;img" in one.text() for one in shown)
    for one in shown:
        assert one.textFormat() is Qt.TextFormat.PlainText or "<img" not in one.text()
        assert not one.openExternalLinks()
    for part in view.findChildren(QWidget):
        assert "<img" not in part.toolTip() or not GuiQt.mightBeRichText(part.toolTip())
