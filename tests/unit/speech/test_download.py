"""A model is fetched whole or not at all, and nothing of it twice, whatever the network does."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import close_session

from core import errors
from core.speech import CATALOGUE, download, installed
from core.speech.download import Patience, fetch, part_of
from core.values import Event, Fetching, Waiting
from tests.conftest import finished
from tests.hub_server import REVISION, Begun, Cut, Fault, Hub, Status, Told, Whole, Wrong
from tests.local_server import Page, own_certificate

WEIGHTS = bytes(range(256)) * 2000
FILES = {
    "config.json": b"{}",
    "tokenizer.json": b"[" + b" " * 5000 + b"]",
    "vocabulary.txt": b"a\nb",
    "model.bin": WEIGHTS,
    "README.md": b"not for us",
}
TINY = next(one for one in CATALOGUE if one.name == "tiny")
NAMED = [{"rfilename": name} for name in FILES]
OUTSIDE = {"size": 3, "blobId": "../../evil"}
QUICK = Patience(tries=3, first=0.01, longest=1.0, silence=2.0)


pytestmark = pytest.mark.usefixtures("no_proxy")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    return tmp_path / "models" / "tiny"


Get = Callable[[Hub], list[Event]]


@pytest.fixture
def get(target: Path, monkeypatch: pytest.MonkeyPatch) -> Get:
    """Fetches from a server; what was told."""

    def getting(hub: Hub) -> list[Event]:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        return list(fetch(TINY, target, lambda _folder: None, QUICK))

    return getting


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


EXPECTED = {name: data for name, data in FILES.items() if name != "README.md"}


def test_a_model_is_fetched_from_the_mirror_and_its_other_host(
    get: Get, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    with Hub(FILES) as hub:
        told = get(hub)
    assert content(target) == EXPECTED
    assert not part_of(target).exists()
    assert (f"/{TINY.repository}/resolve/{REVISION}/config.json", "") in hub.asked
    assert ("/cdn/model.bin", "") in hub.asked
    size = sum(map(len, EXPECTED.values()))
    last = told[-1]
    assert isinstance(last, Fetching)
    assert (last.model, last.received, last.size) == ("tiny", size, size)
    assert "secret" not in str(hub.headers)


@pytest.mark.parametrize(
    "faults",
    [
        {"model.bin": [Cut(100_000), Cut(200_000), Cut(1)]},
        {"model.bin": [Cut(0), Status(429, "0")]},
        {"": [Status(500), Status(429, "0")], "config.json": [Status(502)]},
    ],
)
def test_it_goes_on_where_it_broke_off(faults: dict[str, list[Fault]], get: Get, target: Path) -> None:
    with Hub(FILES, faults) as hub:
        told = get(hub)
    assert content(target) == EXPECTED
    assert hub.sent == sum(map(len, EXPECTED.values()))
    assert not any(hub.faults.values())
    assert any(isinstance(event, Waiting) for event in told)


def test_a_server_that_cannot_go_on_begins_anew(get: Get, target: Path) -> None:
    with Hub(FILES, {"model.bin": [Cut(100_000), Whole()]}) as hub:
        get(hub)
    assert content(target) == EXPECTED


def test_a_stop_keeps_what_was_fetched(get: Get, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Hub(FILES, pause=0.02) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        monkeypatch.setattr(download, "BEAT", 0.0)
        job = fetch(TINY, target, lambda _folder: None, QUICK)
        next(event for event in job if isinstance(event, Fetching) and event.received > 200_000)
        job.close()
        kept = sum(len(data) for data in content(part_of(target)).values())
        assert kept > 200_000
        assert not target.exists()
        assert installed((), target.parent)[1:] == ()
        hub.pause = 0.0
        first = len(hub.asked)
        get(hub)
    assert content(target) == EXPECTED
    again = [asked for asked in hub.asked[first:] if asked[1]]
    assert len(again) == 2  # the hub, and the host that it names
    assert int(again[0][1].removeprefix("bytes=").removesuffix("-")) > 190_000


KILLED = """
import sys
from pathlib import Path
from core.speech import fetch, offer
for event in fetch(offer("tiny"), Path(sys.argv[1]), lambda folder: None):
    print(event.received, flush=True)
"""


def test_a_kill_keeps_what_was_fetched(get: Get, target: Path) -> None:
    with Hub(FILES, pause=0.1) as hub:
        surroundings = os.environ | {"HF_ENDPOINT": hub.address}
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(target)], env=surroundings, stdout=subprocess.PIPE
        )
        assert child.stdout
        for line in child.stdout:
            if int(line) > 100_000:
                break
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert not target.exists()
        hub.pause = 0.0
        get(hub)
    assert content(target) == EXPECTED
    assert [asked for asked in hub.asked if asked[1]]


def test_what_has_changed_upstream_is_fetched_anew(get: Get, target: Path) -> None:
    newer = FILES | {"model.bin": WEIGHTS[::-1]}
    with Hub(FILES, {"model.bin": [Cut(100_000), Status(410)]}) as hub, pytest.raises(errors.ModelNotOffered):
        get(hub)
    with Hub(newer) as hub:
        get(hub)
    assert (target / "model.bin").read_bytes() == newer["model.bin"]
    assert set(content(target)) == set(EXPECTED)


@pytest.mark.parametrize("name", ["model.bin", "config.json"])
def test_a_wrong_checksum_is_fetched_once_more_and_then_refused(name: str, get: Get, target: Path) -> None:
    with Hub(FILES, {name: [Wrong()]}) as hub:
        get(hub)
    assert content(target) == EXPECTED
    shutil.rmtree(target)
    with Hub(FILES, {name: [Wrong(), Wrong()]}) as hub, pytest.raises(errors.DownloadDamaged) as caught:
        get(hub)
    assert caught.value == errors.DownloadDamaged("tiny", name)
    assert not target.exists()


@pytest.mark.parametrize(
    ("faults", "problem"),
    [
        ({"": [Status(404)]}, errors.ModelNotOffered("tiny", TINY.repository, "127.0.0.1")),
        ({"model.bin": [Status(404)]}, errors.ModelNotOffered("tiny", TINY.repository, "127.0.0.1")),
        ({"": [Status(401)]}, errors.ModelNotOffered("tiny", TINY.repository, "127.0.0.1")),
        ({"": [Status(403)]}, errors.HubBusy("127.0.0.1", 403)),
        ({"": [Status(429, "9999")]}, errors.HubBusy("127.0.0.1", 429)),
        ({"": [Status(503)] * 3}, errors.HubBusy("127.0.0.1", 503)),
        ({"model.bin": [Cut(0)] * 3}, errors.HubUnreachable("127.0.0.1")),
        # Some bytes each time, as of a page to log in at, bring nothing on either.
        ({"model.bin": [Cut(100_000), *[Begun(50_000)] * 3]}, errors.HubUnreachable("127.0.0.1")),
        ({"": [Page()]}, errors.HubStrange("127.0.0.1")),
        ({"model.bin": [Cut(100_000), Page()]}, errors.HubStrange("127.0.0.1")),
        ({"": [Told([])]}, errors.HubStrange("127.0.0.1")),
        ({"": [Told({"id": 3, "siblings": "no"})]}, errors.HubStrange("127.0.0.1")),
        ({"": [Told({"siblings": []})]}, errors.HubStrange("127.0.0.1")),
        ({"": [Told({"id": "a/b", "sha": 1, "siblings": NAMED})]}, errors.HubStrange("127.0.0.1")),
        # A mirror that tells neither size nor checksum: nothing that came from it could be checked.
        ({"": [Told({"id": "a/b", "sha": REVISION, "siblings": NAMED})]}, errors.HubStrange("127.0.0.1")),
        (
            {"": [Told({"id": "a/b", "sha": REVISION, "siblings": [one | OUTSIDE for one in NAMED]})]},
            errors.HubStrange("127.0.0.1"),
        ),
    ],
)
def test_what_cannot_be_had_is_said(
    faults: dict[str, list[Fault]], problem: errors.Problem, get: Get, target: Path
) -> None:
    with Hub(FILES, faults) as hub, pytest.raises(errors.ModelProblem) as caught:
        get(hub)
    assert caught.value == problem
    assert not target.exists()


def test_a_hub_that_is_not_there(get: Get) -> None:
    with Hub(FILES) as hub:
        pass
    with pytest.raises(errors.HubUnreachable):
        get(hub)


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [("hub.example", "hub.example"), ("http://[::1", "http://[::1"), ("ftp://a.example", "a.example")],
)
def test_an_address_of_a_mirror_that_is_none(
    endpoint: str, said: str, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    with pytest.raises(errors.HubUnreachable) as caught:
        finished(fetch(TINY, target, lambda _folder: None, QUICK))
    assert caught.value == errors.HubUnreachable(said)


def test_a_repository_without_a_model(get: Get) -> None:
    with Hub({"README.md": b"moved"}) as hub, pytest.raises(errors.ModelNotOffered):
        get(hub)


def test_no_room_is_said_before_and_in_mid_download(
    get: Get, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    left = download.SPARE + 100_000
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(0, 0, left))
    with Hub(FILES) as hub, pytest.raises(errors.NoRoomForModel) as caught:
        get(hub)
    assert caught.value.free == left
    assert hub.sent == 0
    answers = iter([10**12])
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(0, 0, next(answers, 5)))
    with Hub(FILES) as hub, pytest.raises(errors.NoRoomForModel):
        get(hub)
    assert hub.sent > 0
    assert not target.exists()


def test_a_model_that_does_not_load_is_not_put_in_place(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_folder: Path) -> None:
        raise errors.ModelDamaged("tiny")

    with Hub(FILES) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        with pytest.raises(errors.ModelDamaged):
            list(fetch(TINY, target, refuse, QUICK))
    assert not target.exists()


def test_the_proxy_of_the_usual_variable_is_asked(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Hub(FILES) as hub:
        monkeypatch.setenv("HF_ENDPOINT", "http://hub.invalid")
        monkeypatch.setenv("HTTP_PROXY", hub.address)
        monkeypatch.setattr(Hub, "large", "none")
        finished(fetch(TINY, target, lambda _folder: None, QUICK))
    assert hub.by_proxy == len(hub.asked) == 5
    assert content(target) == EXPECTED


class _Socks(socketserver.BaseRequestHandler):
    """Hands one connection on, as RFC 1928 has it, to an address of version 4 or a name."""

    def handle(self) -> None:
        asks: socket.socket = self.request
        asks.recv(257)
        asks.sendall(b"\x05\x00")
        asked = asks.recv(262)
        name = asked[5:-2].decode() if asked[3] == 3 else socket.inet_ntoa(asked[4:8])
        with socket.create_connection((name, int.from_bytes(asked[-2:]))) as answers:
            asks.sendall(b"\x05\x00\x00\x01" + bytes(6))
            while True:
                for one in select.select([asks, answers], [], [])[0]:
                    content = one.recv(1 << 16)
                    if not content:
                        return
                    (answers if one is asks else asks).sendall(content)


def test_a_proxy_that_speaks_socks_is_asked(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Hub(FILES) as hub, socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Socks) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.02,))
        thread.start()
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{proxy.server_address[1]}")
        finished(fetch(TINY, target, lambda _folder: None, QUICK))
        close_session()
        proxy.shutdown()
        thread.join()
    assert content(target) == EXPECTED


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return own_certificate(tmp_path)


def test_only_a_certificate_that_the_system_trusts_is_accepted(
    certificate: Path, get: Get, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Hub(FILES, certificate=certificate) as hub:
        with pytest.raises(errors.HubUntrusted):
            get(hub)
        assert hub.asked == []
        close_session()
        # As an administrator would install it.
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("cert.pem")))
        get(hub)
    assert content(target) == EXPECTED
