"""The bar says in words what a person must know of a running recording."""

from __future__ import annotations

import dataclasses
import gettext
from types import SimpleNamespace

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QWidget
from pytestqt.qtbot import QtBot

from core import messages
from core.values import Channel, MeetingId, Recording, SourceState, Trouble
from desktop import theme
from desktop.views import record_bar
from desktop.views.actions import Actions
from desktop.views.main_window import MainWindow
from desktop.views.record_bar import LevelMeter, RecordBar
from desktop.views.widgets import column
from tests.gui.conftest import OpenWindow
from tests.gui.hands import button, click, sentences

MICROPHONE = SourceState(Channel.MICROPHONE, "Desk", -24.0, -12.0)
SYSTEM = SourceState(Channel.SYSTEM, "Speakers", -31.0, -17.0)
WHOLE = Recording(MeetingId("a"), 65.0, 1.0, (MICROPHONE, SYSTEM))
MUTED = dataclasses.replace(MICROPHONE, trouble=Trouble.MUTED)
SILENT = dataclasses.replace(SYSTEM, trouble=Trouble.SILENT)
WORST = dataclasses.replace(
    WHOLE, elapsed=3 * 3600.0, unsaved=40.0, gaps=12, room=1500.0, sources=(MUTED, SILENT)
)


@pytest.fixture
def bar(qtbot: QtBot) -> RecordBar:
    """The bar alone, as wide as in the window at first."""
    window = QWidget()
    qtbot.addWidget(window)
    made = RecordBar(Actions(window))
    window.setLayout(column(made, None))
    window.resize(theme.WINDOW_SIZE)
    window.show()
    return made


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader was asked to say at once."""
    said: list[str] = []

    def told(event: object) -> None:
        widget = event.object()  # type: ignore[attr-defined]
        if isinstance(widget, QLabel):
            said.append(widget.text())

    monkeypatch.setattr(QAccessible, "updateAccessibility", told)
    return said


def show(bar: RecordBar, recording: Recording) -> None:
    bar.set_recording(recording)
    QApplication.processEvents()


def of(*sources: SourceState) -> Recording:
    return dataclasses.replace(WHOLE, sources=sources)


class Longer(gettext.NullTranslations):
    """A language whose sentences are a third longer than English ones."""

    def gettext(self, message: str) -> str:
        return message + "m" * (len(message) // 3)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, _context: str, message: str) -> str:
        return self.gettext(message)


@pytest.mark.parametrize("longer", [False, True])
@pytest.mark.parametrize("paused", [False, True])
def test_everything_fits_into_the_smallest_window(
    open_the_window: OpenWindow, monkeypatch: pytest.MonkeyPatch, longer: bool, paused: bool
) -> None:
    if longer:
        catalogue = Longer()
        monkeypatch.setattr(messages, "_catalogue", lambda _code: catalogue)
    window = open_the_window()
    window.resize(window.minimumSize())
    window.commands.recording_changed.emit(dataclasses.replace(WORST, paused=paused))
    bar = window.record_bar
    assert bar.minimumSizeHint().width() <= window.minimumWidth()
    assert window.width() == window.minimumWidth()
    frame = bar.findChild(QFrame, "recordBar")
    assert frame
    assert frame.height() == theme.BAR
    # What is said of the disk comes before what is said of gaps, and is read whole.
    room = messages.room_left(1500.0).removesuffix(".")
    assert room in bar._limits.text()
    for line in bar._lines.values():
        assert line._text.height() >= line._text.heightForWidth(line._text.width())


def test_it_says_how_much_is_on_the_disk(bar: RecordBar) -> None:
    for unsaved, said in ((0.2, "saved just now"), (0.9, "saved 1 s ago"), (40.4, "saved 40 s ago")):
        show(bar, dataclasses.replace(WHOLE, unsaved=unsaved))
        assert said in sentences(bar)
    show(bar, dataclasses.replace(WHOLE, paused=True))
    assert "Paused" in sentences(bar)
    assert "saved" not in sentences(bar)


def test_gaps_in_the_sound_are_told(bar: RecordBar) -> None:
    show(bar, WHOLE)
    assert "gap" not in sentences(bar)
    for count, told in ((1, "1 gap in the sound"), (3, "3 gaps in the sound")):
        show(bar, dataclasses.replace(WHOLE, gaps=count))
        assert told in sentences(bar)
    show(bar, dataclasses.replace(WHOLE, gaps=3, room=1500.0))
    assert "25 min more · 3 gaps" in sentences(bar)
    assert bar._limits_icon.isVisible()
    show(bar, WHOLE)
    assert "gap" not in sentences(bar)
    assert not bar._limits_icon.isVisible()


def test_the_room_left_is_told_when_it_is_little(bar: RecordBar) -> None:
    show(bar, dataclasses.replace(WHOLE, room=1500.0))
    assert "The disk has room for 25 min more" in sentences(bar)
    show(bar, WHOLE)
    assert "disk" not in sentences(bar)


def test_text_that_lags_says_by_how_much(bar: RecordBar) -> None:
    for behind, said in ((None, ""), (4.9, ""), (5.0, "text is 5 s behind"), (12.4, "text is 12 s behind")):
        bar.set_behind(behind)
        show(bar, WHOLE)
        assert said in sentences(bar)
        assert ("behind" in sentences(bar)) is bool(said)


def test_each_source_has_a_meter_with_its_name(bar: RecordBar) -> None:
    show(bar, WHOLE)

    def meters() -> dict[str, LevelMeter]:
        return {one.accessibleName(): one for one in bar.findChildren(LevelMeter) if one.isVisible()}

    assert set(meters()) == {"Microphone level", "System sound level"}
    assert meters()["Microphone level"].toolTip() == "Desk"
    assert meters()["System sound level"].toolTip() == "Speakers"
    assert meters()["Microphone level"]._mean == -24.0
    assert {"Microphone", "System sound"} <= set(sentences(bar).split("\n"))
    show(bar, of(SYSTEM))
    assert set(meters()) == {"System sound level"}


def test_a_peak_stands_for_a_moment_and_falls(monkeypatch: pytest.MonkeyPatch, bar: RecordBar) -> None:
    now = 100.0
    monkeypatch.setattr("desktop.views.record_bar.time", SimpleNamespace(monotonic=lambda: now))
    meter = LevelMeter()
    meter.set_level(-30.0, -6.0)
    meter.set_level(-60.0, -50.0)
    assert record_bar._fallen(*meter._peak, now + 1.0) == -6.0
    assert record_bar._fallen(*meter._peak, now + 2.2) == pytest.approx(-30.0)
    now += 5.0
    meter.set_level(-60.0, -50.0)
    assert meter._peak == (-50.0, now)


def test_a_trouble_is_told_once_and_goes_when_it_is_over(bar: RecordBar, announced: list[str]) -> None:
    show(bar, WHOLE)
    assert not bar._lines
    for _ in range(3):
        show(bar, of(MUTED, SYSTEM))
    line = bar._lines[Channel.MICROPHONE]
    assert line.isVisible()
    assert "“Desk” is switched off or muted. Unmute it" in sentences(line)
    assert announced == [line._text.text()]
    assert "“Desk” is switched off" in bar.findChildren(LevelMeter)[0].toolTip()
    show(bar, of(MUTED, SILENT))
    assert bar._lines[Channel.MICROPHONE] is line
    assert "Nothing is heard of the sound of this machine" in sentences(bar)
    assert len(announced) == 2
    show(bar, of(MICROPHONE, SILENT))
    assert "switched off" not in sentences(bar)
    show(bar, WHOLE)
    assert not bar._lines
    assert bar.sizeHint().height() == theme.BAR


def test_a_dismissed_trouble_comes_back_only_when_it_changes(bar: RecordBar, qtbot: QtBot) -> None:
    show(bar, of(MUTED))
    click(qtbot, button(bar, "Do not show this any more"))
    show(bar, of(MUTED))
    assert not bar._lines
    # The sign at its meter stays.
    assert bar._meters._parts[Channel.MICROPHONE][0].isVisible()
    show(bar, of(dataclasses.replace(MICROPHONE, trouble=Trouble.LOST)))
    assert "“Desk” is gone." in sentences(bar)
    show(bar, of(MUTED))
    assert "switched off" in sentences(bar)
    click(qtbot, button(bar, "Do not show this any more"))
    show(bar, of(MICROPHONE))
    show(bar, of(MUTED))
    assert "switched off" in sentences(bar)


def test_the_header_is_low_again_after_a_recording_with_troubles(window: MainWindow) -> None:
    high = window._header.height()
    window.commands.recording_changed.emit(WORST)
    window.commands.recording_changed.emit(None)
    assert window._header.sizeHint().height() == high
    window.commands.recording_changed.emit(WHOLE)
    assert "behind" not in sentences(window.record_bar)
    assert not window.record_bar._lines
    window.commands.recording_changed.emit(None)


def test_hiding_the_window_forgets_nothing(bar: RecordBar, qtbot: QtBot) -> None:
    show(bar, of(MUTED))
    click(qtbot, button(bar, "Do not show this any more"))
    bar.window().hide()
    assert not bar.isVisible()
    bar.window().show()
    show(bar, of(MUTED))
    assert not bar._lines
