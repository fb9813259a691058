from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from core import errors
from core.summary import breaker

HERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def shared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file that this process and the others share."""
    monkeypatch.setattr(breaker, "_breakers", {})
    monkeypatch.setattr(breaker, "_file", None)
    file = tmp_path / "providers.json"
    breaker.share(file)
    return file


def another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on all that this process remembered by itself is gone."""
    monkeypatch.setattr(breaker, "_breakers", {})


def fail(times: int) -> None:
    for _time in range(times):
        breaker.failed(HERE, errors.RemoteBusy("mistral", 503))


def test_failures_of_several_programs_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(2)
    another_process(monkeypatch)
    breaker.admit(HERE, "mistral")
    fail(1)
    another_process(monkeypatch)
    with pytest.raises(errors.RemotePaused):
        breaker.admit(HERE, "mistral")
    assert 0 < breaker.circuit(HERE) <= breaker.PAUSE
    assert breaker.circuit("http://elsewhere") == 0.0


def test_what_one_program_heard_another_need_not_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(3)
    another_process(monkeypatch)
    breaker.succeeded(HERE)
    another_process(monkeypatch)
    breaker.admit(HERE, "mistral")
    fail(2)
    breaker.admit(HERE, "mistral")


def test_a_machine_that_was_started_again_leaves_nobody_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(3)
    monkeypatch.setattr(breaker, "time", SimpleNamespace(monotonic=lambda: 1.0))
    assert breaker.circuit(HERE) == 0.0
    breaker.admit(HERE, "mistral")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"http://127.0.0.1:9": {"opened": "never"', '{"a": 1}'])
def test_a_file_that_cannot_be_read_stops_nobody(shared: Path, content: str) -> None:
    shared.write_text(content, encoding="utf-8")
    breaker.admit(HERE, "mistral")
    fail(3)
    with pytest.raises(errors.RemotePaused):
        breaker.admit(HERE, "mistral")
    assert HERE in json.loads(shared.read_text(encoding="utf-8"))


def test_without_a_place_for_the_file_this_process_still_counts(tmp_path: Path) -> None:
    breaker.share(tmp_path / "nowhere" / "providers.json")
    fail(3)
    with pytest.raises(errors.RemotePaused):
        breaker.admit(HERE, "mistral")
