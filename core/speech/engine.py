"""The speech engine: the one model that is in memory, on the graphics processor where that works."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import structlog

from core import errors, power
from core.speech import machine
from core.speech.catalogue import END_OF_TEXT
from core.values import Machine, Model

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

_log = structlog.get_logger("speech")
_Result = TypeVar("_Result")

WORKING_ROOM = 200_000_000
"""Bytes that decoding takes besides the model: the windows' features, the encoder's output, the hypotheses."""

KERNELS = 16
"""Compiled kernels that oneDNN keeps, 1024 without this: windows of each length have their own, and what is kept of
them grew by 50 MB for an hour of sound. Fewer cost no time that could be measured."""

FEATURES = (16_000, 160, 400, 30)
"""Hz, samples between two frames, samples in one, and seconds of a window: the same for every Whisper model (Radford et
al. 2022, section 2.2)."""

_NO_MEMORY = ("failed to allocate", "out of memory", "CUBLAS_STATUS_ALLOC_FAILED")
"""What the RuntimeErrors of CTranslate2, MKL and CUDA say where memory is short; others raise `MemoryError`."""


class Engine:
    """A model in memory, and the one way to it. All is used by one thread, that of the compute lane."""

    _kept: Engine | None = None
    _machine: Machine | None = None
    # Why the graphics processor is not used any more, '' while it is; and whether that was told.
    _fault = ""
    _told = True
    worked = 0.0
    """Seconds that engines have worked in this process."""

    def __init__(self, model: Model, how: Machine) -> None:
        """Loads it. Raises `ModelDamaged` or `ModelTooLarge`."""
        self.model = model
        self.how = how
        self._on_cuda = not Engine._fault and how.cuda_types != ()
        self._whisper = self._load()

    @classmethod
    def of(cls, model: Model, compute_type: str = "") -> Engine:
        """The engine with this model; one is kept at a time. `compute_type` is the processor's, '' the one in use.

        Raises `ModelDamaged` or `ModelTooLarge`.
        """
        how = cls._machine or machine.unmeasured()
        how = replace(how, compute_type=compute_type or how.compute_type)
        if cls._kept is None or (cls._kept.model, cls._kept.how) != (model, how):
            # Two models at once could be more than the memory holds.
            cls.release()
            cls._kept = cls(model, how)
        return cls._kept

    @classmethod
    def use(cls, how: Machine) -> None:
        """Computes in this way from the next transcription on."""
        cls._machine = how

    @classmethod
    def release(cls) -> None:
        """Gives the memory of the kept model back; what still listens keeps its own until it ends."""
        cls._kept = None

    @classmethod
    def fault(cls) -> str:
        """Why the graphics processor was given up, by a key of `core.messages`; '' where it was not, or was told."""
        told, cls._told = cls._told, True
        return "" if told else cls._fault

    def attempt(self, do: Callable[[WhisperModel], _Result]) -> _Result:
        """What `do` makes with the model; done once more on the processor where the graphics processor fails.

        Raises `ModelTooLarge` where memory runs out.
        """
        began = time.monotonic()
        try:
            try:
                return do(self._whisper)
            except (RuntimeError, MemoryError) as error:
                if not self._on_cuda:
                    raise
                self._give_up_cuda(error)
            self._whisper = self._load()
            return do(self._whisper)
        except (RuntimeError, MemoryError) as error:
            if _no_memory(error):
                Engine.release()
                raise self._too_large() from error
            raise
        finally:
            Engine.worked += time.monotonic() - began

    def _load(self) -> WhisperModel:
        if self._on_cuda:
            try:
                return open_model(self.model, "cuda", self.how.cuda_types[0], self.how.threads)
            except (RuntimeError, ValueError, OSError, MemoryError) as error:
                self._give_up_cuda(error)
        if power.free_memory() < self.model.size + WORKING_ROOM:
            raise self._too_large()
        try:
            whisper = open_model(self.model, "cpu", self.how.compute_type, self.how.threads)
        except errors.ModelProblem:
            raise
        except Exception as error:  # the tokenizer's library knows nothing narrower
            _log.warning("model does not load", model=self.model.name, error=type(error).__name__)
            if _no_memory(error):
                raise self._too_large() from error
            raise errors.ModelDamaged(self.model.name, self.model.built_in) from error
        return whisper

    def _give_up_cuda(self, error: Exception) -> None:
        # For good in this process: what failed once fails again, or takes longer than the processor.
        _log.warning("graphics processor given up", error=type(error).__name__, said=str(error)[:200])
        self._on_cuda = False
        Engine._fault = "no_memory" if _no_memory(error) else "failed"
        Engine._told = False

    def _too_large(self) -> errors.ModelTooLarge:
        return errors.ModelTooLarge(self.model.name, self.model.size + WORKING_ROOM, power.free_memory())


def open_model(model: Model, device: str, compute_type: str, threads: int) -> WhisperModel:
    """The model in memory, `device` 'cpu' or 'cuda'.

    Raises `ModelDamaged` where its files do not belong together, and what CTranslate2 does: mostly RuntimeError.
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(KERNELS))
    from faster_whisper import WhisperModel

    whisper = WhisperModel(
        model.folder, device=device, compute_type=compute_type, cpu_threads=threads, local_files_only=True
    )
    if not _fit(model, whisper):
        raise errors.ModelDamaged(model.name, model.built_in)
    return whisper


def _fit(model: Model, whisper: WhisperModel) -> bool:
    """Whether the weights and the files beside them are of one model: those of others load too, and fail later."""
    multilingual, sound = whisper.model.is_multilingual, whisper.feature_extractor
    return (
        (multilingual or model.languages != ())
        and whisper.hf_tokenizer.token_to_id("<|endoftext|>") == END_OF_TEXT[multilingual]
        and len(sound.mel_filters) == whisper.model.n_mels
        and (sound.sampling_rate, sound.hop_length, sound.n_fft, sound.chunk_length) == FEATURES
    )


def _no_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or any(words in str(error) for words in _NO_MEMORY)
