"""An imported file with two channels: what they are taken for stands on the meeting, and can be said otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from pytestqt.qtbot import QtBot

from core import paths
from core.store import Store
from core.values import CALL, SIDES, Channel, MeetingId, Place, Segment, Source, TranscriptOptions
from tests.gui.conftest import OpenWindow
from tests.gui.hands import wait_for
from tests.sound_files import make

RATE = 16_000


def add(store: Store, places: paths.Folders, layout: str) -> MeetingId:
    """A call with its text; its sound is a second."""
    make(places.audio / f"{layout}.wav", "pcm_s16le", np.full(RATE, 0.1, np.float32), layout=layout)
    channels = SIDES["apart"] if layout == "stereo" else ()
    meeting_id = store.add_meeting(
        layout,
        datetime(2026, 3, 10, 9, tzinfo=UTC),
        Source.IMPORT,
        audio=f"{layout}.wav",
        duration=1.0,
        channels=channels,
    )
    begun = store.begin_transcript(meeting_id, TranscriptOptions(), "en", channels or (None,))
    for place, channel in enumerate(channels or (None,)):
        said = Segment(place / 2, place / 2 + 0.4, "Good morning.", channel=channel)
        store.add_segments(begun, [said], Place(1.0, (), channel), language="en")
    store.complete_transcript(begun)
    return meeting_id


def test_what_the_two_channels_are_is_shown_and_changed(
    store: Store, places: paths.Folders, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    call, mono = add(store, places, "stereo"), add(store, places, "mono")
    window = open_the_window()
    header, menu = window.page.header, window.page.header.sides
    window.commands.show(call)
    wait_for(qtbot, menu.menuAction().isVisible)
    assert "Left and right apart" in header.meta.text()
    chosen = {one.text(): one for one in menu.actions()}
    assert [name for name, one in chosen.items() if one.isChecked()] == ["Left and right apart"]
    chosen["You right, the others left"].trigger()
    wait_for(qtbot, lambda: "You right, the others left" in header.meta.text())
    assert store.meeting(call).channels == CALL[::-1]
    transcript = store.transcript(call)
    assert transcript
    assert [one.channel for one in transcript.segments] == [Channel.SYSTEM, Channel.MICROPHONE]
    wait_for(qtbot, chosen["You right, the others left"].isChecked)
    with qtbot.waitSignal(window.commands.sides_known, check_params_cb=lambda known, _has: known == mono):
        window.commands.show(mono)
    assert not menu.menuAction().isVisible()
