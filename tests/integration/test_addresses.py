"""Where requests to providers really go: past the proxy to this machine, through it elsewhere; who is found here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mistralai.client import sdkconfiguration

from core import credentials, errors, meetings, messages, paths, settings, terminal
from core.health import checks
from core.meetings import Library, providers
from core.summary import addresses, breaker, mistral, reach
from core.values import Condition, Waiting
from core.values import LocalServer as Found
from tests.benchmarks.remote_faults import answer, meeting_of, talk
from tests.local_server import LocalHandler, LocalServer, own_certificate
from tests.mistral_server import Answer, Server

SHAPE: dict[str, Any] = {
    "type": "json_schema",
    "json_schema": {"name": "x", "schema_definition": {"type": "object", "properties": {}}},
}


class _Proxy(LocalHandler):
    """Notes whatever it is asked for, and answers as a page would."""

    outer: Proxy

    def do_GET(self) -> None:
        self.outer.asked.append(f"{self.command} {self.path}")
        self.send(b'{"data": [{"id": "of-the-proxy"}]}', "application/json")

    do_POST = do_CONNECT = do_GET  # noqa: N815  the base class's names


class Proxy(LocalServer):
    """A proxy that sees what is asked of it."""

    def __init__(self) -> None:
        super().__init__(_Proxy)
        self.asked: list[str] = []


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    with Proxy() as there:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, there.address)
            monkeypatch.setenv(name.upper(), there.address)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(breaker, "_breakers", {})
        yield there


def port_of(server: LocalServer) -> int:
    return int(server.address.rpartition(":")[2])


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_nothing_that_goes_to_this_machine_passes_through_a_proxy(proxy: Proxy, name: str) -> None:
    with Server([Answer("{}")], {"/v1/models": {"data": [{"id": "llama"}]}}) as server:
        address = f"http://{name}:{port_of(server)}/v1"
        where = mistral.Server("llama", "", address)
        with mistral.Conversation(where) as conversation:
            for _event in conversation.measure():
                pass
            for _event in conversation.ask([{"role": "user", "content": "the whole meeting"}], SHAPE):
                pass
        reach.check("a server", address, "")
        assert reach.models("a server", address, "") == ("llama",)
        assert [one.models for one in reach.servers_here([port_of(server)])] == [("llama",)]
        assert len(server.requests) == 1
    assert proxy.asked == []


@pytest.mark.parametrize(
    "name", ["127.evil.example", "127.0.0.1.nip.example", "localhost.example", "models.example"]
)
def test_whatever_is_not_this_machine_is_asked_through_the_proxy(proxy: Proxy, name: str) -> None:
    address = f"http://{name}:8000"
    assert not addresses.is_here(address)
    reach.check(name, address, "")
    assert proxy.asked == [f"GET {address}/v1/models"]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:11434",
        "http://127.9.8.7/v1",
        "https://[::1]:8000",
        "http://localhost",
        "http://LOCALHOST:1",
    ],
)
def test_this_machine_is_a_loopback_address_or_localhost(address: str) -> None:
    assert addresses.is_here(address)


@pytest.mark.parametrize(
    "address",
    ["", "localhost:11434", "http://0.0.0.0:1", "http://192.168.1.4", "http://127.1", "http://[::1", "http://2130706433",
     "http://127.0.0.1@far.example", "http://far.example/127.0.0.1", "http://[fe80::1]"],
)  # fmt: skip
def test_nothing_else_is(address: str) -> None:
    assert not addresses.is_here(address)


@pytest.mark.parametrize(
    ("name", "replies"),
    [
        (
            "Ollama",
            {
                "/v1/models": {"data": [{"id": "m", "owned_by": "library"}]},
                "/api/version": {"version": "0.13"},
            },
        ),
        ("LM Studio", {"/v1/models": {"data": [{"id": "m"}]}, "/api/v0/models": {"data": [{"id": "m"}]}}),
        ("llama.cpp", {"/v1/models": {"data": [{"id": "m", "owned_by": "llamacpp"}]}}),
        (
            "vLLM",
            {"/v1/models": {"data": [{"id": "m", "owned_by": "vllm"}]}, "/version": {"version": "0.11"}},
        ),
    ],
)
def test_a_server_is_known_by_its_own_answer_and_listed_once(
    proxy: Proxy, name: str, replies: dict[str, object]
) -> None:
    with Server([], replies) as server, LocalServer(LocalHandler) as other:
        ports = [port_of(other), port_of(server), port_of(server), port_of(server)]
        assert reach.servers_here(ports) == (Found(name, server.address, ("m",)),)
    assert proxy.asked == []


def test_a_server_that_nobody_knows_is_called_by_its_place() -> None:
    with Server([], {"/v1/models": {"data": [{"id": "m"}]}}) as server:
        (found,) = reach.servers_here([port_of(server)])
    assert found.name == f"127.0.0.1:{port_of(server)}"


def test_all_that_goes_to_mistral_goes_to_one_place_in_the_european_union(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sdkconfiguration.SERVERS["eu"] == addresses.MISTRAL
    monkeypatch.setattr(breaker, "_breakers", {})
    with Server([Answer("{}")], {"/v1/models": {"data": [{"id": "mistral-small-latest"}]}}) as server:
        monkeypatch.setattr(addresses, "MISTRAL", server.address)
        reach.check("mistral", "", "k3y")
        assert reach.models("mistral", "", "k3y") == ("mistral-small-latest",)
        with mistral.Conversation(mistral.Server(key="k3y")) as conversation:
            for _event in conversation.ask([{"role": "user", "content": "hello"}], SHAPE):
                pass
        assert (len(server.requests), server.headers[0]["Authorization"]) == (1, "Bearer k3y")


def test_an_address_that_is_none_is_not_reached() -> None:
    with pytest.raises(errors.RemoteUnreachable):
        reach.check("nowhere", "http://[::1", "")


def test_a_certificate_that_nobody_trusts_is_told_as_such_and_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = own_certificate(tmp_path)
    monkeypatch.setattr(breaker, "_breakers", {})

    def ask(server: Server) -> list[object]:
        where = mistral.Server("m", "k3y", server.address)
        with mistral.Conversation(where, mistral.Patience(first=0.01)) as conversation:
            return list(conversation.ask([{"role": "user", "content": "hello"}], SHAPE))

    with Server([Answer("{}")], {"/v1/models": {"data": []}}, certificate) as server:
        name = addresses.host(server.address)
        for _time in range(4):  # so often that a failing server would be left alone
            with pytest.raises(errors.RemoteUntrusted):
                ask(server)
        with pytest.raises(errors.RemoteUntrusted) as told:
            reach.check(name, server.address, "k3y")
        assert (server.requests, server.headers) == ([], [])
        assert "does not trust its certificate" in messages.explain(told.value).what
        # As an administrator would install it.
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("cert.pem")))
        reach.check(name, server.address, "k3y")
        assert not any(isinstance(one, Waiting) for one in ask(server))
        assert len(server.requests) == 1


OLLAMA = {"/api/show": {"model_info": {"llama.context_length": 8_192}, "parameters": "num_ctx 8192"}}


@pytest.mark.parametrize("replies", [{}, OLLAMA], ids=["the shared protocol", "Ollama's own"])
def test_the_key_of_a_server_goes_with_all_that_is_asked_of_it_and_to_no_other(
    library: Library, monkeypatch: pytest.MonkeyPatch, replies: dict[str, object]
) -> None:
    monkeypatch.setattr(breaker, "_breakers", {})
    meeting_id = meeting_of(library, talk(8))
    replies = replies | {"/v1/models": {"data": [{"id": "m"}]}}
    with Server([Answer(answer)], replies) as server, Server([Answer(answer)], replies) as other:
        credentials.keep_server_key(server.address, "d3sk")
        for one in (server, other):
            chosen = dataclasses.replace(
                library.settings, provider="server", provider_address=f"{one.address}/v1", server_model="m"
            )
            library.change_settings(chosen)
            for _event in meetings.summarise(library, meeting_id):
                pass
            assert providers.models_of(library, "server") == ("m",)
            assert [one.condition for one in checks._provider(library.settings, library.places)] == [
                Condition.OK
            ]
            assert len(one.requests) == 1
    assert {key for _path, key in server.looks} | {server.headers[0]["Authorization"]} == {"Bearer d3sk"}
    assert "/v1/models" in {path for path, _key in server.looks}
    assert "d3sk" not in str((other.looks, other.headers))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (" localhost:11434 ", "http://localhost:11434"),
        ("https://models.example/v1", "https://models.example/v1"),
        ("", ""),
    ],
)
def test_an_address_is_read_as_people_write_it(written: str, meant: str) -> None:
    assert addresses.read(written) == meant


@pytest.mark.parametrize(
    "written", ["http://ana:pa55@desk:1234", "ana:pa55@desk", "ftp://desk", "http://", "http://[::1"]
)
def test_an_address_with_a_password_or_without_a_host_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(errors.AddressUnfit) as raised:
        addresses.read(written)
    assert "pa55" not in repr(raised.value) + str(messages.explain(raised.value))
    assert (raised.value.reason == "password") == ("pa55" in written)


def test_a_password_that_an_older_program_kept_in_an_address_is_dropped(places: paths.Folders) -> None:
    paths.create(places)
    old = {
        "provider_address": "http://ana:pa55@desk:1234",
        "consents": ["mistral", "http://ana:pa55@desk:1234"],
    }
    places.settings.write_text(json.dumps(old), encoding="utf-8")
    found = settings.load(places.settings)
    assert (found.provider_address, found.consents) == ("http://desk:1234", ("mistral", "http://desk:1234"))


def test_the_only_server_here_is_used_by_a_terminal_and_said(
    library: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(breaker, "_breakers", {})
    meeting_id = meeting_of(library, talk(8))
    models = {"data": [{"id": "a-text-embedding"}, {"id": "llama", "owned_by": "library"}]}
    replies: dict[str, object] = {"/v1/models": models, "/api/version": {"version": "0.13"}}
    with Server([Answer(answer)] * 2, replies) as server, Server([], replies | {"/props": {}}) as second:
        summarise = ["summarise", meeting_id, "--provider", "server"]
        several = {"/v1/models": {"data": [{"id": "llama", "owned_by": "vllm"}]}}
        monkeypatch.setattr(second, "replies", several)
        monkeypatch.setattr(reach.servers_here, "__defaults__", ((port_of(server), port_of(second)),))
        assert terminal.run(summarise) == 5
        told = capsys.readouterr().err
        assert f"Found: Ollama ({server.address}), vLLM ({second.address})" in told
        assert server.requests == second.requests == []
        monkeypatch.setattr(reach.servers_here, "__defaults__", ((port_of(server),),))
        assert terminal.run(summarise) == 0
        assert f"llama of Ollama ({server.address}) writes." in capsys.readouterr().err
        assert terminal.run(summarise) == 0
        assert "writes." not in capsys.readouterr().err
        assert len(server.requests) == 2
