"""What the checks before a push let through, in a repository whose tools only say that they were asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "pre-push.sh"
TOOL = """#!/bin/sh
echo "$(basename "$0") $*" >> asked
[ ! -e broken ] || case "$(basename "$0") $*" in "$(cat broken)"*) exit 1 ;; esac
"""
TOOLS = ("ruff", "mypy", "lint-imports", "python")

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a shell script"),
    pytest.mark.skipif(not shutil.which("git"), reason="needs git"),
]


def git(folder: Path, *given: str) -> subprocess.CompletedProcess[str]:
    named = ("-c", "user.name=tests", "-c", "user.email=tests@localhost", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", "-C", str(folder), *named, *given], capture_output=True, text=True, check=False
    )


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit and a place to push it to."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    there = tmp_path / "clone"
    assert git(tmp_path, "init", "-q", "--bare", "there.git").returncode == 0
    assert git(tmp_path, "init", "-q", "-b", "main", "clone").returncode == 0
    (there / ".venv" / "bin").mkdir(parents=True)
    for name in TOOLS:
        tool = there / ".venv" / "bin" / name
        tool.write_text(TOOL)
        tool.chmod(0o700)
    (there / "scripts").mkdir()
    (there / "scripts" / "setup.sh").write_text('echo "setup $*" >> asked\n')
    (there / ".gitignore").write_text(".venv\nasked\nbroken\n")
    shutil.copy(SCRIPT, there)
    git(there, "add", "-A")
    assert git(there, "commit", "-qm", "First").returncode == 0
    git(there, "remote", "add", "there", "../there.git")
    return there


def run(clone: Path, *given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "pre-push.sh", *given], cwd=clone, capture_output=True, text=True, check=False
    )


def asked(clone: Path) -> list[str]:
    file = clone / "asked"
    return file.read_text().splitlines() if file.exists() else []


def test_every_check_is_made_and_told(clone: Path) -> None:
    done = run(clone)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("All checks passed.\n")
    assert [line for line in done.stdout.splitlines() if line.startswith("==")] == [
        f"== {name}" for name in ("format", "lint", "types", "contracts", "unit-tests", "server")
    ]
    setup, form, lint, types, contracts, units, server = asked(clone)
    assert (setup, form, lint) == ("setup test", "ruff format --check -q", "ruff check -q")
    assert (types.strip(), contracts) == ("mypy", "lint-imports --no-cache")
    assert "tests/unit" in units
    assert server == "python scripts/gate.py"


@pytest.mark.parametrize(
    ("broken", "name", "least"),
    [
        ("ruff format", "format", 5),
        ("ruff check", "lint", 5),
        ("mypy", "types", 5),
        ("lint-imports", "contracts", 5),
        ("python -m", "unit-tests", 6),
        ("python scripts/gate.py", "server", 7),
    ],
)
def test_any_check_that_fails_refuses_the_push(broken: str, name: str, least: int, clone: Path) -> None:
    assert run(clone, "--install").returncode == 0
    (clone / "broken").write_text(broken)
    pushed = git(clone, "push", "there", "main")
    assert pushed.returncode != 0
    assert f"Failed: {name}" in pushed.stderr
    assert git(clone, "ls-remote", "there").stdout == ""
    # What needs no server is all told at once; the longer checks come only after it.
    assert len(asked(clone)) == least


@pytest.mark.parametrize("copied", [True, False])
def test_a_push_that_passes_goes_through(copied: bool, clone: Path) -> None:
    if copied:
        shutil.copy(clone / "pre-push.sh", clone / ".git" / "hooks" / "pre-push")
        (clone / ".git" / "hooks" / "pre-push").chmod(0o700)
    else:
        assert "Installed as .git/hooks/pre-push" in run(clone, "--install").stdout
    pushed = git(clone, "push", "there", "main", "main:later")
    assert pushed.returncode == 0, pushed.stderr
    assert "server" in pushed.stdout + pushed.stderr
    assert len(asked(clone)) == 7
    # A branch that is only deleted has nothing to be checked.
    assert git(clone, "push", "there", ":later").returncode == 0
    assert len(asked(clone)) == 7


def test_a_copy_that_grew_old_makes_the_checks_of_the_checkout(clone: Path) -> None:
    run(clone, "--install")
    (clone / "pre-push.sh").write_text("echo new checks\nexit 1\n")
    pushed = git(clone, "push", "there", "main")
    assert pushed.returncode != 0
    assert "new checks" in pushed.stdout + pushed.stderr
    assert asked(clone) == []


def test_another_hook_is_not_overwritten(clone: Path) -> None:
    hook = clone / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n")
    told = run(clone, "--install")
    assert (told.returncode, hook.read_text()) == (1, "#!/bin/sh\nexit 0\n")
    assert "another hook" in told.stderr


def test_repairs_come_first_where_they_are_asked_for(clone: Path) -> None:
    assert run(clone, "--fix").returncode == 0
    assert asked(clone)[1:3] == ["ruff check -q --fix", "ruff format -q"]
    unknown = run(clone, "--nonsense")
    assert unknown.returncode == 2
    assert "--install" in unknown.stdout
