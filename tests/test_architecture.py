"""The shape of the program, checked mechanically."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from core import errors

TOP = Path(__file__).resolve().parent.parent
MODULES = sorted(
    ".".join(file.relative_to(TOP).with_suffix("").parts)
    for file in (TOP / "core").rglob("*.py")
    if "migrations" not in file.parts and file.name != "__init__.py"
)

BLOCKED = """
import importlib, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "desktop", "qtawesome"}:
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, Blocked())
for name in sys.argv[1:]:
    importlib.import_module(name)
try:
    import PySide6
except ImportError:
    print(len(sys.argv) - 1, "modules without Qt")
"""


def test_all_of_core_is_imported_with_qt_and_the_window_blocked() -> None:
    assert "core.terminal.entry" in MODULES
    run = subprocess.run(
        [sys.executable, "-c", BLOCKED, *MODULES], cwd=TOP, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == f"{len(MODULES)} modules without Qt\n"


def test_no_file_of_core_speaks_of_qt() -> None:
    found = [file for file in (TOP / "core").rglob("*.py") if "pyside6" in file.read_text("utf-8").lower()]
    assert found == []


def test_only_tasks_starts_threads() -> None:
    starting = re.compile(r"threading\.Thread\(|PoolExecutor|QThread\b|QThreadPool")
    files = [file for folder in ("core", "desktop") for file in (TOP / folder).rglob("*.py")]
    found = {file.relative_to(TOP).as_posix() for file in files if starting.search(file.read_text("utf-8"))}
    assert found == {"core/tasks.py"}


@pytest.mark.parametrize("door", ["core.terminal", "core.meetings", "core.__main__"])
def test_a_door_opens_without_what_only_a_long_job_needs(door: str) -> None:
    heavy = "faster_whisper", "ctranslate2", "alembic", "mistralai", "babel.messages", "huggingface_hub"
    code = f"import sys, {door}; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_a_verb_that_only_asks_imports_no_sound_and_no_mathematics() -> None:
    code = """
import sys
from core import terminal
terminal.run(["list", "--json"])
print([name for name in ("av", "numpy", "core.speech", "core.summary") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    assert run.stdout.endswith("[]\n"), run.stdout


def test_the_window_opens_without_the_terminal() -> None:
    code = """
import sys
from core.__main__ import main
main(["open", "talk.wav"], window=lambda folder, files: print(folder, files))
print([name for name in ("argparse", "structlog", "core.terminal") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    assert run.stdout == f"None ['{TOP / 'talk.wav'}']\n[]\n"


def test_no_failure_tells_a_log_what_a_meeting_is_about() -> None:
    assert "Dismissal" not in str(errors.NothingSaid("Dismissal of a colleague"))
    assert "Dismissal" not in str(errors.EmptyFile("/home/me/Dismissal.mp3"))
    assert "mistral" in str(errors.KeyRefused("mistral"))
