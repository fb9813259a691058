"""One stream of sound becomes text, a batch of windows at a time, from any place in it."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from core.speech import decode, doubt
from core.speech.decode import Heard, Spoken
from core.speech.detector import FRAME, SAMPLE_RATE, SPEECH, Samples
from core.speech.engine import Engine
from core.speech.hypotheses import NEARLY, PROMPT_TOKENS, tokenizer_of
from core.speech.interim import Interim
from core.speech.sentences import segments_of, translated
from core.speech.switching import by_language, followed
from core.speech.windows import Speech, Window
from core.values import Model, Segment, TranscriptOptions

MOST_WINDOWS = 8
BATCH_BYTES = 2_000_000_000
"""Windows decoded at once at most, and so few that the model's size times their number stays below these bytes: eight
with a small model, one with a large. Their text must be there within seconds, and what they take in memory grows with
the model."""

ROUNDS = 4
"""How often what is left of a window after its last word is decoded again at most."""

LEAST_SOUND = 0.1
"""Seconds below which there is no word to hear, and the engine's word alignment fails."""

LEAST_STEP = 1.0
"""Seconds that decoding moves forward at least, so that it always ends."""

UNSAID = 0.6
"""Seconds of speech after the last word of a window that ends in a pause, from which on they are decoded again."""

LEFT_OUT = 0.7
"""Seconds of speech in a row without a word from which on a window is taken not to be heard whole."""

ALONE = 0.4
PLAIN = 0.7
"""Seconds around speech without text that are heard with it, and the mean probability of words from which on what it
gives then is text. In the recordings of the benchmarks and the sample meeting one such place passes, and is right."""

LANGUAGE_KNOWN = 8.0
"""Seconds of speech after which the language of a stream is taken as known: a live window may be but a word."""

INTERIM = 0.5
"""Least seconds of speech that get an interim text, before they can be final."""

INTERIM_EVERY = 1.0
INTERIM_COSTS = 4.0
"""After so many seconds of sound comes the next interim text, or so many times as many as the last one took."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The text of one or more windows. The transcript is certain up to `reached` seconds; `language` is the code of
    the last window's, '' while too little was heard live to be sure.

    `prompt` is the end of the text so far, as tokens: repetitions are found with it, and the next window is told it
    where windows are decoded one after the other.
    """

    segments: tuple[Segment, ...]
    reached: float
    language: str
    prompt: tuple[int, ...]


class Listener:
    """Turns one stream of sound into text, a batch of windows at a time, from a place in it.

    There are two ways. *One after the other*, for what is live, is Whisper's own (Radford et al. 2022, section 4.5):
    each window begins where the last word of the one before it ended, and is told its text; but windows end at pauses
    too, as soon as possible. *Together*, for what is not: windows are cut at pauses before they are decoded, several at
    once and told nothing; what is left of one after its last word is decoded again.
    """

    def __init__(
        self,
        model: Model,
        options: TranscriptOptions,
        *,
        start: float = 0.0,
        language: str = "",
        prompt: tuple[int, ...] = (),
        likely: Collection[str] = (),
        live: bool = False,
        everywhere: bool = False,
        freed: bool = False,
    ) -> None:
        """`start`, `language` and `prompt` are those of an earlier batch: the rest is then as in an uninterrupted run.

        `likely` are languages that the meeting is known to be in. `everywhere`: it listens too where the detector hears
        nobody; that only marks the text then. `freed`: the sound may hold rests of another channel, from which it was
        freed: what stands out of a gap is nobody.
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
        self._together = not live
        # Each window has its own language, where nobody chose one.
        self._several = self._together and not (options.language or model.languages)
        self._likely_languages = tuple(likely)
        self._speech = Speech(round(start * SAMPLE_RATE), live=live, everywhere=everywhere, freed=freed)
        self._most = max(1, min(MOST_WINDOWS, BATCH_BYTES // max(1, model.size)))
        # What the window was heard as that ends in the present pause, if nobody goes on.
        self._foreheard: tuple[tuple[int, int], Heard] | None = None
        self._interim = Interim()
        self._interim_until = start
        self._interim_cost = 0.0
        self._least = decode.LIVE_FRAMES if live else 0
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
        wanted = self._most if self._together and self._reached else 1
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
        self._foreheard = None
        self._interim.clear()
        self._interim_until = self._reached = place / SAMPLE_RATE
        if self._options.task == "translate":
            segments = tuple(map(translated, segments))
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
        segments = list(segments_of(heard, window, language, self._reached, place / SAMPLE_RATE))
        self._prompt = (*self._prompt, *heard.tokens)[-PROMPT_TOKENS:] if heard.certain else ()
        return self._judged(segments, window, place, before, language), place

    def _final(self, window: Window, language: str) -> Heard:
        """The window's text, not decoded again where it was the interim text."""
        if self._foreheard is None or self._foreheard[0] != (window.start, window.end):
            (heard,) = self._hear([window], [language], self._prompt, timed=True)
            self._foreheard = (window.start, window.end), heard
        return self._foreheard[1]

    def interim(self, *, anew: bool = True) -> str:
        """What of the sentence that is being said is heard so far, as far as it will stand (`core.speech.interim`); ''
        where nobody speaks or its language is not known yet.

        It is decoded anew as often as the machine allows, not `anew` not now. In a pause it is decoded as the window
        that it becomes if nobody goes on, so that its text is there at once.
        """
        window = self._speech.open() if anew and not self._ended else None
        if window is None or window.length < INTERIM * SAMPLE_RATE:
            return self._interim.text
        if not self.language and window.length >= LANGUAGE_KNOWN * SAMPLE_RATE:
            self._detected(window.sound)
        if not self.language:
            return ""
        if window.whole:
            before, heard = self._foreheard, self._final(window, self.language)
            if self._foreheard is not before:
                words = [word for segment in heard.segments for word in segment["words"]]
                self._interim.take(words)
            self._interim_until = self.arrived
        elif self.arrived - self._interim_until >= max(INTERIM_EVERY, INTERIM_COSTS * self._interim_cost):
            began = time.perf_counter()
            words = self._engine.attempt(
                lambda whisper: decode.glanced(
                    whisper, window.sound, self.language, self._options, self._prompt
                )
            )
            self._interim.take(words, window.length / SAMPLE_RATE)
            self._interim_cost = time.perf_counter() - began
            self._interim_until = self.arrived
        return self._interim.text

    # --- together -------------------------------------------------------------------------------

    def _texts(self, windows: Sequence[Window]) -> tuple[Segment, ...]:
        """The windows' text."""
        audible = [window for window in windows if _audible(window)]
        if not audible:
            return ()
        segments: list[Segment] = []
        end = self._reached
        for window, parts in zip(audible, self._parts(audible, self._spoken(audible)), strict=True):
            before = self._text_before(parts[0][1].language)
            own: list[Segment] = []
            for part, heard in parts:
                begin, end = end, _unsaid(part, heard) / SAMPLE_RATE
                own += segments_of(heard, part, heard.language, begin, end)
                self._prompt = (*self._prompt, *heard.tokens)[-PROMPT_TOKENS:]
            language = parts[-1][1].language
            judged = self._judged(own, window, window.end, before, language)
            segments += _suspected(window, judged, language) if window.suspected else judged
            if self._several:
                self.language = language
        return tuple(segments)

    def _parts(
        self, windows: Sequence[Window], spoken: Spoken, *, whole: bool = True
    ) -> list[list[tuple[Window, Heard]]]:
        """For each window its parts with their texts: itself, and what was left of it after the last word.

        `whole` ones are heard in pieces where one by itself may be another text.
        """
        parts: list[list[tuple[Window, Heard]]] = [[] for _ in windows]
        left = dict(enumerate(windows))
        for attempt in range(ROUNDS):
            heard = self._fully_heard(list(left.values()), spoken)
            rests: dict[int, Window] = {}
            for (number, window), one in zip(left.items(), heard, strict=True):
                before = parts[number - 1][-1][1].language if number else self.language
                if whole and not attempt and (pieces := self._pieces(window, one, before)):
                    cut = [piece for piece, _language in pieces]
                    found = self._parts(cut, [language for _piece, language in pieces], whole=False)
                    parts[number] = [part for own in found for part in own]
                    continue
                parts[number].append((window, one))
                rest = window.part(_unsaid(window, one), window.end)
                if _audible(rest):
                    rests[number] = rest
            if not rests:
                break
            left = rests
            spoken = [parts[number][-1][1].language for number in left]
        return parts

    def _pieces(self, window: Window, heard: Heard, before: str) -> list[tuple[Window, str]]:
        """The pieces in which a window is heard once more, each in its language; none where it was heard well.

        They are those of one language, where nobody chose one. And what is said twice in a row is heard by itself each
        time: the engine likes to go round in circles.
        """
        if pieces := by_language(window, heard, before, self._likely_languages, self._languages_of):
            return pieces
        if heard.again is None:
            return []
        cut = window.sample(heard.again)
        pieces = [
            (one, heard.language) for one in (window.part(window.start, cut), window.part(cut, window.end))
        ]
        return pieces if all(_audible(one) for one, _language in pieces) else []

    def _languages_of(self, sounds: Sequence[Samples]) -> list[Mapping[str, float]]:
        return self._engine.attempt(lambda whisper: decode.languages_of(whisper, sounds))

    def _spoken(self, windows: Sequence[Window]) -> Spoken:
        """The languages of windows that follow each other."""
        if self._several:
            seconds = [window.length / SAMPLE_RATE for window in windows]
            return partial(followed, seconds=seconds, before=self.language, likely=self._likely_languages)
        return [self.language or self._detected(windows[0].sound)] * len(windows)

    def _fully_heard(self, windows: Sequence[Window], spoken: Spoken) -> list[Heard]:
        """The windows' texts; those that leave speech out are decoded with time tokens too, which loses other words."""
        heard = self._hear(windows, spoken)
        again = [
            number
            for number, (window, one) in enumerate(zip(windows, heard, strict=True))
            if _leaves_out(window, one)
        ]
        if again:
            spoken = [heard[number].language for number in again]
            timed = self._hear([windows[number] for number in again], spoken, timed=True)
            for number, other in zip(again, timed, strict=True):
                if other.certain and NEARLY * other.words > heard[number].words:
                    heard[number] = other
        return heard

    # --- both -----------------------------------------------------------------------------------

    def _hear(
        self, windows: Sequence[Window], spoken: Spoken, told: tuple[int, ...] = (), *, timed: bool = False
    ) -> list[Heard]:
        sounds = [window.sound for window in windows]
        return self._engine.attempt(
            lambda whisper: decode.decoded(
                whisper, sounds, spoken, self._options, told, timed=timed, least=self._least
            )
        )

    def _judged(
        self, segments: Sequence[Segment], window: Window, end: int, before: str, language: str
    ) -> tuple[Segment, ...]:
        """The window's text up to sample `end` with its doubts, after what was said `before`.

        Speech that gave no text among the rest is heard by itself, where its text may be plain: short answers are.
        """
        start, probabilities = window.start / SAMPLE_RATE, window.heard[: (end - window.start) // FRAME]
        judged = doubt.judged(segments, start, probabilities, before)
        found: list[Segment] = []
        for place, one in enumerate(judged):
            if one.text:
                continue
            begin = max([start, one.start - ALONE, *(other.end for other in judged[:place])])
            last = min([end / SAMPLE_RATE, one.end + ALONE, *(other.start for other in judged[place + 1 :])])
            alone = window.part(round(begin * SAMPLE_RATE), round(last * SAMPLE_RATE))
            if _audible(alone):
                (heard,) = self._hear([alone], [language])
                found += segments_of(heard, alone, language, begin, last)
        plain = [one for one in found if _plain(one)]
        if not plain:
            return judged
        return doubt.judged(
            sorted([*segments, *plain], key=lambda one: one.start), start, probabilities, before
        )

    def _text_before(self, language: str) -> str:
        """The end of the text so far, as far as it is stored with the place: a run that carries on doubts the same."""
        if not self._prompt:
            return ""
        text: str = self._engine.attempt(
            lambda whisper: tokenizer_of(whisper, language, self._options.task).decode(list(self._prompt))
        )
        return text

    def _detected(self, sound: Samples) -> str:
        """The language of `sound`. It is that of the stream from now on, once enough of it was heard to be sure."""
        language: str
        language, probability, _all = self._engine.attempt(lambda whisper: whisper.detect_language(sound))
        seconds = len(sound) / SAMPLE_RATE
        self._detected_in += seconds
        self._languages[language] = self._languages.get(language, 0.0) + probability * seconds
        if self._together or self._detected_in >= LANGUAGE_KNOWN:
            self.language = max(self._languages, key=lambda one: self._languages[one])
        return language


def _plain(segment: Segment) -> bool:
    return sum(word.probability for word in segment.words) >= PLAIN * len(segment.words) > 0


def _suspected(window: Window, segments: Sequence[Segment], language: str) -> Sequence[Segment]:
    """The text of a window in which only perhaps somebody speaks: marked, as is that it has none."""
    begin, end = window.pieces[0][0] / SAMPLE_RATE, window.end / SAMPLE_RATE
    return [replace(one, doubt=one.doubt or "no_speech") for one in segments] or [
        Segment(round(begin, 3), round(end, 3), "", language=language, doubt="perhaps")
    ]


def _audible(window: Window) -> bool:
    return window.length >= LEAST_SOUND * SAMPLE_RATE


def _passed(window: Window, heard: Heard) -> int:
    """The sample at which the window after this one begins, where its text is told to that."""
    if window.whole:
        return _unsaid(window, heard)
    return _forward(window, window.sample(heard.passed))


def _unsaid(window: Window, heard: Heard) -> int:
    """The sample from which a window that ends in a pause is to be decoded again: after its last word where people
    speak on there, else the window's end.
    """
    if not heard.segments:
        return window.end
    said = _forward(window, window.sample(heard.said))
    return said if window.spoken(said) > UNSAID else window.end


def _leaves_out(window: Window, heard: Heard) -> bool:
    """Whether people speak before or between the words of a window, where none was heard."""
    if not heard.segments:
        return False
    speech = window.heard >= SPEECH
    for raw in heard.segments:
        for word in raw["words"]:
            first = window.sample(word["start"])
            last = window.sample(min(word["end"], word["start"] + doubt.LONGEST_WORD))
            speech[(first - window.start) // FRAME : -(-(last - window.start) // FRAME)] = False
    end = (window.sample(heard.said) - window.start) // FRAME
    row = 0
    for spoken in speech[:end]:
        row = row + 1 if spoken else 0
        if row * FRAME >= LEFT_OUT * SAMPLE_RATE:
            return True
    return False


def _forward(window: Window, sample: int) -> int:
    return min(window.end, max(sample, window.start + round(LEAST_STEP * SAMPLE_RATE)))
