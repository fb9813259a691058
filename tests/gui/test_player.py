"""The player at the foot of the page, worked by clicks and keys, on a machine without a sound device."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QSlider
from pytestqt.qtbot import QtBot

from core import paths
from core.audio import output
from core.store import Store
from core.values import (
    Evidence,
    Line,
    MeetingId,
    Minutes,
    Place,
    Section,
    Segment,
    Source,
    SummaryOptions,
    TranscriptOptions,
)
from desktop import theme
from desktop.views.main_window import MainWindow
from desktop.views.waveform import Said, Waveform
from tests.gui.conftest import OpenWindow
from tests.gui.hands import LEFT, button, click, sentences, wait_for
from tests.sound_files import make, tone

SECONDS = 60.0


@pytest.fixture(autouse=True)
def _no_sound_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "Speakers", _missing)


def _missing() -> output.Output:
    raise OSError("PortAudio library not found")


@pytest.fixture
def meeting(store: Store, places: paths.Folders) -> MeetingId:
    """A minute of sound; speech in its first and its last ten seconds; a chapter and a bookmark."""
    file = make(places.audio / "one.flac", "flac", tone(SECONDS))
    meeting_id = store.add_meeting(
        "Release",
        datetime(2026, 3, 10, 9, tzinfo=UTC),
        Source.IMPORT,
        audio=file.name,
        duration=SECONDS,
        size=file.stat().st_size,
    )
    transcript = store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    said = [Segment(0.0, 10.0, "Good morning"), Segment(50.0, 60.0, "Until tomorrow")]
    stored = store.add_segments(transcript, said, Place(SECONDS), language="en")
    store.complete_transcript(transcript)
    lines = (
        Line(Section.DECISIONS, "Go on", (Evidence((stored[0].id,), 20.0, 21.0, stored[0].text),)),
        Line(Section.CHAPTERS, "The end", (Evidence((stored[1].id,), 50.0, 60.0, stored[1].text),)),
    )
    moment = datetime(2026, 3, 10, 10, tzinfo=UTC)
    store.add_minutes(
        Minutes(meeting_id, SummaryOptions(), "offline", "en", moment, "", lines, transcript.id)
    )
    store.add_note(meeting_id, 30.0, "Ask Marc", bookmark=True)
    return meeting_id


@pytest.fixture
def page(meeting: MeetingId, open_the_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    window = open_the_window()
    wait_for(qtbot, lambda: window.actions_.play.isEnabled())
    return window


def x_of(waveform: Waveform, second: float) -> QPoint:
    return QPoint(round(waveform.width() * second / SECONDS), 30)


def test_a_meeting_is_played_paused_and_moved_with_keys(page: MainWindow, store: Store, qtbot: QtBot) -> None:
    waveform = page.page.player.waveform
    told: list[float] = []
    page.page.player.playing.connect(told.append)
    page.page.transcript.setFocus()
    qtbot.keyClick(page.page.transcript, Qt.Key.Key_Space)
    wait_for(qtbot, lambda: waveform.second > 0.3)
    assert button(page.page.player, "Pause playing")
    qtbot.keyClick(page.page.transcript, Qt.Key.Key_Right)
    wait_for(qtbot, lambda: waveform.second > 5.3)
    qtbot.keyClick(page.page.transcript, Qt.Key.Key_Space)
    assert button(page.page.player, "Play")
    still = waveform.second
    qtbot.wait(150)
    assert waveform.second == still
    assert told == sorted(told)
    assert "without sound" in sentences(page.toast)
    wait_for(qtbot, lambda: store.meeting(page.page._meeting.id).listened == pytest.approx(still, abs=0.2))  # type: ignore[union-attr]
    qtbot.keyClick(page.page.transcript, Qt.Key.Key_Left)
    assert waveform.second == pytest.approx(still - 5, abs=0.1)


def test_space_still_presses_the_button_that_has_the_focus(page: MainWindow, qtbot: QtBot) -> None:
    skip = page.page.player.skip
    skip.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(skip, Qt.Key.Key_Space)
    assert page.commands.settings.skip_silence
    assert not page.commands.is_playing
    qtbot.keyClick(skip, Qt.Key.Key_Return)  # and so does Enter
    assert not page.commands.settings.skip_silence


def test_a_click_goes_to_a_second_and_a_drag_follows(page: MainWindow, qtbot: QtBot) -> None:
    waveform = page.page.player.waveform
    qtbot.mouseClick(waveform, LEFT, pos=x_of(waveform, 45))
    assert waveform.second == pytest.approx(45, abs=0.3)
    qtbot.mousePress(waveform, LEFT, pos=x_of(waveform, 10))
    qtbot.mouseMove(waveform, x_of(waveform, 20))
    assert not page.commands.is_playing
    qtbot.mouseRelease(waveform, LEFT, pos=x_of(waveform, 20))
    assert waveform.second == pytest.approx(10, abs=0.3) or waveform.second == pytest.approx(20, abs=0.3)
    # The flag of a bookmark is caught from near.
    qtbot.mouseClick(waveform, LEFT, pos=x_of(waveform, 30) + QPoint(5, 0))
    assert waveform.second == 30.0


def test_what_is_there_is_told_under_the_mouse(page: MainWindow) -> None:
    waveform = page.page.player.waveform
    assert waveform.words_at(4) == "00:04\nGood morning"
    assert waveform.words_at(30) == "00:30\nAsk Marc"
    assert waveform.words_at(55) == "00:55\nThe end\nUntil tomorrow"


def test_pauses_are_left_out_where_that_is_wanted(page: MainWindow, qtbot: QtBot) -> None:
    player = page.page.player
    click(qtbot, player.skip)
    player.play_at(9.5)
    wait_for(qtbot, lambda: player.waveform.second > 49, 5)
    assert player.waveform.second < 53
    page.commands.pause_playing()


def test_the_speed_is_chosen_and_kept(page: MainWindow, qtbot: QtBot) -> None:
    player = page.page.player
    for _ in range(2):
        qtbot.keyClick(page.page.transcript, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert player.speed.text() == "1.5×"
    assert page.commands.settings.playback_speed == 1.5
    player.speed.menu().actions()[-1].trigger()
    assert player.speed.text() == "3×"
    # The wheel moves what was opened to be moved.
    slider, spot = player.loudness.menu().findChild(QSlider), QPointF(5, 5)
    assert slider
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(slider, QWheelEvent(spot, spot, QPoint(), QPoint(0, -120), *none, False))
    assert page.commands.settings.volume < 1.0


def test_the_waveform_and_the_place_are_kept(
    page: MainWindow, places: paths.Folders, store: Store, meeting: MeetingId, qtbot: QtBot
) -> None:
    wait_for(qtbot, lambda: (places.audio / "one.flac.peaks").exists())
    page.commands.seek(20.0)
    wait_for(qtbot, lambda: store.meeting(meeting).listened == 20.0)


def test_chapters_and_bookmarks_are_in_a_menu_and_ctrl_b_sets_another(
    page: MainWindow, store: Store, meeting: MeetingId, qtbot: QtBot
) -> None:
    player = page.page.player
    page.commands.seek(12.0)
    qtbot.keyClick(page.page.transcript, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    wait_for(qtbot, lambda: len(player.waveform.marks) == 3)
    menu = player.marks.menu()
    menu.aboutToShow.emit()
    entries = [one.text() for one in menu.actions() if one.text()]
    assert entries[1:] == ["00:12  Bookmark", "00:30  Ask Marc", "00:50  The end"]
    next(one for one in menu.actions() if "Ask Marc" in one.text()).trigger()
    wait_for(qtbot, lambda: player.waveform.second > 30)
    page.commands.pause_playing()


def test_a_selection_is_heard_to_its_end(page: MainWindow, qtbot: QtBot) -> None:
    text = page.page.transcript
    page.actions_.transcript.trigger()
    text.setFocus()
    text.setCurrentIndex(text.segments.index(0))
    qtbot.keyClick(
        text, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    wait_for(qtbot, lambda: page.commands.is_playing)
    page.commands.seek(9.8)
    wait_for(qtbot, lambda: not page.commands.is_playing)
    assert 10.0 <= page.commands.second < 50.0
    page.commands.toggle_playing()
    wait_for(qtbot, lambda: page.commands.second > 10.5)
    assert page.commands.is_playing  # on as usual
    page.commands.pause_playing()


def test_a_time_chip_of_the_minutes_plays(page: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(page, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    chip = button(page.page.summary, "00:20")
    click(qtbot, chip)
    wait_for(qtbot, lambda: page.page.player.waveform.second > 20)
    assert page.page.summary.isVisible()
    wait_for(qtbot, lambda: chip.property("playing"))
    page.commands.pause_playing()
    assert not chip.property("playing")


def test_what_a_search_found_moves_the_player_there_and_is_told_beside_it(
    page: MainWindow, store: Store, meeting: MeetingId, qtbot: QtBot
) -> None:
    page.library.field.setFocus()
    qtbot.keyClicks(page.library.field, "tomorrow")
    qtbot.keyClick(page.library.field, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: (page.commands.second, page.commands.is_playing) == (50.0, False))
    page.commands.said.emit("Something is told", None)
    player = page.page.player
    assert page.toast.isVisible()
    assert not page.toast.geometry().intersects(player.rect().translated(player.mapTo(page, QPoint(0, 0))))
    # Of a meeting that is still to be opened too.
    other = store.add_meeting("Other", datetime(2026, 3, 9, 9, tzinfo=UTC), Source.IMPORT)
    page.commands.show(other)
    wait_for(qtbot, lambda: page.page.header.title.text() == "Other")
    page.commands.open_at(meeting, 0, 30.0)
    wait_for(qtbot, lambda: page.commands.second == 30.0)
    # Its time is filled in the list while it is heard.
    hits = page.library.found.list
    place = hits.visualRect(hits.model().index(1, 0)).adjusted(theme.SPACE_6, 0, 0, 0)

    def filled() -> bool:
        row = hits.viewport().grab(place).toImage()
        colors = {row.pixelColor(x, y).name() for x in range(80) for y in range(place.height() // 2)}
        return theme.tokens().accent.lower() in colors

    assert not filled()
    page.commands.play_at(51.0)
    assert filled()
    page.commands.pause_playing()
    assert not filled()
    page.commands.seek(30.0)
    # A double click on a word writes there, and neither plays nor goes on from there.
    view = page.page.transcript
    view.listen_wanted.emit(50.0, None)
    assert page.commands.is_playing
    view.listening_unwanted.emit()
    assert (page.commands.is_playing, page.commands.second) == (False, 30.0)


def test_a_meeting_whose_sound_is_gone_says_so(
    meeting: MeetingId, places: paths.Folders, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    (places.audio / "one.flac").unlink()
    window = open_the_window()
    wait_for(qtbot, lambda: "not there" in window.page.player._length.text())
    assert not window.actions_.play.isEnabled()


def test_ten_thousand_stretches_are_measured_once_per_width(qtbot: QtBot) -> None:
    waveform = Waveform()
    qtbot.addWidget(waveform)
    waveform.resize(600, 64)
    waveform.show_meeting(10_000.0)
    waveform.set_said([Said(float(i), i + 0.9, "#30A46C", "x") for i in range(10_000)])
    assert len(waveform._strips) < 700
    assert np.all(np.diff([left for left, _right, _color in waveform._strips]) >= 0)
