"""Who said what: our separation of voices against recordings of which it is known who speaks when.

Recordings come from the folder `meetings` of the one that `MEETING_TRANSCRIBER_SPEECH` names (see `word_error_rate`):
`NAME.rttm` beside a recording says who speaks when, `NAME.stm` who says what. A name with `_14x30s_` holds so many
pieces of that length, which are treated one by one; those that begin with `sim_` are real voices with made turns.
Others are made up here of the readers of the folders `en` and `fr`, from seeds.

The diarisation error rate counts overlaps, and leaves out 0.25 s on each side of each change (as NIST's md-eval with
`-c 0.25`; `pyannote.metrics`, to which `tests/unit/test_speaker_errors.py` holds ours, calls this a collar of 0.5).
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.audio import media
from core.speech import Separated, Separator, attributed, networks
from core.values import Segment, TranscriptOptions
from tests.benchmarks.made_meetings import made_meeting
from tests.benchmarks.speaker_errors import SpeakerErrors, Spoken, speaker_errors, words_right
from tests.benchmarks.word_error_rate import ENDINGS, SPEECH_VARIABLE, model_for, transcribe

Samples = NDArray[np.float32]

ORIGINALS_VARIABLE = "MEETING_TRANSCRIBER_SPEAKER_ORIGINALS"
"""Names the folder of the networks in full precision (`scripts/speaker_models.py`)."""

ORIGINALS = {"voice.onnx": "campplus.onnx", "activity.onnx": "segmentation-3.0.onnx"}
"""What the networks that come with the program are called there."""

ENOUGH = 15.0
"""Seconds of speech of each speaker from which on the number of speakers must be right."""

MOST_ERROR = 0.08
"""Mean diarisation error rate of the simulated meetings, and of those that are made up."""

MOST_ERROR_FAR = 0.35
"""The same of the pieces of 30 s, which are far from the microphones and full of overlaps."""

LEAST_WORDS = 0.95
"""Share of the words of the simulated meetings that have the right speaker."""

MOST_TIME = 0.04
"""Share of the sound's length that separation may take on two cores."""


# --- what is measured ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meeting:
    """Sound, who speaks when in it, and, where that is known, who says what; `kind` is what it is measured as."""

    name: str
    kind: str
    sound: Samples
    spoken: tuple[Spoken, ...]
    said: tuple[Spoken, ...] = ()

    @property
    def speakers(self) -> dict[str, float]:
        """The seconds of each speaker."""
        seconds: dict[str, float] = {}
        for one in self.spoken:
            seconds[one.speaker] = seconds.get(one.speaker, 0.0) + one.end - one.start
        return seconds


def from_rttm(text: str) -> tuple[Spoken, ...]:
    """The turns of a file in NIST's RTTM."""
    rows = [line.split() for line in text.splitlines() if line.startswith("SPEAKER")]
    return tuple(Spoken(float(row[3]), float(row[3]) + float(row[4]), row[7]) for row in rows)


def from_stm(text: str) -> tuple[Spoken, ...]:
    """The turns of a file in NIST's STM, with their text."""
    rows = [line.split(maxsplit=5) for line in text.splitlines() if line and not line.startswith(";")]
    # A field in angle brackets may stand before the text.
    said = (re.sub(r"^<[^>]*>\s*", "", row[5]) if len(row) > 5 else "" for row in rows)
    return tuple(
        Spoken(float(row[3]), float(row[4]), row[2], one) for row, one in zip(rows, said, strict=True)
    )


def meetings() -> Iterator[Meeting]:
    """Those of the folder in the environment, pieces one by one, and those made up of its readers."""
    folder = os.environ.get(SPEECH_VARIABLE)
    if not folder:
        return
    for path in sorted((Path(folder) / "meetings").glob("*")):
        turns = path.with_suffix(".rttm")
        if path.suffix not in ENDINGS or not turns.is_file():
            continue
        sound, spoken = sound_of(path), from_rttm(turns.read_text(encoding="utf-8"))
        pieces = re.search(r"_(\d+)x(\d+)s_", path.name)
        if pieces:
            length = float(pieces[2])
            for number in range(int(pieces[1])):
                begin = number * length
                piece = sound[round(begin * media.SAMPLE_RATE) :][: round(length * media.SAMPLE_RATE)]
                yield Meeting(
                    f"{path.stem} {number:2}", "far", piece, tuple(_within(spoken, begin, begin + length))
                )
        else:
            stm = path.with_suffix(".stm")
            said = from_stm(stm.read_text(encoding="utf-8")) if stm.is_file() else ()
            yield Meeting(
                path.stem, "simulated" if path.name.startswith("sim_") else "other", sound, spoken, said
            )


def _within(spoken: Iterable[Spoken], begin: float, end: float) -> Iterator[Spoken]:
    for one in spoken:
        if one.start < end and one.end > begin:
            yield Spoken(max(0.0, one.start - begin), min(end, one.end) - begin, one.speaker, one.text)


def sound_of(path: Path) -> Samples:
    """A file's sound, mono at 16 kHz."""
    return np.concatenate([block.reshape(-1) for block in media.blocks(path)])


SEEDS = range(24)
"""Of the meetings that are made up."""

SPEAKERS = (1, 2, 2, 3, 3, 4, 5, 6)
"""How many speakers they have, one after the other."""

READERS = (
    ("bush_radio_address_2008",),
    ("jfk_1961_moon", "jfk_1961_ask_not"),
    ("mfa_acoustic_corpus", "mfa_cold_corpus"),
    ("librivox_sonnet1", "librivox_sonnet2"),
    ("librivox_austen_0870", "librivox_austen_0890"),
    ("two_cities",),
    ("fleurs-en-002", "fleurs-en-003", "fleurs-en-004"),
    ("fleurs-fr-001",),
    ("fleurs-fr-003", "fleurs-fr-004"),
)
"""The files of each voice of the folders `en` and `fr` that is heard for long enough and not in a simulated meeting."""

MOST_OF_ONE = 60.0
"""Seconds of each of them."""


def readings() -> dict[str, Samples]:
    """What each of these readers says."""
    folder = Path(os.environ.get(SPEECH_VARIABLE, ""))
    files = {path.stem: path for path in folder.glob("*/*") if path.suffix in ENDINGS}
    return {
        names[0]: np.concatenate([sound_of(files[name]) for name in names])[
            : round(MOST_OF_ONE * media.SAMPLE_RATE)
        ]
        for names in READERS
        if all(name in files for name in names)
    }


def made_up() -> Iterator[Meeting]:
    """Meetings of these readers."""
    there = readings()
    for seed in SEEDS if there else ():
        count = SPEAKERS[seed % len(SPEAKERS)]
        names = sorted(there)
        np.random.default_rng(seed).shuffle(names)
        chosen = [(name, there[name]) for name in names[:count]]
        sound, spoken = made_meeting(chosen, seed, 300.0, overlaps=seed % 3 != 0, room=seed % 2 == 1)
        yield Meeting(f"made up {seed:2}", "made up", sound, spoken)


# --- measuring -------------------------------------------------------------------------------------


def separated(sound: Samples, wanted: int | None = None) -> Separated:
    """Who speaks when, as the program finds it."""
    separator = Separator()
    for begin in range(0, len(sound), media.SAMPLE_RATE):
        separator.hear(sound[begin : begin + media.SAMPLE_RATE])
    separator.end()
    return separator.separated(wanted)


def as_spoken(found: Separated) -> list[Spoken]:
    """The turns that were found, each voice by its number."""
    return [Spoken(turn.start, turn.end, str(turn.voice)) for turn in found.turns]


@dataclass(frozen=True, slots=True)
class Result:
    """How a meeting was separated: its errors, how many voices were found, and (right, all) words."""

    meeting: Meeting
    errors: SpeakerErrors
    found: int
    words: tuple[int, int] = (0, 0)

    @property
    def counted(self) -> bool | None:
        """Whether the number of speakers is right, None where one of them says too little for that."""
        seconds = self.meeting.speakers
        return self.found == len(seconds) if min(seconds.values(), default=0.0) >= ENOUGH else None


def measured(meeting: Meeting) -> Result:
    """Separates a meeting, and transcribes it where it is known what is said."""
    found = separated(meeting.sound)
    errors = speaker_errors(meeting.spoken, as_spoken(found))
    right = words_right(meeting.said, _said(meeting, found)) if meeting.said else (0, 0)
    return Result(meeting, errors, len(found.prints), right)


def _said(meeting: Meeting, found: Separated) -> list[Spoken]:
    language = "fr" if "_fr_" in meeting.name else "en"
    model = model_for(language)
    if model is None:
        return []
    blocks = np.split(meeting.sound, range(media.SAMPLE_RATE, len(meeting.sound), media.SAMPLE_RATE))
    segments: list[Segment] = []
    for batch in transcribe(blocks, model, TranscriptOptions(language=language)):
        segments += batch.segments
    return [
        Spoken(one.start, one.end, str(voice), one.text) for one, voice in attributed(segments, found.turns)
    ]


# --- the report ------------------------------------------------------------------------------------


def _mean(results: Sequence[Result]) -> float:
    return float(np.mean([one.errors.rate for one in results])) if results else 0.0


def _show(result: Result) -> None:
    errors, total = result.errors, max(result.errors.total, 1e-9)
    right, compared = result.words
    print(
        f"{result.meeting.name:24}{errors.rate:7.1%}{errors.missed / total:8.1%}{errors.invented / total:8.1%}"
        f"{errors.confused / total:8.1%}{len(result.meeting.speakers):5}{result.found:3}"
        + (f"{right / compared:9.1%}" if compared else ""),
        flush=True,
    )


def _kind(results: Sequence[Result], kind: str) -> list[Result]:
    return [one for one in results if one.meeting.kind == kind]


def _report(results: Sequence[Result]) -> bool:
    """Prints what kinds of meetings gave; whether that is good enough."""
    simulated, far, made = (_kind(results, kind) for kind in ("simulated", "far", "made up"))
    for name, some in (("simulated", simulated), ("pieces of 30 s", far), ("made up", made)):
        if some:
            counts = [one.counted for one in some if one.counted is not None]
            print(f"  {name:20}mean error {_mean(some):6.1%}   right numbers {sum(counts)} of {len(counts)}")
    counted = [one.counted for one in results if one.counted is not None]
    print(
        f"  where everybody speaks for {ENOUGH:g} s, the number is right in {sum(counted)} of {len(counted)}"
    )
    right, compared = (sum(one.words[place] for one in simulated) for place in (0, 1))
    print(
        f"  words of the simulated ones with the right speaker: {right} of {compared}, {right / max(1, compared):.1%}"
    )
    return (
        _mean(simulated) <= MOST_ERROR
        and _mean(far) <= MOST_ERROR_FAR
        and _mean(made) <= MOST_ERROR
        and all(counted)
        and right >= LEAST_WORDS * compared
    )


def _timed(sound: Samples) -> float:
    began = time.perf_counter()
    separated(sound)
    return (time.perf_counter() - began) / (len(sound) / media.SAMPLE_RATE)


def _in_full_precision(results: Sequence[Result], folder: Path) -> None:
    """Prints the same errors with the networks as they were published."""
    shipped = networks.FOLDER
    with tempfile.TemporaryDirectory(prefix="mt-speakers-") as name:
        for ours, theirs in ORIGINALS.items():
            (Path(name) / ours).symlink_to(folder / theirs)
        try:
            _use(Path(name))
            for kind in ("simulated", "far", "made up"):
                some = _kind(results, kind)
                rates = [
                    speaker_errors(one.meeting.spoken, as_spoken(separated(one.meeting.sound))).rate
                    for one in some
                ]
                if some:
                    full = float(np.mean(rates))
                    print(
                        f"  {kind:20}mean error {full:6.2%} in full precision, {_mean(some):6.2%} as shipped"
                    )
        finally:
            _use(shipped)


def _use(folder: Path) -> None:
    networks.FOLDER = folder
    networks._session.cache_clear()


def run() -> int:
    """Measures every recording of which the speakers are known; 1 when a figure is not reached, 2 without any."""
    results: list[Result] = []
    print(f"{'':24}{'error':>7}{'missed':>8}{'more':>8}{'wrong':>8}{'  speakers':8}{'words':>9}")
    for meeting in (*meetings(), *made_up()):
        results.append(measured(meeting))
        _show(results[-1])
    if not results:
        print(f"Not measured: {SPEECH_VARIABLE} names no folder with recordings.")
        return 2
    good = _report(results)
    longest = max((one.meeting for one in results), key=lambda one: len(one.sound))
    share = _timed(longest.sound)
    print(f"  time: {share:.3f} of the length of the sound")
    if folder := os.environ.get(ORIGINALS_VARIABLE):
        _in_full_precision(results, Path(folder))
    return 0 if good and share <= MOST_TIME else 1
