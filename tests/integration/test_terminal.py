"""The terminal as a person or a script uses it: verbs, exit codes, what goes where."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from core import logs, paths, speech, terminal
from core.audio import media, recording
from core.meetings import Library, ask_for_text
from core.store import Store
from core.store.meetings import new_id
from core.terminal import meetings
from core.values import MeetingId, Source, Stage
from tests.conftest import until
from tests.microphone import VirtualMicrophone
from tests.sound_files import make, tone

COMMAND = [sys.executable, "-m", "core"]

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: signals")


@dataclass(frozen=True)
class Told:
    """What a verb printed."""

    stdout: str
    stderr: str


def call(*arguments: str | Path, status: int = 0) -> Told:
    """Runs a verb in this process, which spares its start; fails when the exit status is another."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            found: object = terminal.run([str(one) for one in arguments])
        except SystemExit as end:
            found = end.code
    return _checked(Told(out.getvalue(), err.getvalue()), found, status)


def alone(*arguments: str | Path, status: int = 0) -> Told:
    """Runs a verb as a program of its own, as a person does."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False
    )
    return _checked(Told(done.stdout, done.stderr), done.returncode, status)


def _checked(told: Told, found: object, status: int) -> Told:
    assert found == status, told.stdout + told.stderr
    assert "Traceback" not in told.stderr
    return told


def document(*arguments: str | Path, status: int = 0) -> dict[str, Any]:
    """The one JSON document that a verb prints."""
    found: dict[str, Any] = json.loads(call(*arguments, "--json", status=status).stdout)
    return found


@pytest.fixture
def ready(sample: tuple[Library, MeetingId], tmp_path: Path) -> MeetingId:
    """The environment's library is a copy of the one with the finished sample meeting."""
    library, meeting_id = sample
    shutil.copytree(library.places.root, tmp_path / "data")
    return meeting_id


# --- process -------------------------------------------------------------------------------------


def test_the_sample_from_nothing_to_markdown(tmp_path: Path) -> None:
    done = alone("process", "--sample", "--out", tmp_path / "out")
    (line,) = done.stdout.splitlines()
    path = Path(line)
    assert path.parent == tmp_path / "out"
    text = path.read_text(encoding="utf-8")
    for needed in ("# Sample meeting", "## Decisions", "## Action items", "exhibition", "Robert", "Daniel"):
        assert needed in text
    said = done.stderr.splitlines()
    for stage in ("Importing", "Transcribing", "Writing minutes", "Exporting"):
        assert any(one.startswith(stage) for one in said)
    assert len(said) < 60
    again = document("process", "--sample")
    (meeting,) = again["meetings"]
    assert meeting["made_by"] == "offline"
    assert [Path(one).parent for one in meeting["paths"]] == [tmp_path / "data" / "exports"]
    assert len(document("list")["meetings"]) == 1


def test_a_meeting_of_the_library_by_its_id(ready: MeetingId, tmp_path: Path) -> None:
    done = call("process", ready[:6], "--out", tmp_path / "o u t")
    (line,) = done.stdout.splitlines()
    assert Path(line).is_file()
    assert "Transcribing" not in done.stderr


def test_unreadable_files_are_told_one_by_one_and_the_others_done(ready: MeetingId, tmp_path: Path) -> None:
    text = tmp_path / "notes.mp3"
    text.write_text("not a sound")
    found = document("process", tmp_path, text, tmp_path / "none.wav", paths.SAMPLE, status=3)
    kinds = [one.get("problem", {}).get("kind") for one in found["meetings"]]
    assert kinds == ["FolderGiven", "NotMedia", "MissingFile", None]
    problem = found["meetings"][1]["problem"]
    assert problem["what"] == "“notes.mp3” is not an audio or video file."
    assert problem["do"].startswith("Choose a recording")
    assert problem["exit"] == 3
    assert found["meetings"][3]["id"] == ready
    assert Path(found["meetings"][3]["paths"][0]).is_file()
    done = call("process", text, status=3)
    assert done.stdout == ""
    assert "“notes.mp3” is not an audio or video file. Choose a recording" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("--language", "fr"), "LanguageNotSpoken"),
        (("--model", "large-v3"), "ModelMissing"),
        (("--model", "enormous"), "ModelUnknown"),
        (("--model", "."), "ModelUnusable"),
    ],
)
def test_no_suitable_model(arguments: tuple[str, str], kind: str, ready: MeetingId) -> None:
    found = document("process", ready, *arguments, status=4)
    (meeting,) = found["meetings"]
    assert meeting["problem"]["kind"] == kind
    assert "paths" not in meeting
    if kind == "LanguageNotSpoken":
        assert "French" in meeting["problem"]["what"]
        assert "small" in meeting["problem"]["do"]
    assert document("show", ready)["segments"]


def test_a_remote_summariser_that_fails(ready: MeetingId, tmp_path: Path) -> None:
    done = call("process", ready, "--provider", "mistral", "--out", tmp_path / "out", status=5)
    (line,) = done.stdout.splitlines()
    text = Path(line).read_text(encoding="utf-8")
    assert "*Made offline" in text
    assert "## Decisions" in text
    assert "Mistral gave no minutes, so they were made offline. There is no key for Mistral." in done.stderr
    found = document("show", ready)
    assert found["minutes"]["made_by"] == "offline"
    assert found["segments"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("process",),
        ("process", "--sample", "x.wav"),
        ("process", "x.wav", "--formats", "md,exe"),
        ("process", "x.wav", "--language", "klingon"),
        ("process", "x.wav", "--provider", "nobody"),
        ("show", "no-such-id"),
        ("show",),
        ("dance",),
        ("transcribe-again", "3fa9c1", "--from", "twelve", "--to", "12:30"),
        ("transcribe-again", "3fa9c1", "--from", "12:30", "--to", "12:30"),
        ("record", "--seconds", "many"),
        ("record", "--seconds", "-1"),
        ("process", "x.wav", "--formats", ""),
        (),
    ],
    ids=" ".join,
)
def test_wrong_use(arguments: tuple[str, ...]) -> None:
    done = call(*arguments, status=2)
    assert done.stderr or not arguments


@unix_only
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle(sent: signal.Signals, tmp_path: Path) -> None:
    second = tmp_path / "second.ogg"
    second.write_bytes(first_seconds())
    running = subprocess.Popen(
        [*COMMAND, "process", paths.SAMPLE, second], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr
    with running:
        while line := running.stderr.readline():
            if re.search(r"Transcribing [1-9]\d?\s?%", line):
                break
        running.send_signal(sent)
        stdout, stderr = running.communicate(timeout=120)
    assert running.returncode == 130, stderr
    assert stdout == ""
    assert "Stopped. What was finished is kept." in stderr
    assert "Traceback" not in stderr
    store = Store(paths.folders())
    meeting, later = sorted(store.meetings(), key=lambda one: -one.duration)
    store.close()
    assert 0 < (meeting.transcribed or 0) < meeting.duration
    everything = [Stage.TRANSCRIBE, Stage.SEPARATE, Stage.SUMMARISE]
    assert [work.stage for work in meeting.work] == [work.stage for work in later.work] == everything
    waiting = document("queue")["queue"]
    assert [one["id"] for one in waiting] == [meeting.id, later.id]
    assert [one["done"] for one in waiting] == [(meeting.transcribed or 0) / meeting.duration, None]
    assert re.search(r"Waiting · Transcribing · \d+% ", call("queue").stdout)


def test_a_name_that_is_no_text(ready: MeetingId, tmp_path: Path) -> None:
    """Names come from all kinds of sticks and archives; the file system keeps bytes."""
    short = os.fsencode(tmp_path) + b"/caf\xe9.ogg"
    Path(os.fsdecode(short)).write_bytes(first_seconds())
    done = subprocess.run([*map(os.fsencode, COMMAND), b"process", short], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    titles = [meeting["title"] for meeting in document("list")["meetings"]]
    assert "caf\ufffd" in titles


def first_seconds() -> bytes:
    return paths.SAMPLE.read_bytes()[:60_000]


def test_a_recording_in_which_nobody_speaks_is_handed_on_all_the_same(tmp_path: Path) -> None:
    make(tmp_path / "silent.wav", "pcm_s16le", 0 * tone())
    done = call("process", tmp_path / "silent.wav", "--out", tmp_path / "out")
    assert done.stdout.splitlines() == [str(file) for file in (tmp_path / "out").iterdir()]
    assert "silent.wav: " in done.stderr


def test_a_file_that_ends_in_the_middle_is_taken_and_told(tmp_path: Path) -> None:
    file = tmp_path / "cut.ogg"
    file.write_bytes(first_seconds())
    done = call("process", file, "--out", tmp_path)
    assert "“cut.ogg” ends after 17 s, in the middle" in done.stderr


def test_a_short_name_that_is_no_file_is_not_taken_for_an_id(ready: MeetingId) -> None:
    assert "There is no file" in call("process", ready[:2], status=3).stderr


def test_a_reader_that_has_enough(ready: MeetingId) -> None:
    with subprocess.Popen(
        [*COMMAND, "show", ready], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0


def test_a_fault_of_ours_is_told_in_a_sentence(
    library: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_arguments: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(meetings, "_list", broken)
    assert terminal.run(["list"]) == 1
    said = capsys.readouterr().err
    assert "Something went wrong in the program itself." in said
    assert "Traceback" not in said
    assert "ZeroDivisionError" in (library.places.logs / logs.FILE).read_text()


# --- list and show -------------------------------------------------------------------------------


def test_an_empty_library() -> None:
    done = call("list")
    assert done.stdout == ""
    assert "The library is empty." in done.stderr
    assert document("list") == {"meetings": []}


def test_list(ready: MeetingId) -> None:
    (line,) = call("list").stdout.splitlines()
    assert line.startswith(f"{ready}  Tue, Mar 10, 2026")
    assert line.endswith("Sample meeting")
    (meeting,) = document("list")["meetings"]
    assert meeting["id"] == ready
    assert meeting["started_at"] == "2026-03-10T09:00:00+00:00"
    assert (meeting["complete"], meeting["has_minutes"], meeting["language"]) == (True, True, "en")
    assert meeting["decisions"] >= 3


def test_show(ready: MeetingId) -> None:
    text = call("show", ready).stdout
    assert text.startswith("# Sample meeting\n")
    assert "## Transcript" in text
    found = document("show", ready[:5])
    assert found["id"] == ready
    segment = found["segments"][0]
    assert segment["start"] < segment["end"]
    assert segment["text"]
    assert {"start", "end", "text", "probability"} <= set(segment["words"][0])
    minutes = found["minutes"]
    assert set(minutes) >= {
        "overview",
        "decisions",
        "action_items",
        "open_questions",
        "key_points",
        "made_by",
    }
    ids = {one["id"] for one in found["segments"]}
    for line in minutes["decisions"] + minutes["action_items"]:
        for evidence in line["evidence"]:
            assert set(evidence["segment_ids"]) <= ids
            assert evidence["start"] < evidence["end"]
            assert evidence["quote"]
    assert any(line["due"] == "2026-03-13" for line in minutes["action_items"])


def test_search(ready: MeetingId) -> None:
    hits = document("search", "BUDG")["hits"]
    assert {hit["meeting_id"] for hit in hits} == {ready}
    spoken = next(hit for hit in hits if hit["where"] == "transcript")
    begin, end = spoken["marks"][0]
    assert spoken["text"][begin:end].lower().startswith("budget")
    printed = call("search", "customer support").stdout
    assert printed.startswith(f"{ready}  ")
    assert "  Transcript: " in printed
    nothing = call("search", "support customer")
    assert (nothing.stdout, nothing.stderr) == ("", "Nothing was found.\n")


def test_tags_and_vocabulary(ready: MeetingId) -> None:
    assert call("tag", ready, "#budget", "team").stdout == "#budget #team\n"
    assert document("tag", ready, "--remove", "#Team")["tags"] == ["budget"]
    assert call("vocabulary", "add", "Kowalczyk", "rigor mortis").stdout == "Kowalczyk\nrigor mortis\n"
    call("vocabulary", "--tag", "#budget", "add", "Contoso")
    call("vocabulary", "remove", "kowalczyk")
    assert document("vocabulary") == {"tag": "", "vocabulary": ["rigor mortis"]}
    assert document("vocabulary", "--tag", "budget") == {"tag": "budget", "vocabulary": ["Contoso"]}


@pytest.fixture
def queued(tmp_path: Path) -> list[MeetingId]:
    """Three meetings of which text and minutes are asked for, in the environment's library."""
    library = Library(paths.folders(tmp_path / "data"))
    ids = []
    for title in ("Budget", "Hiring", "Launch"):
        meeting_id = new_id()
        audio = library.places.audio / f"{meeting_id}.ogg"
        writer = recording.RecordingWriter(audio, 1, media.SAMPLE_RATE)
        for block in islice(media.blocks(paths.SAMPLE), 20):
            writer.write(block.reshape(-1, 1))
        writer.close()
        library.store.add_meeting(
            title, datetime.now(UTC), Source.IMPORT, audio=audio.name, duration=20.0, meeting_id=meeting_id
        )
        ask_for_text(library, meeting_id)
        ids.append(meeting_id)
    library.close()
    return ids


def test_the_queue_is_listed_ordered_and_paused(queued: list[MeetingId]) -> None:
    first, second, third = queued
    assert [line.split()[0] for line in call("queue").stdout.splitlines()] == queued
    call("queue", "move", third, "--first")
    moved = document("queue", "move", first, "--before", second)["queue"]
    assert [one["id"] for one in moved] == [third, first, second]
    assert [one["paused"] for one in document("queue", "pause", first)["queue"]] == [False, True, False]
    assert "Paused" in call("queue").stdout
    assert all(one["paused"] for one in document("queue", "pause")["queue"])
    assert not any(one["paused"] for one in document("queue", "go-on")["queue"])


def test_an_unknown_meeting_has_no_place_in_the_queue(queued: list[MeetingId]) -> None:
    call("queue", "move", "000000", "--first", status=2)
    call("queue", "move", queued[0], status=2)
    assert "before itself" in call("queue", "move", queued[0], "--before", queued[0], status=2).stderr


def test_two_programs_work_through_the_queue_but_for_what_is_paused(
    queued: list[MeetingId], tmp_path: Path
) -> None:
    call("queue", "pause", queued[0])
    both = [subprocess.Popen([*COMMAND, "queue", "run"], stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [one.communicate(timeout=120)[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    for title in ("Hiring", "Launch"):
        assert sum(f"{title} · Transcribing 0%" in text for text in told) == 1, told
    (left,) = document("queue")["queue"]
    assert left["id"] == queued[0]
    library = Library(paths.folders(tmp_path / "data"))
    assert all(library.store.meeting(one).has_minutes for one in queued[1:])
    library.close()


def test_an_empty_queue(tmp_path: Path) -> None:
    assert "Nothing is waiting." in call("queue").stderr
    assert document("queue") == {"queue": []}


def test_a_stretch_is_transcribed_again(ready: MeetingId) -> None:
    before = document("show", ready)["segments"]
    first = before[0]
    done = call("transcribe-again", ready[:6], "--from", "0:00", "--to", str(first["end"]))
    assert done.stdout == f"00:00 {first['text']}\n"
    assert "Transcribing" in done.stderr
    after = document("show", ready)["segments"]
    assert after[-1]["text"] == before[-1]["text"]
    found = document("transcribe-again", ready, "--from", "0", "--to", str(first["end"]))["segments"]
    assert found[0]["text"]
    assert found[0]["start"] < first["end"]


@pytest.mark.parametrize(
    ("arguments", "kind", "status"),
    [
        (("--from", "59:00", "--to", "1:00:00"), "StretchUnfit", 2),
        (("--from", "0:00", "--to", "0:10", "--language", "klingon"), "LanguageUnknown", 2),
        (("--from", "0:00", "--to", "0:10", "--model", "enormous"), "ModelUnknown", 4),
    ],
)
def test_a_stretch_that_cannot_be_transcribed_again(
    arguments: tuple[str, ...], kind: str, status: int, ready: MeetingId
) -> None:
    before = document("show", ready)["segments"]
    assert document("transcribe-again", ready, *arguments, status=status)["problem"]["kind"] == kind
    assert document("show", ready)["segments"] == before


def test_the_models_are_listed() -> None:
    first, *others = call("models").stdout.splitlines()
    assert first.startswith(f"{speech.STARTER} ")
    assert "  installed · " in first
    assert all("  can be downloaded · " in one and one.endswith(" of memory") for one in others)
    found = document("models")
    names = [model["name"] for model in (*found["installed"], *found["offered"])]
    assert len(names) == len(set(names)) == 1 + len(others)
    assert all(model["size"] > 0 and model["repository"] and model["memory"] for model in found["offered"])


def test_options_may_stand_on_either_side_of_the_verb(sample: tuple[Library, MeetingId]) -> None:
    library, meeting_id = sample
    folder = library.places.root
    before, after = call("--json", "--data-dir", folder, "list"), call("list", "--data-dir", folder, "--json")
    assert before.stdout == after.stdout
    assert json.loads(before.stdout)["meetings"][0]["id"] == meeting_id


def test_a_library_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "meetings.db").write_text("not a database " * 100)
    found = document("list", status=1)
    assert found["problem"]["kind"] == "LibraryDamaged"
    assert "cannot be read" in call("list", status=1).stderr


FULL = """
import resource, sys
from core import terminal
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
sys.exit(terminal.run(sys.argv[1:]))
"""


@unix_only
@pytest.mark.parametrize("orphan", [False, True])
def test_on_a_full_disk_the_library_is_read(orphan: bool, ready: MeetingId, tmp_path: Path) -> None:
    if orphan:  # cannot be noted now
        (tmp_path / "data" / "audio" / "abcdef123456.ogg").write_bytes(first_seconds())
    done = subprocess.run(
        [sys.executable, "-c", FULL, "list"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(ready)
    assert ("is full" in done.stderr) == orphan


# --- record --------------------------------------------------------------------------------------


def test_record_for_some_seconds(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    done = alone("record", "--seconds", "2", "--title", "Stand-up")
    meeting_id = done.stdout.strip()
    assert "Recording. Ctrl+C stops." in done.stderr
    assert "Recorded" in done.stderr
    store = Store(paths.folders())
    meeting = store.meeting(meeting_id)
    store.close()
    assert (meeting.title, meeting.recording_open) == ("Stand-up", False)
    assert 1.9 < meeting.duration < 4
    assert [work.stage for work in meeting.work] == [Stage.TRANSCRIBE, Stage.SEPARATE, Stage.SUMMARISE]
    assert [path.name for path in (tmp_path / "data" / "audio").iterdir()] == [meeting.audio]


@pytest.mark.usefixtures("microphone")
def test_a_recording_is_steered_from_another_terminal() -> None:
    assert document("recording")["recording"] is None
    assert document("recording", "stop", status=1)["problem"]["kind"] == "NothingRecorded"
    with subprocess.Popen(
        [*COMMAND, "record", "--sources", "microphone"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stderr
        while "Ctrl+C stops" not in other.stderr.readline():
            assert other.poll() is None
        call("recording", "pause")
        until(lambda: document("recording")["recording"]["paused"], 30)
        call("recording", "go-on")
        until(lambda: not document("recording")["recording"]["paused"], 30)
        meeting_id = document("recording", "stop")["meeting"]["id"]
        out, _err = other.communicate(timeout=60)
    assert (other.returncode, out.strip()) == (0, meeting_id)


@unix_only
@pytest.mark.parametrize("times", [1, 4])
def test_ctrl_c_ends_a_recording_well(times: int, microphone: VirtualMicrophone, tmp_path: Path) -> None:
    running = subprocess.Popen(
        [*COMMAND, "record", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert running.stderr
    with running:
        assert running.stderr.readline().startswith("Recording")
        (path,) = (tmp_path / "data" / "audio").glob("*.ogg")
        until = time.monotonic() + 10
        while recording.seconds(path) < 1.0 and time.monotonic() < until:
            time.sleep(0.02)
        for _time in range(times):
            # As a terminal does it: to all of the group.
            os.killpg(running.pid, signal.SIGINT)
            time.sleep(0.025)
        stdout, stderr = running.communicate(timeout=30)
    assert running.returncode == 0, stderr
    meeting = json.loads(stdout)
    assert 0.9 < meeting["duration"] < 5
    assert meeting["source"] == "recording"
    assert document("show", meeting["id"])["segments"] == []


def test_recording_without_a_microphone(no_microphone: VirtualMicrophone) -> None:
    found = document("record", "--sources", "microphone", status=1)
    assert found["problem"]["kind"] in {"NoMicrophone", "NoSoundSystem"}
    assert document("list") == {"meetings": []}


# --- the doors -----------------------------------------------------------------------------------


def test_without_a_verb_the_window_opens(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[str | None, tuple[str, ...]]] = []
    monkeypatch.chdir(tmp_path)

    def window(data_dir: str | None, files: Sequence[str]) -> int:
        given.append((data_dir, tuple(files)))
        return 7

    assert terminal.run([], window) == 7
    assert terminal.run(["--data-dir", str(tmp_path)], window) == 7
    assert terminal.run(["open", "talk.mp3", "/tmp/-1.wav"], window) == 7
    assert given == [(None, ()), (str(tmp_path), ()), (None, (str(tmp_path / "talk.mp3"), "/tmp/-1.wav"))]
    assert capsys.readouterr().out == ""


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--help", "--version"):
        with pytest.raises(SystemExit) as caught:
            terminal.run([option])
        assert caught.value.code == 0
    assert "meeting-transcriber 0." in capsys.readouterr().out


# --- health and log ------------------------------------------------------------------------------


def test_the_doctor_looks_at_everything_and_says_by_its_status_how_it_is(ready: MeetingId) -> None:
    found = document("doctor", status=0)
    parts = {check["part"]: check for check in found["checks"]}
    assert parts["database"]["details"]["meetings"] == 1
    assert {"model", "disk", "provider", "keyring", "processor", "graphics"} <= parts.keys()
    assert all(check["do"] for check in found["checks"] if check["condition"] != "ok")
    done = call("doctor")
    assert "Library: 1 meeting" in done.stdout
    assert "Everything works." in done.stderr or "attention" in done.stderr


def test_the_doctor_helps_where_the_library_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "meetings.db").write_bytes(b"no database at all" * 100)
    found = document("doctor", status=1)
    assert found["condition"] == "failing"
    (bad,) = [check for check in found["checks"] if check["part"] == "database"]
    assert "cannot be read" in bad["what"]


def test_the_log_is_printed_by_level_and_as_json(ready: MeetingId) -> None:
    call("doctor")
    done = call("logs", "--last", "5")
    assert "health" in done.stdout
    assert "verb=doctor" in done.stdout
    lines = document("logs", "--level", "info")["lines"]
    assert {"at", "level", "event", "facts"} == set(lines[-1])
    assert lines[-1]["facts"]["door"] == "terminal"
    assert call("logs", "--level", "critical").stderr == "Nothing was logged yet.\n"
    assert "[info" in call("doctor", "--verbose").stderr
