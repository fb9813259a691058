"""Whether a provider answers: asks for the list of its models, which costs nothing and tells it nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from core import errors
from core.summary.context import base
from core.values import LocalServer

MISTRAL = "https://api.mistral.ai"
PATIENCE = 5.0
"""Seconds to wait for the answer."""
NEAR_PATIENCE = 1.0
"""Seconds to wait for a program on this machine."""
USUAL = (("Ollama", 11434), ("LM Studio", 1234), ("llama.cpp", 8080), ("vLLM", 8000))
"""Programs that speak Mistral's protocol, and the ports where they usually listen."""


def check(provider: str, address: str, key: str) -> None:
    """Comes back where `provider` answers, at `address` or, where that is '', at Mistral's own, and takes the `key`.

    Raises `RemoteUnreachable`, `KeyRefused` (401, 403), `RemoteBusy` (408, 429, 5xx) or `RemoteRefused` (3xx). A server
    that has no such list has answered all the same.
    """
    import httpx2

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with httpx2.Client(timeout=PATIENCE, headers=headers) as client:
            status = client.get(f"{base(address) or MISTRAL}/v1/models").status_code
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError):
        raise errors.RemoteUnreachable(provider) from None
    if status in {401, 403}:
        raise errors.KeyRefused(provider)
    if status in {408, 429} or status >= 500:
        raise errors.RemoteBusy(provider, status)
    if 300 <= status < 400:
        raise errors.RemoteRefused(provider, status)


def models(provider: str, address: str, key: str) -> tuple[str, ...]:
    """The names of the models that a provider has, in order. Raises as `check`, and `AnswerUnusable`."""
    import httpx2

    check(provider, address, key)
    try:
        return _listed(f"{base(address) or MISTRAL}/v1/models", key, PATIENCE)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError):
        raise errors.RemoteUnreachable(provider) from None
    except ValueError:
        raise errors.AnswerUnusable(provider) from None


def servers_here(usual: Sequence[tuple[str, int]] = USUAL) -> tuple[LocalServer, ...]:
    """The programs on this machine that have language models, with these."""
    import httpx2

    found = []
    for name, port in usual:
        address = f"http://127.0.0.1:{port}"
        with suppress(httpx2.HTTPError, OSError, ValueError):
            found.append(LocalServer(name, address, _listed(f"{address}/v1/models", "", NEAR_PATIENCE)))
    return tuple(found)


def _listed(url: str, key: str, patience: float) -> tuple[str, ...]:
    """The models that a server lists, those for writing. Raises `ValueError` for what is no such list."""
    import httpx2

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with httpx2.Client(timeout=patience, headers=headers) as client:
        answer = client.get(url)
    told = answer.json() if answer.is_success else None
    if not isinstance(told, dict) or not isinstance(told.get("data"), list):
        raise ValueError("no list of models")  # noqa: TRY004  what is wrong is what came
    writing = [one for one in told["data"] if isinstance(one, dict) and _writes(one.get("capabilities"))]
    return tuple(sorted({str(one["id"]) for one in writing if one.get("id")}))


def _writes(capabilities: object) -> bool:
    """Whether a model is for conversations, as far as that is told."""
    return not isinstance(capabilities, dict) or bool(capabilities.get("completion_chat", True))
