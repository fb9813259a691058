"""Completion as a shell asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import paths
from core.store import Store
from core.terminal.entry import run
from core.values import Source


def completed(line: str, folder: Path) -> list[str]:
    """What the shell is told for this line, as argcomplete's own script asks for it."""
    answer = folder / "answer"
    environment = {
        **os.environ,
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_SHELL": "bash",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
        "_ARGCOMPLETE_IFS": "\n",
    }
    subprocess.run(
        [sys.executable, "-c", "from core.terminal import run; run([])"], env=environment, check=True
    )
    return answer.read_text().split("\n")


def test_verbs_options_meetings_and_files_are_completed(places: paths.Folders, tmp_path: Path) -> None:
    store = Store(places)
    meeting_id = store.add_meeting("Tuesday", datetime(2026, 3, 10, 9, tzinfo=UTC), Source.IMPORT)
    store.close()
    program = f"{paths.PROGRAM} --data-dir {places.root}"
    assert completed(f"{program} spe", tmp_path) == ["speakers "]
    assert "--bookmark" in completed(f"{program} notes --b", tmp_path)[0]
    assert completed(f"{program} show {meeting_id[:3]}", tmp_path) == [f"{meeting_id} "]
    (tmp_path / "talk.mp3").touch()
    assert completed(f"{program} process {tmp_path}/ta", tmp_path) == [f"{tmp_path}/talk.mp3 "]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_has_its_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert paths.PROGRAM in capsys.readouterr().out
