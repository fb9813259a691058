"""Windows to words: decodes them with faster-whisper's encoder, beam search and word alignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.speech import doubt
from core.speech.hypotheses import CERTAIN_STEPS, Hypothesis, best, stored, suppressed, tokenizer_of
from core.speech.windows import Samples
from core.values import TranscriptOptions

if TYPE_CHECKING:
    from ctranslate2 import StorageView
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer

PREPENDED = "\"'“¿([{-"
APPENDED = "\"'.。,，!！?？:：”)]}、"
"""Marks that belong to the word after and before them (OpenAI's code)."""

INTERIM_TOKENS = 120
"""Most tokens of an interim text: half a minute of fast speech, and soon the end of one that repeats itself."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the engine made of one window, in seconds of its sound: raw segments and their text as tokens.

    Up to `passed` all is decoded; `said` is where the last word ends. `certain`: the next window may be told the text.
    """

    segments: list[dict[str, Any]]
    passed: float
    said: float
    tokens: tuple[int, ...] = ()
    certain: bool = True
    log_probability: float = 0.0
    no_speech: float = 0.0


def decoded(
    whisper: WhisperModel,
    sounds: Sequence[Samples],
    language: str,
    options: TranscriptOptions,
    told: tuple[int, ...],
    *,
    timed: bool = True,
) -> list[Heard]:
    """Decodes windows with faster-whisper's parts: encoder, beam search with a ladder of retries, word alignment.

    They are decoded together, all told the same.
    """
    import numpy as np
    from faster_whisper.audio import pad_or_trim

    tokenizer = tokenizer_of(whisper, language, options.task)
    extractor = whisper.feature_extractor
    features = [extractor(sound) for sound in sounds]
    frames = [min(extractor.nb_max_frames, one.shape[-1] - 1) for one in features]
    # One by one: together that takes no less time and half a gigabyte more, each frame attending to all others.
    encoded = [
        np.asarray(whisper.model.encode(stored(pad_or_trim(one[None, :, :length])), to_cpu=True))
        for one, length in zip(features, frames, strict=True)
    ]
    found = best(whisper, tokenizer, encoded, options, told, timed=timed)
    # Aligned one by one for the same reason.
    return [
        _aligned(whisper, tokenizer, one, stored(own), length)
        for one, own, length in zip(found, encoded, frames, strict=True)
    ]


def _aligned(
    whisper: WhisperModel, tokenizer: Tokenizer, one: Hypothesis, encoded: StorageView, frames: int
) -> Heard:
    """A window of so many `frames` with the times of its words, by its time tokens and the decoder's attention."""
    time_per_frame = whisper.feature_extractor.time_per_frame
    # Private, but the one place that knows how time tokens cut the text; the version is pinned.
    segments, seek, ended = whisper._split_segments_by_timestamps(  # noqa: SLF001
        tokenizer, one.tokens, 0.0, frames, frames * time_per_frame, 0
    )
    whisper.add_word_timestamps(
        [segments], tokenizer, encoded, frames, PREPENDED, APPENDED, last_speech_timestamp=0.0
    )
    kept = []
    for segment in segments:
        for timed in (segment, *segment["words"]):
            timed["start"], timed["end"] = float(timed["start"]), float(timed["end"])
        segment["text"] = tokenizer.decode(segment["tokens"]).strip()
        if segment["text"] and segment["start"] < segment["end"]:
            kept.append(segment)
    passed = seek * time_per_frame
    said = (kept[-1]["words"] or kept)[-1]["end"] if kept else passed
    return Heard(
        kept,
        passed if ended else said,
        said,
        tuple(token for segment in kept for token in segment["tokens"]),
        one.step < CERTAIN_STEPS,
        one.probability,
        one.no_speech,
    )


def interim_text(
    whisper: WhisperModel, sound: Samples, language: str, options: TranscriptOptions, told: tuple[int, ...]
) -> str:
    """What may still change, decoded quickly: one hypothesis, no times."""
    from faster_whisper.audio import pad_or_trim

    tokenizer = tokenizer_of(whisper, language, options.task)
    encoded = whisper.encode(pad_or_trim(whisper.feature_extractor(sound)))
    prompt = whisper.get_prompt(tokenizer, list(told), without_timestamps=True)
    result = whisper.model.generate(
        encoded,
        [prompt],
        beam_size=1,
        max_length=min(len(prompt) + INTERIM_TOKENS, whisper.max_length),
        suppress_tokens=suppressed(tokenizer),
        return_no_speech_prob=True,
    )[0]
    return (
        "" if result.no_speech_prob > doubt.NOT_SPEECH else tokenizer.decode(result.sequences_ids[0]).strip()
    )
