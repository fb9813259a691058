"""How a transcription is told while it goes on."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from core.meetings.hearing import Reporter
from core.values import Channel, LiveText, MeetingId


def test_what_one_says_stays_in_sight_while_what_another_said_is_written_down() -> None:
    looks: list[bool] = []

    def interim(*, anew: bool) -> str:
        looks.append(anew)
        return "and so"

    ear = SimpleNamespace(interim=interim)
    listeners = SimpleNamespace(
        by_channel={Channel.MICROPHONE: ear, Channel.SYSTEM: ear},
        live=True,
        reached=0.0,
        arrived=5.0,
        heard=5.0,
    )
    reporter = Reporter(MeetingId("talk"), Path("talk.ogg"), listeners, 0.0, 10.0)  # type: ignore[arg-type]
    told = [event for fresh in (True, False) for event in reporter.live({}, fresh=fresh)]
    assert {event.text for event in told if isinstance(event, LiveText)} == {"and so"}
    assert looks == [True, True, False, False]
