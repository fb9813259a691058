"""Which microphones and outputs there are, looked up in a process of its own.

PortAudio's list is frozen when it is loaded, and a sound server that hangs must not hang the one who asks.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict

from core import errors
from core.audio import processes, sources
from core.values import Devices, Microphone

LISTED_WITHIN = 10.0  # seconds


def devices() -> Devices:
    """What can be recorded on this machine right now. Raises `NoSoundSystem` where it has no sound at all."""
    try:
        done = subprocess.run(
            processes.command("devices"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LISTED_WITHIN,
            check=False,
            **processes.apart(),
        )
    except subprocess.TimeoutExpired as error:
        raise errors.NoSoundSystem from error
    if done.returncode:
        raise processes.failure_in(done.stdout)
    told = processes.last_line(done.stdout)
    return Devices(tuple(Microphone(**one) for one in told.pop("microphones")), **told)


def run() -> int:
    """The hidden verb `devices`: prints them as JSON. Returns the exit status, as `processes.printed`."""
    return processes.printed(lambda: print(json.dumps(asdict(sources.present())), file=sys.stdout))  # noqa: T201
