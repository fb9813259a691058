"""The verbs for what counts for all meetings: the settings and the provider's key."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from core import credentials, paths, settings
from core.terminal.choices import NAMES, _value
from core.terminal.entry import run


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_all_settings_are_printed_as_they_are_written(
    places: paths.Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(answer(capsys, "settings")["settings"]) == set(NAMES)
    assert run(["settings"]) == 0
    for line in capsys.readouterr().out.splitlines():
        name, value = line.split(" =", 1)
        assert _value(name, value.strip()) == getattr(settings.load(places.settings), name)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("preset", "best", "best"),
        ("skip_silence", "ON", True),
        ("provider_minutes", "30", 30),
        ("api_port", "9000", 9000),
        ("volume", "0.5", 0.5),
        ("export_formats", "md, docx,md", ("md", "docx")),
        ("spoken_language", "fr", "fr"),
        ("template", "meeting", "meeting"),
        ("model", "tiny.en", "tiny.en"),
        ("microphone", "", ""),
        ("preset", "", "balanced"),
        ("sound_rules", "team=30,=90", ("team=30", "=90")),
    ],
)
def test_a_setting_is_kept(
    name: str, given: str, value: object, places: paths.Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = answer(capsys, "settings", name, given)["settings"][name]
    assert kept == (list(value) if isinstance(value, tuple) else value)
    assert getattr(settings.load(places.settings), name) == value


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("preset", "careless"),
        ("skip_silence", "perhaps"),
        ("api_port", "70000"),
        ("provider_minutes", "0"),
        ("api_port", "many"),
        ("backup_days", "-1"),
        ("volume", "nan"),
        ("consents", "mistral"),
        ("sound_rules", "team=soon"),
    ],
)
def test_what_no_setting_can_be_is_refused(name: str, given: str, places: paths.Folders) -> None:
    with pytest.raises(SystemExit) as end:
        run(["settings", name, given])
    assert end.value.code == 2
    assert not places.settings.exists()


@pytest.mark.parametrize(
    ("name", "given", "kind", "code"),
    [
        ("spoken_language", "xx", "LanguageUnknown", 2),
        ("keep_formats", "nonsense", "FormatUnknown", 2),
        ("template", "nonsense", "TemplateUnknown", 2),
        ("model", "huge", "ModelUnknown", 4),
    ],
)
def test_what_there_is_not_is_not_chosen(
    name: str, given: str, kind: str, code: int, places: paths.Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(capsys, "settings", name, given, code=code)["problem"]["kind"] == kind
    assert settings.load(places.settings) == settings.Settings()


@pytest.mark.usefixtures("places")
def test_the_key_is_read_from_a_pipe_and_never_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(capsys, "key")["key"] is False
    monkeypatch.setattr("sys.stdin", io.StringIO("s3cret-k3y\n"))
    assert run(["key", "--keep"]) == 0
    told = capsys.readouterr()
    assert credentials.mistral_key() == "s3cret-k3y"
    assert "There is a key." in told.out
    assert "s3cret" not in told.out + told.err
    assert answer(capsys, "key", "--remove")["key"] is False


@pytest.mark.usefixtures("places")
def test_another_server_has_a_key_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("d3sk\n"))
    assert run(["key", "--address", "https://desk.example/v1", "--keep"]) == 0
    assert "d3sk" not in "".join(capsys.readouterr())
    assert credentials.server_key("https://desk.example") == "d3sk"
    assert answer(capsys, "key", "--address", "https://desk.example")["key"] is True
    assert answer(capsys, "key")["key"] is False
    assert run(["key", "--address", "http://ana:pa55@desk", "--remove"]) == 2
    with pytest.raises(SystemExit):
        run(["settings", "provider_address", "http://ana:pa55@desk"])
    assert "pa55" not in "".join(capsys.readouterr())
    assert (
        answer(capsys, "settings", "provider_address", "desk:1234")["settings"]["provider_address"]
        == "http://desk:1234"
    )
