"""Where speech is: gathers the speech of a stream of sound into windows of at most 30 seconds.

Silero VAD (the one faster-whisper ships) runs along the stream with its state carried from block to block;
memory does not grow with the meeting. Whoever decodes a window says how far it came (`Speech.pass_to`), and
the next one begins there with a fresh state: windows depend on the sound and on those places alone, so that
starting again at one of them gives the same windows. Only where the stream is heard while it is spoken does a
window end at the newest pause there is.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np

from core.speech import detector
from core.speech.detector import FRAME, SAMPLE_RATE, SPEECH, Again, Samples, louder

SILENCE = 0.35
"""Probability below which speech ends (Silero's default)."""

REACH = 0.12
"""Probability above which what lies directly before or after speech belongs to it: a sentence may begin so softly, or
after so long a silence, that the detector only suspects it."""

LONG_PAUSE = 2.0
"""Seconds of silence that are left out of a window (faster-whisper's default)."""

MARGIN = 0.4
"""Seconds kept around speech (faster-whisper's default)."""

WINDOW = 24.0
"""Most seconds of speech in a window. Whisper can hear 30 at once, but then leaves out more and takes longer for
each second (`docs/benchmarks.md`)."""

EMPTY = 30.0
"""Seconds without speech after which the stream is known to be silent so far."""

APART = 3.0
"""Seconds of silence between two margins that no window goes over: what is said on both sides would run into one
another, and short answers be lost or said twice. From 1.2 on, verses with long rests lost words."""

GAP = 1.0
"""Seconds in which nobody is heard that are heard again."""

LEVELLED = 30.0
QUIET = 0.02
"""Where 99 of 100 samples of so many seconds from its beginning on stay below that amplitude, all of a window that is
not heard live is made louder in the same way. Whisper leaves out words of speech a hundred times as faint as usual."""

PAUSE = 0.6
"""Seconds of silence at which speech that is heard live is cut. Cuts at 0.5 s cost half a point of word error rate
more, and a least length of a window made text late without making it better."""

AFTER = 0.3
"""Seconds of that silence which go with what was said before it."""

SEARCH = 10.0
LEAST_PAUSE = 0.1
"""Seconds: a full window ends in the longest pause of its last ten, so that no word is cut, where one is that long."""

STEP = 32 * FRAME
"""Samples after which the end of a window is sought anew. Counted from the window's start and not by what was
read so far, so that the size of the blocks and where the stream was taken up decide nothing."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the stream from `start` to `end` (samples), of which `pieces` hold speech.

    A piece is (first sample in the stream, its samples). No pieces: nobody spoke. Speech may go on after `end`,
    unless the window is `whole`: then it ends in a pause. `heard` are the detector's probabilities, one per `FRAME`.
    `suspected`: perhaps somebody speaks in it.
    """

    start: int
    end: int
    pieces: tuple[tuple[int, Samples], ...]
    whole: bool = False
    heard: Samples = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    suspected: bool = False

    @property
    def sound(self) -> Samples:
        """The pieces joined, mono float32 at 16 kHz; empty when nobody spoke."""
        return np.concatenate([np.zeros(0, dtype=np.float32), *(samples for _, samples in self.pieces)])

    @property
    def length(self) -> int:
        """The samples of `sound`."""
        return sum(len(samples) for _, samples in self.pieces)

    def second(self, offset: float) -> float:
        """Where in the stream the second `offset` of `sound` is."""
        for begin, samples in self.pieces:
            length = len(samples) / SAMPLE_RATE
            if offset <= length:
                return begin / SAMPLE_RATE + max(0.0, offset)
            offset -= length
        begin, samples = self.pieces[-1]
        return (begin + len(samples)) / SAMPLE_RATE

    def stretch(self, start: float, end: float) -> tuple[float, float]:
        """Where in the stream a sound is that goes on from one second of `sound` to another.

        It is one sound, and does not go on over the silence between two pieces: the piece counts that holds most of it.
        """
        held = (0.0, self.second(start), self.second(end))
        before = 0.0
        for begin, samples in self.pieces:
            first, last = max(start, before), min(end, before + len(samples) / SAMPLE_RATE)
            shift = begin / SAMPLE_RATE - before
            held = max(held, (last - first, first + shift, last + shift), key=lambda one: one[0])
            before += len(samples) / SAMPLE_RATE
        return held[1:]

    def sample(self, offset: float) -> int:
        """The same as a sample; the end of the window where `offset` is that of `sound`."""
        return self.end if offset >= self.length / SAMPLE_RATE else round(self.second(offset) * SAMPLE_RATE)

    def spoken(self, begin: int) -> float:
        """The seconds of speech from sample `begin` of the stream to the window's end."""
        frames = self.heard[max(0, begin - self.start) // FRAME :]
        return float(np.count_nonzero(frames >= SPEECH)) * FRAME / SAMPLE_RATE

    def part(self, begin: int, end: int) -> Window:
        """The window between two samples of the stream."""
        pieces = [
            (max(first, begin), samples[max(0, begin - first) : max(0, end - first)])
            for first, samples in self.pieces
        ]
        frames = slice(max(0, begin - self.start) // FRAME, -(-(end - self.start) // FRAME))
        return Window(
            begin,
            end,
            tuple((first, samples) for first, samples in pieces if len(samples)),
            self.whole and end == self.end,
            self.heard[frames],
            self.suspected,
        )

    def between_pauses(self, pause: float, least: float) -> list[Window]:
        """The window cut at its pauses of `pause` seconds, so that each part has `least` seconds of sound.

        Where a part would have less, it stays together with the one beyond its shorter pause.
        """
        spoken = np.flatnonzero(self.heard >= SPEECH)
        pauses = np.diff(spoken) - 1
        found = np.flatnonzero(pauses * FRAME >= pause * SAMPLE_RATE)
        cuts = [self.start + int(spoken[at] + 1 + spoken[at + 1]) * FRAME // 2 for at in found]
        lengths = [int(pauses[at]) for at in found]
        while True:
            parts = [self.part(*edges) for edges in itertools.pairwise([self.start, *cuts, self.end])]
            short = next((place for place, one in enumerate(parts) if one.length < least * SAMPLE_RATE), None)
            if short is None or not cuts:
                return parts
            beside = [place for place in (short - 1, short) if 0 <= place < len(cuts)]
            gone = min(beside, key=lengths.__getitem__)
            del cuts[gone], lengths[gone]


class Speech:
    """The speech of a stream, given a window at a time from a place that only moves forward."""

    def __init__(
        self,
        start: int = 0,
        *,
        live: bool = False,
        everywhere: bool = False,
        freed: bool = False,
    ) -> None:
        """The stream begins at sample `start`. `live`: windows end at pauses, as soon as there is one, else only full
        ones do. `everywhere`: windows of what is not live hold all sound, as if somebody spoke all the time. `freed`:
        of what another channel left in it.
        """
        self._freed = freed
        self._live = live
        self._everywhere = everywhere
        self._ended = False
        self._start = start
        self._sound = np.zeros(0, dtype=np.float32)
        self._heard = np.zeros(0, dtype=np.float32)
        self._length = 0
        self._detector = detector.Detector()
        self._second = detector.SecondHearing()
        # How much louder the present window is made, None while too little of it is known.
        self._gain: np.float32 | None = None

    @property
    def place(self) -> int:
        """The sample at which the present window begins."""
        return self._start

    @property
    def arrived(self) -> int:
        """The sample up to which the stream is known."""
        return self._start + len(self._sound)

    @property
    def quiet_until(self) -> int:
        """The sample up to which nobody is heard, from the present place on."""
        spoken = _speech(self._heard, PAUSE)
        listened = spoken[0][0] if spoken else len(self._heard) * FRAME
        return self._start + max(0, min(listened, len(self._sound)) - round(MARGIN * SAMPLE_RATE))

    def hear(self, block: Samples) -> None:
        """Takes what comes next in the stream, mono float32 at 16 kHz."""
        self._sound = np.concatenate([self._sound, block])

    def end(self) -> None:
        """Nothing comes any more."""
        self._ended = True

    def window(self) -> Window | None:
        """The window at the present place; None while more must be heard, and at the end of the stream."""
        if self._live:
            self._listen(len(self._sound))
            return self._live_window()
        if self._gain is None:
            if len(self._sound) < LEVELLED * SAMPLE_RATE and not self._ended:
                return None
            self._gain = louder(self._sound[: round(LEVELLED * SAMPLE_RATE)], QUIET)
        while True:
            length = self._length + STEP
            if len(self._sound) < length and not self._ended:
                return None
            self._length = length
            ended = len(self._sound) < length
            self._listen(length)
            known = min(length, len(self._sound))
            spoken = (
                [(0, known)]
                if self._everywhere
                else _merged(_speech(self._heard, LONG_PAUSE), self._heard, known)
            )
            end = self._end(spoken, known, ended=ended)
            if end is not None and len(self._sound):
                return self._faint_window(spoken, end) or self._until(end, spoken)
            if ended:
                return None

    def open(self) -> Window | None:
        """What was said since the present place and is not a window yet, for a stream that is heard live.

        It is `whole` where a pause has begun which, if it lasts, makes this the next window. None where nobody speaks.
        """
        self._listen(len(self._sound))
        length = min(len(self._heard) * FRAME, len(self._sound))
        stretches = _speech(self._heard, AFTER)
        if not stretches:
            return None
        last = stretches[-1][1]
        quiet = last < length
        end = last + round(AFTER * SAMPLE_RATE) if quiet else length
        return self._until(end, _merged(_speech(self._heard, LONG_PAUSE), self._heard, length), whole=quiet)

    def pass_to(self, sample: int) -> None:
        """Moves the place to `sample`, inside or at the end of the present window."""
        self._sound = self._sound[sample - self._start :].copy()
        self._start = sample
        self._heard = np.zeros(0, dtype=np.float32)
        self._length = 0
        self._gain = None
        self._detector.reset()

    def _faint_window(self, spoken: list[tuple[int, int]], end: int) -> Window | None:
        """The window up to where somebody speaks faintly in a gap before `end`, or with that speech, made louder.

        None where nobody does.
        """
        if self._everywhere:
            return None
        edges = [0, *(edge for piece in spoken if piece[0] < end for edge in piece), end]
        for begin, last in zip(edges[::2], edges[1::2], strict=True):
            if last - begin < GAP * SAMPLE_RATE:
                continue
            sound = self._sound[begin : min(last, end)]
            found = self._second.of(sound, freed=self._freed)
            if found and begin:
                return self._until(begin, spoken)
            if found:
                return self._louder(found)
        return None

    def _louder(self, again: Again) -> Window:
        """The window with the speech that was heard again at its beginning, so much louder."""
        pieces = _merged(_speech(again.heard, LONG_PAUSE), again.heard, again.end)
        stop = _full(pieces) or again.end
        return Window(
            self._start,
            self._start + stop,
            tuple(
                (self._start + first, self._sound[first : min(past, stop)] * again.gain)
                for first, past in pieces
                if first < stop
            ),
            heard=again.heard[: -(-stop // FRAME)],
            suspected=again.suspected,
        )

    def _listen(self, length: int) -> None:
        """Hears the whole frames up to sample `length` that are new; the stream's last one is filled with silence."""
        fresh = self._sound[len(self._heard) * FRAME : length]
        fresh = (
            np.pad(fresh, (0, -len(fresh) % FRAME)) if self._ended else fresh[: len(fresh) // FRAME * FRAME]
        )
        if len(fresh):
            fresh = fresh * (self._gain or np.float32(1.0))
            probabilities = self._detector.probabilities(fresh.reshape(-1, FRAME))
            self._heard = np.concatenate([self._heard, probabilities])

    def _pause_before(self, full: int) -> int:
        """The middle of the longest pause in the last seconds before sample `full`, the later of equal ones."""
        first = max(0, full - round(SEARCH * SAMPLE_RATE)) // FRAME
        spoken = np.flatnonzero(self._heard[first : full // FRAME] >= SPEECH) + first
        pauses = np.diff(spoken) - 1
        if not len(pauses) or pauses.max() * FRAME < LEAST_PAUSE * SAMPLE_RATE:
            return full
        last = len(pauses) - 1 - int(np.argmax(pauses[::-1]))
        return int(spoken[last] + 1 + spoken[last + 1]) * FRAME // 2

    def _until(self, end: int, spoken: list[tuple[int, int]], *, whole: bool = False) -> Window:
        pieces = [(begin, min(last, end)) for begin, last in spoken if begin < end]
        gain = self._gain or np.float32(1.0)
        return Window(
            self._start,
            self._start + end,
            tuple((self._start + begin, self._sound[begin:last] * gain) for begin, last in pieces),
            whole,
            self._heard[: -(-end // FRAME)].copy(),
        )

    def _live_window(self) -> Window | None:
        """Up to the newest pause that still makes a window: late text comes in longer ones, with more context."""
        length = min(len(self._heard) * FRAME, len(self._sound))
        stretches = _speech(self._heard, PAUSE)
        spoken = _merged(_speech(self._heard, LONG_PAUSE), self._heard, length)
        full = _full(spoken)
        after = round(AFTER * SAMPLE_RATE)
        pauses = [last for _, last in stretches if last < length and (full is None or last + after <= full)]
        if pauses:
            return self._until(pauses[-1] + after, spoken, whole=True)
        if full is not None:
            return self._until(full, spoken)
        if self._ended:
            return self._until(len(self._sound), spoken, whole=True) if len(self._sound) else None
        if not stretches and length >= EMPTY * SAMPLE_RATE:
            return self._until(length - SAMPLE_RATE, [])
        return None

    def _end(self, spoken: list[tuple[int, int]], length: int, *, ended: bool) -> int | None:
        """At which of the first `length` samples the window ends, None while more must be heard."""
        pauses = itertools.pairwise([*spoken, (length, length)])
        apart = next((last for (_, last), (begin, _) in pauses if begin - last >= APART * SAMPLE_RATE), None)
        full = _full([piece for piece in spoken if apart is None or piece[1] <= apart])
        if full is not None:
            return self._pause_before(full)
        if apart is not None:
            return apart
        if ended:
            return length
        if not spoken and length >= EMPTY * SAMPLE_RATE:
            # The last second may hold the onset of a word.
            return length - SAMPLE_RATE
        return None


def _full(spoken: list[tuple[int, int]]) -> int | None:
    """Where a window is full, None where there is not so much speech."""
    left = round(WINDOW * SAMPLE_RATE)
    for begin, last in spoken:
        if last - begin >= left:
            return begin + left
        left -= last - begin
    return None


def _speech(heard: Samples, pause: float) -> list[tuple[int, int]]:
    """Stretches of speech as (first, last + 1) sample, with pauses shorter than `pause` seconds inside."""
    found: list[tuple[int, int]] = []
    begin: int | None = None
    quiet: int | None = None
    for frame, probability in enumerate(heard):
        at = frame * FRAME
        if probability >= SPEECH:
            quiet = None
            if begin is None:
                begin = at
        elif begin is not None and (probability < SILENCE or quiet is not None):
            quiet = at if quiet is None else quiet
            if at - quiet >= pause * SAMPLE_RATE:
                found.append((begin, quiet))
                begin = quiet = None
    if begin is not None:
        found.append((begin, len(heard) * FRAME))
    return found


def _merged(speech: list[tuple[int, int]], heard: Samples, length: int) -> list[tuple[int, int]]:
    """`speech` with its margins, and what was `heard` to belong to it, inside `length` samples; what touches is one."""
    margin = round(MARGIN * SAMPLE_RATE)
    merged: list[tuple[int, int]] = []
    for first, last in speech:
        begin = max(0, min(first - margin, _reached(heard, first // FRAME - 1, -1) * FRAME))
        end = min(length, max(last + margin, (_reached(heard, last // FRAME, 1) + 1) * FRAME))
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((begin, end))
    return merged


def _reached(heard: Samples, frame: int, step: int) -> int:
    """The last frame that belongs to speech beside `frame`, in steps of one from there; with a frame to spare."""
    while 0 <= frame < len(heard) and heard[frame] >= REACH:
        frame += step
    return frame
