"""The check of the application: it cannot pass where nothing was heard, and leaves nothing out unsaid."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import try_bundle
from tests import microphone

PLAYED = "Good morning everybody. Let us begin with the exhibition in the spring, which Daniel prepares."


class Recorded:
    """A program that has recorded and transcribed `text`."""

    home = Path()

    def __init__(self, text: str) -> None:
        self._text = text

    def said(self, *arguments: str, **_more: str) -> str:
        return '{"id": "5c0ffee5ab1e", "duration": 8.0}' if "record" in arguments else ""

    def found(self, *_arguments: str) -> Any:
        return {"segments": [{"text": self._text}]}


@pytest.fixture(autouse=True)
def _no_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def admit_all(self) -> str:
            return ""

        def begin(self, _sound: Path) -> None:
            return None

        def __enter__(self) -> Silent:
            return self

        def __exit__(self, *_error: object) -> None:
            return None

    monkeypatch.setattr(microphone, "sound_system", lambda _folder: Silent())


def test_a_recording_is_compared_with_what_was_played() -> None:
    trial: Any = Recorded("Let us begin with the exhibition in the")
    assert try_bundle.recording(trial, PLAYED) == (8.0, 6)


@pytest.mark.parametrize("text", ["", "[inaudible]", "] ", "thank you " * 40])
def test_a_recording_of_nothing_fails(text: str) -> None:
    trial: Any = Recorded(text)
    with pytest.raises(SystemExit, match="not what was played"):
        try_bundle.recording(trial, PLAYED)


def test_what_cannot_be_tried_is_told_and_a_failure_where_set_up_could_help(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(sys, "platform", "linux")
    assert try_bundle.lacking() == {}
    monkeypatch.setattr("shutil.which", lambda _name: None)
    found = try_bundle.lacking()
    assert list(found) == ["the window on X11", "a recording"]
    assert "NOT TRIED: a recording: the virtual microphone needs pulseaudio" in try_bundle.told(found)
    monkeypatch.setattr(try_bundle, "obtainable", lambda: True)
    with pytest.raises(SystemExit, match=r"NOT TRIED: the window on X11: .*Xvfb"):
        try_bundle.lacking()
