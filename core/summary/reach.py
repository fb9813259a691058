"""Whether a provider answers: asks for the list of its models, which costs nothing and tells it nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from core import errors
from core.summary import addresses
from core.values import LocalServer

if TYPE_CHECKING:
    import httpx2

PATIENCE = 5.0
"""Seconds to wait for the answer."""
NEAR_PATIENCE = 1.0
"""Seconds to wait for a program on this machine."""
USUAL = (11434, 1234, 8080, 8000)
"""Ports where Ollama, LM Studio, llama.cpp's server and vLLM usually listen, which speak Mistral's protocol."""
_OWNERS = {"llamacpp": "llama.cpp", "vllm": "vLLM"}
"""Programs by what they call the owner of each of their models."""


def check(provider: str, address: str, key: str) -> None:
    """Comes back where `provider` answers, at `address` or, where that is '', at Mistral's own, and takes the `key`.

    Raises `RemoteUnreachable`, `RemoteUntrusted`, `KeyRefused` (401, 403), `RemoteBusy` (408, 429, 5xx) or
    `RemoteRefused` (3xx). A server that has no such list has answered all the same.
    """
    _answer(provider, address, key)


def models(provider: str, address: str, key: str) -> tuple[str, ...]:
    """The names of the models that a provider has, in order. Raises as `check`, and `AnswerUnusable`."""
    try:
        return _names(_listed(_answer(provider, address, key)))
    except ValueError:
        raise errors.AnswerUnusable(provider) from None


def servers_here(ports: Sequence[int] = USUAL) -> tuple[LocalServer, ...]:
    """The programs on this machine that have language models, with these, each once and by its own account."""
    import httpx2

    found: dict[tuple[str, tuple[str, ...]], LocalServer] = {}
    for port in ports:
        address = f"http://127.0.0.1:{port}"
        with (
            suppress(httpx2.HTTPError, OSError, ValueError),
            addresses.client(address, base_url=address, timeout=NEAR_PATIENCE) as client,
        ):
            listed = _listed(client.get("/v1/models"))
            name = _program(client, listed) or addresses.host(address)
            # One program may be reached by several ports.
            found.setdefault((name, _names(listed)), LocalServer(name, address, _names(listed)))
    return tuple(found.values())


def _answer(provider: str, address: str, key: str) -> httpx2.Response:
    """What the provider says when it is asked for its models. Raises as `check`."""
    import httpx2

    try:
        with addresses.client(address, key, timeout=PATIENCE) as client:
            answer = client.get(f"{addresses.base(address)}/v1/models")
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError) as error:
        untrusted = addresses.is_untrusted(error)
        raise (errors.RemoteUntrusted if untrusted else errors.RemoteUnreachable)(provider) from None
    status = answer.status_code
    if status in {401, 403}:
        raise errors.KeyRefused(provider)
    if status in {408, 429} or status >= 500:
        raise errors.RemoteBusy(provider, status)
    if 300 <= status < 400:
        raise errors.RemoteRefused(provider, status)
    return answer


def _listed(answer: httpx2.Response) -> list[dict[str, Any]]:
    """The models that a server lists. Raises `ValueError` for what is no such list."""
    told = answer.json() if answer.is_success else None
    if not isinstance(told, dict) or not isinstance(told.get("data"), list):
        raise ValueError("no list of models")  # noqa: TRY004  what is wrong is what came
    return [one for one in told["data"] if isinstance(one, dict)]


def _names(listed: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """The names of those models that write, in order."""
    return tuple(sorted({str(one["id"]) for one in listed if one.get("id") and _writes(one)}))


def _writes(model: dict[str, Any]) -> bool:
    """Whether a model is for conversations, as far as that is told: those for searching say so in their names."""
    capabilities = model.get("capabilities")
    if "embed" in str(model["id"]).casefold():
        return False
    return not isinstance(capabilities, dict) or bool(capabilities.get("completion_chat", True))


def _program(client: httpx2.Client, listed: Sequence[dict[str, Any]]) -> str:
    """Which program this is, by what only it answers; '' where that cannot be told.

    llama.cpp and vLLM name themselves in their lists; LM Studio has a list of its own at `/api/v0/models` ("REST API
    v0" in its documentation), Ollama tells its version at `/api/version` ("Version" in its documentation).
    """
    owners = {str(one.get("owned_by")) for one in listed}
    if names := [name for owner, name in _OWNERS.items() if owner in owners]:
        return names[0]
    for path, sign, name in (("/api/v0/models", "data", "LM Studio"), ("/api/version", "version", "Ollama")):
        answer = client.get(path)
        with suppress(ValueError):
            told = answer.json() if answer.is_success else None
            if isinstance(told, dict) and sign in told:
                return name
    return ""
