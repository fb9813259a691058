"""What is kept of this machine, and what the diagnostics tell of it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from core import meetings, messages, paths, speech
from core.meetings import (
    Library,
    diagnostics,
    hour_of_work,
    machine,
    machine_of,
    measure_machine,
)
from core.speech import machine as here
from core.values import Machine, MeetingChanged, MeetingId, Progress
from tests.conftest import finished


def measured(library: Library, monkeypatch: pytest.MonkeyPatch, **found: object) -> Machine:
    """The machine after a measurement that finds this."""

    def faked(_model: object, _sound: object) -> Generator[float, None, Machine]:
        yield 1.0
        return replace(here.unmeasured(), **found)  # type: ignore[arg-type]

    monkeypatch.setattr(here, "measured", faked)
    job = measure_machine(library)
    assert isinstance(next(job), Progress)
    with pytest.raises(StopIteration) as end:
        next(job)
    result: Machine = end.value.value
    return result


def test_a_measurement_is_kept_for_the_user_alone(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine_of(library) == here.unmeasured()
    found = measured(library, monkeypatch, compute_type="float32", threads=3, speed=9.0)
    assert machine_of(library) == found
    assert (library.places.root / "machine.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("changed", [{"processor": "another"}, {"cores": 99}, {"engine": "0.1"}])
def test_on_another_machine_it_counts_for_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch, changed: dict[str, object]
) -> None:
    measured(library, monkeypatch, compute_type="float32", speed=9.0, **changed)
    assert machine_of(library) == here.unmeasured()


def test_a_speed_with_the_graphics_processor_says_nothing_without_it(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured(library, monkeypatch, speed=90.0, cuda_types=("float16",), no_cuda="")
    assert machine_of(library).speed == 0.0
    with_cuda = replace(here.unmeasured(), cuda_types=("float16",), no_cuda="")
    monkeypatch.setattr(here, "unmeasured", lambda: with_cuda)
    assert machine_of(library).speed == 90.0
    # One that failed is left alone until it is measured again.
    measured(library, monkeypatch, speed=9.0, cuda_types=(), no_cuda="failed")
    known = machine_of(library)
    assert (known.cuda_types, known.no_cuda, known.speed) == ((), "failed", 9.0)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"speed": 3}'])
def test_a_damaged_file_counts_for_nothing(library: Library, content: str) -> None:
    (library.places.root / "machine.json").write_text(content)
    assert machine_of(library) == here.unmeasured()


def test_a_transcript_goes_on_with_its_compute_type_whatever_is_measured_meanwhile(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begun(meeting_id: MeetingId) -> tuple[str, int]:
        """How the engine computes for a transcription that has begun."""
        with closing(meetings.transcribe(library, meeting_id)) as job:
            assert [type(next(job)) for _ in range(2)] == [MeetingChanged, Progress]
        assert speech.Engine._kept
        return speech.Engine._kept.how.compute_type, speech.Engine._kept.how.threads

    monkeypatch.setattr(speech.Engine, "_kept", None)
    monkeypatch.setattr(speech.Engine, "_machine", None)
    measured(library, monkeypatch, compute_type="float32", threads=2, speed=9.0)
    meeting_id = finished(meetings.import_audio(library, paths.SAMPLE))
    assert begun(meeting_id) == ("float32", 2)
    measured(library, monkeypatch, compute_type="int8_float32", threads=1, speed=9.0)
    assert begun(meeting_id) == ("float32", 1)


def test_an_hour_takes_what_was_last_seen_else_what_the_cost_says(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hour_of_work(machine_of(library), "small", 6.0) is None
    measured(library, monkeypatch, speed=12.0)
    assert hour_of_work(machine_of(library), "small", 6.0) == 1800
    machine.learn(library, "small", 40.0, 10.0)
    machine.learn(library, "base", 40.0, 1.0)
    known = machine_of(library)
    assert known.seen == (("small", 4.0),)
    assert hour_of_work(known, "small", 6.0) == 900
    assert known.speed == 12.0


def test_the_diagnostics_tell_no_folder_of_the_person(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: library.places.root.parent)
    found = diagnostics(library)
    assert found.library == "~/data"
    assert (found.model, found.model_size > 70_000_000) == (speech.STARTER, True)
    text = messages.diagnostics(found)
    assert str(library.places.root) not in text
    assert found.machine.processor in text
    assert dict(found.versions)["ctranslate2"] == found.machine.engine
    assert "Not measured yet" in text
    used = replace(found, machine=replace(found.machine, seen=(("small", 8.8),)))
    assert "small: 8.8 times as fast as speech" in messages.diagnostics(used)
    assert "Not measured yet" not in messages.diagnostics(used)
