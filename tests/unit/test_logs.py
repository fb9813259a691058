from __future__ import annotations

import io
import json
import logging
import os
import stat
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from core import credentials, logs, paths

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


def test_verbose_also_speaks_to_the_terminal(places: paths.Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr("sys.stderr", terminal)
    logs.start(places, verbose=True)
    structlog.get_logger("x").warning("slow", seconds=3)
    logs.start(places)
    structlog.get_logger("x").warning("quiet now")
    assert "slow" in terminal.getvalue()
    assert "quiet" not in terminal.getvalue()
    assert [line["event"] for line in written(places)] == ["slow", "quiet now"]
