"""Looks at every part that a meeting needs: the library, the models, the sound, the provider, this machine.

Nothing is changed and nothing of a meeting is sent anywhere. A check that breaks says so and stops no other one.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from platform import machine as architecture
from platform import python_version
from typing import TYPE_CHECKING, Any

import structlog

from core import credentials, errors, paths, power
from core import settings as chosen
from core.values import Check, Condition, Health, Machine, Recording, TranscriptOptions

if TYPE_CHECKING:
    from core.meetings import Library

LITTLE_ROOM = 2_000_000_000
"""Bytes on the disk below which a long recording or a larger model may not fit any more."""
NO_ROOM = 200_000_000
"""Bytes below which not even a meeting of some hours can be recorded."""
LISTEN_SECONDS = 1.0
SILENCE = -85.0
"""Decibels below full scale under which a second of sound is none: a muted device gives zeros, a room never does."""

_log = structlog.get_logger("health")


def examine(library: Library | errors.Problem, places: paths.Folders, *, listen: bool = False) -> Health:
    """How every part is; takes some seconds. `library` is the open one, or why it cannot be opened.

    With `listen` a second of sound is captured for real from what the settings choose, and thrown away.
    """
    opened = None if isinstance(library, errors.Problem) else library
    settings = opened.settings if opened else chosen.load(places.settings)
    looks: list[tuple[str, Callable[[], Iterator[Check]]]] = [
        ("database", lambda: _database(library)),
        ("disk", lambda: _disk(places)),
        ("folder", lambda: _folder(places)),
        ("model", lambda: _model(settings, places)),
        ("sound", _devices),
        ("provider", lambda: _provider(settings, places)),
        ("keyring", _keyring),
        ("processor", lambda: _machine(opened)),
        ("versions", _versions),
    ]
    if opened:
        looks.insert(1, ("audio", lambda: _audio(opened)))
    if listen:
        looks.insert(len(looks) - 4, ("capture", lambda: _capture(settings)))
    health = Health(datetime.now(UTC), tuple(check for part, look in looks for check in _safely(part, look)))
    bad: dict[str, list[str]] = {}
    for check in health.checks:
        if check.condition is not Condition.OK:
            bad.setdefault(str(check.condition), []).append(f"{check.part}: {check.finding}")
    _log.info("health", condition=str(health.condition), **bad)
    return health


def _safely(part: str, look: Callable[[], Iterator[Check]]) -> list[Check]:
    try:
        return list(look())
    except errors.Problem as problem:
        return [_failed(part, problem)]
    except Exception:  # noqa: BLE001  one fault of ours must not hide what is wrong elsewhere
        _log.exception("a check broke", part=part)
        return [Check(part, Condition.WARNING, "broken")]


def _failed(part: str, problem: errors.Problem, condition: Condition = Condition.FAILING) -> Check:
    return Check(part, condition, "failed", {"failure": asdict(errors.to_failure(problem))})


# --- the library ---------------------------------------------------------------------------------


def _database(library: Library | errors.Problem) -> Iterator[Check]:
    if isinstance(library, errors.Problem):
        yield _failed("database", library)
        return
    faults = library.store.faults()
    if faults:
        _log.error("the database is damaged", faults=len(faults))
        yield _failed("database", errors.LibraryDamaged(str(library.places.database)))
        return
    facts = {
        "meetings": library.store.count(),
        "size": library.places.database.stat().st_size,
        "schema": library.store.schema,
    }
    yield Check("database", Condition.OK, "sound", facts)


def _audio(library: Library) -> Iterator[Check]:
    there = {entry.name for entry in os.scandir(library.places.audio)}
    lacking = [name for name in library.store.audio_names() if name not in there]
    if lacking:
        yield Check("audio", Condition.WARNING, "missing", {"count": len(lacking)})
    else:
        yield Check("audio", Condition.OK, "there")


def _disk(places: paths.Folders) -> Iterator[Check]:
    free = shutil.disk_usage(places.root).free
    if free < NO_ROOM:
        yield Check("disk", Condition.FAILING, "no_room", {"free": free})
    elif free < LITTLE_ROOM:
        yield Check("disk", Condition.WARNING, "little_room", {"free": free})
    else:
        yield Check("disk", Condition.OK, "room", {"free": free})


def _folder(places: paths.Folders) -> Iterator[Check]:
    if not all(os.access(folder, os.W_OK) for folder in (places.root, places.audio, places.logs)):
        yield _failed("folder", errors.FolderNotWritable(paths.short(str(places.root))))
    elif os.name == "posix" and stat.S_IMODE(places.root.stat().st_mode) & 0o077:
        yield Check("folder", Condition.WARNING, "open", {"folder": paths.short(str(places.root))})
    else:
        yield Check("folder", Condition.OK, "private", {"folder": paths.short(str(places.root))})


# --- what makes text and minutes -------------------------------------------------------------------


def _model(settings: chosen.Settings, places: paths.Folders) -> Iterator[Check]:
    from core import speech

    name = settings.model or speech.own()
    wanted = TranscriptOptions(model=name, language=settings.spoken_language)
    model = speech.find_model(wanted, settings.model_folders, places.models)
    needed, free = model.size + speech.WORKING_ROOM, power.free_memory()
    if needed > free:
        yield _failed("model", errors.ModelTooLarge(model.name, needed, free), Condition.WARNING)
    else:
        yield Check("model", Condition.OK, "ready", {"model": model.name, "size": model.size})


def _provider(settings: chosen.Settings, places: paths.Folders) -> Iterator[Check]:
    if settings.provider == "offline":
        yield Check("provider", Condition.OK, "offline")
        return
    from core.summary import addresses, breaker, reach

    other = settings.provider == "server"
    address = settings.provider_address if other else ""
    if other and not address:
        raise errors.AddressMissing
    key = credentials.server_key(address) if other else credentials.mistral_key()
    if not key and not other:
        raise errors.KeyMissing(settings.provider)
    name = addresses.host(address) or settings.provider
    breaker.share(places.breakers)
    if left := breaker.circuit(address):
        paused = errors.RemotePaused(name, max(1, round(left)))
        yield _failed("provider", paused, Condition.WARNING)
        return
    reach.check(name, address, key)
    yield Check("provider", Condition.OK, "reached", {"provider": name})


def _keyring() -> Iterator[Check]:
    if name := credentials.keyring_name():
        yield Check("keyring", Condition.OK, "kept", {"name": name})
    else:
        yield Check("keyring", Condition.WARNING, "none")


# --- sound -----------------------------------------------------------------------------------------


def _devices() -> Iterator[Check]:
    from core.audio import devices

    try:
        found = devices.devices()
    except errors.SoundProblem as problem:
        # Who only takes in files needs no sound system.
        yield _failed("microphone", problem, Condition.WARNING)
        return
    if found.microphones:
        facts = {"count": len(found.microphones), "name": found.microphones[0].name}
        yield Check("microphone", Condition.OK, "found", facts)
    else:
        yield _failed("microphone", errors.NoMicrophone(), Condition.WARNING)
    if found.system:
        yield Check("system_sound", Condition.OK, "found", {"name": found.system})
    else:
        yield _failed("system_sound", errors.NoSystemSound(found.system_hint), Condition.WARNING)


def _capture(settings: chosen.Settings) -> Iterator[Check]:
    from core import meetings

    loudest = SILENCE
    for heard in meetings.try_microphone(settings.microphone, LISTEN_SECONDS):
        if isinstance(heard, Recording):
            loudest = max([loudest, *(source.peak for source in heard.sources)])
    if loudest <= SILENCE:
        yield Check("capture", Condition.WARNING, "silent")
    else:
        yield Check("capture", Condition.OK, "heard", {"peak": round(loudest)})


# --- this machine ----------------------------------------------------------------------------------


def _machine(library: Library | None) -> Iterator[Check]:
    from core.speech import machine

    if library:
        from core.meetings import machine_of

        here = machine_of(library)
    else:
        here = machine.unmeasured()
    yield _processor(here)
    yield _graphics(here)


def _processor(here: Machine) -> Check:
    facts: dict[str, Any] = {"name": here.processor, "cores": here.cores, "features": list(here.features)}
    known = architecture().lower() in {"x86_64", "amd64"} and here.features
    slow = known and "avx2" not in here.features
    return Check("processor", Condition.WARNING if slow else Condition.OK, "slow" if slow else "fit", facts)


def _graphics(here: Machine) -> Check:
    if here.cuda_types:
        return Check("graphics", Condition.OK, "used", {"types": list(here.cuda_types)})
    mendable = here.no_cuda in {"driver", "libraries"}
    return Check("graphics", Condition.WARNING if mendable else Condition.OK, "unused", {"why": here.no_cuda})


def _versions() -> Iterator[Check]:
    facts = {"program": metadata.version(paths.PROGRAM), "python": python_version()}
    yield Check("versions", Condition.OK, "known", facts)
