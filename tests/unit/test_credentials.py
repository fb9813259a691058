from __future__ import annotations

import os
import stat
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as BrokenKeyring
from keyring.errors import PasswordDeleteError

from core import credentials, paths


class MemoryKeyring(KeyringBackend):
    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError


@pytest.fixture
def memory() -> MemoryKeyring:
    chosen = MemoryKeyring()
    keyring.set_keyring(chosen)
    return chosen


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """As another process would begin."""
    monkeypatch.setattr(credentials, "_keys", {})


def test_without_a_key_there_is_none(memory: MemoryKeyring) -> None:
    assert credentials.mistral_key() == ""
    assert credentials.loaded() == ()


def test_the_keyring_keeps_the_key(memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    assert credentials.keep_mistral_key("s3cret")
    assert memory.kept == {(paths.PROGRAM, "mistral"): "s3cret"}
    forget(monkeypatch)
    assert credentials.loaded() == ()
    assert credentials.mistral_key() == "s3cret"
    assert credentials.loaded() == ("s3cret",)


def test_the_environment_comes_first(memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials.keep_mistral_key("kept")
    monkeypatch.setenv(credentials.KEY_VARIABLE, " from outside \n")
    assert "from outside" in credentials.loaded()
    assert credentials.mistral_key() == "from outside"


def test_an_empty_key_removes_it(memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials.keep_mistral_key("s3cret")
    assert credentials.keep_mistral_key("")
    assert memory.kept == {}
    assert credentials.mistral_key() == ""
    assert credentials.keep_mistral_key("")


def test_each_server_has_a_key_of_its_own(memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    assert credentials.keep_server_key("https://Desk.example:8000/v1", "d3sk")
    assert memory.kept == {(paths.PROGRAM, "https://desk.example:8000"): "d3sk"}
    forget(monkeypatch)
    assert credentials.server_key("https://desk.example:8000") == "d3sk"
    for other in ("http://desk.example:8000", "https://desk.example", "https://far.example:8000", "desk", ""):
        assert credentials.server_key(other) == ""
    assert credentials.mistral_key() == ""
    monkeypatch.setenv(credentials.SERVER_KEY_VARIABLE, " https://far.example/v1  f4r \n")
    assert (credentials.server_key("https://far.example"), credentials.mistral_key()) == ("f4r", "")
    assert {"d3sk", "f4r"} <= set(credentials.loaded())
    assert credentials.keep_server_key("https://desk.example:8000", "")
    assert credentials.server_key("https://desk.example:8000") == ""


def test_without_a_keyring_it_lasts_for_the_session_and_no_file_has_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, places: paths.Folders
) -> None:
    keyring.set_keyring(BrokenKeyring())
    assert not credentials.keep_mistral_key("s3cret")
    assert credentials.mistral_key() == "s3cret"
    assert not any(b"s3cret" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    forget(monkeypatch)
    assert credentials.mistral_key() == ""


def test_the_token_stays_until_another_is_wanted(memory: MemoryKeyring, places: paths.Folders) -> None:
    token = credentials.api_token(places)
    assert len(token) > 40
    assert credentials.api_token(places) == token
    assert not (places.root / credentials.TOKEN_FILE).exists()
    assert credentials.api_token(places, new=True) != token
    assert token not in credentials.loaded()
    elsewhere = paths.folders(places.root / "other")
    paths.create(elsewhere)
    assert credentials.api_token(elsewhere) != credentials.api_token(places)


def test_without_a_keyring_the_token_lies_in_a_private_file(places: paths.Folders) -> None:
    keyring.set_keyring(BrokenKeyring())
    token = credentials.api_token(places)
    file = places.root / credentials.TOKEN_FILE
    assert file.read_text() == token
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert credentials.api_token(places) == token
    assert credentials.keyring_name() == ""
