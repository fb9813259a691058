"""What a push must pass besides the unit tests: a server on a throw-away library, its health, and every endpoint.

Starts `meeting-transcriber serve` on a free port, waits until it is healthy, runs the health check, all endpoint tests
and the tests of minutes against it, and ends it. The exit status is 0 where all of that went well.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
PROGRAM = [sys.executable, "-m", "core"]
TESTS = ("tests/integration/test_all_endpoints.py", "tests/integration/test_summary_generation.py")
HEALTHY_WITHIN = 60.0  # seconds


def main() -> int:
    """Runs it all; the exit status."""
    with tempfile.TemporaryDirectory(prefix="meeting-transcriber-gate-") as folder:
        surroundings = os.environ | {
            "MEETING_TRANSCRIBER_DATA_DIR": folder,
            # The keyring of whoever pushes is left alone.
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }
        surroundings.pop("MISTRAL_API_KEY", None)
        server = subprocess.Popen(
            [*PROGRAM, "serve", "--port", "0"], cwd=TOP, env=surroundings, stdout=subprocess.PIPE, text=True
        )
        try:
            return _checked(server, surroundings)
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _checked(server: subprocess.Popen[str], surroundings: dict[str, str]) -> int:
    assert server.stdout
    address = server.stdout.readline().strip()
    if not address:
        print("The server did not start.", file=sys.stderr)
        return 1
    token = subprocess.run(
        [*PROGRAM, "serve", "--token"], cwd=TOP, env=surroundings, capture_output=True, text=True, check=True
    ).stdout.strip()
    print(f"   {address}: {_health(address, token)}")
    doctor = subprocess.run([*PROGRAM, "doctor"], cwd=TOP, env=surroundings, check=False)
    if doctor.returncode:
        print("The health check failed.", file=sys.stderr)
        return 1
    asked = os.environ | {"MEETING_TRANSCRIBER_API": address, "MEETING_TRANSCRIBER_API_TOKEN": token}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *TESTS], cwd=TOP, env=asked, check=False
    ).returncode


def _health(address: str, token: str) -> str:
    """What the server says about itself, as soon as it says anything. Raises `TimeoutError`."""
    request = urllib.request.Request(f"{address}/v1/health", headers={"Authorization": f"Bearer {token}"})
    until = time.monotonic() + HEALTHY_WITHIN
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(request, timeout=HEALTHY_WITHIN) as answer:
                return str(json.load(answer)["verdict"])
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(address)


if __name__ == "__main__":
    sys.exit(main())
