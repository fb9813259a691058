import hashlib
import re

import numpy as np

from core import paths
from core.speech import networks

FOLDER = paths.RESOURCES / "models" / "speakers"


def test_the_networks_are_those_that_are_described() -> None:
    described = (FOLDER / "README.md").read_text(encoding="utf-8")
    sums = set(re.findall(r"This file: sha256 `([0-9a-f]{64})`", described))
    assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.onnx")} == sums


def test_each_has_its_licence() -> None:
    assert "Apache License" in (FOLDER / "LICENSE-voice.txt").read_text(encoding="utf-8")
    assert "CNRS" in (FOLDER / "LICENSE-activity.txt").read_text(encoding="utf-8")


def test_they_run() -> None:
    assert networks.activity(np.zeros(16_000, dtype=np.float32)).shape == (589, networks.VOICES)
    print_of_noise = networks.voice_print(np.random.default_rng(0).normal(size=(50, 80)).astype(np.float32))
    assert print_of_noise.shape == (networks.PRINT,)
    assert abs(np.linalg.norm(print_of_noise) - 1) < 1e-5
