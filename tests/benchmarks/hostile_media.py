"""Files that are broken, cut, mislabelled or lying, through the real import and the real transcription.

One process hears them all and is watched: a crash (the next file gets a new process), a hang, an error without a
sentence, too much memory, and anything left behind in the library count as bad. The files are made here, by lot, of two
seconds of the sample meeting in many containers and codecs.
"""

from __future__ import annotations

import json
import os
import random
import resource
import selectors
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from core import errors, meetings, messages, paths
from core.audio import media
from core.meetings import Library
from core.values import MeetingId
from tests.conftest import finished
from tests.sound_files import Sound, make

TIMES = 500
SEED = 4
PATIENCE = 60.0
"""Seconds without an answer that count as a hang."""

MOST_MEMORY = 800e6
"""Bytes that the process may need at its peak, the model and all libraries with it."""

SPOKEN = (1.0, 3.0)
"""The seconds of the sample meeting that the files hold."""

# name, codec, rate, layout, pictures
WHOLE = (
    ("plain.wav", "pcm_s16le", 16_000, "mono", ""),
    ("eight_bits.wav", "pcm_u8", 8_000, "mono", ""),
    ("deep.wav", "pcm_s24le", 48_000, "stereo", ""),
    ("float.wav", "pcm_f32le", 44_100, "stereo", ""),
    ("fast.wav", "pcm_s32le", 192_000, "mono", ""),
    ("around.wav", "pcm_s16le", 16_000, "7.1", ""),
    ("telephone.wav", "pcm_alaw", 8_000, "mono", ""),
    ("adpcm.wav", "adpcm_ms", 16_000, "mono", ""),
    ("a.aiff", "pcm_s16be", 44_100, "mono", ""),
    ("a.flac", "flac", 44_100, "stereo", ""),
    ("a.mp3", "libmp3lame", 44_100, "stereo", ""),
    ("low.mp3", "libmp3lame", 16_000, "mono", ""),
    ("a.mp2", "mp2", 44_100, "stereo", ""),
    ("a.ogg", "libopus", 48_000, "mono", ""),
    ("a.opus", "libopus", 48_000, "stereo", ""),
    ("a.m4a", "aac", 44_100, "stereo", ""),
    ("lossless.m4a", "alac", 44_100, "stereo", ""),
    ("a.aac", "aac", 44_100, "mono", ""),
    ("a.mka", "libopus", 48_000, "mono", ""),
    ("a.wma", "wmav2", 44_100, "stereo", ""),
    ("a.ac3", "ac3", 48_000, "stereo", ""),
    ("a.amr", "libopencore_amrnb", 8_000, "mono", ""),
    ("a.mp4", "aac", 48_000, "mono", "libx264"),
    ("a.mov", "pcm_s16le", 44_100, "mono", "mpeg4"),
    ("a.mkv", "libopus", 48_000, "mono", "mpeg4"),
    ("a.webm", "libopus", 48_000, "mono", "libvpx"),
    ("a.avi", "libmp3lame", 44_100, "mono", "mpeg4"),
    ("a.ts", "aac", 48_000, "mono", "libx264"),
)
BIT_RATES = {"libopencore_amrnb": 12_200}

STRANGERS = (
    b"These are the minutes of a meeting.\n" * 200,
    b"PK\x03\x04" + bytes(range(256)) * 20,
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 20,
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff" * 300,
    b"<!doctype html><html></html>",
    bytes(5000),
    b"x",
    b"",
)

# --- the files -------------------------------------------------------------------------------------


@cache
def _spoken() -> Sound:
    begin, end = (round(second * media.SAMPLE_RATE) for second in SPOKEN)
    sound: Sound = np.concatenate(list(media.blocks(paths.SAMPLE)))[begin:end]
    return sound


def _at(rate: int) -> Sound:
    """What is spoken, at another rate (linear interpolation is good enough to be understood)."""
    sound = _spoken()
    places = np.arange(len(sound) * rate // media.SAMPLE_RATE) * (media.SAMPLE_RATE / rate)
    other: Sound = np.interp(places, np.arange(len(sound)), sound).astype(np.float32)
    return other


@cache
def _whole(folder: Path) -> tuple[Path, ...]:
    return tuple(
        make(
            folder / name,
            codec,
            _at(rate),
            rate=rate,
            layout=layout,
            pictures=pictures,
            bit_rate=BIT_RATES.get(codec, 96_000),
        )
        for name, codec, rate, layout, pictures in WHOLE
    )


def _cut(content: bytearray, chance: random.Random) -> None:
    """Only a beginning is there."""
    del content[chance.randrange(len(content)) :]


def _headless(content: bytearray, chance: random.Random) -> None:
    """Only an end is there."""
    del content[: chance.randrange(1, len(content))]


def _flipped(content: bytearray, chance: random.Random) -> None:
    """Some bits anywhere are others."""
    for _ in range(chance.choice((1, 10, 100, 1000))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _flipped_header(content: bytearray, chance: random.Random) -> None:
    """Some bytes where sizes, rates and counts stand are others."""
    for _ in range(chance.choice((1, 3, 10))):
        content[chance.randrange(min(len(content), 200))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))


def _flipped_end(content: bytearray, chance: random.Random) -> None:
    """The same at the end, where some containers have their index."""
    for _ in range(chance.choice((1, 3, 10))):
        content[-chance.randrange(1, min(len(content), 1500))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))


def _huge(content: bytearray, chance: random.Random) -> None:
    """Four bytes in the header declare as much as they can."""
    place = chance.randrange(4, min(len(content), 120))
    content[place : place + 4] = b"\xff\xff\xff\xff"


def _hole(content: bytearray, chance: random.Random) -> None:
    """A stretch in the middle is missing."""
    begin = chance.randrange(len(content))
    del content[begin : begin + chance.randrange(1, len(content) // 3)]


def _noise(content: bytearray, chance: random.Random) -> None:
    """A stretch in the middle is noise."""
    begin = chance.randrange(len(content))
    length = min(len(content) - begin, chance.randrange(1, len(content) // 3))
    content[begin : begin + length] = chance.randbytes(length)


def _zeros(content: bytearray, chance: random.Random) -> None:
    """A stretch in the middle was never written."""
    begin = chance.randrange(len(content))
    length = min(len(content) - begin, chance.randrange(1, len(content) // 2))
    content[begin : begin + length] = bytes(length)


def _stuffed(content: bytearray, chance: random.Random) -> None:
    """Something that does not belong there stands in between."""
    begin = chance.randrange(len(content))
    content[begin:begin] = chance.randbytes(chance.choice((1, 100, 20_000)))


def _repeated(content: bytearray, chance: random.Random) -> None:
    """A stretch comes twice, so that its time runs back."""
    begin = chance.randrange(len(content))
    content[begin:begin] = content[begin : begin + len(content) // 4]


def _chained(content: bytearray, chance: random.Random) -> None:
    """Two files in one."""
    content += bytes(content[: chance.choice((len(content), chance.randrange(1, len(content))))])


def _unharmed(_content: bytearray, _chance: random.Random) -> None:
    """As it was, perhaps with another file's name."""


WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _cut,
    _headless,
    _flipped,
    _flipped_header,
    _flipped_end,
    _huge,
    _hole,
    _noise,
    _zeros,
    _stuffed,
    _repeated,
    _chained,
    _unharmed,
)


def hostile(folder: Path, count: int, seed: int = SEED) -> Iterator[Path]:
    """Makes `count` hostile files below `folder`, named by what was done to what; the same for the same seed."""
    chance = random.Random(seed)
    (folder / "whole").mkdir()
    whole = _whole(folder / "whole")
    for number in range(count):
        if number % 25 == 24:
            content, way, name = bytearray(chance.choice(STRANGERS)), "stranger", chance.choice(whole).name
        else:
            original = whole[number % len(whole)]
            content, name = bytearray(original.read_bytes()), original.name
            change = WAYS[chance.randrange(len(WAYS))]
            change(content, chance)
            way = change.__name__.strip("_")
            if chance.random() < 0.1:
                name = f"{name}{chance.choice(whole).suffix}"
        path = folder / f"{number:03} {way} {name}"
        path.write_bytes(content)
        yield path


# --- who hears them --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a file ended: the name of its error, else 'text', 'no text' or 'sound'; `bad` is what the program did wrong.

    `sentence` is what a person reads of the error or of the transcript, `seconds` how long it took, `memory` the most
    bytes that the process had held by then.
    """

    path: Path
    ending: str
    bad: str = ""
    sentence: str = ""
    seconds: float = 0.0
    memory: int = 0

    @property
    def told(self) -> bool:
        """Whether there is something to read wherever there should be."""
        return bool(self.sentence) or self.ending in {"no text", "sound"}


def outcomes(files: Iterable[Path], folder: Path, *, text_of_every: int = 1) -> Iterator[Outcome]:
    """Gives each file to a process that imports it into a library below `folder` and transcribes it.

    With `text_of_every` n only each n-th is transcribed, which takes nearly all of the time; the sound of the others
    is read to its end.
    """
    process: subprocess.Popen[str] | None = None
    try:
        for number, path in enumerate(files):
            if process is None or process.poll() is not None:
                process = subprocess.Popen(
                    [sys.executable, "-m", __name__, str(folder / "data")],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                )
            yield _answer(process, path, transcribed=number % text_of_every == 0)
    finally:
        if process:
            process.kill()
            process.communicate()


def _answer(process: subprocess.Popen[str], path: Path, *, transcribed: bool) -> Outcome:
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{json.dumps([str(path), transcribed])}\n")
    process.stdin.flush()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        if not selector.select(PATIENCE):
            process.kill()
            process.wait()
            return Outcome(path, "hang", f"no answer in {PATIENCE:.0f} s")
    line = process.stdout.readline()
    if not line:
        return Outcome(path, "crash", f"the process ended with {process.wait()}")
    return Outcome(path, **json.loads(line))


def _most_memory() -> int:
    """The most bytes that this process has held at a time."""
    status = Path("/proc/self/status")
    if status.exists():
        # `getrusage` begins with what the process held that started this one.
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return 1024 * int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _attend(folder: Path) -> None:
    """Answers each line of the standard input: a path, and whether its text is wanted."""
    # The library's log goes to the standard output, where answers stand.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    library = Library(paths.folders(folder))
    for line in sys.stdin:
        began = time.monotonic()
        path, transcribed = json.loads(line)
        found = _heard(library, Path(path), transcribed=transcribed)
        found["seconds"] = time.monotonic() - began
        found["memory"] = _most_memory()
        print(json.dumps(found), file=answers, flush=True)


def _heard(library: Library, path: Path, *, transcribed: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    meeting_id: MeetingId | None = None
    try:
        meeting_id = finished(meetings.import_audio(library, path))
        assert meeting_id
        if transcribed:
            transcript = finished(meetings.transcribe(library, meeting_id))
            found["sentence"] = " ".join(segment.text for segment in transcript.segments if segment.text)
            found["ending"] = (
                "text" if found["sentence"] else "no text"
            )  # where perhaps somebody speaks there is none
            if not transcript.complete:
                found["bad"] = "the transcript is not complete"
        else:
            sound = list(media.blocks(library.audio_of(library.store.meeting(meeting_id))))
            found["ending"] = "sound" if sound else "no sound"
            if not all(np.abs(block).max() <= media.LOUDEST for block in sound):
                found["bad"] = "too loud, or not a number"
    except errors.Problem as problem:
        found["ending"] = type(problem).__name__
        found["sentence"] = str(messages.explain(problem).what)
        # What is left of speech may not sound like English any more.
        expected = errors.NotEnglish if meeting_id else (errors.Unreadable, errors.AlreadyImported)
        if not isinstance(problem, expected):
            found["bad"] = f"{'imported, but then: ' if meeting_id else ''}{problem!r}"
    except Exception as error:
        found["ending"], found["bad"] = "bug", repr(error)
    known = {meeting.audio for meeting in library.store.meetings()}
    left = {one.name for one in library.places.audio.iterdir()} - known
    if left:
        found["bad"] = f"left behind: {left}"
    return found


def run() -> int:
    """Prints how `TIMES` files ended; 1 when one crashed, hung, ended without a sentence or left something behind."""
    endings: Counter[str] = Counter()
    bad: list[Outcome] = []
    slowest = most = 0.0
    with tempfile.TemporaryDirectory(prefix="mt-hostile-") as name:
        folder = Path(name)
        for outcome in outcomes(hostile(folder, TIMES), folder):
            endings[outcome.ending] += 1
            slowest, most = max(slowest, outcome.seconds), max(most, outcome.memory)
            if outcome.bad or not outcome.told:
                bad.append(outcome)
                print(f"{outcome.path.name}: {outcome.ending}: {outcome.bad}", flush=True)
    print(", ".join(f"{ending} {count}" for ending, count in endings.most_common()))
    print(
        f"slowest file: {slowest:.1f} s; memory at its peak: {most / 1e6:.0f} MB; bad: {len(bad)} of {TIMES}"
    )
    return int(bool(bad) or most > MOST_MEMORY)


if __name__ == "__main__":
    _attend(Path(sys.argv[1]))
