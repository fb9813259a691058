"""Every part is looked at, and what is wrong with it is told with what to do."""

from __future__ import annotations

import os
import shutil
import stat
from collections import namedtuple
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import keyring
import pytest
from keyring.backends.null import Keyring as NoKeyring

from core import credentials, errors, messages, paths
from core.audio import devices
from core.health import checks, words
from core.meetings import Library, diagnostics
from core.settings import Settings
from core.speech import machine
from core.store.meetings import new_id
from core.summary import breaker
from core.values import Check, Condition, Devices, Health, Microphone, Source
from tests.local_server import LocalHandler, LocalServer

OK, WARNING, FAILING = Condition.OK, Condition.WARNING, Condition.FAILING


@pytest.fixture(autouse=True)
def _sound(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Devices((Microphone("Blue Yeti", is_default=True),), "Speakers")
    monkeypatch.setattr(devices, "devices", lambda: found)


def examined(library: Library | errors.Problem, places: paths.Folders) -> dict[str, Check]:
    return {check.part: check for check in checks.examine(library, places).checks}


def said(check: Check) -> str:
    return str(words.explain(check))


def test_a_new_library_is_healthy(library: Library) -> None:
    found = examined(library, library.places)
    assert {part for part, check in found.items() if check.condition is not OK} <= {
        "keyring",
        "disk",
        "graphics",
    }
    assert found["database"].details["schema"] == library.store.schema
    assert said(found["microphone"]) == "1 found: Blue Yeti."
    assert said(found["provider"]) == "Made on this machine; nothing is sent anywhere."


def test_a_damaged_database_is_found(library: Library) -> None:
    for number in range(300):
        library.store.add_note(
            library.store.add_meeting("x", _now(), Source.IMPORT, meeting_id=new_id()), 1.0, "n" * number
        )
    library.close()
    for file in library.places.root.glob("meetings.db-*"):
        file.unlink()
    with library.places.database.open("r+b") as database:
        database.seek(20_480)
        database.write(b"\xff" * 20_000)
    opened = Library(library.places)
    try:
        found = examined(opened, library.places)["database"]
    finally:
        opened.close()
    assert found.condition is FAILING
    assert "cannot be read" in said(found)


def test_a_library_that_cannot_be_opened_says_why(places: paths.Folders) -> None:
    found = examined(errors.LibraryFromFuture(str(places.database)), places)
    assert found["database"].condition is FAILING
    assert "newer version" in said(found["database"])
    assert "audio" not in found
    assert found["model"].condition is OK


def test_sound_that_is_gone_is_counted(library: Library) -> None:
    for _ in range(2):
        library.store.add_meeting("x", _now(), Source.IMPORT, audio=f"{new_id()}.ogg")
    found = examined(library, library.places)["audio"]
    assert (found.condition, found.details) == (WARNING, {"count": 2})
    assert said(found).startswith("The sound of 2 meetings is missing. Put the files back")


def _now() -> datetime:
    return datetime.now(UTC)


Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(("free", "condition"), [(10**8, FAILING), (10**9, WARNING), (10**11, OK)])
def test_the_disk(library: Library, monkeypatch: pytest.MonkeyPatch, free: int, condition: Condition) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(0, 0, free))
    assert examined(library, library.places)["disk"].condition is condition


@pytest.mark.skipif(os.name != "posix", reason="only on Linux or macOS: file modes")
def test_a_folder_that_others_can_read(library: Library) -> None:
    library.places.root.chmod(0o755)
    found = examined(library, library.places)["folder"]
    assert found.condition is WARNING
    assert "chmod 700" in said(found)
    assert stat.S_IMODE(library.places.root.stat().st_mode) == 0o755  # only told, not changed


def test_a_model_that_is_not_there_and_one_without_memory(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.change_settings(replace(library.settings, model="large-v3"))
    found = examined(library, library.places)["model"]
    assert (found.condition, "large-v3" in said(found)) == (FAILING, True)
    library.change_settings(replace(library.settings, model=""))
    monkeypatch.setattr("core.power.free_memory", lambda: 1000)
    found = examined(library, library.places)["model"]
    assert found.condition is WARNING
    assert "of memory" in said(found)


def test_without_sound_only_recording_suffers(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "devices", lambda: Devices((), "", "no_server"))
    found = examined(library, library.places)
    assert found["microphone"].condition is WARNING
    assert "PulseAudio or PipeWire" in said(found["system_sound"])

    def none() -> Devices:
        raise errors.NoSoundSystem

    monkeypatch.setattr(devices, "devices", none)
    assert "PortAudio" in said(examined(library, library.places)["microphone"])


def _remote(library: Library, address: str) -> None:
    provider = "server" if address else "mistral"
    library.change_settings(replace(library.settings, provider=provider, provider_address=address))


@pytest.mark.parametrize(
    ("status", "condition", "words_"),
    [
        (200, OK, "127.0.0.1:"),
        (404, OK, "127.0.0.1:"),
        (401, FAILING, "does not accept the key"),
        (503, FAILING, "overloaded or out of order (code 503)"),
        (302, FAILING, "refused the request (code 302)"),
    ],
)
def test_what_a_provider_answers(library: Library, status: int, condition: Condition, words_: str) -> None:
    class Answering(LocalHandler):
        def do_GET(self) -> None:
            self.send(b"{}", "application/json", status)

    with LocalServer(Answering) as server:
        _remote(library, server.address)
        found = examined(library, library.places)["provider"]
    assert found.condition is condition
    assert words_ in said(found)


def test_a_provider_that_is_not_there_has_no_key_or_is_left_alone(library: Library) -> None:
    _remote(library, "http://127.0.0.1:9")
    assert "could not be reached" in said(examined(library, library.places)["provider"])
    for _ in range(breaker.FAILURES):
        breaker.failed("http://127.0.0.1:9", errors.RemoteBusy("mistral", 503))
    found = examined(library, library.places)["provider"]
    assert (found.condition, "is not asked for another" in said(found)) == (WARNING, True)
    breaker.succeeded("http://127.0.0.1:9")
    _remote(library, "")
    assert "There is no key for Mistral" in said(examined(library, library.places)["provider"])


def test_the_graphics_processor_and_why_it_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    here = machine.unmeasured()
    used = checks._graphics(replace(here, cuda_types=("float16",), no_cuda=""))
    assert (used.condition, said(used)) == (OK, "Used for transcription (float16).")
    lacking = checks._graphics(replace(here, cuda_types=(), no_cuda="libraries"))
    assert (lacking.condition, "Install cuBLAS" in said(lacking)) == (WARNING, True)
    none = checks._graphics(replace(here, cuda_types=(), no_cuda="none"))
    assert (none.condition, said(none)) == (OK, "Not used. None that can be used.")
    monkeypatch.setattr(checks, "architecture", lambda: "x86_64")
    old = checks._processor(replace(here, features=("sse4_1", "avx")))
    assert (old.condition, "AVX2" in said(old)) == (WARNING, True)


def test_a_check_that_breaks_stops_no_other(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise RuntimeError("no bus")

    monkeypatch.setattr(credentials, "keyring_name", broken)
    found = examined(library, library.places)
    assert (found["keyring"].condition, said(found["keyring"])[:26]) == (
        WARNING,
        "This could not be checked.",
    )
    assert found["versions"].condition is OK


def test_the_report_has_no_secret_no_title_and_no_name_of_the_person(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(credentials.KEY_VARIABLE, "k3y-of-mine")
    keyring.set_keyring(NoKeyring())
    token = credentials.api_token(library.places)
    library.store.add_meeting("Dismissal of Anna", _now(), Source.IMPORT, audio="gone.ogg")
    report = words.report(checks.examine(library, library.places), diagnostics(library))
    assert "Library: 1 meeting" in report
    assert str(tmp_path) not in report
    assert not any(secret in report for secret in ("k3y-of-mine", token, "Dismissal", "gone.ogg"))


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_finding_has_words(library: Library, language: str) -> None:
    messages.use_language(language)
    health = checks.examine(library, library.places)
    assert all(words.part(check.part) and said(check) for check in health.checks)
    assert words.verdict(health)
    assert (
        words.verdict(Health(health.at, ()))
        == {"en": "Everything works.", "fr": "Tout fonctionne."}[language]
    )
    assert set(words.as_json(health)) == {"condition", "verdict", "at", "checks"}
    assert Settings().provider == "offline"
