"""A recording by way of the local interface, from a virtual microphone into which the sample is played."""

from __future__ import annotations

from core import paths
from core.audio import media
from core.values import Source
from tests.api_server import Api
from tests.conftest import until
from tests.microphone import VirtualMicrophone


def test_a_recording_is_started_paused_and_stopped(microphone: VirtualMicrophone, own_api: Api) -> None:
    begun = own_api.ask(
        "POST",
        "/recording",
        201,
        json={"title": "Stand-up", "sources": "microphone"},
        headers={"Idempotency-Key": "1"},
    )
    assert begun["sources"][0]["channel"] == "microphone"
    assert "runs already" in own_api.ask("POST", "/recording", 409, json={})["detail"]
    microphone.begin(paths.SAMPLE)

    def now() -> dict[str, object]:
        state: dict[str, object] = own_api.ask("GET", "/recording")
        return state

    until(lambda: now()["sources"][0]["peak"] > -40, 20)  # type: ignore[index]
    assert own_api.ask("PATCH", "/recording", json={"paused": True})["paused"]
    stood = now()
    assert stood["paused"]
    own_api.ask("PATCH", "/recording", json={"paused": False})
    until(lambda: not now()["paused"] and now()["elapsed"] > stood["elapsed"], 20)  # type: ignore[operator]
    made = own_api.ask("DELETE", "/recording")
    assert (made["title"], made["source"]) == ("Stand-up", Source.RECORDING)
    assert now()["meeting_id"] is None
    assert own_api.library
    sound = own_api.library.audio_of(own_api.library.store.meeting(made["id"]))
    assert abs(media.measure(sound) - made["duration"]) < 0.1
    assert max(float(abs(block).max()) for block in media.blocks(sound)) > 0.01
