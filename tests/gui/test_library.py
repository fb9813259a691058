"""The side bar as a person uses it: searching, filtering, several meetings at once, the bin, tasks."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, QStringListModel, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QListView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from core import paths
from core.store import Store
from core.values import (
    ActionItem,
    Evidence,
    Found,
    Hit,
    Line,
    MeetingId,
    Minutes,
    Place,
    Section,
    Segment,
    Source,
    Speaker,
    Stage,
    SummaryOptions,
    TranscriptOptions,
    Where,
)
from desktop.models.hits import Heading, HitsModel
from desktop.models.hits import Role as HitRole
from desktop.models.meetings import MeetingsModel, Order, Role, Shown, Which
from desktop.models.states import Activity
from desktop.models.tasks import Role as TaskRole
from desktop.models.tasks import TasksModel
from desktop.views.export_sheet import ExportSheet
from desktop.views.main_window import MainWindow
from desktop.views.segment_delegate import SegmentDelegate
from desktop.views.tasks_view import TaskList
from desktop.views.widgets import Rows
from tests.gui.conftest import OpenWindow, ScriptedRecording
from tests.gui.hands import LEFT, button, click, rows, sentences, titles, wait_for
from tests.gui.test_models import a_meeting

NOW = datetime.now(UTC)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def put(store: Store, title: str, days_ago: int, *said: str, todo: tuple[Line, ...] = ()) -> MeetingId:
    """A meeting with a whole text and minutes."""
    new = store.add_meeting(title, NOW - timedelta(days=days_ago), Source.IMPORT, duration=60.0 * len(said))
    transcript = store.begin_transcript(new, TranscriptOptions(), "en")
    segments = [Segment(60.0 * place, 60.0 * place + 9, text) for place, text in enumerate(said)]
    store.add_segments(transcript, segments, Place(60.0 * len(said)))
    store.complete_transcript(transcript)
    store.add_minutes(Minutes(new, SummaryOptions(), "offline", "en", NOW, title, todo))
    return new


def task(text: str, owner: str = "", due: date | None = None, at: float = 60.0) -> Line:
    return Line(Section.ACTION_ITEMS, text, (Evidence((), at, at + 5, text),), owner=owner, due=due)


@pytest.fixture
def window(store: Store, open_the_window: OpenWindow) -> MainWindow:
    put(store, "Stand-up", 0, "good morning", "the élan of the new parser")
    put(
        store, "Budget review", 1, "we begin", "hire a second tester", todo=(task("Call the tester", "Marc"),)
    )
    put(store, "Interview", 400, "tell me of yourself", "I was a tester before")
    return open_the_window()


def row_of(view: QListView, place: int) -> QPoint:
    return view.visualRect(view.model().index(place, 0)).center()


def meeting_row(window: MainWindow, title: str) -> QPoint:
    model = window.library.model
    index = next(model.index(place) for place, text in enumerate(rows(model)) if text == title)
    window.library.list.scrollTo(index)
    return window.library.list.visualRect(index).center()


def press(qtbot: QtBot, window: MainWindow, title: str, modifier: Qt.KeyboardModifier) -> None:
    qtbot.mouseClick(window.library.list.viewport(), LEFT, modifier, meeting_row(window, title))


# --- searching -----------------------------------------------------------------------------------


def test_words_are_found_as_they_are_typed_and_open_at_their_second(qtbot: QtBot, window: MainWindow) -> None:
    library, page = window.library, window.page
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    wait_for(qtbot, library.field.hasFocus)
    qtbot.keyClicks(library.field, "TEST")
    wait_for(qtbot, lambda: library.found.model.rowCount() == 5)
    assert rows(library.found.model) == [
        "Budget review",
        "Call the tester",
        "hire a second tester",
        "Interview",
        "I was a tester before",
    ]
    qtbot.keyClick(library.field, Qt.Key.Key_Down)
    assert library.found.list.hasFocus()
    for _step in range(4):
        qtbot.keyClick(library.found.list, Qt.Key.Key_Down)
    qtbot.keyClick(library.found.list, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: page.header.title.text() == "Interview" and page.transcript.isVisible())
    wait_for(qtbot, lambda: page.transcript.current_second() == 60.0)
    delegate = page.transcript.itemDelegate()
    assert isinstance(delegate, SegmentDelegate)
    marks = delegate.searched
    assert marks
    assert marks("I was a tester before") == ((8, 14),)
    library.found.list.setFocus()
    qtbot.keyClick(library.found.list, Qt.Key.Key_Escape)
    assert library.field.hasFocus()
    qtbot.keyClick(library.field, Qt.Key.Key_Escape)
    assert library.field.text() == ""
    assert delegate.searched is None
    assert library.list.isVisible()
    assert library.list.currentIndex().data() == "Interview"


def test_signs_alone_find_nothing_and_say_so(qtbot: QtBot, window: MainWindow) -> None:
    library = window.library
    qtbot.keyClicks(library.field, "tester")
    wait_for(qtbot, lambda: library.found.model.rowCount())
    library.field.selectAll()
    qtbot.keyClicks(library.field, "*")
    wait_for(qtbot, lambda: "Nothing was found for “*”." in sentences(library.found))
    qtbot.keyClicks(library.field, " tester before:soon")
    wait_for(qtbot, lambda: "The date in “before:soon” was not understood." in sentences(library.found))


def test_the_first_key_leads_to_the_first_row(qtbot: QtBot) -> None:
    rows = Rows()
    qtbot.addWidget(rows)
    rows.setModel(QStringListModel(["one", "two"]))
    rows.show()
    rows.activateWindow()
    rows.setFocus()
    wait_for(qtbot, rows.hasFocus)
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    assert rows.currentIndex().data() == "one"


def test_where_the_keyboard_passes_by_nothing_turns_and_nothing_is_done_to_it(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    library, page = window.library, window.page
    press(qtbot, window, "Interview", Qt.KeyboardModifier.NoModifier)
    qtbot.keyClick(library.list, Qt.Key.Key_Home)
    wait_for(qtbot, lambda: page.header.title.text() == "Stand-up")
    for _step in range(2):
        qtbot.keyClick(library.list, Qt.Key.Key_Down, CONTROL)
    assert library.list.currentIndex().data() != "Stand-up"
    assert (page.header.title.text(), [one.title for one in library.selected()]) == ("Stand-up", ["Stand-up"])
    # Nor is what is shown ever left without its mark in the list.
    press(qtbot, window, "Stand-up", CONTROL)
    wait_for(qtbot, lambda: [index.data() for index in library.list.selectedIndexes()] == ["Stand-up"])
    window.actions_.delete.trigger()
    wait_for(qtbot, lambda: [one.title for one in store.meetings(binned=True)] == ["Stand-up"])
    # The next one is shown in its place; what was done last is still the first to be taken back.
    wait_for(qtbot, lambda: page.header.title.text() == "Budget review")
    wait_for(qtbot, lambda: [index.data() for index in library.list.selectedIndexes()] == ["Budget review"])
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    wait_for(qtbot, lambda: page.header.title.text() == "Stand-up")
    wait_for(qtbot, lambda: [index.data() for index in library.list.selectedIndexes()] == ["Stand-up"])
    # Also where it is taken back before the deleting was read.
    wait_for(qtbot, lambda: window.actions_.bin.text() == "Bin")
    read: list[object] = []
    window.commands.bin_read.connect(lambda *binned: read.append(binned))
    window.actions_.delete.trigger()
    window.actions_.undo.trigger()
    wait_for(qtbot, lambda: len(read) == 2)
    wait_for(qtbot, lambda: [index.data() for index in library.list.selectedIndexes()] == ["Stand-up"])
    wait_for(qtbot, lambda: page.header.title.text() == "Stand-up")
    qtbot.keyClick(library.list, Qt.Key.Key_Down)
    wait_for(qtbot, lambda: page.header.title.text() == "Budget review")
    assert [one.title for one in library.selected()] == ["Budget review"]


def test_a_title_is_renamed_in_the_list_while_the_meeting_is_worked_on(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    view, model = window.library.list, window.library.model
    press(qtbot, window, "Interview", Qt.KeyboardModifier.NoModifier)
    meeting_id = window.library.selected()[0].id
    qtbot.keyClick(view, Qt.Key.Key_F2)
    title = view.findChild(QLineEdit)
    assert title
    for letter in "Mayor":
        qtbot.keyClicks(title, letter)
        model.set_activity(meeting_id, Activity(Stage.TRANSCRIBE, 0.5))
    qtbot.keyClick(title, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: store.meeting(meeting_id).title == "Mayor")


def test_a_click_on_a_hit_and_enter_in_the_field(qtbot: QtBot, window: MainWindow) -> None:
    library, page = window.library, window.page
    qtbot.keyClicks(library.field, "elan parser ")
    qtbot.keyClick(library.field, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: page.transcript.isVisible() and page.transcript.current_second() == 60.0)
    assert page.header.title.text() == "Stand-up"
    library.field.setText("second tester")
    wait_for(qtbot, lambda: rows(library.found.model) == ["Budget review", "hire a second tester"])
    qtbot.mouseClick(library.found.list.viewport(), LEFT, pos=row_of(library.found.list, 1))
    wait_for(qtbot, lambda: page.header.title.text() == "Budget review")
    wait_for(qtbot, lambda: page.transcript.isVisible() and page.transcript.current_second() == 60.0)


def test_nothing_is_found(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClicks(window.library.field, "zzz")
    wait_for(qtbot, lambda: "Nothing was found for “zzz”." in sentences(window))


def a_hit(meeting: str, second: float, text: str = "x", where: Where = Where.TRANSCRIPT) -> Hit:
    return Hit(MeetingId(meeting), meeting, NOW, where, text, ((0, 1),), second)


def test_hits_stand_below_their_meetings_by_time(qtmodeltester: ModelTester) -> None:
    model = HitsModel()
    hits = [a_hit("a", 9.0), a_hit("b", 2.0), a_hit("a", 3.0), *(a_hit("c", float(n)) for n in range(9))]
    heading = dataclasses.replace(a_hit("b", 0.0, "b", Where.HEADING), second=None)
    model.set_found(Found((*hits, heading), ranked=True))
    qtmodeltester.check(model)
    shown = [model.index(row).data(HitRole.ROW) for row in range(model.rowCount())]
    assert [one.title if isinstance(one, Heading) else one.second for one in shown] == [
        "a", 3.0, 9.0, "b", 2.0, "c", 0.0, 1.0, 2.0, 3.0, 4.0,
    ]  # fmt: skip
    assert shown[3].marks == ((0, 1),)
    assert model.place_of(shown[2]).row() == 2


# --- which meetings, and in which order ----------------------------------------------------------


def test_stars_tags_and_orders(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    library = window.library
    press(qtbot, window, "Interview", Qt.KeyboardModifier.NoModifier)
    qtbot.keyClick(window, Qt.Key.Key_D, CONTROL)
    wait_for(qtbot, lambda: any(one.starred for one in store.meetings()))
    click(qtbot, library.filters.starred)
    wait_for(qtbot, lambda: titles(window) == ["Interview"])
    qtbot.keyClick(window, Qt.Key.Key_D, CONTROL)
    wait_for(qtbot, lambda: "No meeting has a star yet." in sentences(library))
    click(qtbot, library.filters.all)
    assert titles(window) == ["Stand-up", "Budget review", "Interview"]
    by_title = next(one for one in library.filters.sort.menu().actions() if one.text() == "By title")
    by_title.trigger()
    assert rows(library.model) == ["Budget review", "Interview", "Stand-up"]


def test_a_tag_leaves_its_meetings(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    filters = window.library.filters
    meeting = next(one for one in store.meetings() if one.title == "Interview")
    window.commands.set_tags(meeting.id, ("Hiring",))
    wait_for(qtbot, lambda: window.library.model.tags() == ["Hiring"])
    filters._list_tags()
    filters.tags.menu().actions()[0].trigger()
    assert titles(window) == ["Interview"]
    assert (filters.tags.text(), filters.tags.isChecked()) == ("#Hiring", True)


def test_what_is_left_out_and_how_it_is_sorted(qtmodeltester: ModelTester) -> None:
    model = MeetingsModel()
    model.set_meetings(
        [
            a_meeting("b", 0, duration=5.0, tags=("Team",)),
            a_meeting("A", 40, starred=True, transcript_complete=True),
            a_meeting("c", 1, duration=9.0, has_minutes=True),
        ]
    )
    orders = {Order.OLDEST: "A c b", Order.TITLE: "A b c", Order.LONGEST: "c b A", Order.NEWEST: "b c A"}
    for order, expected in orders.items():
        model.show_only(Shown(order=order))
        assert " ".join(row for row in rows(model) if len(row) == 1) == expected
    for shown, expected in (
        (Shown(starred=True), "A"),
        (Shown(tag="team"), "b"),
        (Shown(which=Which.UNREAD), "b c"),
        (Shown(which=Which.UNDECIDED), "b A"),
        (Shown(which=Which.FAILED), ""),
    ):
        model.show_only(shown)
        assert " ".join(row for row in rows(model) if len(row) == 1) == expected
    assert model.count == 3
    qtmodeltester.check(model)


# --- in place, and several at once ---------------------------------------------------------------


def test_a_meeting_is_renamed_in_its_row(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    view = window.library.list
    press(qtbot, window, "Stand-up", Qt.KeyboardModifier.NoModifier)
    qtbot.keyClick(view, Qt.Key.Key_F2)
    field = view.findChild(QLineEdit)
    assert field
    field.selectAll()
    qtbot.keyClicks(field, "Daily")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: "Daily" in [one.title for one in store.meetings()])
    wait_for(qtbot, lambda: window.page.header.title.text() == "Daily")


def test_several_meetings_are_tagged_exported_and_deleted(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    press(qtbot, window, "Stand-up", Qt.KeyboardModifier.NoModifier)
    press(qtbot, window, "Interview", CONTROL)
    wait_for(qtbot, lambda: "2 meetings selected" in sentences(window))
    qtbot.keyClick(window, Qt.Key.Key_G, CONTROL)
    assert window.several.tag.hasFocus()
    qtbot.keyClicks(window.several.tag, "#team")
    qtbot.keyClick(window.several.tag, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: [one.tags for one in store.meetings()] == [("team",), (), ("team",)])
    assert "2 meetings selected" in sentences(window)

    click(qtbot, button(window.several, "Export…"))
    sheet = window.findChild(ExportSheet)
    assert sheet
    assert sheet.isVisible()
    sheet.reject()

    click(qtbot, button(window.several, "Move to bin"))
    wait_for(qtbot, lambda: titles(window) == ["Budget review"])
    click(qtbot, button(window, "Undo"))
    wait_for(qtbot, lambda: len(titles(window)) == 3)


# --- the bin -------------------------------------------------------------------------------------


def test_the_bin_gives_back_and_is_emptied(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    library = window.library
    press(qtbot, window, "Stand-up", Qt.KeyboardModifier.NoModifier)
    press(qtbot, window, "Budget review", SHIFT)
    qtbot.keyClick(window, Qt.Key.Key_Delete, CONTROL)
    wait_for(qtbot, lambda: library.bin_button.text() == "Bin (2)")
    click(qtbot, library.bin_button)
    wait_for(qtbot, lambda: library.bin.model.count == 2)
    assert "30 days" in sentences(library)
    assert library.bin.model.newest().data(Role.STATE).text == "30 days left"
    qtbot.keyClick(library.bin.list, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: "Stand-up" in titles(window))
    wait_for(qtbot, lambda: library.bin.model.count == 1)
    click(qtbot, library.bin.remove)
    click(qtbot, button(library.bin, "Remove for good"))
    wait_for(qtbot, lambda: "The bin is empty." in sentences(library))
    assert store.meetings(binned=True) == ()
    assert len(store.meetings()) == 2
    qtbot.keyClick(library.bin.list, Qt.Key.Key_Escape)
    assert library.list.isVisible()


# --- tasks ---------------------------------------------------------------------------------------


def test_tasks_of_all_meetings_are_ticked_and_lead_to_their_second(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011
    due = put(store, "Planning", 2, "a", "b", todo=(task("Write it down", "Ana", yesterday),))
    window.commands._refresh(due)
    qtbot.keyClick(window, Qt.Key.Key_A, CONTROL | SHIFT)
    tasks = window.tasks
    wait_for(
        qtbot, lambda: rows(tasks.model) == ["Overdue", "Write it down", "Without a date", "Call the tester"]
    )
    click_at = row_of(tasks.list, 3)
    click_at.setX(tasks.list.visualRect(tasks.model.index(3)).left() + 30)
    qtbot.mouseClick(tasks.list.viewport(), LEFT, pos=click_at)
    wait_for(qtbot, lambda: [one.line.done for one in store.action_items()] == [True, False])
    wait_for(qtbot, lambda: rows(tasks.model) == ["Overdue", "Write it down"])
    tasks.done.click()
    wait_for(qtbot, lambda: rows(tasks.model)[-2:] == ["Done", "Call the tester"])
    tasks.owner.setCurrentText("Ana")
    assert rows(tasks.model) == ["Overdue", "Write it down"]
    tasks.list.setCurrentIndex(tasks.model.index(1))
    qtbot.keyClick(tasks.list, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: window.page.isVisible() and window.page.header.title.text() == "Planning")
    wait_for(qtbot, lambda: window.page.transcript.isVisible())


def test_a_meeting_says_whether_there_are_no_tasks_or_no_minutes_and_takes_more(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    wait_for(qtbot, lambda: window.page.has_meeting)
    window.actions_.todo.trigger()
    tasks = window.page.tasks
    wait_for(qtbot, lambda: "Nothing was agreed to be done" in sentences(tasks))
    click(qtbot, button(tasks, "Add a task"))
    field = QApplication.focusWidget()
    assert field
    qtbot.keyClicks(field, "Book the room")
    wait_for(qtbot, lambda: [one.texts[0] for one in store.unkept()] == ["Book the room"])
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: rows(tasks.model) == ["Without a date", "Book the room"])
    assert button(tasks, "Add a task").hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    wait_for(qtbot, lambda: "Nothing was agreed to be done" in sentences(tasks))
    tasks.set_minutes(store.meetings()[0], None)
    assert "comes here with the minutes" in sentences(tasks)
    assert not tasks.new.isVisible()


def test_tasks_stand_below_when_they_are_due(qtmodeltester: ModelTester) -> None:
    today = date.today()  # noqa: DTZ011
    lines = (
        dataclasses.replace(task("later", due=today + timedelta(days=30)), id=1),
        dataclasses.replace(task("now", due=today), id=2),
        dataclasses.replace(task("some day"), id=3),
        dataclasses.replace(task("gone", due=today - timedelta(days=3)), id=4, done=True),
    )
    model = TasksModel()
    model.set_items(ActionItem(MeetingId("a"), "A", NOW, line) for line in lines)
    qtmodeltester.check(model)
    assert rows(model) == ["Today", "now", "Later", "later", "Without a date", "some day", "Done", "gone"]
    assert model.setData(model.index(1), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert model.index(1).data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked


def test_a_long_task_is_shown_whole(qtbot: QtBot) -> None:
    model = TasksModel()
    lines = (dataclasses.replace(task(said), id=len(said)) for said in ("short", "so much to do " * 20))
    model.set_items(ActionItem(MeetingId("a"), "A", NOW, line) for line in lines)
    view = TaskList(model)
    qtbot.addWidget(view)
    view.resize(400, 400)
    view.show()
    short, long = (view.sizeHintForIndex(model.index(place)).height() for place in (1, 2))
    assert long > 2 * short


def test_of_thousands_of_tasks_only_those_in_sight_are_measured_and_keys_pass_headings_by(
    qtbot: QtBot,
) -> None:
    model = TasksModel()
    today = date.today()  # noqa: DTZ011
    dues = (today - timedelta(days=1), today, None)
    lines = [
        dataclasses.replace(task("so much to do " * (1 + n % 9), due=due), id=1 + n + 1000 * group)
        for group, due in enumerate(dues)
        for n in range(1000)
    ]
    model.set_items(ActionItem(MeetingId("a"), "A", NOW, line) for line in lines)
    view = TaskList(model)
    qtbot.addWidget(view)
    view.resize(400, 400)
    view.show()
    qtbot.waitExposed(view)
    view.grab()
    assert 1 <= view.measured < 30
    view.setFocus()
    for key, row in (
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_Up, 1),
        (Qt.Key.Key_End, 3002),
        (Qt.Key.Key_Home, 1),
    ):
        qtbot.keyClick(view, key)
        assert view.currentIndex().row() == row
    assert view.visualRect(model.index(0)).top() == 0  # its heading too
    view.setCurrentIndex(model.index(1000))
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.currentIndex().row() == 1002
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.currentIndex().row() == 1000
    assert view.visualRect(view.currentIndex()).bottom() <= view.viewport().height()
    assert view.measured < 100
    # One that is ticked goes, and the keyboard stays where it was.
    place = view.verticalScrollBar().value()
    model.show_only("", done=False)
    model.set_items(
        ActionItem(MeetingId("a"), "A", NOW, dataclasses.replace(line, done=line.id == 1000))
        for line in lines
    )
    assert view.currentIndex().row() == 1001  # the next one; its heading stands where it was
    assert abs(view.verticalScrollBar().value() - place) < view.viewport().height()


def test_tasks_of_voices_without_a_name_are_told_by_their_number_and_gathered_only_for_oneself() -> None:
    me, second = Speaker(1, 1, is_me=True), Speaker(2, 2)
    lines = [
        dataclasses.replace(task(str(number), owner), id=number, taker=taker)
        for number, (owner, taker) in enumerate([("Ana", None), ("", me), ("", second), ("", None)])
    ]
    model = TasksModel()
    model.set_items(ActionItem(MeetingId("a"), "A", NOW, line) for line in lines)
    said = [model.index(place).data(TaskRole.FACTS) for place in range(1, 5)]
    assert [facts[:-1] for facts in said] == [("Ana",), ("Me",), ("Speaker 2",), ()]
    assert model.owners() == ["Ana", "Me"]
    model.show_only("Me", done=False)
    assert rows(model)[1:] == ["1"]


def test_old_meetings_leave_the_bin_when_the_library_opens(
    store: Store, open_the_window: OpenWindow, qtbot: QtBot, places: paths.Folders
) -> None:
    old, new = put(store, "Old", 90, "a"), put(store, "New", 90, "a")
    sound = places.audio / "old.ogg"
    sound.write_bytes(b"sound")
    with store._writing(old) as session:
        from core.store.tables import MeetingRow

        row = session.get(MeetingRow, old)
        assert row
        row.audio, row.deleted_at = sound.name, NOW - timedelta(days=31)
    store.bin(new)
    put(store, "Kept", 0, "a")
    open_the_window()
    wait_for(qtbot, lambda: [one.title for one in store.meetings(binned=True)] == ["New"])
    wait_for(qtbot, lambda: not sound.exists())


def test_the_search_stays_while_the_tool_bar_is_away(
    scripted: ScriptedRecording, qtbot: QtBot, window: MainWindow
) -> None:
    click(qtbot, button(window, "Record"))
    wait_for(qtbot, lambda: window.record_bar.isVisible())
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    wait_for(qtbot, window.library.field.hasFocus)
    qtbot.keyClicks(window.library.field, "tester")
    wait_for(qtbot, lambda: window.library.found.model.rowCount())
    scripted.events.put(None)
    wait_for(qtbot, lambda: window.commands.recording is None and not window.record_bar.isVisible())
    assert not window.library.isAncestorOf(window.library.field)
    assert window.library.field.isVisible()
