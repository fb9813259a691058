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


def test_prices_are_kept_by_model_and_only_as_numbers() -> None:
    chosen = Settings(provider_prices=("small=0.1/0.3", "mine:7b=1/x", "=1/2", "odd"))
    assert settings.price_of(chosen, "small") == (0.1, 0.3)
    assert [settings.price_of(chosen, one) for one in ("mine:7b", "", "odd", "other")] == [None] * 4
    kept = settings.with_price(chosen, "small", 0.15, 0.6)
    assert settings.price_of(replace(chosen, provider_prices=kept), "small") == (0.15, 0.6)
    gone = settings.with_price(chosen, "small", 0, 0)
    assert settings.price_of(replace(chosen, provider_prices=gone), "small") is None


def test_only_what_fits_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(
        json.dumps(
            {"language": 5, "model": None, "model_folders": "x", "provider": "mistral", "colour": "red"}
        )
    )
    assert settings.load(file) == Settings(provider="mistral")
    assert settings.load(tmp_path / "missing.json") == Settings()
