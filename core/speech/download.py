"""Published models, fetched from the hub: resumed where they stopped, checked, and put in place whole.

A model grows in a hidden folder beside its later one. There a file has its name only once its checksum is right;
before that its name has the checksum behind it, so that what was fetched of a file that has changed is never taken up.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import ssl
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from core import errors, paths
from core.values import Event, Fetching, Job, Offer, Waiting

if TYPE_CHECKING:
    import httpx2

_log = structlog.get_logger("speech")

FILES = (
    "config.json", "model.bin", "preprocessor_config.json", "tokenizer.json", "vocabulary.json", "vocabulary.txt"
)  # fmt: skip
"""What faster-whisper takes of a repository (`faster_whisper.utils.download_model`)."""
SPARE = 200_000_000
"""Bytes that a download leaves free on the disk: a recording may be running."""
BEAT = 0.2
"""Seconds between two looks at whether the person has stopped, and between two events."""
BLOCK = 1 << 20
GONE = frozenset({401, 404, 410})
"""Statuses of what is not there: the hub says 401 of a repository that does not exist."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try: `tries` requests in a row that bring nothing, waiting `first` seconds, then twice as long each
    time, at most `longest`; a hub that asks for more ends it. `silence` seconds without a byte end a try."""

    tries: int = 6
    first: float = 1.0
    longest: float = 120.0
    silence: float = 10.0


@dataclass(frozen=True, slots=True)
class _File:
    """A file on the hub; `sum` is its SHA-256 where `large`, else the SHA-1 by which Git names it."""

    name: str
    size: int
    sum: str
    large: bool

    @property
    def is_told(self) -> bool:
        """Whether the hub told its size and checksum. The latter is part of a file's name here."""
        return isinstance(self.size, int) and bool(re.fullmatch("[0-9a-f]{40,64}", str(self.sum)))

    def hasher(self) -> hashlib._Hash:
        """What adds up to `sum` over the content."""
        if self.large:
            return hashlib.sha256()
        return hashlib.sha1(f"blob {self.size}\0".encode(), usedforsecurity=False)


class _Fault(Exception):
    """A try that failed; whether another makes sense, and after how many seconds the hub wants it."""

    def __init__(self, problem: errors.Problem, *, again: bool, after: float | None = None) -> None:
        super().__init__(str(problem))
        self.problem, self.again, self.after = problem, again, after


def fetch(
    offer: Offer, target: Path, check: Callable[[Path], None], patience: Patience = Patience()
) -> Job[None]:
    """Puts the model into the folder `target`, which is not there before; goes on with what an earlier try brought.

    `check` is given the complete folder before that, and raises where it is no good. Yields `Fetching` several times a
    second, and `Waiting` between tries. Raises `HubUnreachable`, `HubUntrusted`, `HubStrange`, `HubBusy`,
    `ModelNotOffered`, `DownloadDamaged`, `NoRoomForModel` or a `StorageProblem`; what was fetched is kept for the next
    time.
    """
    part = part_of(target)
    paths.make_private_folder(part)
    download = _Download(offer, part, patience)
    try:
        yield from download.run()
        check(part)
        paths.rename(part, target)
    except OSError as error:
        raise paths.storage_problem(error, part) from error


def part_of(target: Path) -> Path:
    """Where a model grows that is to be in `target`."""
    return target.with_name(f".{target.name}.part")


class _Download:
    def __init__(self, offer: Offer, part: Path, patience: Patience) -> None:
        self._offer, self._part, self._patience = offer, part, patience
        self._endpoint = os.environ.get("HF_ENDPOINT", "").strip().rstrip("/") or None
        self._revision = ""
        self._files: tuple[_File, ...] = ()
        self._fruitless = self._furthest = 0
        self._began = time.monotonic()
        self._had = self._told = 0.0
        _prepare_client()

    def run(self) -> Generator[Event, None, None]:
        yield Fetching(self._offer.name, 0, self._offer.size)
        yield from self._patiently(self._look)
        self._tidy()
        self._check_room()
        self._had = self._received()
        self._began = time.monotonic()
        for file in self._files:
            yield from self._get(file)

    def _get(self, file: _File) -> Generator[Event, None, None]:
        """The file with its right checksum; once more from its beginning where that is wrong."""
        whole, partial = self._part / file.name, self._partial(file)
        if whole.exists():
            if (yield from self._is_right(whole, file)):
                return
            whole.unlink()
        for _anew in range(2):
            self._furthest = 0
            yield from self._patiently(lambda: self._stream(file, partial))
            if (yield from self._is_right(partial, file)):
                paths.rename(partial, whole)
                return
            _log.warning("a downloaded file is not as published", model=self._offer.name, file=file.name)
            partial.unlink()
        raise errors.DownloadDamaged(self._offer.name, file.name)

    def _partial(self, file: _File) -> Path:
        return self._part / f"{file.name}.{file.sum[:16]}"

    def _tidy(self) -> None:
        """Removes what belongs to another version of the model."""
        wanted = {self._part / file.name for file in self._files} | {
            self._partial(file) for file in self._files
        }
        for file in set(self._part.iterdir()) - wanted:
            file.unlink()

    def _received(self) -> int:
        return sum(file.stat().st_size for file in self._part.iterdir())

    def _check_room(self) -> None:
        left = sum(file.size for file in self._files) - self._received()
        free = shutil.disk_usage(self._part).free
        if left > 0 and free < left + SPARE:
            raise errors.NoRoomForModel(self._offer.name, left + SPARE, free)

    # --- one request -------------------------------------------------------------------------------

    def _look(self) -> Generator[Event, None, None]:
        """Learns which files there are."""
        from huggingface_hub import HfApi

        yield Fetching(self._offer.name, 0, self._offer.size)
        strange = _Fault(errors.HubStrange(self._address), again=False)
        try:
            with self._translated():
                found = HfApi(self._endpoint, token=False).model_info(
                    self._offer.repository, files_metadata=True, timeout=self._patience.silence
                )
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            # Other facts than the hub's, or a page, as of a hotel that wants to be paid first.
            raise strange from None
        files = {
            one.rfilename: _File(one.rfilename, one.lfs.size, one.lfs.sha256, large=True)
            if one.lfs
            else _File(one.rfilename, one.size or 0, one.blob_id or "", large=False)
            for one in found.siblings or ()
            if one.rfilename in FILES
        }
        if not found.sha or not {"model.bin", "config.json", "tokenizer.json"} <= set(files):
            raise self._not_offered()
        if not isinstance(found.sha, str) or not all(one.is_told for one in files.values()):
            raise strange
        self._revision, self._files = found.sha, tuple(sorted(files.values(), key=lambda file: file.size))

    def _stream(self, file: _File, partial: Path) -> Generator[Event, None, None]:
        """Fetches what is missing of the file."""
        from huggingface_hub import get_session, hf_hub_url

        have = partial.stat().st_size if partial.exists() else 0
        self._furthest = max(self._furthest, have)
        if have == file.size and partial.exists():
            return
        address = hf_hub_url(
            self._offer.repository, file.name, revision=self._revision, endpoint=self._endpoint
        )
        # Compressed on the way, places in the file could not be counted.
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        with (
            self._translated(),
            get_session().stream("GET", address, headers=headers, timeout=self._patience.silence) as answer,
        ):
            if answer.status_code == 416:
                partial.unlink(missing_ok=True)
                raise _Fault(errors.HubBusy(self._address, 416), again=True)
            if not answer.is_success:
                raise self._refused(answer)
            goes_on = answer.status_code == 206 and answer.headers.get("content-range", "").startswith(
                f"bytes {have}-"
            )
            length, wanted = answer.headers.get("content-length", ""), file.size - (have if goes_on else 0)
            if length.isdigit() and int(length) != wanted:
                # A page to log in at, before it is taken for the beginning of the file.
                raise _Fault(errors.HubStrange(self._address), again=False)
            descriptor = os.open(
                partial,
                os.O_WRONLY | os.O_CREAT | (os.O_APPEND if goes_on else os.O_TRUNC),
                paths.PRIVATE_FILE,
            )
            with os.fdopen(descriptor, "wb") as content:
                got = have if goes_on else 0
                for piece in answer.iter_raw():
                    got += len(piece)
                    if got > file.size:
                        break
                    content.write(piece)
                    if got > self._furthest:
                        # What begins anew each time and breaks off would go on for ever.
                        self._furthest, self._fruitless = got, 0
                    if time.monotonic() >= self._told + BEAT:
                        content.flush()
                        self._check_room()
                        yield self._state()
        if got < file.size:
            raise _Fault(errors.HubUnreachable(self._address), again=True)
        yield self._state()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turns what the client raises into a `_Fault`."""
        import httpx2
        from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

        unreachable = errors.HubUnreachable(self._address)
        try:
            yield
        except HfHubHTTPError as error:
            raise self._refused(error.response) from None
        except (OfflineModeIsEnabled, httpx2.UnsupportedProtocol, httpx2.InvalidURL, UnicodeError):
            raise _Fault(unreachable, again=False) from None
        except (httpx2.RequestError, ssl.SSLError) as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise _Fault(errors.HubUntrusted(self._address), again=False) from None
            raise _Fault(unreachable, again=True) from None

    def _refused(self, answer: httpx2.Response) -> _Fault:
        """What an answer means that is no success."""
        status = answer.status_code
        if status in GONE:
            return self._not_offered()
        again = status in {408, 425, 429} or status >= 500
        after = _seconds(answer.headers.get("retry-after", ""))
        return _Fault(errors.HubBusy(self._address, status), again=again, after=after)

    def _not_offered(self) -> _Fault:
        problem = errors.ModelNotOffered(self._offer.name, self._offer.repository, self._address)
        return _Fault(problem, again=False)

    @property
    def _address(self) -> str:
        from urllib.parse import urlsplit

        from huggingface_hub import constants

        endpoint = self._endpoint or constants.ENDPOINT
        with suppress(ValueError):
            return urlsplit(endpoint).hostname or endpoint
        return endpoint

    def _state(self) -> Fetching:
        self._told = time.monotonic()
        received, size = self._received(), sum(file.size for file in self._files)
        rate = (received - self._had) / max(0.001, self._told - self._began)
        left = (size - received) / rate if rate > 0 and self._told > self._began + 1 else None
        return Fetching(self._offer.name, received, size, left)

    def _is_right(self, path: Path, file: _File) -> Generator[Event, None, bool]:
        if path.stat().st_size != file.size:
            return False
        added = file.hasher()
        with path.open("rb") as content:
            while block := content.read(BLOCK):
                added.update(block)
                if time.monotonic() >= self._told + BEAT:
                    yield self._state()
            with suppress(OSError):
                os.fsync(content.fileno())
        return added.hexdigest() == file.sum

    # --- again and again ---------------------------------------------------------------------------

    def _patiently(self, attempt: Callable[[], Generator[Event, None, None]]) -> Generator[Event, None, None]:
        """Does it until it succeeds, or until so many tries in a row brought nothing."""
        while True:
            self._fruitless += 1
            try:
                yield from attempt()
            except _Fault as fault:
                if not fault.again or self._fruitless >= self._patience.tries:
                    raise fault.problem from None
                yield from self._wait(fault)
            else:
                self._fruitless = 0
                return

    def _wait(self, fault: _Fault) -> Generator[Event, None, None]:
        """Waits in slices, so that a stop is heard. Raises the fault's problem where the hub asks for too long."""
        tries = max(1, self._fruitless)
        growing = self._patience.first * 2.0 ** (tries - 1) * (1 + random.random())  # noqa: S311  no secret
        seconds = min(self._patience.longest, growing) if fault.after is None else fault.after
        if seconds > self._patience.longest:
            raise fault.problem from None
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            yield Waiting(round(left, 3), tries, errors.to_failure(fault.problem))
            time.sleep(min(BEAT, left))


@cache
def _prepare_client() -> None:
    """Has the hub's client trust whom the system trusts, behind a company's proxy more than its own list knows."""
    from huggingface_hub import constants, set_client_factory

    # Else it asks its maker's site, also where a mirror is meant, in order to tell who we are.
    constants.HF_HUB_DISABLE_TELEMETRY = True
    set_client_factory(_client)


def _client() -> httpx2.Client:
    import httpx2
    import truststore
    from huggingface_hub.utils._http import hf_request_event_hook

    return httpx2.Client(
        verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        event_hooks={"request": [hf_request_event_hook]},
        follow_redirects=True,
    )


def _seconds(retry_after: str) -> float | None:
    """What a Retry-After header asks for, a number or a date; None where it cannot be read."""
    from email.utils import parsedate_to_datetime

    try:
        if retry_after.strip().isdigit():
            return float(retry_after)
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None
