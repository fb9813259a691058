"""This machine: measured once and kept in the library, what models cost here, and the facts for whoever helps."""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, fields, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import errors, paths, power
from core.values import Diagnostics, Job, Machine, Progress, Stage, TranscriptOptions

if TYPE_CHECKING:
    from core.meetings.library import Library

SOUND = 10.0
"""Seconds of the sample meeting that are decoded in each way."""

WORTH = 5.0
"""Seconds of work from which on the speed of a transcription says something about its model."""

_LIBRARIES = (
    "faster-whisper",
    "ctranslate2",
    "onnxruntime",
    "av",
    "numpy",
    "sounddevice",
    "soundcard",
    "sqlmodel",
    "mistralai",
)


def machine_of(library: Library) -> Machine:
    """This machine as it was measured for the library; with what is usual where it was not, or is another now."""
    from core.speech import machine

    now, kept = machine.unmeasured(), _kept(library)
    if kept is None or (kept.processor, kept.features, kept.cores, kept.engine) != (
        now.processor,
        now.features,
        now.cores,
        now.engine,
    ):
        return now
    if now.cuda_types and kept.no_cuda == "failed":
        return kept
    # What was measured with the graphics processor says nothing without it.
    speed = kept.speed if bool(kept.cuda_types) == bool(now.cuda_types) else 0.0
    return replace(kept, cuda_types=now.cuda_types, no_cuda=now.no_cuda, speed=speed)


def measure_machine(library: Library) -> Job[Machine]:
    """Finds out in some seconds how the speech engine is fastest here, and keeps it.

    Raises a `ModelProblem` where there is no starter or it does not load, or a `StorageProblem`.
    """
    from core import speech
    from core.speech import machine

    model = speech.find_model(TranscriptOptions(model=speech.STARTER), (), library.places.models)
    steps = machine.measured(model, _sample())
    while True:
        try:
            yield Progress(Stage.TRANSCRIBE, next(steps))
        except StopIteration as end:
            found: Machine = end.value
            break
        except (RuntimeError, ValueError, MemoryError) as error:
            raise errors.ModelDamaged(model.name, model.built_in) from error
    found = replace(found, seen=machine_of(library).seen)
    _keep(library, found)
    return found


def learn(library: Library, model: str, seconds: float, worked: float) -> None:
    """Keeps how fast `model` was: `seconds` of sound in `worked` seconds. Too short a time says nothing."""
    if worked < WORTH or seconds <= 0:
        return
    here = machine_of(library)
    _keep(library, replace(here, seen=tuple({**dict(here.seen), model: round(seconds / worked, 2)}.items())))


def speeds(library: Library) -> dict[str, float]:
    """Seconds of sound that each model that was used in the library heard per second of work, by its name.

    The one that is meant without a name is under '' too; the starter is known from the measurement where not from use.
    """
    from core import speech

    here = _kept(library)
    if here is None:
        return {}
    seen = dict(here.seen)
    if starter := seen.get(speech.STARTER) or here.speed:
        seen |= {speech.STARTER: starter}
    if usual := seen.get(speech.own()):
        seen |= {"": usual}
    return seen


def hour_of_work(here: Machine, model: str, cost: float) -> float | None:
    """Seconds of work for an hour of meeting: as last seen with `model`, else by its `cost` relative to the
    starter's. None where nothing was measured.
    """
    speed = dict(here.seen).get(model) or here.speed / cost
    return 3600 / speed if speed else None


def diagnostics(library: Library) -> Diagnostics:
    """What somebody who helps needs to know; names no meeting, no key, and the person's folders as ~."""
    from core import speech
    from core.audio import devices

    name = library.settings.model or speech.own()
    try:
        model = speech.find_model(
            TranscriptOptions(model=name), library.settings.model_folders, library.places.models
        )
        folder, size = model.folder, model.size
    except errors.ModelProblem:
        folder, size = "", 0
    microphones: int | None = None
    with suppress(errors.SoundProblem):
        microphones = len(devices.devices().microphones)
    return Diagnostics(
        program=metadata.version(paths.PROGRAM),
        python=platform.python_version(),
        platform=platform.platform(),
        machine=machine_of(library),
        memory=power.memory(),
        memory_free=power.free_memory(),
        model=Path(name).name,
        model_folder=paths.short(folder),
        model_size=size,
        library=paths.short(str(library.places.root)),
        disk_free=shutil.disk_usage(library.places.root).free,
        microphones=microphones,
        versions=tuple(_versions()),
    )


def _versions() -> Iterator[tuple[str, str]]:
    for name in _LIBRARIES:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name, ""


def _sample() -> Any:
    import numpy as np

    from core.audio import media

    wanted, blocks = round(SOUND * media.SAMPLE_RATE), []
    for block in media.blocks(paths.SAMPLE):
        blocks.append(block.reshape(-1))
        if sum(map(len, blocks)) >= wanted:
            break
    return np.concatenate(blocks)[:wanted]


def _file(library: Library) -> Path:
    return library.places.root / "machine.json"


def _keep(library: Library, here: Machine) -> None:
    paths.write_private(_file(library), json.dumps(asdict(here), indent=2).encode())


def _kept(library: Library) -> Machine | None:
    """What was measured; None where nothing was, or another version of the program kept it."""
    try:
        stored = json.loads(_file(library).read_text(encoding="utf-8"))
        here = Machine(**{field.name: stored[field.name] for field in fields(Machine)})
        return replace(
            here,
            features=tuple(here.features),
            cuda_types=tuple(here.cuda_types),
            seen=tuple((str(name), float(speed)) for name, speed in here.seen),
            threads=max(1, int(here.threads)),
            speed=float(here.speed),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
