"""Silero's speech probabilities of a stream, and what may be speech where it heard none.

The detector is the one that faster-whisper ships.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

SAMPLE_RATE = 16_000

FRAME = 512
"""Samples Silero looks at together (32 ms at 16 kHz)."""

CONTEXT = 64
"""Samples of the frame before that Silero sees again."""

SPEECH = 0.5
"""Probability from which speech begins (Silero's default)."""

FAINT = 0.005
AUDIBLE = 0.05
"""Where nobody is heard and 99 of 100 samples stay below the first amplitude, it is heard again at the second. Silero
misses speech a hundred times as faint as usual, alone or beside somebody near."""

SPARSE = 16
"""Of so many samples one is looked at for that: a millisecond."""

FAINT_SPEECH = 0.5
CERTAIN = 0.8
"""Seconds of speech found so, and their mean probability, from which on it is taken for speech."""

SOUND = 4.0
LEAST_SOUND = 3e-4
"""Times the amplitude of the quietest fifth of a sound from which on there is a sound in it, and the least one."""
BREAK = 0.5
LEAD = 1.0
"""Seconds without a sound that part two of them, and seconds before one from which on it is heard by itself, as if
nothing had been before: Silero takes a far voice after a long silence or a noise for more of the same."""
NEAR = 0.3
"""The amplitude at which that is done: of a voice near by."""
AFTER = 0.4
"""Seconds after one that are kept with it."""
PERHAPS = 0.2
"""Seconds of speech found so from which on it may be somebody: the window is decoded, and what it says is marked, or
that it says nothing."""


class Detector:
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


@dataclass(frozen=True, slots=True)
class Again:
    """What is heard in a sound at the second time, `gain` times as loud: the probabilities of its frames.

    It is known up to sample `end`. `suspected`: that somebody speaks is not certain.
    """

    end: int
    gain: np.float32
    heard: Samples
    suspected: bool = False


class SecondHearing:
    """Hears a sound again in which nobody was heard."""

    def __init__(self) -> None:
        self._detector = Detector()

    def of(self, sound: Samples, *, freed: bool = False) -> Again | None:
        """Who speaks faintly in it, or the first sound in it that may be somebody; None where nobody is.

        In what was `freed` of an echo or of another channel, what stands out is the rest of that.
        """
        return self._amplified(sound) or (None if freed else self._apart(sound))

    def _amplified(self, sound: Samples) -> Again | None:
        gain = louder(sound, FAINT)
        if gain == 1.0:
            return None
        heard = self._heard(sound * gain)
        return Again(len(sound), gain, heard) if _certain(heard) else None

    def _apart(self, sound: Samples) -> Again | None:
        for first, past in _stretches(sound):
            before = max(0, first - round(LEAD * SAMPLE_RATE) // FRAME)
            gain = louder(sound[first * FRAME : past * FRAME], NEAR, NEAR)
            heard = self._heard(sound[before * FRAME : past * FRAME] * gain)
            if np.count_nonzero(heard >= SPEECH) * FRAME >= PERHAPS * SAMPLE_RATE:
                found = np.zeros(-(-len(sound) // FRAME), dtype=np.float32)
                found[before:past] = heard
                end = min(len(sound), past * FRAME + round(AFTER * SAMPLE_RATE))
                return Again(end, gain, found, not _certain(heard))
        return None

    def _heard(self, sound: Samples) -> Samples:
        self._detector.reset()
        return self._detector.probabilities(np.pad(sound, (0, -len(sound) % FRAME)).reshape(-1, FRAME))


def louder(sound: Samples, below: float, wanted: float = AUDIBLE) -> np.float32:
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
