"""Windows to words: decodes them with faster-whisper's encoder, beam search and word alignment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.speech import doubt
from core.speech.detector import Samples
from core.speech.hypotheses import CERTAIN_STEPS, Hypothesis, best, stored, suppressed, tokenizer_of
from core.values import TranscriptOptions

if TYPE_CHECKING:
    from ctranslate2 import StorageView
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer
    from numpy.typing import NDArray

PREPENDED = "\"'“¿([{-"
APPENDED = "\"'.。,，!！?？:：”)]}、"
"""Marks that belong to the word after and before them (OpenAI's code)."""

SILENT_FRAMES = 200
"""Frames of 10 ms after a window's sound that are encoded with it. Whisper was trained on 30 seconds, and fills what is
shorter up to that; but its encoder takes less, and the text ends as well after two seconds of nothing as after twenty.
Below one second it does not know where to stop (`docs/benchmarks.md`)."""

LIVE_FRAMES = 1500
"""Frames that are encoded at least of what is heard live. Its windows end at every pause, and of a few words followed
by two seconds of nothing the text goes round in circles. Ten seconds left more words wrong than fifteen, and two
seconds save a look no more than a sixth of its time (`docs/benchmarks.md`)."""

INTERIM_TOKENS = 120
"""Most tokens of an interim text: half a minute of fast speech, and soon the end of one that repeats itself."""

LISTENED = 400
"""Frames of 20 ms from the middle of an encoded window by which its language is told: 8 s tell it as well as all."""

END = 150
"""The same at its beginning and its end, which tell whether another language is spoken there."""

Spoken = Sequence[str] | Callable[[Sequence[Mapping[str, float]]], Sequence[str]]
"""The languages of windows, or what chooses them by how probable each is in each window."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the engine made of one window, in seconds of its sound: raw segments and their text as tokens.

    Up to `passed` all is decoded; `said` is where the last word ends. `certain`: the next window may be told the text,
    which has so many `words`, each repetition counted once. `language` is the one that it was decoded in. `again` is
    where four words or more begin a second time in a row, None where none do. `languages` are how probable each is in
    its middle, at its beginning and at its end, where nobody chose one.
    """

    segments: list[dict[str, Any]]
    passed: float
    said: float
    tokens: tuple[int, ...] = ()
    certain: bool = True
    words: int = 0
    log_probability: float = 0.0
    no_speech: float = 0.0
    language: str = ""
    again: float | None = None
    languages: tuple[Mapping[str, float], ...] = ()


def decoded(
    whisper: WhisperModel,
    sounds: Sequence[Samples],
    spoken: Spoken,
    options: TranscriptOptions,
    told: tuple[int, ...] = (),
    *,
    timed: bool = False,
    least: int = 0,
) -> list[Heard]:
    """Decodes windows with faster-whisper's parts: encoder, beam search with a ladder of retries, word alignment.

    Those in one language are decoded together, all told the same, and with time tokens where they are to be `timed`.
    At least so many frames of 10 ms are encoded.
    """
    import numpy as np

    features = [_features(whisper, sound) for sound in sounds]
    size = _size(whisper, max(one.shape[-1] for one in features), least)
    # One by one: together that takes no less time and half a gigabyte more, each frame attending to all others.
    encoded = [np.asarray(_encoded(whisper, one, size, to_cpu=True)) for one in features]
    told_by: list[tuple[Mapping[str, float], ...]] = [()] * len(sounds)
    if callable(spoken):
        told_by = [_languages(whisper, *one) for one in zip(encoded, features, strict=True)]
        languages = spoken([middle for middle, *_ends in told_by])
    else:
        languages = spoken
    heard: dict[int, Heard] = {}
    for language in dict.fromkeys(languages):
        tokenizer = tokenizer_of(whisper, language, options.task)
        numbers = [number for number, one in enumerate(languages) if one == language]
        found = best(whisper, tokenizer, [encoded[number] for number in numbers], options, told, timed=timed)
        # Aligned one by one for the same reason.
        for number, one in zip(numbers, found, strict=True):
            frames = features[number].shape[-1]
            aligned = _aligned(whisper, tokenizer, one, stored(encoded[number]), frames)
            heard[number] = replace(aligned, language=language, languages=told_by[number])
    return [heard[number] for number in range(len(sounds))]


def _languages(
    whisper: WhisperModel, encoded: NDArray[Any], features: NDArray[Any]
) -> tuple[Mapping[str, float], ...]:
    """How probable each language is in the middle of an encoded window, and where it is longer at both of its ends."""
    import numpy as np

    frames = features.shape[-1] // 2
    begin = max(0, (frames - LISTENED) // 2)
    middle = _heard_as(whisper, encoded[:, begin : begin + LISTENED])
    if frames <= LISTENED:
        return tuple(middle)
    ends = np.concatenate([encoded[:, :END], encoded[:, frames - END : frames]])
    return *middle, *_heard_as(whisper, ends)


def _heard_as(whisper: WhisperModel, encoded: NDArray[Any]) -> list[Mapping[str, float]]:
    found = whisper.model.detect_language(stored(encoded))
    return [{token.strip("<|>"): probability for token, probability in one} for one in found]


def languages_of(whisper: WhisperModel, sounds: Sequence[Samples]) -> list[Mapping[str, float]]:
    """How probable each language is in each of several sounds."""
    import numpy as np

    found = []
    for sound in sounds:
        features = _features(whisper, sound)
        encoded = _encoded(whisper, features, _size(whisper, features.shape[-1]), to_cpu=True)
        found += _heard_as(whisper, np.asarray(encoded)[:, : max(1, features.shape[-1] // 2)])
    return found


def _features(whisper: WhisperModel, sound: Samples) -> NDArray[Any]:
    """The sound's frames, at most as many as Whisper hears at once."""
    extractor = whisper.feature_extractor
    features: NDArray[Any] = extractor(sound)
    return features[:, : min(extractor.nb_max_frames, features.shape[-1] - 1)]


def _size(whisper: WhisperModel, frames: int, least: int = 0) -> int:
    """How many frames are encoded for so many of sound: an even number."""
    most: int = whisper.feature_extractor.nb_max_frames
    return min(most, max(least, frames + SILENT_FRAMES + frames % 2))


def _encoded(
    whisper: WhisperModel, features: NDArray[Any], size: int, *, to_cpu: bool = False
) -> StorageView:
    from faster_whisper.audio import pad_or_trim

    return whisper.model.encode(stored(pad_or_trim(features[None], size)), to_cpu=to_cpu)


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
        one.said,
        one.probability,
        one.no_speech,
        again=_again(kept),
    )


def _again(segments: Sequence[Mapping[str, Any]]) -> float | None:
    """Between which words a text begins to say the same a second time, in seconds of its sound."""
    words = [word for segment in segments for word in segment["words"]]
    place = doubt.second_time([word["word"] for word in words])
    return None if place is None else (words[place - 1]["end"] + words[place]["start"]) / 2


def glanced(
    whisper: WhisperModel, sound: Samples, language: str, options: TranscriptOptions, told: tuple[int, ...]
) -> list[dict[str, Any]]:
    """The words of a sentence that is still being said, decoded quickly: one hypothesis, aligned with its sound.

    None where the engine hears no speech, or goes round in circles.
    """
    tokenizer = tokenizer_of(whisper, language, options.task)
    features = _features(whisper, sound)
    encoded = _encoded(whisper, features, _size(whisper, features.shape[-1], LIVE_FRAMES))
    prompt = whisper.get_prompt(tokenizer, list(told), without_timestamps=True)
    result = whisper.model.generate(
        encoded,
        [prompt],
        beam_size=1,
        max_length=min(len(prompt) + INTERIM_TOKENS, whisper.max_length),
        suppress_tokens=suppressed(tokenizer),
        return_no_speech_prob=True,
    )[0]
    tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
    if result.no_speech_prob > doubt.NOT_SPEECH or doubt.only_repeats(tokenizer.decode(tokens)):
        return []
    (words,) = whisper.find_alignment(tokenizer, [tokens], encoded, features.shape[-1]) or [[]]
    return [word for word in words if word["word"]]
