"""What is kept of this machine, and what the diagnostics tell of it."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from core import messages, speech
from core.meetings import (
    Library,
    diagnostics,
    hour_of_work,
    is_measured,
    machine,
    machine_of,
    measure_machine,
)
from core.speech import machine as here
from core.values import Machine, Progress


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
    assert not is_measured(library)
    found = measured(library, monkeypatch, compute_type="float32", threads=3, speed=9.0)
    assert machine_of(library) == found
    assert is_measured(library)
    assert (library.places.root / "machine.json").stat().st_mode & 0o777 == 0o600


def test_a_way_that_is_hardly_faster_does_not_replace_the_one_in_use(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured(library, monkeypatch, compute_type="int8", threads=2, speed=10.0)
    again = measured(library, monkeypatch, compute_type="float32", threads=4, speed=10.5)
    assert (again.compute_type, again.threads) == ("int8", 2)
    assert measured(library, monkeypatch, compute_type="float32", threads=4, speed=20.0).threads == 4


@pytest.mark.parametrize("changed", [{"processor": "another"}, {"cores": 99}, {"engine": "0.1"}])
def test_on_another_machine_it_counts_for_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch, changed: dict[str, object]
) -> None:
    measured(library, monkeypatch, compute_type="float32", speed=9.0, **changed)
    assert machine_of(library) == here.unmeasured()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"speed": 3}'])
def test_a_damaged_file_counts_for_nothing(library: Library, content: str) -> None:
    (library.places.root / "machine.json").write_text(content)
    assert machine_of(library) == here.unmeasured()


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
    assert json.dumps(found.versions)
