"""Tests that are promised to run as plain scripts too, from wherever one stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["test_all_endpoints", "test_summary_generation"])
def test_a_plain_script_runs_its_tests(name: str, tmp_path: Path) -> None:
    file = Path(__file__).parents[2] / "integration" / f"{name}.py"
    done = subprocess.run(
        [sys.executable, str(file), "--collect-only"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{name}.py::test_" in done.stdout
