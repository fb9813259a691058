"""The library's speech models: listed, fetched, added from a folder, removed."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from core import errors, locks, paths
from core.meetings.library import Library
from core.values import Cost, Event, Fetching, Job, Model, Models, Offer, Stage

_BLOCK = 4 << 20


def known_models(library: Library) -> Models:
    """Every speech model there is to choose or to get, with what each takes on this machine."""
    from core import speech
    from core.meetings.machine import hour_of_work, machine_of

    machine = machine_of(library)

    def cost(model: Model | Offer) -> Cost:
        published = speech.offer(model.name)
        hour = hour_of_work(machine, model.name, published.cost if published else math.inf)
        return Cost(model.size + speech.WORKING_ROOM, hour)

    here = speech.installed(library.settings.model_folders, library.places.models)
    names = {model.name for model in here if not model.damaged}
    cached = tuple(model for model in speech.cached() if model.name not in names)
    names |= {model.name for model in cached}
    offered = tuple(offer for offer in speech.CATALOGUE if offer.name not in names)
    every: tuple[Model | Offer, ...] = (*here, *cached, *offered)
    costs = {model.name: cost(model) for model in every}
    begun = {offer.name: _left(library, offer.name) for offer in offered}
    return Models(
        here,
        cached,
        offered,
        costs,
        speech.MULTILINGUAL,
        {name: received for name, received in begun.items() if received},
    )


def _left(library: Library, name: str) -> int:
    """The bytes that a download which was stopped has left of a model."""
    from core import speech

    part = speech.part_of(library.places.models / name)
    with suppress(OSError):
        return sum(file.stat().st_size for file in part.iterdir())
    return 0


def fetch_model(library: Library, name: str) -> Job[Model]:
    """Downloads a model of the catalogue; carries on where that was stopped. One that is there already and whole is
    returned.

    Raises `ModelUnknown`, `ModelBusy`, `ModelNameTaken`, `ModelDamaged`, a problem of `core.speech.fetch` or a
    `StorageProblem`.
    """
    from core import speech

    offer = speech.offer(name)
    if offer is None:
        raise errors.ModelUnknown(name)
    target = library.places.models / name
    with _alone_with(library, name):
        here = _installed(library, name)
        if here and not here.damaged:
            return here
        _clear(target)
        yield from speech.fetch(offer, target, lambda part: _check(part, name))
        return replace(speech.in_folder(target), name=name)


def _check(folder: Path, name: str) -> None:
    """Loads the model in `folder` and lets it go again. Raises `ModelUnusable` or `ModelDamaged`, by its `name`."""
    from core import speech

    speech.check_loads(replace(speech.in_folder(folder), name=name))


def add_model(library: Library, folder: str) -> Job[Model]:
    """Takes in the model in `folder`, which is as good as anywhere after that.

    What lies on another disk, which may be a stick, is copied into the library. What lies in the hub's cache, which
    other programs clear, is kept there under its published name. Any other folder stays where it is and is noted in
    the settings. The weights of a published model are compared with their checksum. Raises `ModelForeign`,
    `ModelUnusable`, `ModelFolderDamaged`, `NotPermitted`, `ModelNameTaken`, `NoRoomForModel`, `ModelBusy` or a
    `StorageProblem`.
    """
    from core import speech

    try:
        # A model is called as its folder: not "..", and not as what a link leads to.
        source = Path(os.path.abspath(Path(folder).expanduser()))  # noqa: PTH100
        if not folder.strip() or not source.exists():
            raise errors.ModelUnknown(folder)
        cached = (one for one in speech.cached() if one.folder == str(source))
        model = next(cached, None) or speech.in_folder(source)
    except (RuntimeError, ValueError) as error:  # no path at all
        raise errors.ModelUnknown(folder) from error
    except OSError as error:
        raise errors.NotPermitted(folder) from error
    from_cache = Path(model.folder).parent.name == "snapshots"
    elsewhere = source.stat().st_dev != library.places.models.stat().st_dev
    here = _installed(library, model.name)
    if here and here.folder == model.folder:
        return here
    if here:
        raise errors.ModelNameTaken(model.name)
    free = shutil.disk_usage(library.places.models).free
    if elsewhere and free < model.size + speech.SPARE:
        raise errors.NoRoomForModel(model.name, model.size + speech.SPARE, free)
    try:
        yield Fetching(model.name, 0, model.size, doing="check")
        for read in speech.check_sum(model):
            yield Fetching(model.name, read, model.size, doing="check")
        if not elsewhere and not from_cache:
            speech.check_loads(model)
            settings = library.settings
            library.change_settings(replace(settings, model_folders=(*settings.model_folders, model.folder)))
            return model
        target = library.places.models / model.name
        with _alone_with(library, model.name):
            _clear(target)
            yield from _copied(model, target)
    except PermissionError as error:
        raise errors.NotPermitted(str(source)) from error
    except (errors.ModelDamaged, OSError) as error:
        raise errors.ModelFolderDamaged(str(source)) from error
    return replace(speech.in_folder(target), name=model.name)


def remove_model(library: Library, name: str) -> None:
    """Removes a model from the library, or what a download that was stopped has left of it; one that was added where it
    lies is only forgotten.

    Raises `ModelUnknown`, `ModelBuiltIn`, `ModelInUse`, `ModelBusy` or a `StorageProblem`.
    """
    from core import speech

    model = _installed(library, name)
    if model is None and speech.offer(name) and _left(library, name):
        with _alone_with(library, name):
            shutil.rmtree(speech.part_of(library.places.models / name), ignore_errors=True)
        return
    if model is None:
        # What is noted may lie there no longer.
        if not _forget(library, {name}):
            raise errors.ModelUnknown(name)
        return
    if model.built_in:
        raise errors.ModelBuiltIn(name)
    if any(locks.is_held(path) for path in library.places.locks.glob(f"*.{Stage.TRANSCRIBE}")):
        raise errors.ModelInUse(name)
    folder = Path(model.folder)
    if folder.parent == library.places.models:
        with _alone_with(library, name):
            try:
                # At once out of sight: half a model must not be found.
                folder.rename(speech.part_of(folder))
                shutil.rmtree(speech.part_of(folder))
            except OSError as error:
                raise paths.storage_problem(error, folder) from error
    _forget(library, {model.name, model.folder})


def _forget(library: Library, names: set[str]) -> bool:
    """Notes the model of these names no more, as one to use or as a folder that was added; whether it was noted."""
    settings = library.settings
    kept = tuple(one for one in settings.model_folders if names.isdisjoint({one, Path(one).name}))
    changed = replace(settings, model_folders=kept, model="" if settings.model in names else settings.model)
    if changed != settings:
        library.change_settings(changed)
    return changed != settings


def sweep_models(library: Library) -> None:
    """Removes what copies and removals that were killed left of models; what was downloaded so far stays."""
    for part in library.places.models.glob(".*.part"):
        from core import speech  # only then: it costs time at the start

        name = part.name.removeprefix(".").removesuffix(".part")
        with suppress(errors.ModelBusy):
            if speech.offer(name) is None:
                with _alone_with(library, name):
                    shutil.rmtree(part, ignore_errors=True)


def _installed(library: Library, name: str) -> Model | None:
    from core import speech

    models = speech.installed(library.settings.model_folders, library.places.models)
    return next((one for one in models if name in {one.name, one.folder}), None)


def _clear(target: Path) -> None:
    """Removes what stands under a model's name and is none, or not whole. Raises `ModelNameTaken` where it is one, as
    on a disk that does not tell capitals from small letters.
    """
    from core import speech

    if target.exists():
        with suppress(errors.ModelForeign, errors.ModelUnusable):
            there = speech.in_folder(target)
            if not there.damaged:
                raise errors.ModelNameTaken(there.name)
        shutil.rmtree(target, ignore_errors=True)


@contextmanager
def _alone_with(library: Library, name: str) -> Iterator[None]:
    """Holds the lock of a model's name. Raises `ModelBusy`."""
    lock = locks.take(library.places.locks / f"{name}.model")
    if lock is None:
        raise errors.ModelBusy(name)
    try:
        yield
    finally:
        lock.release()


def _copied(model: Model, target: Path) -> Generator[Event, None, None]:
    """Copies a model's files, from the same disk without using more of it; whole or not at all."""
    from core import speech

    part = speech.part_of(target)
    try:
        shutil.rmtree(part, ignore_errors=True)
        paths.make_private_folder(part)
        done = 0
        for file in sorted(Path(model.folder).iterdir()):
            if file.is_file():
                for count in _copy(file.resolve(), part / file.name):
                    done += count
                    yield Fetching(model.name, done, model.size, doing="copy")
        _check(part, model.name)
        paths.rename(part, target)
    except OSError as error:
        raise paths.storage_problem(error, part) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _copy(source: Path, target: Path) -> Iterator[int]:
    with suppress(OSError):
        # Two names for one file: it stays when the other is removed.
        os.link(source, target)
        yield target.stat().st_size
        return
    with source.open("rb") as content, target.open("wb") as copy:
        while block := content.read(_BLOCK):
            copy.write(block)
            yield len(block)
