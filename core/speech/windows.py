"""Where speech is: gathers the speech of a stream of sound into windows of at most 30 seconds.

Silero VAD (the one faster-whisper ships) runs along the stream with its state carried from block to block;
memory does not grow with the meeting. Whoever decodes a window says how far it came (`Speech.pass_to`), and
the next one begins there with a fresh state: windows depend on the sound and on those places alone, so that
starting again at one of them gives the same windows. Only where the stream is heard while it is spoken does a
window end at the newest pause there is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

SAMPLE_RATE = 16_000

FRAME = 512
"""Samples Silero looks at together (32 ms at 16 kHz)."""

CONTEXT = 64
"""Samples of the frame before that Silero sees again."""

SPEECH = 0.5
SILENCE = 0.35
"""Probabilities from which speech begins and below which it ends (Silero's defaults)."""

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
FAINT = 0.005
AUDIBLE = 0.05
"""Where nobody is heard for so many seconds, and 99 of 100 samples stay below the first amplitude, it is heard again at
the second. Silero misses speech a hundred times as faint as usual, alone or beside somebody near."""

LEVELLED = 30.0
QUIET = 0.02
"""Where 99 of 100 samples of so many seconds from its beginning on stay below that amplitude, all of a window that is
not heard live is made louder in the same way. Whisper leaves out words of speech a hundred times as faint as usual."""

SPARSE = 16
"""Of so many samples one is looked at for that: a millisecond."""

FAINT_SPEECH = 0.5
CERTAIN = 0.8
"""Seconds of speech found so, and their mean probability, from which on it is taken for speech."""

SOUND = 4.0
LEAST_SOUND = 3e-4
"""Times the amplitude of the quietest fifth of such a gap from which on there is a sound in it, and the least one."""
BREAK = 0.5
LEAD = 1.0
"""Seconds without a sound that part two of them, and seconds before one from which on it is heard by itself, as if
nothing had been before: Silero takes a far voice after a long silence or a noise for more of the same."""
NEAR = 0.3
"""The amplitude at which that is done: of a voice near by."""
PERHAPS = 0.2
"""Seconds of speech found so from which on it may be somebody: the window is decoded, and what it says is marked, or
that it says nothing."""

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


class _Detector:
    """Silero's speech probabilities of consecutive frames."""

    def __init__(self) -> None:
        from faster_whisper.vad import get_vad_model

        self._session = get_vad_model().session
        self.reset()

    def reset(self) -> None:
        """Forgets what was heard."""
        self._h = np.zeros((1, 1, 128), dtype=np.float32)
        self._c = np.zeros((1, 1, 128), dtype=np.float32)
        self._context = np.zeros(CONTEXT, dtype=np.float32)

    def probabilities(self, frames: Samples) -> Samples:
        """One probability per row of `frames`, shape (n, FRAME)."""
        ends = np.concatenate([self._context[None], frames[:-1, -CONTEXT:]])
        heard = np.concatenate([ends, frames], axis=1)
        output, self._h, self._c = self._session.run(None, {"input": heard, "h": self._h, "c": self._c})
        self._context = frames[-1, -CONTEXT:].copy()
        return np.asarray(output, dtype=np.float32).reshape(-1)


class Speech:
    """The speech of a stream, given a window at a time from a place that only moves forward."""

    def __init__(
        self, start: int = 0, *, live: bool = False, pauses: bool = False, everywhere: bool = False
    ) -> None:
        """The stream begins at sample `start`. `live`: windows end at pauses, as soon as there is one; `pauses`: full
        ones end at a pause too, so that the next one can begin at their end. `everywhere`: windows of what is not
        live hold all sound, as if somebody spoke all the time.
        """
        self._live = live
        self._everywhere = everywhere
        self._pauses = pauses
        self._ended = False
        self._start = start
        self._sound = np.zeros(0, dtype=np.float32)
        self._heard = np.zeros(0, dtype=np.float32)
        self._length = 0
        self._detector = _Detector()
        self._second = _Detector()
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
            self._gain = _gain(self._sound[: round(LEVELLED * SAMPLE_RATE)], QUIET)
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
            found = self._amplified(sound) or self._suspected(sound)
            if found and begin:
                return self._until(begin, spoken)
            if found:
                return self._louder(*found)
        return None

    def _louder(self, last: int, gain: np.float32, heard: Samples, suspected: bool) -> Window:
        """The window to sample `last` at most with the speech that was `heard` in it so much louder."""
        pieces = _merged(_speech(heard, LONG_PAUSE), heard, last)
        stop = _full(pieces) or last
        return Window(
            self._start,
            self._start + stop,
            tuple(
                (self._start + first, self._sound[first : min(past, stop)] * gain)
                for first, past in pieces
                if first < stop
            ),
            heard=heard[: -(-stop // FRAME)],
            suspected=suspected,
        )

    def _amplified(self, sound: Samples) -> tuple[int, np.float32, Samples, bool] | None:
        """To where in a faint sound somebody speaks, how much louder it is made, and what is heard then.

        None where nobody does.
        """
        gain = _gain(sound, FAINT)
        if gain == 1.0:
            return None
        heard = self._heard_again(sound * gain)
        return (len(sound), gain, heard, False) if _certain(heard) else None

    def _suspected(self, sound: Samples) -> tuple[int, np.float32, Samples, bool] | None:
        """The same for the first sound in another one that may be somebody; at last whether that is not certain."""
        for first, past in _stretches(sound):
            before = max(0, first - round(LEAD * SAMPLE_RATE) // FRAME)
            gain = _gain(sound[first * FRAME : past * FRAME], NEAR, NEAR)
            heard = self._heard_again(sound[before * FRAME : past * FRAME] * gain)
            if np.count_nonzero(heard >= SPEECH) * FRAME >= PERHAPS * SAMPLE_RATE:
                quiet = np.zeros(-(-len(sound) // FRAME), dtype=np.float32)
                quiet[before:past] = heard
                end = min(len(sound), past * FRAME + round(MARGIN * SAMPLE_RATE))
                return end, gain, quiet, not _certain(heard)
        return None

    def _heard_again(self, sound: Samples) -> Samples:
        """The probabilities in a sound as if nothing had been before."""
        self._second.reset()
        return self._second.probabilities(np.pad(sound, (0, -len(sound) % FRAME)).reshape(-1, FRAME))

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
            return self._pause_before(full) if self._pauses else full
        if apart is not None:
            return apart
        if ended:
            return length
        if not spoken and length >= EMPTY * SAMPLE_RATE:
            # The last second may hold the onset of a word.
            return length - SAMPLE_RATE
        return None


def _gain(sound: Samples, below: float, wanted: float = AUDIBLE) -> np.float32:
    """How much louder a sound is made: 1.0 but where 99 of 100 samples stay below an amplitude."""
    loudness = float(np.percentile(np.abs(sound[::SPARSE]), 99)) if len(sound) else 0.0
    return np.float32(wanted / loudness if 0.0 < loudness < below else 1.0)


def _certain(heard: Samples) -> bool:
    speech = heard[heard >= SPEECH]
    return len(speech) * FRAME >= FAINT_SPEECH * SAMPLE_RATE and float(speech.mean()) >= CERTAIN


def _stretches(sound: Samples) -> Iterator[tuple[int, int]]:
    """The first and the last frame + 1 of each stretch of `sound` that stands out of it."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    levels = np.sqrt(np.mean(np.square(frames), axis=1))
    loud = np.flatnonzero(levels > max(LEAST_SOUND, SOUND * float(np.percentile(levels, 20))))
    for stretch in np.split(loud, np.flatnonzero(np.diff(loud) * FRAME > BREAK * SAMPLE_RATE) + 1):
        if len(stretch) * FRAME >= PERHAPS * SAMPLE_RATE:
            yield int(stretch[0]), int(stretch[-1]) + 1


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
