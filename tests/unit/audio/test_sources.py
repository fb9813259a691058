from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from core import errors
from core.audio import sources
from core.audio.sources import _Served
from core.values import Channel, Devices, Microphone


@dataclass
class Device:
    name: str
    id: str
    isloopback: bool = False


class Server:
    """A sound server as SoundCard shows it."""

    def __init__(self, microphones: list[Device], default: int | None, speaker: Device | None) -> None:
        self.microphones = microphones
        self.default = default
        self.speaker = speaker

    def all_microphones(self, *, include_loopback: bool) -> list[Device]:
        assert include_loopback
        return self.microphones

    def default_microphone(self) -> Device:
        if self.default is None:
            raise IndexError
        return self.microphones[self.default]

    def default_speaker(self) -> Device:
        if self.speaker is None:
            raise IndexError
        return self.speaker


SPEAKERS = Device("Speakers", "out")
MONITOR = Device("Monitor of Speakers", "out.monitor", isloopback=True)
BUILT_IN = Device("Built-in", "in")
HEADSETS = [Device("Headset", "usb1"), Device("Headset", "usb2")]


def listed(monkeypatch: pytest.MonkeyPatch, server: Server) -> Devices:
    monkeypatch.setattr(_Served, "reached", lambda: _Served(server))
    return sources.present()


def test_microphones_are_listed_by_names_that_tell_them_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server([MONITOR, *HEADSETS, BUILT_IN], 3, SPEAKERS)
    assert listed(monkeypatch, server) == Devices(
        (Microphone("Built-in", is_default=True), Microphone("Headset"), Microphone("Headset (2)")),
        "Speakers",
    )
    assert _Served(server).right(Channel.MICROPHONE, "Headset (2)", fallback=False) == (
        "Headset (2)",
        HEADSETS[1],
    )


def test_what_the_output_plays_is_no_microphone(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server([MONITOR], 0, SPEAKERS)
    assert listed(monkeypatch, server) == Devices((), "Speakers")
    with pytest.raises(errors.NoMicrophone):
        _Served(server).right(Channel.MICROPHONE, "", fallback=True)
    assert _Served(server).right(Channel.SYSTEM, "", fallback=False) == ("Speakers", MONITOR)


def test_another_monitor_is_a_microphone_where_it_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    virtual = Device("Monitor of Stage", "stage.monitor", isloopback=True)
    assert listed(monkeypatch, Server([MONITOR, virtual], 1, SPEAKERS)).microphones == (
        Microphone("Monitor of Stage", is_default=True),
    )


def test_a_machine_without_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server([], None, None)
    assert listed(monkeypatch, server) == Devices((), "", "no_output")
    with pytest.raises(errors.NoSystemSound) as caught:
        _Served(server).right(Channel.SYSTEM, "", fallback=False)
    assert caught.value.hint == "no_output"


def test_the_default_microphone_stands_in_only_where_it_may() -> None:
    served = _Served(Server([BUILT_IN], 0, None))
    with pytest.raises(errors.MicrophoneUnknown):
        served.right(Channel.MICROPHONE, "Headset", fallback=False)
    assert served.right(Channel.MICROPHONE, "Headset", fallback=True) == ("Built-in", BUILT_IN)
    assert served.right(Channel.MICROPHONE, "", fallback=False) == ("Built-in", BUILT_IN)


def test_wasapi_has_one_id_for_an_output_and_what_it_plays() -> None:
    loopback = Device("Speakers", "out", isloopback=True)
    assert _Served(Server([BUILT_IN, loopback], 0, SPEAKERS)).output() == ("Speakers", loopback)


class PortAudio:
    """ALSA as PortAudio shows it: hardware, plugins, and another host interface with the same devices."""

    class PortAudioError(Exception):
        """As PortAudio raises it."""

    def __init__(self, default: int | None, opening: set[int]) -> None:
        names = ["USB Mic: Audio (hw:1,0)", "sysdefault", "default", "Output (hw:0,0)", "USB Mic"]
        self.devices = [
            {
                "name": name,
                "index": index,
                "hostapi": int(index == 4),
                "max_input_channels": int("Output" not in name),
                "default_samplerate": 44_100.0,
            }
            for index, name in enumerate(names)
        ]
        self.default = default
        self.opening = opening

    def query_devices(self, kind: str = "") -> Any:
        if kind and self.default is None:
            raise self.PortAudioError
        return self.devices[self.default or 0] if kind else self.devices

    def query_hostapis(self, index: int) -> dict[str, str]:
        return {"name": ["ALSA", "OSS"][index]}

    def check_input_settings(self, *, device: int, **_: object) -> None:
        if device not in self.opening:
            raise self.PortAudioError


def test_without_a_server_the_hardware_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Served, "reached", lambda: None)
    monkeypatch.setattr(sources, "sys", SimpleNamespace(platform="linux"))
    monkeypatch.setattr(sources, "_portaudio", lambda: PortAudio(2, {0, 2}))
    assert sources.present() == Devices(
        (Microphone("default", is_default=True), Microphone("USB Mic: Audio (hw:1,0)")), "", "no_server"
    )
    monkeypatch.setattr(sources, "_portaudio", lambda: PortAudio(2, set()))
    assert sources.present().microphones == (Microphone("USB Mic: Audio (hw:1,0)"),)
    monkeypatch.setattr(sources, "_portaudio", lambda: PortAudio(None, {0}))
    assert sources.present() == Devices((), "", "no_server")
    with pytest.raises(errors.NoMicrophone):
        sources._opened(Channel.MICROPHONE, "", fallback=False)
    with pytest.raises(errors.NoSystemSound):
        sources._opened(Channel.SYSTEM, "", fallback=False)
