from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from core import locks
from core.values import MeetingId, Stage

HOLDER = """
import sys, time
from pathlib import Path
from core import locks
lock = locks.take(Path(sys.argv[1]))
assert lock
print("held", flush=True)
time.sleep(60)
"""


def test_a_lock_has_one_holder_also_within_a_process(tmp_path: Path) -> None:
    path = locks.path_of(tmp_path, MeetingId("abc"), Stage.TRANSCRIBE)
    other = locks.path_of(tmp_path, MeetingId("abc"), Stage.SUMMARISE)
    assert not locks.is_held(path)
    lock = locks.take(path)
    assert lock
    assert locks.is_held(path)
    assert locks.take(path) is None
    assert not locks.is_held(other)
    lock.release()
    assert not locks.is_held(path)
    again = locks.take(path)
    assert again
    again.release()


def test_a_killed_process_frees_its_lock(tmp_path: Path) -> None:
    path = tmp_path / "a.record"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    with holder:
        try:
            assert holder.stdout.readline() == "held\n"
            assert locks.is_held(path)
        finally:
            holder.kill()
    assert not locks.is_held(path)
