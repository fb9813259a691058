"""What the loudspeaker put into the microphone: found, and silenced, so that nobody is written down twice.

The system's sound reaches the microphone late, coloured by the loudspeaker and smeared by the room. A whitened
cross-correlation of the two channels (Knapp and Carter, 1976) proves that it does, and how late; independent
voices never correlate. From then on the power of the echo is foretold band by band: the system's power at that
delay, with a tail for the room, times a gain that is a low quantile of what was measured while the system spoke,
so that the person's own voice does not raise it. What is foretold is taken away in the spectrum; where nothing
else is heard, all of it. Phases are not modelled: a loudspeaker on another clock than the microphone does no harm.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.audio.media import SAMPLE_RATE

Samples = NDArray[np.float32]
Powers = NDArray[np.float64]

HOP = 256
FRAME = 2 * HOP
"""Samples of a spectrum, 32 ms; two neighbours share half of them."""

_BINS = HOP + 1
_WINDOW = np.sqrt(np.hanning(FRAME + 1)[:-1])
_ENERGY = float(np.sum(_WINDOW**2))

AHEAD = 4
"""Spectra of the system's sound known beyond the one that is decided on: the echo may seem to come first, since
the channels are only aligned within 50 ms. With the spectrum itself this holds back less than 0.1 s."""

EARLIEST, LATEST = -AHEAD, 22
"""Where the echo is looked for, in hops after the system's sound: -64 to 352 ms."""
RING = 128
"""Spectra kept, about two seconds."""
LEAD = 2
"""Spectra known to be the person's before the one that is decided on: the soft beginning of a word."""

LISTEN = 8
"""Hops between two looks at the correlation."""
HEARD = 32
"""Hops of the microphone that one look correlates, half a second."""
CORRELATED = 64 * HOP
"""Samples of its transform: the microphone's and every delay fit."""
HEARING = slice(128, 6500)
"""Its bins from 125 Hz to 6.3 kHz, what loudspeakers and calls carry."""
MEMORY = 0.95
"""Weight of the looks before at each new one: the correlation remembers 2.5 s of the system's sound."""
NEAR = 32
"""Samples over which its energy is taken: early reflections and clocks that differ smear the peak."""
PROVEN = 14.0
"""How far that energy must stand out at one delay, in medians of all, for an echo to be proven. Speech that has
nothing to do with the system's reaches 10 (measured on 56 pairs of recordings)."""
SOON = 10
"""Looks before which it must stand out more, with the square: two first words can look alike."""
DOUBTED = 4.0
"""What it mostly stays below where there is no echo."""
PATIENCE = 150
"""Looks so doubtful, 20 s of the system's sound, after which an echo is given up; each other one outweighs three."""

EDGES = np.array(
    [2, 4, 6, 8, 10, 13, 16, 20, 24, 29, 34, 40, 48, 56, 66, 78, 92, 108, 128, 152, 180, 214, 257]
)
"""First bins of the bands, about as wide as the ear's, from 62 Hz to 8 kHz."""
WIDTHS = np.diff(EDGES)
BANDS = len(WIDTHS)

DECAY = 10 ** (-6 * HOP / SAMPLE_RATE / 0.5)
"""Of the room's tail from hop to hop: 60 dB in half a second, a furnished room."""
TAIL = 0.2
"""Power with which the tail begins, beside the direct sound."""

GAINS = np.arange(-70, 21)
"""What the gain of a band may be, in dB."""
FORGET = 0.998
"""Weight of what was measured before at each hop in which the system speaks: about 8 s."""
QUANTILE = 0.3
"""Of what was measured, that the gain is taken to be."""
ACTIVE = 0.01
"""Of the loudest of late, from which on a band of the system's sound counts for the gain."""
FADE = 0.999
"""Of that loudest, from hop to hop: 16 s."""
RISE = 10 ** (0.1 * HOP / SAMPLE_RATE)
"""Of the microphone's noise, taken as its least power of late: 1 dB a second."""
ABOVE = 4.0
"""How many times what is foretold is still taken for echo, or for noise: single spectra scatter."""
MOST = 10.0
OWN = 1.0
"""dB, the mean of all bands, by which the microphone exceeds echo and noise when the person speaks; `MOST` in one."""
HOLD = 12
"""Hops for which the person is taken to speak on: the soft end of a word."""
NOTHING = 1e-9
"""Power of a bin of a spectrum that stands for digital silence."""
QUIET = _ENERGY * 10 ** (-75 / 10)
"""Power of a bin at -75 dB: noise is never taken to be less, and a microphone with less is muted."""


class EchoGate:
    """Takes out of the microphone what leaked into it from the system sound, as both come.

    What comes out depends on the sound from its start and not on the size of the blocks. While no leak has been
    proven it is the microphone's sound, bit by bit.
    """

    def __init__(self) -> None:
        self._held = np.zeros((0, 2), dtype=np.float32)
        self._recent = np.zeros(((HEARD + LATEST - EARLIEST) * HOP, 2), dtype=np.float32)
        self._hops = 0
        self._foretold = np.zeros((RING, _BINS))
        self._spectra = np.zeros((RING, _BINS), dtype=np.complex128)
        self._powers = np.full((RING, 2, _BINS), NOTHING)
        self._removed = np.zeros(HOP)
        self._cross = np.zeros(CORRELATED // 2 + 1, dtype=np.complex128)
        self._loudest = NOTHING
        self._looks = self._doubts = 0
        self._followed = 0
        # By how many hops the echo comes after the system's sound, None while none is proven.
        self._delay: int | None = None
        self._forget()

    @property
    def proven(self) -> bool:
        """Whether there is an echo, by what was heard so far."""
        return self._delay is not None

    def quieten(self, block: Samples) -> Samples:
        """The microphone without the echo, shape (m,), from `block`, shape (n, 2) at 16 kHz: microphone, system.

        Aligned with what was given; less than 0.1 s of it is held back.
        """
        self._held = np.concatenate([self._held, np.asarray(block, dtype=np.float32)])
        whole = len(self._held) // HOP
        done = [self._hop(self._held[hop * HOP : (hop + 1) * HOP]) for hop in range(whole)]
        self._held = self._held[whole * HOP :]
        ready = np.concatenate([np.zeros(0, dtype=np.float32), *done])
        # The first hops give what was before the start.
        early = max(0, (AHEAD + 1) * HOP - (self._hops * HOP - len(ready)))
        return ready[early:]

    def rest(self) -> Samples:
        """What is still held back at the end, shape (m,)."""
        length = min(self._hops, AHEAD + 1) * HOP + len(self._held)
        silence = np.zeros(((AHEAD + 2) * HOP, 2), dtype=np.float32)
        return self.quieten(silence)[:length]

    def _hop(self, sound: Samples) -> Samples:
        """Takes in a hop; gives the microphone's hop of `AHEAD` + 1 hops before."""
        self._recent = np.concatenate([self._recent[HOP:], sound])
        spectra = np.fft.rfft(_WINDOW * self._recent[-FRAME:].T.astype(np.float64))
        place = self._hops % RING
        self._spectra[place] = spectra[0]
        self._powers[place] = np.maximum(spectra.real**2 + spectra.imag**2, NOTHING)
        self._hops += 1
        if self._hops % LISTEN == 0 and self._hops >= HEARD:
            self._listen()
        first = len(self._recent) - (AHEAD + 2) * HOP
        mine = self._recent[first : first + HOP, 0]
        if self._delay is None and not self._removed.any():
            return mine
        removed = self._removed.copy()
        self._removed = np.zeros(HOP)
        if self._delay is not None:
            frame = (self._hops - 1 - AHEAD) % RING
            self._keep_up(self._delay)
            share = self._share(frame)
            if share.any():
                echo = _WINDOW * np.fft.irfft(share * self._spectra[frame])
                removed += echo[:HOP]
                self._removed = echo[HOP:]
        return (mine - removed).astype(np.float32)

    # --- is there an echo, and how late -------------------------------------------------------------

    def _listen(self) -> None:
        """Looks whether the microphone's last half second holds the system's sound, at one delay."""
        system = self._recent[:, 1]
        loudness = float(np.mean(np.square(system)))
        self._loudest = max(loudness, self._loudest * FADE**LISTEN)
        mine = self._recent[(LATEST * HOP) : (LATEST + HEARD) * HOP, 0]
        if loudness < self._loudest * ACTIVE or loudness <= NOTHING or not mine.any():
            return
        cross = np.conj(np.fft.rfft(mine, CORRELATED)) * np.fft.rfft(system, CORRELATED)
        size = np.abs(cross)
        self._cross *= MEMORY
        self._cross[HEARING] += cross[HEARING] / np.maximum(size[HEARING], 1e-20)
        found = np.fft.irfft(self._cross)[: (LATEST - EARLIEST) * HOP]
        energy = np.convolve(np.square(found), np.ones(NEAR), "same")
        best = int(energy.argmax())
        standing = float(energy[best] / np.median(energy))
        self._looks += 1
        self._doubts = max(0, self._doubts + (1 if standing < DOUBTED else -3))
        if standing >= PROVEN * max(1.0, SOON / self._looks) ** 2:
            delay = round((LATEST * HOP - best) / HOP)
            moved = self._delay is None or abs(delay - self._delay) > 1
            self._delay = delay
            self._doubts = 0
            if moved:
                self._forget()
                self._followed = max(0, self._hops - RING) + LATEST
        elif self._doubts > PATIENCE:
            self._delay = None

    # --- how loud it is -----------------------------------------------------------------------------

    def _forget(self) -> None:
        """Begins to measure the echo anew."""
        self._tail = np.zeros(_BINS)
        self._direct = np.zeros(_BINS)
        self._peak = np.full(BANDS, NOTHING)
        self._seen = np.zeros((BANDS, len(GAINS)))
        self._gain = np.zeros(BANDS)
        self._mine = np.full(BANDS, NOTHING)
        self._theirs = np.full(BANDS, NOTHING)
        self._noise = np.full(BANDS, 1.0)
        # Hops for which the person is still taken to speak, and whether the echo comes out of the noise.
        self._hold = 0
        self._audible = False

    def _keep_up(self, delay: int) -> None:
        """Follows the sound to `LEAD` beyond the spectrum that is decided on, or as far as its echo is known."""
        while self._followed < self._hops - 1 - AHEAD + min(LEAD, max(0, AHEAD + delay - 1)):
            self._followed += 1
            self._follow(self._followed, delay)

    def _follow(self, frame: int, delay: int) -> None:
        """Foretells the echo's shape in `frame`, and measures how loud it is and who speaks."""
        around = [min(self._hops - 1, frame - delay + step) % RING for step in (-1, 0, 1)]
        direct = self._powers[around, 1].max(axis=0)
        self._tail = DECAY * (self._tail + TAIL * self._direct)
        self._direct = direct
        shape = direct + self._tail
        self._foretold[frame % RING] = shape
        mine = np.add.reduceat(self._powers[frame % RING, 0], EDGES[:-1]) / WIDTHS
        theirs = np.add.reduceat(shape, EDGES[:-1]) / WIDTHS
        self._mine += 0.5 * (mine - self._mine)
        self._theirs += 0.5 * (theirs - self._theirs)
        self._peak = np.maximum(self._peak * FADE, theirs)
        if mine.max() > QUIET:
            self._noise = np.clip(self._mine, QUIET, self._noise * RISE)
            self._measure()
        self._judge()

    def _measure(self) -> None:
        """Adds what the echo is at most just now to what was seen before, where the system speaks."""
        speaks = self._theirs > self._peak * ACTIVE
        if not speaks.any():
            return
        ratio = 10 * np.log10(self._mine / self._theirs)
        place = np.clip(np.rint(ratio) - GAINS[0], 0, len(GAINS) - 1).astype(int)
        bands = np.flatnonzero(speaks)
        self._seen[bands] *= FORGET
        self._seen[bands, place[bands]] += 1
        if self._hops % LISTEN and self._gain.all():
            return
        below = np.cumsum(self._seen, axis=1)
        at = (below < QUANTILE * below[:, -1:]).sum(axis=1)
        self._gain = np.where(below[:, -1] > 0, 10 ** (GAINS[np.minimum(at, len(GAINS) - 1)] / 10), 0.0)

    def _judge(self) -> None:
        """Finds whether the person speaks, and whether there is an echo to speak of."""
        echo = ABOVE * self._gain * self._theirs
        excess = 10 * np.log10(self._mine / (echo + ABOVE * self._noise))
        speaking = float(np.mean(np.clip(excess, 0, MOST))) > OWN
        self._hold = HOLD + LEAD if speaking else max(0, self._hold - 1)
        self._audible = bool((echo > self._noise).any())

    def _share(self, frame: int) -> Powers:
        """How much of each bin of `frame` is echo: 0 to leave it, 1 to take it out."""
        if not self._hold:
            return np.full(_BINS, float(self._audible))
        echo = np.repeat(self._gain, WIDTHS) * self._foretold[frame][EDGES[0] : EDGES[-1]]
        share = np.zeros(_BINS)
        share[EDGES[0] : EDGES[-1]] = np.minimum(1.0, echo / self._powers[frame, 0, EDGES[0] : EDGES[-1]])
        return share
