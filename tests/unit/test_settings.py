from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core import settings
from core.settings import Settings

CHOSEN = Settings(
    language="fr", model="small", model_folders=("/a", "/b"), provider="mistral", export_folder="/ä b"
)


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    settings.save(CHOSEN, file)
    assert settings.load(file) == CHOSEN
    settings.save(replace(CHOSEN, model=""), file)
    assert settings.load(file).model == ""


@pytest.mark.parametrize("content", ["", "{", "[1]", "null", '"x"', '{"language": "\ud83d'])
def test_a_broken_file_gives_the_defaults(content: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(content.encode("utf-8", "surrogatepass"))
    assert settings.load(file) == Settings()


def test_only_what_fits_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(
        json.dumps(
            {"language": 5, "model": None, "model_folders": "x", "provider": "mistral", "colour": "red"}
        )
    )
    assert settings.load(file) == Settings(provider="mistral")
    assert settings.load(tmp_path / "missing.json") == Settings()
