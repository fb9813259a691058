"""What was said: decodes the windows of a file with faster-whisper into segments with word times."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.speech.engine import Engine
from core.speech.windows import SAMPLE_RATE, Samples, Speech, Window
from core.values import Model, Segment, TranscriptOptions, Word

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer
    from faster_whisper.transcribe import TranscriptionOptions

BEAM = 5
"""Hypotheses kept while decoding (Whisper's own default)."""

PROMPT_TOKENS = 223
"""How much of its own text Whisper is told: half of its context, less the mark before it (OpenAI's code)."""

RESET_TEMPERATURE = 0.5
"""Text decoded above this temperature is too uncertain to be told to the next window (OpenAI's code)."""

NO_SPEECH = 0.6
IMPROBABLE = -1.0
"""A window with a higher no-speech and a lower mean log probability holds no words (OpenAI's code)."""

LEAST_SOUND = 0.1
"""Seconds below which there is no word to hear, and the engine's word alignment fails."""

DOUBTFUL = 0.6
"""Mean word probability below which a window's text is marked as doubtful. With the starter, English recordings lie
from 0.68 (a far microphone) to 0.95, French ones heard as English from 0.19 to 0.55."""

SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", '."', '?"', '!"', ".”", "?”", "!”", ".»", "?»", "!»")

BREATH = 0.3
READABLE = 6.0
LONG_PAUSE = 1.5
LONGEST = 20.0
"""Seconds, chosen by reading: a segment ends with a sentence that a breath follows or that makes it long enough to be
read as one, at a long pause, and in any case when it grows longer than a reader can follow."""

LEAST_STEP = 1.0
"""Seconds that decoding moves forward at least, so that it always ends."""

UNSAID = 0.6
"""Seconds of speech after the last word of a window that ends in a pause, from which on they are decoded again."""

LANGUAGE_KNOWN = 8.0
"""Seconds of speech after which the language of a stream is taken as known: a live window may be but a word."""

INTERIM = 0.5
"""Least seconds of speech that get an interim text, before they can be final."""

INTERIM_EVERY = 1.0
INTERIM_COSTS = 4.0
"""After so many seconds of sound comes the next interim text, or so many times as many as the last one took."""

INTERIM_TOKENS = 120
"""Most tokens of an interim text: half a minute of fast speech, and soon the end of one that repeats itself."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The text of one window. The transcript is certain up to `reached` seconds; `language` is its code, '' while
    too little was heard live to be sure.

    `prompt` is what the engine is told of the text so far, as tokens.
    """

    segments: tuple[Segment, ...]
    reached: float
    language: str
    prompt: tuple[int, ...]


class Listener:
    """Turns one stream of sound into text, a window at a time, from a place in it.

    Decoding is Whisper's own sequential way (Radford et al. 2022, section 4.5): each window begins where the
    last word of the one before it ended and knows its text. Live, windows end at pauses and as soon as possible.
    """

    def __init__(
        self,
        model: Model,
        options: TranscriptOptions,
        *,
        start: float = 0.0,
        language: str = "",
        prompt: tuple[int, ...] = (),
        live: bool = False,
    ) -> None:
        """`start`, `language` and `prompt` are those of an earlier batch: the rest is then as in an uninterrupted run.

        Raises `ModelDamaged`.
        """
        self.language = (
            options.language or language or (model.languages[0] if len(model.languages) == 1 else "")
        )
        self._options = options
        self._engine = Engine.of(model)
        self._speech = Speech(round(start * SAMPLE_RATE), live=live)
        self._end = start
        self._prompt = prompt
        self._window: Window | None = None
        self._likely: tuple[tuple[int, int], _Heard] | None = None
        self._interim_text = ""
        self._interim_until = start
        self._interim_cost = 0.0
        self._live = live
        self._detected_in = 0.0
        self._languages: dict[str, float] = {}
        self._ended = False

    @property
    def reached(self) -> float:
        """The second up to which the text is certain."""
        return self._speech.place / SAMPLE_RATE

    @property
    def arrived(self) -> float:
        """The second up to which the sound is known."""
        return self._speech.arrived / SAMPLE_RATE

    @property
    def settled(self) -> float:
        """The second up to which nothing will be heard any more: `reached`, and the silence after it."""
        if self._ended and self._speech.arrived == self._speech.place:
            return math.inf
        return max(self._speech.place, self._speech.quiet_until) / SAMPLE_RATE

    @property
    def heard(self) -> float:
        """The second up to which the sound is heard, be it for an interim text."""
        return max(self.settled, self._interim_until)

    def hear(self, block: Samples) -> None:
        """Takes the next sound, mono float32 at 16 kHz."""
        self._speech.hear(block)

    def end(self) -> None:
        """No more sound comes."""
        self._speech.end()
        self._ended = True

    def ready(self) -> bool:
        """Whether a window can be decoded now. After the end False means that all is decoded."""
        self._window = self._window or self._speech.window()
        return self._window is not None

    def batch(self) -> Batch | None:
        """Decodes the next window; None where none is ready."""
        if not self.ready() or self._window is None:
            return None
        window, self._window = self._window, None
        segments: tuple[Segment, ...] = ()
        place = window.end
        sound = window.sound
        if len(sound) >= LEAST_SOUND * SAMPLE_RATE:
            language = self.language or self._detected(sound)
            heard = self._final(window, language)
            segments = tuple(_segments(heard, window, language, self._end))
            place = self._passed(window, heard, segments)
            self._prompt = heard.prompt
            self._end = segments[-1].end if segments else self._end
        self._speech.pass_to(place)
        self._likely, self._interim_text = None, ""
        self._interim_until = self.reached
        return Batch(segments, place / SAMPLE_RATE, self.language, self._prompt)

    def interim(self) -> str:
        """What is heard of the sentence that is being said, '' where nobody speaks or its language is not known yet.

        It is decoded anew as often as the machine allows. In a pause it is decoded as the window that it becomes if
        nobody goes on, so that its text is there at once.
        """
        window = self._speech.open()
        if window is None or self._ended or len(window.sound) < INTERIM * SAMPLE_RATE:
            return ""
        if not self.language and len(window.sound) >= LANGUAGE_KNOWN * SAMPLE_RATE:
            self._detected(window.sound)
        if not self.language:
            return ""
        if window.whole:
            heard = self._final(window, self.language)
            self._interim_text = " ".join(segment["text"] for segment in heard.segments)
            self._interim_until = self.arrived
        elif self.arrived - self._interim_until >= max(INTERIM_EVERY, INTERIM_COSTS * self._interim_cost):
            began = time.perf_counter()
            self._interim_text = self._engine.attempt(
                lambda whisper: _interim_text(
                    whisper, window.sound, self.language, self._options, self._prompt
                )
            )
            self._interim_cost = time.perf_counter() - began
            self._interim_until = self.arrived
        return self._interim_text

    def _final(self, window: Window, language: str) -> _Heard:
        """The window's text, not decoded again where it was the interim text."""
        if self._likely and self._likely[0] == (window.start, window.end):
            return self._likely[1]
        heard = self._engine.attempt(
            lambda whisper: _hear(whisper, window.sound, language, self._options, self._prompt)
        )
        self._likely = (window.start, window.end), heard
        return heard

    def _detected(self, sound: Samples) -> str:
        """The language of `sound`. It is that of the stream from now on, once enough of it was heard to be sure."""
        language: str
        language, probability, _all = self._engine.attempt(lambda whisper: whisper.detect_language(sound))
        seconds = len(sound) / SAMPLE_RATE
        self._detected_in += seconds
        self._languages[language] = self._languages.get(language, 0.0) + probability * seconds
        if not self._live or self._detected_in >= LANGUAGE_KNOWN:
            self.language = max(self._languages, key=lambda one: self._languages[one])
        return language

    def _passed(self, window: Window, heard: _Heard, segments: tuple[Segment, ...]) -> int:
        """The sample at which the next window begins."""
        least = window.start + round(LEAST_STEP * SAMPLE_RATE)
        if not window.whole:
            return min(window.end, max(window.sample(heard.passed), least))
        said = round(segments[-1].end * SAMPLE_RATE) if segments else window.end
        unsaid = self._speech.spoken(said, window.end) > UNSAID
        return min(window.end, max(said, least)) if unsaid else window.end


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the engine made of one window: its raw segments, and how many seconds of it are done with."""

    segments: list[dict[str, Any]]
    passed: float
    prompt: tuple[int, ...]
    log_probability: float = 0.0
    no_speech: float = 0.0


def _hear(
    whisper: WhisperModel, sound: Samples, language: str, options: TranscriptOptions, told: tuple[int, ...]
) -> _Heard:
    """Decodes one window with faster-whisper's parts: encoder, beam search with fallback, word alignment."""
    from faster_whisper.audio import pad_or_trim

    tokenizer = _tokenizer(whisper, language)
    chosen = _decoding_options(tokenizer)
    features = whisper.feature_extractor(sound)
    frames = min(whisper.feature_extractor.nb_max_frames, features.shape[-1] - 1)
    seconds = frames * whisper.feature_extractor.time_per_frame
    encoded = whisper.encode(pad_or_trim(features[:, :frames]))
    prompt = whisper.get_prompt(tokenizer, list(told), hotwords=", ".join(options.vocabulary) or None)
    result, probability, temperature, _ratio = whisper.generate_with_fallback(
        encoded, prompt, tokenizer, chosen
    )
    if result.no_speech_prob > NO_SPEECH and probability <= IMPROBABLE:
        return _Heard([], seconds, told)
    # Private, but the one place that knows how time tokens cut the text; the version is pinned.
    segments, passed, ended = whisper._split_segments_by_timestamps(  # noqa: SLF001
        tokenizer, result.sequences_ids[0], 0.0, frames, seconds, 0
    )
    whisper.add_word_timestamps(
        [segments],
        tokenizer,
        encoded,
        frames,
        chosen.prepend_punctuations,
        chosen.append_punctuations,
        last_speech_timestamp=0.0,
    )
    spoken = [segment["words"][-1]["end"] for segment in segments if segment["words"]]
    if spoken and not ended:
        passed = spoken[-1] / whisper.feature_extractor.time_per_frame
    kept = []
    for segment in segments:
        segment["text"] = tokenizer.decode(segment["tokens"]).strip()
        if segment["text"] and segment["start"] < segment["end"]:
            kept.append(segment)
    said = [token for segment in kept for token in segment["tokens"]]
    return _Heard(
        kept,
        passed * whisper.feature_extractor.time_per_frame,
        () if temperature > RESET_TEMPERATURE else (*told, *said)[-PROMPT_TOKENS:],
        probability,
        result.no_speech_prob,
    )


def _interim_text(
    whisper: WhisperModel, sound: Samples, language: str, options: TranscriptOptions, told: tuple[int, ...]
) -> str:
    """What may still change, decoded quickly: one hypothesis, no times."""
    from faster_whisper.audio import pad_or_trim

    tokenizer = _tokenizer(whisper, language)
    encoded = whisper.encode(pad_or_trim(whisper.feature_extractor(sound)))
    prompt = whisper.get_prompt(
        tokenizer, list(told), without_timestamps=True, hotwords=", ".join(options.vocabulary) or None
    )
    result = whisper.model.generate(
        encoded,
        [prompt],
        beam_size=1,
        max_length=min(len(prompt) + INTERIM_TOKENS, whisper.max_length),
        suppress_tokens=_decoding_options(tokenizer).suppress_tokens,
        return_no_speech_prob=True,
    )[0]
    return "" if result.no_speech_prob > NO_SPEECH else tokenizer.decode(result.sequences_ids[0]).strip()


def _tokenizer(whisper: WhisperModel, language: str) -> Tokenizer:
    from faster_whisper.tokenizer import Tokenizer

    return Tokenizer(
        whisper.hf_tokenizer, whisper.model.is_multilingual, task="transcribe", language=language
    )


def _decoding_options(tokenizer: Tokenizer) -> TranscriptionOptions:
    """Whisper's own defaults (OpenAI's `transcribe.py`), as faster-whisper's parts want them."""
    from faster_whisper.transcribe import TranscriptionOptions, get_suppressed_tokens

    return TranscriptionOptions(
        beam_size=BEAM,
        best_of=5,
        patience=1,
        length_penalty=1,
        repetition_penalty=1,
        no_repeat_ngram_size=0,
        log_prob_threshold=IMPROBABLE,
        no_speech_threshold=NO_SPEECH,
        compression_ratio_threshold=2.4,
        condition_on_previous_text=True,
        prompt_reset_on_temperature=RESET_TEMPERATURE,
        temperatures=[0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
        initial_prompt=None,
        prefix=None,
        suppress_blank=True,
        suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
        without_timestamps=False,
        max_initial_timestamp=1.0,
        word_timestamps=True,
        prepend_punctuations="\"'“¿([{-",
        append_punctuations="\"'.。,，!！?？:：”)]}、",
        multilingual=False,
        max_new_tokens=None,
        clip_timestamps="0",
        hallucination_silence_threshold=None,
        hotwords=None,
    )


def _segments(heard: _Heard, window: Window, language: str, end: float) -> Iterator[Segment]:
    """The window's text on the file's own clock, a few sentences to a segment: in order, never overlapping."""
    words: list[Word] = []
    for raw in heard.segments:
        # Without alignment the engine's own stretch is the best there is.
        aligned = raw["words"] or [
            {"start": raw["start"], "end": raw["end"], "word": f" {raw['text']}", "probability": 0.0}
        ]
        for word in aligned:
            start = max(end, window.second(float(word["start"])))
            end = max(start, window.second(float(word["end"])))
            words.append(
                Word(round(start, 3), round(end, 3), word["word"], round(float(word["probability"]), 4))
            )
    sure = sum(word.probability for word in words) / max(1, len(words))
    for stretch in _stretches(words):
        yield Segment(
            start=stretch[0].start,
            end=stretch[-1].end,
            text="".join(word.text for word in stretch).strip(),
            words=tuple(stretch),
            language=language,
            log_probability=round(heard.log_probability, 4),
            no_speech=round(heard.no_speech, 4),
            doubt="improbable" if sure < DOUBTFUL else "",
        )


def _stretches(words: Iterable[Word]) -> Iterator[list[Word]]:
    """The words cut where a reader would: at the ends of sentences, at long pauses, at the latest after `LONGEST`."""
    stretch: list[Word] = []
    for word in words:
        if stretch and _ends(stretch, word):
            yield stretch
            stretch = []
        stretch.append(word)
    if stretch:
        yield stretch


def _ends(stretch: list[Word], following: Word) -> bool:
    pause = following.start - stretch[-1].end
    length = stretch[-1].end - stretch[0].start
    if pause >= LONG_PAUSE or length >= LONGEST:
        return True
    # "Dr." and "3." end no sentence.
    last, begins = stretch[-1].text.strip(), following.text.strip()[:1]
    ended = last.endswith(SENTENCE_ENDS) and (len(last) > 3 or last[-1] != ".") and not begins.islower()
    return ended and (pause >= BREATH or length >= READABLE)
