"""The small processes of a recording: how this program starts itself again, what such a process prints, its connection.

Kept light, since every one of them loads it.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core import errors
from core.values import Failure


def command(*arguments: str) -> list[str]:
    """What starts this program again with `arguments`, from source or from a bundle; see `apart`."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "core", *arguments]


def apart() -> dict[str, Any]:
    """How such a process is started: the folder in which `-m core` is ours, no part in the terminal's signals."""
    folder = str(Path(__file__).resolve().parents[2])
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"cwd": folder, "creationflags": flags}
    return {"cwd": folder, "start_new_session": True}


def connected(address: Any, timeout: float) -> socket.socket:
    """A connection to a recorder: a path on this machine, or on Windows (host, port). Raises `OSError`."""
    if isinstance(address, str):
        connection = socket.socket(socket.AF_UNIX)
    else:
        connection, address = socket.socket(), tuple(address)
    connection.settimeout(timeout)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def printed(work: Callable[[], None]) -> int:
    """Does the work of a process of ours. Its exit status: 0, or 1 after a line for `failure_in`."""
    told: object
    try:
        work()
    except errors.Problem as problem:
        told = asdict(errors.to_failure(problem))
    except Exception:  # noqa: BLE001  nobody sees this process; its starter logs the trace
        told = {"trace": traceback.format_exc()}
    else:
        return 0
    with suppress(OSError):
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
    return 1


def last_line(output: bytes) -> Any:
    """The JSON that a process of ours printed last: a library may have printed before it. Raises `ValueError`."""
    return json.loads(b"".join(output.splitlines()[-1:]))


def failure_in(output: bytes) -> errors.Problem:
    """The problem that a process of ours printed as its last line; `RecorderDied` for anything else."""
    with suppress(ValueError, TypeError):
        told = last_line(output)
        if "trace" in told:
            import structlog

            structlog.get_logger("recorder").error("recorder_broke", trace=told["trace"])
        else:
            return errors.from_failure(Failure(**told))
    return errors.RecorderDied()
