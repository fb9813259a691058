from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from core import credentials, logs, paths
from tests.conftest import at_once

KEY = "k3y-that-nobody-may-read"


@pytest.fixture
def places(places: paths.Folders) -> Iterator[paths.Folders]:
    logs.start(places)
    yield places
    logs.stop()
    structlog.reset_defaults()


def written(places: paths.Folders) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (places.logs / logs.FILE).read_text(encoding="utf-8").splitlines()]


def test_a_line_is_json_with_its_facts(places: paths.Folders) -> None:
    structlog.get_logger("x").warning("task failed", stage="import", seconds=1.5)
    logging.getLogger("fontTools.subset").info("Glyph names: ['D', 'a', 'n', 'i', 'e', 'l']")
    logging.getLogger("av").error("Invalid data")
    first, second = written(places)
    assert (first["event"], first["stage"], first["seconds"], first["level"]) == (
        "task failed",
        "import",
        1.5,
        "warning",
    )
    assert first["timestamp"].endswith("Z")
    assert second["event"] == "Invalid data"


@pytest.mark.skipif(os.name != "posix", reason="only on Linux or macOS: file modes")
def test_the_file_is_private(places: paths.Folders) -> None:
    logging.getLogger().error("x")
    assert stat.S_IMODE((places.logs / logs.FILE).stat().st_mode) == 0o600


def test_no_key_and_nothing_said_is_written(places: paths.Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(credentials.KEY_VARIABLE, KEY)
    log = structlog.get_logger("x")
    log.info("request", headers=f"Authorization: Bearer {KEY}", key=KEY, note=f"it is {KEY}")
    log.info(KEY, text="The merger stays secret", title="Secret meeting", words=["secret"])
    logging.getLogger("httpx").error("refused: %s", f"api_key={KEY}")
    logging.getLogger("other").error("Authorization: Bearer abcdefgh-of-another, Bearer abcdefgh")
    try:
        raise ValueError(f"bad header {KEY}")
    except ValueError:
        log.exception("failed")
    content = (places.logs / logs.FILE).read_text(encoding="utf-8")
    assert len(written(places)) == 5
    assert KEY not in content
    assert "ecret" not in content
    assert "abcdefgh" not in content
    assert "bad header" in content


def test_the_files_never_grow_beyond_their_limit(places: paths.Folders) -> None:
    log = structlog.get_logger("x")
    for number in range(300):
        log.info("long", number=number, filler="x" * 30_000)
    sizes = [file.stat().st_size for file in places.logs.iterdir()]
    assert len(sizes) == 1 + logs.FILES_KEPT
    assert sum(sizes) <= (1 + logs.FILES_KEPT) * logs.FILE_BYTES
    assert written(places)[-1]["number"] == 299


WRITER = """
import sys
from pathlib import Path
import structlog
from core import logs, paths
logs.FILE_BYTES, logs.FILES_KEPT = 20_000, 100
logs.start(paths.Folders(Path(sys.argv[1])))
print("open", flush=True)
sys.stdin.readline()
for number in range(400):
    structlog.get_logger("x").info("said", writer=sys.argv[2], number=number, filler="x" * 200)
"""


def test_several_processes_share_the_files_and_lose_no_line(places: paths.Folders) -> None:
    at_once(WRITER, *((str(places.root), name) for name in "abc"))
    oldest_first = sorted(places.logs.iterdir(), key=lambda file: -int(file.suffix[1:].replace("log", "0")))
    lines = [json.loads(line) for file in oldest_first for line in file.read_text().splitlines()]
    assert len(oldest_first) > 10
    assert all(file.stat().st_size > 18_000 for file in oldest_first[:-1])
    for name in "abc":
        assert [line["number"] for line in lines if line["writer"] == name] == list(range(400))


def test_a_second_start_changes_the_place(places: paths.Folders, tmp_path: Path) -> None:
    other = paths.folders(tmp_path / "other")
    paths.create(other)
    structlog.get_logger("x").warning("first")
    logs.start(other)
    structlog.get_logger("x").warning("second")
    assert [line["event"] for line in written(places)] == ["first"]
    assert [line["event"] for line in written(other)] == ["second"]


def test_nothing_hides_in_lists_and_tables(places: paths.Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(credentials.KEY_VARIABLE, KEY)
    token = credentials.api_token(places)
    structlog.get_logger("x").info(
        "asked",
        headers={"Authorization": KEY, "x": [f"Bearer {KEY}", token]},
        found=({"text": "The merger", "start": 1.0},),
        path=Path(f"/{token}"),
    )
    (line,) = written(places)
    assert line["found"] == [{"text": "…", "start": 1.0}]
    assert KEY not in str(line)
    assert token not in str(line)


def test_a_line_says_who_wrote_it_and_for_which_job(places: paths.Folders) -> None:
    logs.start(places, "window")
    with structlog.contextvars.bound_contextvars(job=7, meeting="abc"):
        structlog.get_logger("x").info("began")
    (line,) = written(places)
    assert (line["door"], line["process"], line["job"], line["meeting"]) == ("window", os.getpid(), 7, "abc")


def test_a_person_reads_short_lines_without_secrets(
    places: paths.Folders, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(credentials.KEY_VARIABLE, KEY)
    logs.start(places, "terminal", told="info")
    structlog.get_logger("x").debug("too small")
    structlog.get_logger("x").warning("refused", status=503, note=KEY)
    logging.getLogger("other").error("with %s", KEY)
    said = capsys.readouterr().err
    assert "refused" in said
    assert "status=503" in said
    assert "process" not in said
    assert "too small" not in said
    assert KEY not in said


def test_the_newest_lines_are_read_through_all_files(
    places: paths.Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 2000)
    logs.start(places)
    log = structlog.get_logger("x")
    for number in range(40):
        (log.warning if number % 10 == 0 else log.info)("said", number=number)
    assert len(list(places.logs.iterdir())) > 2
    assert [line.facts["number"] for line in logs.lines(places, last=20)] == list(range(20, 40))
    assert [line.facts["number"] for line in logs.lines(places, level="warning", last=3)] == [10, 20, 30]
    with (places.logs / logs.FILE).open("a", encoding="utf-8") as file:
        file.write('{"event": "cut o')
    assert logs.lines(places, last=1)[0].facts["number"] == 39


def test_where_nothing_was_logged_there_is_nothing_to_read(places: paths.Folders) -> None:
    assert logs.lines(places) == ()
