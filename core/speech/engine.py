"""The speech engine: the one model that is in memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Self, TypeVar

import structlog

from core import errors
from core.values import Model

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

_log = structlog.get_logger("speech")
_Result = TypeVar("_Result")

MOST_THREADS = 8
"""More threads than this slow small models down."""


class Engine:
    """A model in memory, and the one way to it."""

    def __init__(self, model: Model) -> None:
        """Loads it. Raises `ModelDamaged`."""
        self._whisper = _load(model)

    @classmethod
    @lru_cache(maxsize=1)
    def of(cls, model: Model) -> Self:
        """The engine with this model; one model is kept at a time. Raises `ModelDamaged`."""
        return cls(model)

    def attempt(self, do: Callable[[WhisperModel], _Result]) -> _Result:
        """What `do` makes with the model."""
        return do(self._whisper)


def _load(model: Model) -> WhisperModel:
    import ctranslate2
    from faster_whisper import WhisperModel

    # Improbable windows are decoded again by drawing lots; the same file is to give the same text.
    ctranslate2.set_random_seed(0)
    try:
        whisper = WhisperModel(
            model.folder,
            device="cpu",
            compute_type="int8_float32",
            cpu_threads=threads(),
            local_files_only=True,
        )
    except (RuntimeError, ValueError, OSError) as error:
        _log.warning("model does not load", model=model.name, error=type(error).__name__)
        raise errors.ModelDamaged(model.name) from error
    if model.languages == () and not whisper.model.is_multilingual:
        raise errors.ModelDamaged(model.name)
    return whisper


def threads() -> int:
    """How many processor cores decoding uses."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(available, MOST_THREADS))
