"""What was said: decodes the windows of a file with faster-whisper into segments with word times."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from core.speech import doubt
from core.speech.engine import Engine
from core.speech.windows import FRAME, SAMPLE_RATE, Samples, Speech, Window
from core.values import Model, Segment, TranscriptOptions, Word

if TYPE_CHECKING:
    from ctranslate2 import StorageView
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Preset:
    """How much work decoding may be: the hypotheses kept; whether windows are decoded `together`, which takes three
    quarters of the time; and whether `timed`, with time tokens, or still faster with the times of words alone.
    """

    beam: int
    together: bool = True
    timed: bool = True


PRESETS = {"best": Preset(5, together=False), "balanced": Preset(5), "fast": Preset(5, timed=False)}
"""Chosen by `tests/benchmarks/presets.py`; docs/benchmarks.md has what each costs in words and time."""

LADDER: tuple[dict[str, float], ...] = (
    {},
    {"no_repeat_ngram_size": 5},
    {"repetition_penalty": 1.2, "no_repeat_ngram_size": 3},
)
"""How a window is decoded, and how again while its text is improbable or repeats itself. Whisper draws lots there,
which would make the text of a run that carries on another one."""

MOST_WINDOWS = 8
BATCH_BYTES = 2_000_000_000
"""Windows decoded at once at most, and so few that the model's size times their number stays below these bytes: eight
with a small model, one with a large. Their text must be there within seconds, and what they take in memory grows with
the model."""

FIRST_BYTES = 320_000_000
"""The same for the first ones, so that the first words come soon: four with the starter."""

ROUNDS = 4
"""How often what is left of a window after its last word is decoded again at most."""

PROMPT_TOKENS = 223
"""How much of its own text Whisper is told: half of its context, less the mark before it (OpenAI's code)."""

VOCABULARY_TOKENS = 111
"""How much of that the person's vocabulary may take: half."""

ALIKE = 0.8
"""How like the text without the vocabulary the one with it is at least (difflib's ratio of their words): it is to put
names right, not to tell another story."""

CERTAIN_STEPS = 2
"""Text from this step of the ladder on is too uncertain to be told to the next window."""

IMPROBABLE = -1.0
"""Mean log probability of a window's text below which it is decoded in another way, unless it is taken for silence
(OpenAI's code)."""

FIRST_TIME = 50
"""The latest time at which the text of a window may begin, in steps of 0.02 s: a second (OpenAI's code)."""

PREPENDED = "\"'“¿([{-"
APPENDED = "\"'.。,，!！?？:：”)]}、"
"""Marks that belong to the word after and before them (OpenAI's code)."""

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
    """The text of one or more windows. The transcript is certain up to `reached` seconds; `language` is its code,
    '' while too little was heard live to be sure.

    `prompt` is the end of the text so far, as tokens: repetitions are found with it, and the next window is told it
    where windows are decoded one after the other.
    """

    segments: tuple[Segment, ...]
    reached: float
    language: str
    prompt: tuple[int, ...]


class Listener:
    """Turns one stream of sound into text, a batch of windows at a time, from a place in it.

    There are two ways. *One after the other* is Whisper's own (Radford et al. 2022, section 4.5): each window begins
    where the last word of the one before it ended, and is told its text. Live, windows end at pauses too, as soon as
    possible. *Together* is that of the other presets for what is not live: windows are cut at pauses before they are
    decoded, several at once and told nothing; what is left of one after its last word is decoded again.
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
        everywhere: bool = False,
    ) -> None:
        """`start`, `language` and `prompt` are those of an earlier batch: the rest is then as in an uninterrupted run.

        `everywhere`: it listens too where the detector hears nobody; that only marks the text then.
        Raises `ModelDamaged` or `ModelTooLarge`.
        """
        self.language = (
            options.language or language or (model.languages[0] if len(model.languages) == 1 else "")
        )
        self._options = options
        self._engine = Engine.of(model, options.compute_type)
        self._prompt = prompt
        self._reached = start
        self._windows: list[Window] = []
        preset = PRESETS[options.preset]
        self._together = preset.together and not live
        self._timed = preset.timed or live
        self._speech = Speech(
            round(start * SAMPLE_RATE), live=live, pauses=self._together, everywhere=everywhere
        )
        self._most = max(1, min(MOST_WINDOWS, BATCH_BYTES // max(1, model.size)))
        self._first = max(1, min(self._most, FIRST_BYTES // max(1, model.size)))
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
        return self._reached

    @property
    def arrived(self) -> float:
        """The second up to which the sound is known."""
        return self._speech.arrived / SAMPLE_RATE

    @property
    def settled(self) -> float:
        """The second up to which nothing will be heard any more: `reached`, and the silence after it."""
        if self._windows:
            return self._reached
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
        """Whether a batch can be decoded now. After the end False means that all is decoded."""
        # The first words are wanted soon. Only the place decides, so that a run that carries on makes the same batches.
        wanted = (self._most if self._reached else self._first) if self._together else 1
        while len(self._windows) < wanted and (window := self._speech.window()) is not None:
            self._windows.append(window)
            if self._together:
                self._speech.pass_to(window.end)
        return len(self._windows) >= wanted or (self._ended and bool(self._windows))

    def batch(self) -> Batch | None:
        """Decodes the next windows; None where none are ready."""
        if not self.ready():
            return None
        windows, self._windows = self._windows, []
        if self._together:
            segments, place = self._texts(windows), windows[-1].end
        else:
            segments, place = self._text(windows[0])
            self._speech.pass_to(place)
        self._likely, self._interim_text = None, ""
        self._interim_until = self._reached = place / SAMPLE_RATE
        if self._options.task == "translate":
            segments = tuple(map(_translated, segments))
        return Batch(segments, self._reached, self.language, self._prompt)

    # --- one after the other --------------------------------------------------------------------

    def _text(self, window: Window) -> tuple[tuple[Segment, ...], int]:
        """The window's text, and the sample at which the next one begins."""
        if not _audible(window):
            return (), window.end
        language = self.language or self._detected(window.sound)
        before = self._text_before(language)
        heard = self._final(window, language)
        place = _passed(window, heard)
        segments = list(_segments(heard, window, language, self._reached, place / SAMPLE_RATE))
        self._prompt = (*self._prompt, *heard.tokens)[-PROMPT_TOKENS:] if heard.certain else ()
        return _judged(segments, window, place, before), place

    def _final(self, window: Window, language: str) -> _Heard:
        """The window's text, not decoded again where it was the interim text."""
        if self._likely and self._likely[0] == (window.start, window.end):
            return self._likely[1]
        (heard,) = self._hear([window], language, self._prompt)
        self._likely = (window.start, window.end), heard
        return heard

    def interim(self) -> str:
        """What is heard of the sentence that is being said, '' where nobody speaks or its language is not known yet.

        It is decoded anew as often as the machine allows. In a pause it is decoded as the window that it becomes if
        nobody goes on, so that its text is there at once.
        """
        window = self._speech.open()
        if window is None or self._ended or window.length < INTERIM * SAMPLE_RATE:
            return ""
        if not self.language and window.length >= LANGUAGE_KNOWN * SAMPLE_RATE:
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

    # --- together -------------------------------------------------------------------------------

    def _texts(self, windows: Sequence[Window]) -> tuple[Segment, ...]:
        """The windows' text."""
        audible = [window for window in windows if _audible(window)]
        if not audible:
            return ()
        language = self.language or self._detected(audible[0].sound)
        segments: list[Segment] = []
        end = self._reached
        for window, parts in zip(audible, self._parts(audible, language), strict=True):
            before = self._text_before(language)
            own: list[Segment] = []
            for part, heard in parts:
                begin, end = end, _unsaid(part, heard) / SAMPLE_RATE
                own += _segments(heard, part, language, begin, end)
                self._prompt = (*self._prompt, *heard.tokens)[-PROMPT_TOKENS:]
            segments += _judged(own, window, window.end, before)
        return tuple(segments)

    def _parts(self, windows: Sequence[Window], language: str) -> list[list[tuple[Window, _Heard]]]:
        """For each window its parts with their texts: itself, and what was left of it after the last word."""
        parts: list[list[tuple[Window, _Heard]]] = [[] for _ in windows]
        left = dict(enumerate(windows))
        for _ in range(ROUNDS):
            heard = self._hear(list(left.values()), language)
            rests: dict[int, Window] = {}
            for (number, window), one in zip(left.items(), heard, strict=True):
                parts[number].append((window, one))
                rest = window.rest(_unsaid(window, one))
                if _audible(rest):
                    rests[number] = rest
            if not rests:
                break
            left = rests
        return parts

    # --- both -----------------------------------------------------------------------------------

    def _hear(self, windows: Sequence[Window], language: str, told: tuple[int, ...] = ()) -> list[_Heard]:
        sounds = [window.sound for window in windows]
        return self._engine.attempt(
            lambda whisper: _hear(whisper, sounds, language, self._options, told, timed=self._timed)
        )

    def _text_before(self, language: str) -> str:
        """The end of the text so far, as far as it is stored with the place: a run that carries on doubts the same."""
        if not self._prompt:
            return ""
        text: str = self._engine.attempt(
            lambda whisper: _tokenizer(whisper, language, self._options.task).decode(list(self._prompt))
        )
        return text

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


@dataclass(frozen=True, slots=True)
class _Heard:
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


def _judged(segments: Sequence[Segment], window: Window, end: int, before: str) -> tuple[Segment, ...]:
    """The window's text up to sample `end` with its doubts, after what was said `before`."""
    return doubt.judged(
        segments, window.start / SAMPLE_RATE, window.heard[: (end - window.start) // FRAME], before
    )


def _audible(window: Window) -> bool:
    return window.length >= LEAST_SOUND * SAMPLE_RATE


def _passed(window: Window, heard: _Heard) -> int:
    """The sample at which the window after this one begins, where its text is told to that."""
    if window.whole:
        return _unsaid(window, heard)
    return _forward(window, window.sample(heard.passed))


def _unsaid(window: Window, heard: _Heard) -> int:
    """The sample from which a window that ends in a pause is to be decoded again: after its last word where people
    speak on there, else the window's end.
    """
    if not heard.segments:
        return window.end
    said = _forward(window, window.sample(heard.said))
    return said if window.spoken(said) > UNSAID else window.end


def _forward(window: Window, sample: int) -> int:
    return min(window.end, max(sample, window.start + round(LEAST_STEP * SAMPLE_RATE)))


def _hear(
    whisper: WhisperModel,
    sounds: Sequence[Samples],
    language: str,
    options: TranscriptOptions,
    told: tuple[int, ...],
    *,
    timed: bool = True,
) -> list[_Heard]:
    """Decodes windows with faster-whisper's parts: encoder, beam search with a ladder of retries, word alignment.

    They are decoded together, all told the same.
    """
    import numpy as np
    from faster_whisper.audio import pad_or_trim

    tokenizer = _tokenizer(whisper, language, options.task)
    extractor = whisper.feature_extractor
    features = [extractor(sound) for sound in sounds]
    frames = [min(extractor.nb_max_frames, one.shape[-1] - 1) for one in features]
    # One by one: together that takes no less time and half a gigabyte more, each frame attending to all others.
    encoded = [
        np.asarray(whisper.model.encode(_stored(pad_or_trim(one[None, :, :length])), to_cpu=True))
        for one, length in zip(features, frames, strict=True)
    ]
    together = _stored(np.concatenate(encoded))
    prompt = whisper.get_prompt(tokenizer, list(told), without_timestamps=not timed)
    found = [_Tried([], -math.inf, math.inf, 0.0, 0)] * len(sounds)
    left = list(range(len(sounds)))
    for step in range(len(LADDER)):
        again = _stored(np.concatenate([encoded[number] for number in left])) if step else together
        tried = _tried(whisper, tokenizer, again, len(left), prompt, PRESETS[options.preset], step)
        for number, one in zip(left, tried, strict=True):
            found[number] = max(
                found[number], one, key=lambda each: (each.ratio <= doubt.COMPRESSION, each.probability)
            )
        left = [number for number, one in zip(left, tried, strict=True) if one.fails]
        if not left:
            break
    found = _listening(whisper, tokenizer, together, found, told, options, timed=timed)
    # Aligned one by one for the same reason.
    return [
        _aligned(whisper, tokenizer, one, _stored(own), length)
        for one, own, length in zip(found, encoded, frames, strict=True)
    ]


def _stored(array: NDArray[Any]) -> StorageView:
    import numpy as np
    from ctranslate2 import StorageView

    return StorageView.from_array(np.ascontiguousarray(array))


@dataclass(frozen=True, slots=True)
class _Tried:
    """One text of a window: tokens, their mean log probability, how far zlib shortens it, no speech, its step."""

    tokens: list[int]
    probability: float
    ratio: float
    no_speech: float
    step: int

    @property
    def fails(self) -> bool:
        """Whether another way is worth a try; what is taken for silence is not."""
        silent = self.no_speech > doubt.NOT_SPEECH and self.probability < IMPROBABLE
        return not silent and (self.probability < IMPROBABLE or self.ratio > doubt.COMPRESSION)


def _tried(
    whisper: WhisperModel,
    tokenizer: Tokenizer,
    encoded: StorageView,
    count: int,
    prompt: list[int],
    preset: Preset,
    step: int,
) -> list[_Tried]:
    """The texts of `count` encoded windows, by one step of the ladder."""
    from faster_whisper.transcribe import get_compression_ratio

    results = whisper.model.generate(
        encoded,
        [prompt] * count,
        beam_size=preset.beam,
        max_length=whisper.max_length,
        return_scores=True,
        return_no_speech_prob=True,
        suppress_tokens=_suppressed(tokenizer),
        max_initial_timestamp_index=FIRST_TIME,
        **LADDER[step],
    )
    tried = []
    for result in results:
        tokens = result.sequences_ids[0]
        # The score is a mean over the tokens, Whisper's also over the one that ends the text.
        probability = result.scores[0] * len(tokens) / (len(tokens) + 1)
        ratio = get_compression_ratio(tokenizer.decode(tokens).strip())
        tried.append(_Tried(tokens, probability, ratio, result.no_speech_prob, step))
    return tried


def _aligned(
    whisper: WhisperModel, tokenizer: Tokenizer, one: _Tried, encoded: StorageView, frames: int
) -> _Heard:
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
    return _Heard(
        kept,
        passed if ended else said,
        said,
        tuple(token for segment in kept for token in segment["tokens"]),
        one.step < CERTAIN_STEPS,
        one.probability,
        one.no_speech,
    )


def _interim_text(
    whisper: WhisperModel, sound: Samples, language: str, options: TranscriptOptions, told: tuple[int, ...]
) -> str:
    """What may still change, decoded quickly: one hypothesis, no times."""
    from faster_whisper.audio import pad_or_trim

    tokenizer = _tokenizer(whisper, language, options.task)
    encoded = whisper.encode(pad_or_trim(whisper.feature_extractor(sound)))
    prompt = whisper.get_prompt(tokenizer, list(told), without_timestamps=True)
    result = whisper.model.generate(
        encoded,
        [prompt],
        beam_size=1,
        max_length=min(len(prompt) + INTERIM_TOKENS, whisper.max_length),
        suppress_tokens=_suppressed(tokenizer),
        return_no_speech_prob=True,
    )[0]
    return (
        "" if result.no_speech_prob > doubt.NOT_SPEECH else tokenizer.decode(result.sequences_ids[0]).strip()
    )


def _listening(
    whisper: WhisperModel,
    tokenizer: Tokenizer,
    encoded: StorageView,
    found: Sequence[_Tried],
    told: tuple[int, ...],
    options: TranscriptOptions,
    *,
    timed: bool,
) -> list[_Tried]:
    """The texts of encoded windows, with the person's vocabulary in mind where that is better than what was `found`.

    The vocabulary is told as faster-whisper's hot words. That alone loses text (`docs/benchmarks.md`): it is believed
    only where it names more of these terms, is as probable, and says the same otherwise. The first `VOCABULARY_TOKENS`
    are told, in whole terms: about forty names; the text so far gets what they leave of `PROMPT_TOKENS`.
    """
    terms: list[str] = []
    used = 0
    for term in options.vocabulary:
        length = len(tokenizer.encode(f" {', '.join([*terms, term])}"))
        if length > VOCABULARY_TOKENS:
            break
        terms.append(term)
        used = length
    if not terms:
        return list(found)
    prompt = whisper.get_prompt(
        tokenizer,
        list(told[-(PROMPT_TOKENS - used) :]),
        without_timestamps=not timed,
        hotwords=", ".join(terms),
    )
    tried = _tried(whisper, tokenizer, encoded, len(found), prompt, PRESETS[options.preset], 0)

    def better(new: _Tried, old: _Tried) -> bool:
        after, before = (_bare(tokenizer.decode(one.tokens)) for one in (new, old))
        named = [sum(f" {text} ".count(f" {_bare(term)} ") for term in terms) for text in (after, before)]
        return (
            named[0] > named[1]
            and not new.fails
            and new.probability >= old.probability
            and SequenceMatcher(None, after.split(), before.split(), autojunk=False).ratio() >= ALIKE
        )

    return [new if better(new, old) else old for old, new in zip(found, tried, strict=True)]


def _bare(text: str) -> str:
    """The words of `text` in small letters, without marks."""
    kept = "".join(sign if sign.isalnum() else " " for sign in text.casefold())
    return " ".join(kept.split())


def _tokenizer(whisper: WhisperModel, language: str, task: str) -> Tokenizer:
    from faster_whisper.tokenizer import Tokenizer

    return Tokenizer(whisper.hf_tokenizer, whisper.model.is_multilingual, task=task, language=language)


def _suppressed(tokenizer: Tokenizer) -> tuple[int, ...]:
    """Tokens that are no speech."""
    from faster_whisper.transcribe import get_suppressed_tokens

    tokens: tuple[int, ...] = get_suppressed_tokens(tokenizer, [-1])
    return tokens


def _translated(segment: Segment) -> Segment:
    """The segment, doubted only by the whole text: its words were not said so, which makes each improbable."""
    unfounded = segment.doubt == "improbable" and segment.log_probability >= IMPROBABLE
    return replace(segment, doubt="") if unfounded else segment


def _segments(heard: _Heard, window: Window, language: str, begin: float, end: float) -> Iterator[Segment]:
    """The window's text on the file's own clock, a few sentences to a segment.

    All times are in order and lie between the seconds `begin` and `end`, whatever the engine says.
    """
    words: list[Word] = []
    said = begin
    for raw in heard.segments:
        # Without alignment the engine's own stretch is the best there is.
        aligned = raw["words"] or [
            {"start": raw["start"], "end": raw["end"], "word": f" {raw['text']}", "probability": 0.0}
        ]
        for word in aligned:
            start = min(end, max(said, window.second(word["start"])))
            said = min(end, max(start, window.second(word["end"])))
            words.append(
                Word(round(start, 3), round(said, 3), word["word"], round(float(word["probability"]), 4))
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
