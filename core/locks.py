"""Who works on what: one operating-system lock per meeting and stage, freed when its process ends, however it ends.

A lock's file goes with it: who waited for it finds that out and makes a new one (filelock looks at the
file's link count once it holds it).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from core import paths
from core.values import MeetingId, Stage


class Lock:
    """A lock held by this process until `release` or the end of the process."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock

    def release(self) -> None:
        """Frees the lock."""
        with suppress(OSError):  # Windows keeps an open file
            Path(self._lock.lock_file).unlink()
        self._lock.release(force=True)


def path_of(folder: Path, meeting_id: MeetingId, stage: Stage) -> Path:
    """The lock file of a stage of a meeting, inside the library's lock folder."""
    return folder / f"{meeting_id}.{stage}"


def take(path: Path, *, wait: bool = False) -> Lock | None:
    """The lock of `path`; while another holder has it None, or with `wait` as soon as it is free.

    Raises `DiskFull` or `FolderNotWritable`.
    """
    lock = FileLock(
        path, timeout=-1 if wait else 0, mode=paths.PRIVATE_FILE, thread_local=False, is_singleton=False
    )
    try:
        lock.acquire()
    except Timeout:
        return None
    except OSError as error:
        raise paths.storage_problem(error, path) from error
    return Lock(lock)


def is_held(path: Path) -> bool:
    """Whether anybody holds the lock of `path` right now."""
    if not path.exists():
        # Nobody who takes it at this moment finds it held by us.
        return False
    lock = take(path)
    if lock is None:
        return True
    lock.release()
    return False


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Holds the lock of `path` during the block, waiting for another holder. Raises as `take`."""
    lock = take(path, wait=True)
    try:
        yield
    finally:
        if lock:
            lock.release()
