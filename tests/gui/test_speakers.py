"""Who says what, in the window: named, coloured, merged, told apart again, remembered, and all of it taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from core import paths
from core.speech import Separated, VoiceTurn, networks
from core.store import Store
from core.values import Failure, Job, MeetingId, Speaker, SpeakerOptions, Stage, Turn, Voices
from desktop.views.main_window import MainWindow
from desktop.views.settings.dialog import SettingsDialog
from desktop.views.settings.voices import VoicesPage
from desktop.views.speaker_row import SpeakerRow
from desktop.views.speakers_view import Consent, OnePerson, SpeakersView
from desktop.views.widgets import Question
from tests.gui.conftest import OpenWindow
from tests.gui.hands import button, click, sentences, wait_for

PRINT = np.eye(networks.PRINT, dtype="<f4")[-1].tobytes()


@pytest.fixture
def told_apart(store: Store, finished: MeetingId) -> MeetingId:
    """The finished meeting with two speakers; the second, who says two of the three segments, sounds like Ana."""
    ana = store.remember_voice("Ana", PRINT, 30.0)

    def change(known: Voices) -> Voices:
        turns = (Turn(0, 8, -1), Turn(10, 18, -2), Turn(20, 28, -2))
        speakers = (Speaker(-1, 0), Speaker(-2, 0, voice_id=ana.id, certainty=0.98))
        return replace(known, speakers=speakers, turns=turns)

    store.attribute(finished, change)
    return finished


@pytest.fixture
def window(open_the_window: OpenWindow) -> MainWindow:
    return open_the_window()


@pytest.fixture
def speakers(told_apart: MeetingId, window: MainWindow, qtbot: QtBot) -> SpeakersView:
    """The speakers of that meeting, turned to by key."""
    wait_for(qtbot, lambda: window.page.has_meeting)
    qtbot.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    view = window.page.speakers
    assert view.isVisible()
    assert len(rows(view)) == 2
    return view


def rows(view: SpeakersView) -> list[SpeakerRow]:
    found = [one for one in view.findChildren(SpeakerRow) if one.isVisible()]
    return sorted(found, key=lambda one: one.mapTo(view, one.rect().topLeft()).y())


def names(store: Store, meeting_id: MeetingId) -> list[str]:
    return [one.name for one in store.speakers(meeting_id)]


def remembered(store: Store) -> list[str]:
    return [one.name for one in store.known_voices()]


def choose(qtbot: QtBot, row: SpeakerRow, *texts: str) -> None:
    """Opens the row's menu and clicks through it."""
    menu: QMenu = row.more.menu()
    menu.aboutToShow.emit()
    for text in texts[:-1]:
        menu = next(one.menu() for one in menu.actions() if one.text() == text)  # type: ignore[assignment]
    next(one for one in menu.actions() if one.text() == texts[-1]).trigger()


def undo(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_who_speaks_longest_stands_first_with_their_share(speakers: SpeakersView) -> None:
    second, first = rows(speakers)
    assert (second.name.placeholderText(), first.name.placeholderText()) == ("Speaker 2", "Speaker 1")
    assert [one.share.text() for one in (second, first)] == ["16 s · 67%", "8 s · 33%"]
    assert not second.sample.isEnabled()
    assert second.sample.toolTip() == "This meeting has no sound."
    assert second.bar.accessibleName() == "Speaker 2 speaks for 16 s · 67%"
    assert "2 speakers" in sentences(speakers)
    # A bar says how long beside the longest one.
    assert second.bar.grab().toImage().pixelColor(20, 5).name() == "#d6409f"
    assert first.bar.grab().toImage().pixelColor(20, 5).name() == "#3e63dd"


def test_a_name_is_written_in_place_and_goes_everywhere(
    speakers: SpeakersView, told_apart: MeetingId, window: MainWindow, store: Store, qtbot: QtBot
) -> None:
    field = rows(speakers)[1].name
    click(qtbot, field)
    qtbot.keyClicks(field, "  Bob  Dane ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: names(store, told_apart) == ["Bob Dane", ""])
    wait_for(qtbot, lambda: "Bob Dane" in window.page.header.meta.text())
    shown = store.transcript(told_apart)
    assert shown
    assert [one.speaker for one in shown.segments] == ["Bob Dane", "", ""]
    assert field.text() == "Bob Dane"
    # So does a search.
    window.library.field.setText("speaker:dane")
    wait_for(qtbot, lambda: window.library.found.model.rowCount() == 1)
    window.library.field.clear()
    # Escape leaves what there was.
    qtbot.keyClicks(field, "by")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "Bob Dane"
    undo(qtbot, window)
    wait_for(qtbot, lambda: names(store, told_apart) == ["", ""] and not field.text())


def test_a_suggested_name_is_taken_or_refused_by_the_person(
    speakers: SpeakersView, told_apart: MeetingId, window: MainWindow, store: Store, qtbot: QtBot
) -> None:
    row = rows(speakers)[0]
    assert "Sounds like Ana (98%)" in sentences(row)
    click(qtbot, button(row, "This is Ana"))
    wait_for(qtbot, lambda: names(store, told_apart) == ["", "Ana"])
    wait_for(qtbot, lambda: "Sounds like" not in sentences(row))
    undo(qtbot, window)
    wait_for(qtbot, lambda: "Sounds like Ana (98%)" in sentences(row))
    click(qtbot, button(row, "No"))
    wait_for(qtbot, lambda: "Sounds like" not in sentences(row))
    assert names(store, told_apart) == ["", ""]
    assert store.speakers(told_apart)[1].certainty == 0


def test_a_name_that_another_one_has_asks_whether_they_are_one(
    speakers: SpeakersView, told_apart: MeetingId, store: Store, qtbot: QtBot
) -> None:
    field = rows(speakers)[1].name

    def name(words: str, answer: str) -> None:
        qtbot.keyClicks(field, words)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        question = speakers.findChild(OnePerson)
        assert question
        assert "is called Ana already" in sentences(question)
        click(qtbot, button(question, answer))

    click(qtbot, button(rows(speakers)[0], "This is Ana"))
    wait_for(qtbot, lambda: names(store, told_apart) == ["", "Ana"])
    wait_for(qtbot, lambda: rows(speakers)[0].name.text() == "Ana")
    name("ana", "Do not merge")
    wait_for(qtbot, lambda: speakers.findChild(OnePerson) is None)
    assert not field.text()
    assert names(store, told_apart) == ["", "Ana"]
    name("ana", "Merge the two")
    wait_for(qtbot, lambda: names(store, told_apart) == ["Ana"])


def test_two_are_merged_and_parted_again(
    speakers: SpeakersView, told_apart: MeetingId, window: MainWindow, store: Store, qtbot: QtBot
) -> None:
    before = store.voices(told_apart)
    choose(qtbot, rows(speakers)[1], "Is the same as", "Speaker 2")
    wait_for(qtbot, lambda: len(rows(speakers)) == 1)
    assert "1 speaker" in sentences(speakers)
    click(qtbot, button(window, "Undo"))
    wait_for(qtbot, lambda: len(rows(speakers)) == 2)
    assert store.voices(told_apart) == before


def test_colour_and_me_are_chosen(
    speakers: SpeakersView, told_apart: MeetingId, store: Store, qtbot: QtBot
) -> None:
    row = rows(speakers)[0]
    next(one for one in row.colour.menu().actions() if one.text() == "Green").trigger()
    wait_for(qtbot, lambda: store.speakers(told_apart)[1].colour == 2)
    choose(qtbot, row, "This is me")
    wait_for(qtbot, lambda: row.name.placeholderText() == "Me")
    choose(qtbot, row, "This is me")
    wait_for(qtbot, lambda: row.name.placeholderText() == "Speaker 2")


def test_who_took_part_without_speaking_is_kept(
    speakers: SpeakersView, told_apart: MeetingId, window: MainWindow, store: Store, qtbot: QtBot
) -> None:
    click(qtbot, speakers.participants)
    qtbot.keyClicks(speakers.participants, "Eve, Marc ,, eve")
    qtbot.keyClick(speakers.participants, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: store.meeting(told_apart).participants == ("Eve", "Marc"))
    wait_for(qtbot, lambda: "Eve, Marc" in window.page.header.meta.text())
    undo(qtbot, window)
    wait_for(qtbot, lambda: store.meeting(told_apart).participants == ())


# --- told apart again -----------------------------------------------------------------------------


@pytest.fixture
def with_sound(store: Store, places: paths.Folders, told_apart: MeetingId, monkeypatch: Any) -> MeetingId:
    """The same with a sound file, in which one voice is heard, or as many as are asked for."""
    import core.meetings.speakers as stage

    class Heard:
        def separated(self, wanted: int | None) -> Separated:
            voices = wanted or 1
            turns = tuple(VoiceTurn(10.0 * place, 10.0 * place + 8, place % voices) for place in range(3))
            return Separated(turns, np.eye(voices, networks.PRINT, dtype=np.float32), (8.0,) * voices)

    def heard(*_: object) -> Job[dict[None, Heard]]:
        yield from ()
        return {None: Heard()}

    monkeypatch.setattr(stage, "_heard", heard)
    (places.audio / "x.ogg").write_bytes(b"")
    with store._writing(told_apart) as session:
        from core.store.tables import MeetingRow

        row = session.get(MeetingRow, told_apart)
        assert row
        row.audio = "x.ogg"
    return told_apart


def test_the_voices_are_told_apart_again_into_a_chosen_number_and_back(
    with_sound: MeetingId, speakers: SpeakersView, window: MainWindow, store: Store, qtbot: QtBot
) -> None:
    before = store.voices(with_sound)
    speakers.people.setFocus()
    qtbot.keyClicks(speakers.people, "3")
    assert speakers.people.currentText() == "3 people"
    click(qtbot, speakers.again)
    wait_for(qtbot, lambda: len(rows(speakers)) == 3)
    assert store.meeting(with_sound).speaker_count == 3
    wait_for(qtbot, lambda: not store.meeting(with_sound).work)
    wait_for(qtbot, lambda: window.actions_.undo.isEnabled())
    undo(qtbot, window)
    wait_for(qtbot, lambda: store.voices(with_sound) == before)
    assert store.meeting(with_sound).speaker_count == 0
    wait_for(qtbot, lambda: len(rows(speakers)) == 2)


def test_what_could_not_be_told_apart_says_why_and_takes_nothing_away(
    with_sound: MeetingId, store: Store, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    store.ask(with_sound, Stage.SEPARATE, SpeakerOptions())
    store.fail(with_sound, Stage.SEPARATE, Failure("SpeakerModelDamaged", {"path": "voice.onnx"}))
    window = open_the_window()
    wait_for(qtbot, lambda: window.page.has_meeting)
    assert not window.page.header.banner.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    view = window.page.speakers
    assert "The part of the program that tells voices apart is missing or damaged." in sentences(view)
    assert len(rows(view)) == 2
    click(qtbot, rows(view)[1].sample)
    wait_for(qtbot, lambda: window.commands._stretch == (0, 5.0))  # how it ends: see test_player
    click(qtbot, view.again)
    wait_for(qtbot, lambda: "missing or damaged" not in sentences(view))


def test_a_meeting_in_which_nobody_is_known_says_so(
    finished: MeetingId, store: Store, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_the_window()
    wait_for(qtbot, lambda: window.page.has_meeting)
    qtbot.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    view = window.page.speakers
    assert "Without its sound, nobody can be told apart" in sentences(view)
    assert not view.people.isVisible()
    qtbot.keyClicks(view.participants, "Ana, Marc")
    qtbot.keyClick(view.participants, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: store.meeting(finished).participants == ("Ana", "Marc"))


# --- known voices ---------------------------------------------------------------------------------


def test_a_voice_is_remembered_only_with_consent(
    speakers: SpeakersView,
    told_apart: MeetingId,
    window: MainWindow,
    store: Store,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def remember(library: Any, meeting_id: MeetingId, speaker_id: int) -> Job[object]:
        yield from ()
        (named,) = [one for one in library.store.speakers(meeting_id) if one.id == speaker_id]
        return library.store.remember_voice(named.name, b"5678", 20.0)

    monkeypatch.setattr("core.meetings.remember_voice", remember)
    row = rows(speakers)[1]
    row.more.menu().aboutToShow.emit()
    (offer,) = [one for one in row.more.menu().actions() if one.text() == "Remember this voice…"]
    assert not offer.isEnabled()  # without a name
    click(qtbot, row.name)
    qtbot.keyClicks(row.name, "Bob")
    qtbot.keyClick(row.name, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: names(store, told_apart)[0] == "Bob")
    wait_for(qtbot, lambda: row.sample.accessibleName() == "Listen to Bob")
    for answer in ("Do not remember", "Bob agrees: remember"):
        assert remembered(store) == ["Ana"]
        choose(qtbot, row, "Remember this voice…")
        wait_for(qtbot, lambda: speakers.findChildren(Consent))
        question = speakers.findChildren(Consent)[-1]
        assert "A voice print is personal data: ask Bob first." in sentences(question)
        click(qtbot, button(question, answer))
        wait_for(qtbot, lambda: not speakers.findChildren(Consent))
    wait_for(qtbot, lambda: remembered(store) == ["Ana", "Bob"])
    wait_for(qtbot, lambda: "The voice of Bob is remembered" in sentences(window))
    wait_for(qtbot, lambda: row._talk and row._talk.remembered)
    choose(qtbot, row, "Forget this voice")
    wait_for(qtbot, lambda: remembered(store) == ["Ana"])
    wait_for(qtbot, lambda: "The voice of Bob is forgotten" in sentences(window))
    click(qtbot, button(window, "Undo"))
    wait_for(qtbot, lambda: remembered(store) == ["Ana", "Bob"])


@pytest.fixture
def voices_page(store: Store, window: MainWindow, qtbot: QtBot) -> Iterator[VoicesPage]:
    for name, voice in (("Ana", 0), ("Bob", 0), ("Eve", 1)):
        store.remember_voice(name, np.eye(2, 192, dtype="<f4")[voice].tobytes(), 30.0)
    dialog = SettingsDialog(window.commands, window, VoicesPage)
    dialog.show()
    page = dialog.page(VoicesPage)
    wait_for(qtbot, lambda: "Eve" in sentences(page))
    yield page
    dialog.close()


def test_voices_are_forgotten_in_the_settings_one_or_all(
    voices_page: VoicesPage, store: Store, qtbot: QtBot
) -> None:
    assert {"sounds the same as Ana", "sounds the same as Bob"} <= set(sentences(voices_page).splitlines())
    click(qtbot, button(voices_page, "Forget the voice of Bob"))
    wait_for(qtbot, lambda: "Bob" not in sentences(voices_page))
    for answer in ("Keep them", "Forget all"):
        assert remembered(store) == ["Ana", "Eve"]
        click(qtbot, voices_page.forget_all)
        wait_for(qtbot, lambda: voices_page.findChildren(Question))
        click(qtbot, button(voices_page.findChildren(Question)[-1], answer))
        wait_for(qtbot, lambda: not voices_page.findChildren(Question))
    wait_for(qtbot, lambda: not remembered(store))
    wait_for(qtbot, lambda: "No voice is remembered." in sentences(voices_page))


def test_a_run_that_is_not_wanted_is_not_asked_for(
    voices_page: VoicesPage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (box,) = voices_page.findChildren(QComboBox)
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    wait_for(qtbot, lambda: not window.commands.settings.tell_voices_apart)


def test_the_summary_shows_how_long_each_talks_and_leads_there(
    told_apart: MeetingId, window: MainWindow, store: Store, qtbot: QtBot
) -> None:
    wait_for(qtbot, lambda: window.page.has_meeting)
    summary = window.page.summary
    wait_for(qtbot, summary.talk.isVisible)
    assert sentences(summary.talk).split("\n") == ["Talk time", "16 s · 67%", "8 s · 33%"]
    one = store.speakers(told_apart)[0]
    store.rename_speaker(told_apart, one.id, "Bob")

    def names_shown() -> list[str]:
        return [name.text() for name in summary.talk.findChildren(QPushButton) if name.isVisible()]

    wait_for(qtbot, lambda: "Bob" in names_shown())
    summary.ensureWidgetVisible(summary.talk)
    click(qtbot, button(summary.talk, "Bob"))
    transcript = window.page.transcript
    assert transcript.isVisible()
    assert transcript.current_second() == 0.0
    # One who speaks alone speaks all the time.
    store.merge_speakers(told_apart, one.id, store.speakers(told_apart)[1].id)
    wait_for(qtbot, lambda: summary.talk.isHidden())


def test_one_in_whom_two_are_heard_is_split_and_parts_stay_after_another_run(
    with_sound: MeetingId,
    speakers: SpeakersView,
    window: MainWindow,
    store: Store,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is heard is made up; all else is as it is."""
    from core.meetings import speakers as stage
    from core.meetings.voices import Excerpt
    from core.spans import Stretch
    from core.speech import Separated, VoiceTurn

    turns = VoiceTurn(0.0, 8.0, 0), VoiceTurn(8.5, 16.5, 1)
    found = Separated(turns, np.eye(2, 192, dtype=np.float32), (8.0, 8.0))

    def hear_speaker(*_asked: object) -> Job[Any]:
        yield from ()
        return Excerpt(found, [(0.0, Stretch(10.0, 18.0, 2)), (8.5, Stretch(20.0, 28.0, 2))])

    monkeypatch.setattr(stage, "hear_speaker", hear_speaker)
    before = store.voices(with_sound)
    choose(qtbot, rows(speakers)[0], "Split into two voices")
    wait_for(qtbot, lambda: len(rows(speakers)) == 3)
    said = [one.speaker_id for one in store.voices(with_sound).segments]
    assert len(set(said)) == 3
    wait_for(qtbot, lambda: window.commands.can_undo(with_sound) == "Split a speaker")
    wait_for(qtbot, speakers.again.isEnabled)
    click(qtbot, speakers.again)
    wait_for(qtbot, lambda: window.commands.can_undo(with_sound) == "Tell voices apart")
    assert [one.speaker_id for one in store.voices(with_sound).segments][2] == said[2]
    undo(qtbot, window)
    wait_for(qtbot, lambda: window.commands.can_undo(with_sound) == "Split a speaker")
    undo(qtbot, window)
    wait_for(qtbot, lambda: store.voices(with_sound) == before)
    wait_for(qtbot, lambda: len(rows(speakers)) == 2)


def test_a_name_just_kept_is_undone_by_key_from_its_field(
    speakers: SpeakersView, told_apart: MeetingId, window: MainWindow, store: Store, qtbot: QtBot
) -> None:
    field = rows(speakers)[1].name
    click(qtbot, field)
    qtbot.keyClicks(field, "Bo")
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(field, Qt.Key.Key_Z, control)
    assert field.text() == ""
    qtbot.keyClicks(field, "Bob")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: names(store, told_apart) == ["Bob", ""])
    wait_for(qtbot, window.actions_.undo.isEnabled)
    qtbot.keyClick(field, Qt.Key.Key_Z, control)
    wait_for(qtbot, lambda: names(store, told_apart) == ["", ""])
