"""Who said what: the stage on the sample meeting, and what is left where it cannot be done."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core import errors, locks, meetings, paths
from core.api import Host
from core.meetings import Library
from core.meetings import speakers as stage
from core.settings import Settings
from core.speech import Separator, networks
from core.values import (
    Channel,
    Failure,
    Job,
    Meeting,
    MeetingId,
    Progress,
    SpeakerOptions,
    Stage,
    Transcript,
)
from tests.api_server import served
from tests.benchmarks.word_error_rate import words
from tests.conftest import finished

SCRIPT = (paths.SAMPLE.parent / "script.txt").read_text(encoding="utf-8")
NAMES = ("LINDA", "DANIEL", "ROBERT")


HEARD: list[dict[Channel | None, Separator]] = []
"""What was heard of the sample's voices, which takes most of the time: it is the same each time."""


@pytest.fixture(scope="module")
def spoken(
    sample: tuple[Library, MeetingId], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Library, MeetingId, list[Any]]]:
    """The sample with its speakers, in a library of its own, and what was told meanwhile."""
    library = Library(paths.folders(tmp_path_factory.mktemp("spoken") / "data"))
    meeting_id = transcribed(library, *sample)
    meetings.ask_for_speakers(library, meeting_id)
    hear = stage._heard

    def kept(library: Library, meeting: Meeting) -> Job[dict[Channel | None, Separator]]:
        HEARD.append((yield from hear(library, meeting)))
        return HEARD[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage, "_heard", kept)
        events = list(meetings.separate(library, meeting_id))
    yield library, meeting_id, events
    library.close()


@pytest.fixture
def heard_before(spoken: tuple[Library, MeetingId, list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample is not heard again: voices are told apart in what was heard of it before."""

    def heard(_library: Library, _meeting: Meeting) -> Job[dict[Channel | None, Separator]]:
        yield Progress(Stage.SEPARATE, 0.0)
        return HEARD[-1]

    monkeypatch.setattr(stage, "_heard", heard)


def transcribed(library: Library, there: Library, sample_id: MeetingId) -> MeetingId:
    """The sample as a meeting of another library, with its text."""
    whole = there.store.transcript(sample_id)
    assert whole
    meeting_id: MeetingId = finished(meetings.import_audio(library, paths.SAMPLE))
    begun = library.store.begin_transcript(meeting_id, whole.options, "en")
    library.store.add_segments(begun, whole.segments, whole.places[0], language="en")
    library.store.complete_transcript(begun)
    return meeting_id


@pytest.fixture
def meeting_id(library: Library, sample: tuple[Library, MeetingId]) -> MeetingId:
    return transcribed(library, *sample)


def shown(library: Library, meeting_id: MeetingId) -> Transcript:
    found = library.store.transcript(meeting_id)
    assert found
    return found


# --- done -----------------------------------------------------------------------------------------


def test_three_people_are_heard_in_the_sample_and_each_says_their_own(
    spoken: tuple[Library, MeetingId, list[Any]],
) -> None:
    library, meeting_id, _events = spoken
    assert len(library.store.speakers(meeting_id)) == 3
    # By the first words that each of them says.
    segments = shown(library, meeting_id).segments
    said = dict.fromkeys(NAMES, "")
    for line in SCRIPT.splitlines():
        name, text = line.split(": ", 1)
        said[name] += f" {text}"
    heard: dict[int, list[str]] = {}
    for segment in segments:
        heard.setdefault(segment.speaker_id, []).extend(words(segment.text))
    assert len(heard) == 3
    shares = [
        max(sum(word in set(words(text)) for word in theirs) / len(theirs) for text in said.values())
        for theirs in heard.values()
    ]
    assert min(shares) > 0.9


def test_the_text_itself_stays_as_it_was(
    spoken: tuple[Library, MeetingId, list[Any]], sample: tuple[Library, MeetingId]
) -> None:
    library, meeting_id, _events = spoken

    def text(transcript: Transcript) -> str:
        return re.sub(r"\s+", " ", " ".join(one.text for one in transcript.segments))

    there, sample_id = sample
    assert text(shown(library, meeting_id)) == text(shown(there, sample_id))
    words_now = [word for one in shown(library, meeting_id).segments for word in one.words]
    assert words_now == [word for one in shown(there, sample_id).segments for word in one.words]


def test_it_is_told_how_far_it_is_and_nothing_is_left_to_do(
    spoken: tuple[Library, MeetingId, list[Any]],
) -> None:
    library, meeting_id, events = spoken
    told = [one for one in events if isinstance(one, Progress)]
    assert {one.stage for one in told} == {Stage.SEPARATE}
    fractions = [one.fraction for one in told]
    assert fractions == sorted(fractions, key=lambda one: one or 0.0)
    assert len(set(fractions)) > 10
    assert told[-1].seconds_left is not None
    assert library.store.meeting(meeting_id).work == ()


def test_a_meeting_that_is_asked_for_gets_text_then_speakers_then_minutes(
    library: Library, meeting_id: MeetingId
) -> None:
    meetings.ask_for_text(library, meeting_id)
    stages = []
    while work := library.store.meeting(meeting_id).next_work:
        stages.append(work.stage)
        library.store.finish(meeting_id, work.stage)
    assert stages == [Stage.TRANSCRIBE, Stage.SEPARATE, Stage.SUMMARISE]


def test_it_is_not_asked_for_where_the_person_does_not_want_it(
    library: Library, meeting_id: MeetingId
) -> None:
    library.change_settings(Settings(tell_voices_apart=False))
    meetings.ask_for_text(library, meeting_id)
    assert [one.stage for one in library.store.meeting(meeting_id).work] == [
        Stage.TRANSCRIBE,
        Stage.SUMMARISE,
    ]


@pytest.mark.usefixtures("heard_before")
def test_a_run_after_a_run_changes_nothing(spoken: tuple[Library, MeetingId, list[Any]]) -> None:
    library, meeting_id, _events = spoken
    first = library.store.speakers(meeting_id)[0]
    library.store.rename_speaker(meeting_id, first.id, "Linda")
    before = shown(library, meeting_id), library.store.speakers(meeting_id), library.store.turns(meeting_id)
    finished(meetings.separate(library, meeting_id))
    assert (
        shown(library, meeting_id),
        library.store.speakers(meeting_id),
        library.store.turns(meeting_id),
    ) == before
    library.store.rename_speaker(meeting_id, first.id, "")


@pytest.mark.usefixtures("heard_before")
def test_the_person_may_say_how_many_speak(library: Library, meeting_id: MeetingId) -> None:
    library.store.set_speaker_count(meeting_id, 2)
    assert library.speaker_options(meeting_id) == SpeakerOptions(2)
    assert len(finished(meetings.separate(library, meeting_id))) == 2


@pytest.mark.usefixtures("heard_before")
def test_two_voices_that_were_merged_count_as_one_of_the_people(
    library: Library, meeting_id: MeetingId
) -> None:
    """The voices that are most alike are two others than the person merged: both are told apart all the same."""
    speakers = finished(meetings.separate(library, meeting_id, SpeakerOptions(3)))
    pairs = [(0, 1), (0, 2), (1, 2)]
    before = library.store.voices(meeting_id)
    for one, other in pairs:
        library.store.merge_speakers(meeting_id, speakers[other].id, speakers[one].id)
        assert len(finished(meetings.separate(library, meeting_id, SpeakerOptions(2)))) == 2
        library.store.restore_voices(meeting_id, before)


# --- not done -------------------------------------------------------------------------------------


def unharmed(library: Library, meeting_id: MeetingId) -> tuple[Any, ...]:
    """All that a failure must leave as it is."""
    store = library.store
    return (
        store.transcript(meeting_id),
        store.minutes(meeting_id),
        store.speakers(meeting_id),
        store.turns(meeting_id),
    )


@pytest.fixture
def with_minutes(library: Library, meeting_id: MeetingId) -> MeetingId:
    finished(meetings.summarise(library, meeting_id))
    meetings.ask_for_speakers(library, meeting_id)
    return meeting_id


@pytest.fixture
def no_networks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder in which the networks are looked for, in vain."""
    monkeypatch.setattr(networks, "FOLDER", tmp_path)
    networks._session.cache_clear()
    yield tmp_path
    networks._session.cache_clear()


@pytest.mark.parametrize("content", [None, b"", b"not a network"])
def test_without_its_networks_all_else_stays_and_the_reason_is_kept(
    library: Library, with_minutes: MeetingId, no_networks: Path, content: bytes | None
) -> None:
    if content is not None:
        (no_networks / "activity.onnx").write_bytes(content)
    before = unharmed(library, with_minutes)
    with pytest.raises(errors.SpeakerModelDamaged):
        finished(meetings.separate(library, with_minutes))
    assert unharmed(library, with_minutes) == before
    (work,) = library.store.meeting(with_minutes).work
    assert work.failure == Failure("SpeakerModelDamaged", {"path": str(no_networks / "activity.onnx")})


def test_a_fault_in_the_middle_leaves_all_as_it_was(
    library: Library, with_minutes: MeetingId, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, asked = unharmed(library, with_minutes), 0
    voice_print = networks.voice_print

    def sometimes(features: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == 20:
            raise MemoryError
        return voice_print(features)

    monkeypatch.setattr(networks, "voice_print", sometimes)
    with pytest.raises(MemoryError):
        finished(meetings.separate(library, with_minutes))
    assert asked == 20
    assert unharmed(library, with_minutes) == before
    assert not locks.is_held(locks.path_of(library.places.locks, with_minutes, Stage.SEPARATE))


def test_a_stop_in_the_middle_leaves_the_wish(library: Library, with_minutes: MeetingId) -> None:
    before = unharmed(library, with_minutes)
    job = meetings.separate(library, with_minutes)
    for _ in range(4):
        next(job)
    job.close()
    assert unharmed(library, with_minutes) == before
    (work,) = library.store.meeting(with_minutes).work
    assert (work.stage, work.failure) == (Stage.SEPARATE, None)


STAGE = """
import resource, sys
import numpy as np
from core import errors, meetings, paths
from core.meetings import speakers as stage
from core.speech import Separated, VoiceTurn
from core.store import speakers as rows
from core.values import MeetingId, Progress, Stage

library = meetings.Library(paths.folders(sys.argv[1]))

class Heard:
    # Voices that change in the middle of every segment.
    def separated(self, wanted=None):
        turns = tuple(VoiceTurn(1.5 * place, 1.5 * place + 1.5, place % 2) for place in range(60))
        return Separated(turns, np.eye(2, 192, dtype=np.float32), (45.0, 45.0))

def heard(library, meeting):
    yield Progress(Stage.SEPARATE, 0.0)
    return {None: Heard()}

put = rows.put_segments

def put_and_wait(session, *given):
    put(session, *given)
    session.flush()
    print("written", flush=True)
    sys.stdin.read()

stage._heard = heard
job = meetings.separate(library, MeetingId(sys.argv[2]))
next(job)
if sys.argv[3] == "full":
    size = library.places.database.with_name(library.places.database.name + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + int(sys.argv[4]), resource.RLIM_INFINITY))
else:
    rows.put_segments = put_and_wait
try:
    for _event in job:
        pass
    print("done", flush=True)
except errors.DiskFull:
    print("full", flush=True)
"""


def staged(library: Library, meeting_id: MeetingId, *how: str) -> subprocess.Popen[str]:
    """A program of its own in which the voices of a meeting are told apart; what is heard is made up."""
    arguments = [sys.executable, "-c", STAGE, str(library.places.root), meeting_id, *how]
    return subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def then_done(library: Library, meeting_id: MeetingId, before: tuple[Any, ...]) -> None:
    """All is as it was, the wish stays, and is done when nothing is in its way any more."""
    assert unharmed(library, meeting_id) == before
    assert [one.stage for one in library.store.meeting(meeting_id).work] == [Stage.SEPARATE]
    with staged(library, meeting_id, "full", "100000000") as process:
        assert process.communicate()[0] == "done\n"
    assert len(library.store.speakers(meeting_id)) == 2
    assert library.store.minutes(meeting_id)
    assert library.store.meeting(meeting_id).work == ()


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a limit for files")
def test_on_a_full_disk_text_and_minutes_stay_as_they_were(library: Library, with_minutes: MeetingId) -> None:
    before = unharmed(library, with_minutes)
    # At the first byte, and in the middle of what is written.
    for room in ("0", "20000"):
        with staged(library, with_minutes, "full", room) as process:
            assert process.communicate()[0] == "full\n"
        assert unharmed(library, with_minutes) == before
    then_done(library, with_minutes, before)


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a kill without warning")
def test_killed_while_it_writes_text_and_minutes_stay_as_they_were(
    library: Library, with_minutes: MeetingId
) -> None:
    before = unharmed(library, with_minutes)
    with staged(library, with_minutes, "kill") as process:
        assert process.stdout
        assert process.stdout.readline() == "written\n"
        process.send_signal(signal.SIGKILL)
    then_done(library, with_minutes, before)


def test_voices_that_cannot_be_told_apart_do_not_hold_the_minutes_up(
    library: Library, meeting_id: MeetingId
) -> None:
    meetings.ask_for_speakers(library, meeting_id)
    library.store.ask(meeting_id, Stage.SUMMARISE, library.summary_options())
    library.store.fail(meeting_id, Stage.SEPARATE, Failure("SpeakerModelDamaged", {"path": "x"}))
    (queued,) = meetings.queue(library)
    assert queued.work.stage == Stage.SUMMARISE
    finished(meetings.carry_out(library, queued.work))
    (queued,) = meetings.queue(library)
    assert queued.work.stage == Stage.SEPARATE
    assert not queued.waits
    assert json.dumps(queued.work.failure.details if queued.work.failure else {}) == '{"path": "x"}'


# --- one voice ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("heard_before")
def test_a_voice_that_is_remembered_is_suggested_in_another_meeting(
    spoken: tuple[Library, MeetingId, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.meetings.voices.HEARD_SECONDS", 20.0)
    library, meeting_id, _events = spoken
    before = library.store.voices(meeting_id)
    first = before.speakers[0]
    with pytest.raises(errors.SpeakerUnnamed):
        finished(meetings.remember_voice(library, meeting_id, first.id))
    library.store.rename_speaker(meeting_id, first.id, "Linda")
    voice = finished(meetings.remember_voice(library, meeting_id, first.id))
    assert voice.seconds > 15
    # Somebody else of that name is not mixed with her.
    other = before.speakers[1]
    library.store.rename_speaker(meeting_id, first.id, "Linda Ann")
    library.store.rename_speaker(meeting_id, other.id, "LINDA")
    with pytest.raises(errors.OtherVoice):
        finished(meetings.remember_voice(library, meeting_id, other.id))
    assert library.store.known_voices() == (voice,)
    # The same voices in another meeting, where nobody has a name.
    library.store.restore_voices(meeting_id, before)
    found = {one.id: one for one in finished(meetings.separate(library, meeting_id))}
    assert [one.suggested for one in found.values()] == ["Linda", "", ""]
    assert found[first.id].certainty > 0.98
    assert found[first.id].name == ""
    library.store.forget_voices()


def test_two_who_were_taken_for_one_are_split_by_voice(
    spoken: tuple[Library, MeetingId, list[Any]],
) -> None:
    library, meeting_id, _events = spoken
    before = library.store.voices(meeting_id)
    linda, daniel, _robert = before.speakers
    theirs = [one.id for one in before.segments if one.speaker_id == daniel.id]
    library.store.merge_speakers(meeting_id, daniel.id, linda.id)
    new = finished(meetings.split_speaker(library, meeting_id, linda.id))
    after = library.store.voices(meeting_id)
    moved = [one.id for one in after.segments if one.speaker_id == new.id]
    assert len(set(moved) & set(theirs)) / len(theirs) > 0.9
    assert len(set(moved) - set(theirs)) <= 2
    library.store.restore_voices(meeting_id, before)


def test_one_voice_is_not_split_into_splinters(spoken: tuple[Library, MeetingId, list[Any]]) -> None:
    library, meeting_id, _events = spoken
    before = library.store.voices(meeting_id)
    with pytest.raises(errors.OneVoiceOnly):
        finished(meetings.split_speaker(library, meeting_id, before.speakers[-1].id))
    assert library.store.voices(meeting_id) == before


@pytest.mark.usefixtures("heard_before")
def test_another_program_tells_voices_apart_and_has_one_remembered(
    library: Library, meeting_id: MeetingId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.meetings.voices.HEARD_SECONDS", 20.0)
    running = served(library, Host())
    api = next(running)
    place = f"/meetings/{meeting_id}"
    job = api.ask("POST", f"{place}/jobs", 202, json={"stage": "separate", "speakers": 3})
    assert (job["stage"], api.finished(job)["state"]) == ("separate", "done")
    assert api.events(f"/jobs/{job['id']}/events")[-1][0] == "end"
    first, *others = api.ask("GET", f"{place}/speakers")
    assert first["seconds"] > 20
    assert len(others) == 2
    assert library.store.meeting(meeting_id).speaker_count == 3
    api.ask("PATCH", f"{place}/speakers/{first['id']}", json={"name": "Linda"})
    remembered = api.ask("POST", f"{place}/speakers/{first['id']}/remember", 202, json={"agreed": True})
    assert api.finished(remembered)["state"] == "done"
    (voice,) = api.ask("GET", "/voices")
    assert (voice["name"], "print" in voice) == ("Linda", False)
    assert api.ask("GET", f"{place}/speakers")[0]["remembered"]
    api.ask("DELETE", f"/voices/{voice['id']}", 204)
    assert api.ask("GET", "/voices") == []
    api.ask("DELETE", "/voices", 204)
    with pytest.raises(StopIteration):
        next(running)
