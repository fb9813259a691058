"""Speech models taken into a library and out of it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import wave
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from core import errors, locks, meetings, paths, speech
from core.audio import media
from core.meetings import Library, machine
from core.speech import models
from core.values import Fetching, Stage, TranscriptOptions
from tests.conftest import finished
from tests.hub_server import Hub

STARTER = models._starter_folder()
assert STARTER


def names(library: Library) -> list[str]:
    found = speech.installed(library.settings.model_folders, library.places.models)
    return [model.name for model in found]


def test_a_fetched_model_transcribes(hub: Hub, library: Library, tmp_path: Path) -> None:
    model = finished(meetings.fetch_model(library, "base.en"))
    assert (model.name, Path(model.folder)) == ("base.en", library.places.models / "base.en")
    assert names(library) == ["tiny.en", "base.en"]
    asked = len(hub.asked)
    assert finished(meetings.fetch_model(library, "base.en")) == model
    assert len(hub.asked) == asked
    # One that a copy or a full disk cut off is known as such, and can be got again.
    os.truncate(Path(model.folder) / "model.bin", model.size // 2)
    known = meetings.known_models(library)
    assert [one.damaged for one in known.here] == [False, True]
    assert "base.en" in {one.name for one in known.offered}
    with pytest.raises(errors.ModelDamaged):
        speech.find_model(TranscriptOptions(model="base.en"), (), library.places.models)
    assert finished(meetings.fetch_model(library, "base.en")) == model
    # Some seconds of the sample are enough.
    sound = next(iter(media.blocks(paths.SAMPLE, 0.0))).ravel()[: 8 * 16_000]
    file = tmp_path / "beginning.wav"
    with wave.open(str(file), "wb") as clip:
        clip.setparams((1, 2, 16_000, 0, "NONE", ""))
        clip.writeframes((sound * 32767).astype("<i2").tobytes())
    meeting_id = finished(meetings.import_audio(library, file))
    options = TranscriptOptions(model="base.en", language="en")
    assert finished(meetings.transcribe(library, meeting_id, options)).segments


def test_only_one_fetches_a_model(hub: Hub, library: Library) -> None:
    first = meetings.fetch_model(library, "base")
    next(first)
    with pytest.raises(errors.ModelBusy):
        next(meetings.fetch_model(library, "base"))
    first.close()
    assert names(library) == ["tiny.en"]
    with pytest.raises(errors.ModelUnknown):
        next(meetings.fetch_model(library, "bass"))


def test_a_model_is_not_put_in_the_place_of_another(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As where "Base.en" and "base.en" are one folder.
    there = folder.rename(library.places.models / "base.en")
    monkeypatch.setattr("core.meetings.models._installed", lambda *_: None)
    with pytest.raises(errors.ModelNameTaken):
        finished(meetings.fetch_model(library, "base.en"))
    assert (there / "model.bin").exists()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert STARTER
    copied = tmp_path / "my model"
    shutil.copytree(STARTER, copied, ignore=shutil.ignore_patterns("__pycache__"))
    return copied


def test_a_folder_on_this_disk_is_noted_and_forgotten(folder: Path, library: Library) -> None:
    model = finished(meetings.add_model(library, str(folder)))
    assert library.settings.model_folders == (model.folder,) == (str(folder),)
    assert names(library) == ["tiny.en", "my model"]
    meetings.remove_model(library, "my model")
    assert names(library) == ["tiny.en"]
    assert (folder / "model.bin").exists()
    # One of its files is as good; and where the folder has gone since, it can be forgotten too.
    finished(meetings.add_model(library, str(folder / "model.bin")))
    library.change_settings(replace(library.settings, model="my model"))
    folder.rename(folder.with_name("elsewhere"))
    assert names(library) == ["tiny.en"]
    meetings.remove_model(library, "my model")
    assert "my model" not in str(library.settings)
    with pytest.raises(errors.ModelUnknown):
        meetings.remove_model(library, "my model")


def test_a_model_on_another_disk_is_copied(
    folder: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat = Path.stat

    class Elsewhere:
        st_dev = -1

    monkeypatch.setattr(
        Path, "stat", lambda path, **how: Elsewhere() if path == folder else stat(path, **how)
    )
    usage = shutil.disk_usage(folder)._replace(free=100_000_000)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _path: usage)
        with pytest.raises(errors.NoRoomForModel):
            finished(meetings.add_model(library, str(folder)))
    # By a way around, so that its last part is no name: ".." in the library would be all of it.
    (folder / "inside").mkdir()
    model = finished(meetings.add_model(library, str(folder / "inside" / "..")))
    monkeypatch.undo()
    shutil.rmtree(folder)
    assert Path(model.folder) == library.places.models / "my model"
    assert names(library) == ["tiny.en", "my model"]
    lock = locks.take(locks.path_of(library.places.locks, "0123456789ab", Stage.TRANSCRIBE))  # type: ignore[arg-type]
    assert lock
    with pytest.raises(errors.ModelInUse):
        meetings.remove_model(library, "my model")
    lock.release()
    meetings.remove_model(library, "my model")
    assert list(library.places.models.iterdir()) == []


def test_what_lies_in_the_hubs_cache_is_found_and_outlives_it(
    folder: Path, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    cache = tmp_path / "hub"
    repository = cache / "models--Systran--faster-whisper-base.en"
    snapshot, blobs = repository / "snapshots" / "abc", repository / "blobs"
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc")
    shutil.move(folder, blobs)
    for blob in blobs.iterdir():
        (snapshot / blob.name).symlink_to(os.path.relpath(blob, snapshot))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    (found,) = speech.cached()
    assert (found.name, found.folder) == ("base.en", str(snapshot))
    assert models.in_folder(repository) == models.in_folder(cache) == found
    # A newer version of which only the beginning came, and none that is called the newest.
    (repository / "snapshots" / "newer").mkdir()
    (repository / "refs" / "main").write_text("newer")
    assert speech.cached() == (found,)
    (repository / "refs" / "main").unlink()
    assert speech.cached() == (found,)
    finished(meetings.add_model(library, str(repository)))
    shutil.rmtree(cache)
    assert names(library) == ["tiny.en", "base.en"]
    models.check_loads(models.in_folder(library.places.models / "base.en"))


def test_a_folder_without_a_name_of_its_own_gives_the_model_one(folder: Path) -> None:
    assert models.in_folder(folder.rename(folder.with_name(".hidden"))).name == "hidden"
    assert models._called(Path("/")) == "model"


def test_what_a_killed_copy_left_goes_at_the_next_start(library: Library) -> None:
    copied, downloaded, busy = (
        library.places.models / f".{name}.part" for name in ("my model", "small", "other")
    )
    for part in (copied, downloaded, busy):
        part.mkdir()
        (part / "model.bin").write_bytes(b"half")
    lock = locks.take(library.places.locks / "other.model")
    assert lock
    meetings.recover(library)
    lock.release()
    assert sorted(library.places.models.iterdir()) == [busy, downloaded]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (["small.pt"], errors.ModelForeign("", "pytorch", "small")),
        (["ggml-large-v3-turbo.bin"], errors.ModelForeign("", "ggml", "large-v3-turbo")),
        (["config.json", "model.safetensors"], errors.ModelForeign("", "transformers", "small")),
        (["config.json", "model.bin"], errors.ModelUnusable("", "tokenizer.json")),
        (["notes.txt"], errors.ModelUnusable("", "model.bin")),
        (["medium.pt"], errors.ModelForeign("", "pytorch", "medium")),
        (["faster-whisper-large-v3.zip"], errors.ModelForeign("", "packed", "large-v3")),
        (["parakeet.nemo"], errors.ModelForeign("", "nemo", "small")),
    ],
)
def test_other_programs_models_are_refused_by_name(
    files: list[str], problem: errors.ModelProblem, tmp_path: Path, library: Library
) -> None:
    folder = tmp_path / "whisper"
    folder.mkdir()
    for name in files:
        (folder / name).write_bytes(b"x")
    with pytest.raises(errors.ModelProblem) as caught:
        finished(meetings.add_model(library, str(folder)))
    problem.folder = str(folder)  # type: ignore[attr-defined]
    assert caught.value == problem


def test_a_single_file_names_the_model_it_is(tmp_path: Path, library: Library) -> None:
    file = tmp_path / "ggml-large-v3-turbo.bin"
    file.write_bytes(b"x")
    with pytest.raises(errors.ModelForeign) as caught:
        finished(meetings.add_model(library, str(file)))
    assert (caught.value.kind, caught.value.suggestion) == ("ggml", "large-v3-turbo")


def test_the_starter_stays(library: Library) -> None:
    with pytest.raises(errors.ModelBuiltIn):
        meetings.remove_model(library, speech.STARTER)


def test_every_model_is_known_with_what_it_takes(folder: Path, library: Library) -> None:
    finished(meetings.add_model(library, str(folder)))
    machine.learn(library, "my model", 7200.0, 900.0)
    known = meetings.known_models(library)
    assert [model.name for model in known.here] == ["tiny.en", "my model"]
    assert {offer.name for offer in known.offered} == {one.name for one in speech.CATALOGUE} - {"tiny.en"}
    assert known.costs["my model"].hour == 450
    # Nobody has measured this machine.
    assert known.costs["small"].hour is None
    assert known.costs["small"].memory > known.costs["base"].memory
    assert known.chosen("") == known.chosen("tiny.en") == known.here[0]
    assert known.chosen(str(folder)) == known.here[1]
    assert known.of_language("en") == known.here[0]
    wanted = known.of_language("fr")
    assert wanted
    assert wanted.name == "small"


def test_too_little_memory_says_nothing_against_a_model(
    hub: Hub, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.power.free_memory", lambda: 0)
    assert finished(meetings.fetch_model(library, "base.en")).name == "base.en"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("tokenizer.json", "{"),
        ("config.json", "[]"),
        ("preprocessor_config.json", "{"),
        ("preprocessor_config.json", "[]"),
        # Of a large model, of another program, of nothing that could be.
        ("preprocessor_config.json", '{"feature_size": 128}'),
        ("preprocessor_config.json", '{"sampling_rate": 8000}'),
        ("preprocessor_config.json", '{"feature_size": "many"}'),
    ],
)
def test_a_model_with_a_broken_file_is_not_taken_in(
    file: str, content: str, folder: Path, library: Library
) -> None:
    (folder / file).write_text(content)
    with pytest.raises(errors.ModelFolderDamaged) as caught:
        finished(meetings.add_model(library, str(folder)))
    assert caught.value.folder == str(folder)
    assert names(library) == ["tiny.en"]


def test_a_model_with_the_words_of_another_is_not_taken_in(folder: Path, library: Library) -> None:
    # One more at the beginning, as the multilingual vocabulary has it: each word would be its neighbour.
    tokens = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    for added in tokens["added_tokens"]:
        added["id"] += 1
    tokens["model"]["vocab"] = {word: place + 1 for word, place in tokens["model"]["vocab"].items()}
    (folder / "tokenizer.json").write_text(json.dumps(tokens), encoding="utf-8")
    with pytest.raises(errors.ModelFolderDamaged):
        finished(meetings.add_model(library, str(folder)))
    assert names(library) == ["tiny.en"]


def test_a_model_that_the_engine_does_not_load_is_not_taken_in(hub: Hub, library: Library) -> None:
    hub.files["model.bin"] = b"no weights" * 1000
    with pytest.raises(errors.ModelDamaged) as caught:
        finished(meetings.fetch_model(library, "base.en"))
    assert caught.value.model == "base.en"
    assert names(library) == ["tiny.en"]


def test_the_weights_of_a_published_model_are_compared_with_their_checksum(
    folder: Path, library: Library
) -> None:
    published = folder.rename(folder.with_name("faster-whisper-tiny.en"))
    weights = published / "model.bin"
    whole = weights.read_bytes()
    weights.unlink()
    weights.write_bytes(whole[:5_000_000] + bytes([whole[5_000_000] ^ 4]) + whole[5_000_001:])
    with pytest.raises(errors.ModelFolderDamaged):
        finished(meetings.add_model(library, str(published)))
    assert names(library) == ["tiny.en"]
    # Under a name of its own it may be another model of the same size.
    own = published.rename(folder)
    assert finished(meetings.add_model(library, str(own))).name == "my model"
    (own / "model.bin").write_bytes(whole)
    told = [
        event
        for event in meetings.add_model(library, str(own.rename(published)))
        if isinstance(event, Fetching)
    ]
    assert {event.doing for event in told} == {"check"}
    assert told[-1] == Fetching(published.name, len(whole), told[-1].size, doing="check")


def test_a_blob_of_a_hubs_cache_is_called_by_its_checksum(folder: Path) -> None:
    weights = folder / "model.bin"
    blob = folder.parent / hashlib.sha256(weights.read_bytes()).hexdigest()
    weights.rename(blob)
    weights.symlink_to(blob)
    assert [*models.check_sum(models.in_folder(folder))][-1] == blob.stat().st_size
    blob.write_bytes(blob.read_bytes()[:-1] + b"?")
    with pytest.raises(errors.ModelDamaged):
        finished(models.check_sum(models.in_folder(folder)))


def test_what_a_stopped_download_left_is_known_and_can_be_removed(hub: Hub, library: Library) -> None:
    with closing(meetings.fetch_model(library, "base")) as job:
        while library.places.models.joinpath(".base.part", "config.json") not in [
            *library.places.models.glob(".base.part/*")
        ]:
            next(job)
    left = meetings.known_models(library).begun
    assert set(left) == {"base"}
    assert left["base"] > 0
    meetings.remove_model(library, "base")
    assert meetings.known_models(library).begun == {}
    assert list(library.places.models.iterdir()) == []
    with pytest.raises(errors.ModelUnknown):
        meetings.remove_model(library, "base")


@pytest.mark.parametrize("folder", ["", " ", "~nobody/model", "a\0b", "/no/such/folder"])
def test_what_is_no_folder_is_no_model(folder: str, library: Library) -> None:
    with pytest.raises(errors.ModelUnknown):
        finished(meetings.add_model(library, folder))
