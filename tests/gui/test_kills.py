"""The recorder, the window and both killed in mid-recording; `tests.benchmarks.kills` does it many times more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.kills import survive
from tests.microphone import VirtualMicrophone


@pytest.mark.parametrize("victim", ["recorder", "window", "both", "power"])
def test_a_recording_survives_the_death_of(
    victim: str, microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    outcome = survive(victim, microphone, tmp_path, after=3.0)
    assert outcome.good, outcome
    assert outcome.words >= 3
