"""How much text a model takes at once, in tokens: from a table for Mistral's, asked of other servers.

Whoever sends more is cut without a word by some servers (Ollama), so the smallest size that may be meant counts.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from core.summary import addresses

if TYPE_CHECKING:
    import httpx2

SMALLEST = 1_500
"""Tokens below which the question alone leaves no room for a transcript."""
UNKNOWN = 8_192
"""Taken of a server that does not tell: hardly any model made for following instructions takes less."""
OLLAMA = 16_384
"""What Ollama is asked to give a model that it would give less of its own accord: an hour's meeting goes in two parts,
and the memory for it is there on an ordinary machine."""
UNLOADED = 4_096
"""What LM Studio gives a model that it loads when it is first asked, unless it is told otherwise."""
PATIENCE = 3.0
"""Seconds to wait for a server's word on itself."""

LOADING = 120.0
"""Seconds that Ollama may take to load a model."""

_MISTRAL = {
    "mistral-small-24": 32_000,
    "mistral-small-2501": 32_000,
    "mistral-small": 128_000,
    "mistral-medium-23": 32_000,
    "mistral-medium": 128_000,
    "mistral-large-2402": 32_000,
    "mistral-large": 128_000,
    "ministral": 128_000,
    "magistral": 40_000,
    "codestral": 32_000,
    "devstral": 128_000,
    "pixtral": 128_000,
    "open-mistral-nemo": 128_000,
    "open-mixtral-8x22b": 64_000,
}
"""By the beginning of a model's name, the smallest of that family (Mistral's documentation, "Models")."""
_MISTRAL_UNKNOWN = 32_000


def of_mistral(model: str) -> int:
    """The context of a model of Mistral's, in tokens; for one not in the table, what even the oldest ones take."""
    known = [name for name in _MISTRAL if model.startswith(name)]
    return _MISTRAL[max(known, key=len)] if known else _MISTRAL_UNKNOWN


async def of_server(address: str, model: str, wanted: int = 0, key: str = "") -> tuple[int, bool]:
    """The context that the server at `address` gives `model`, in tokens, and whether it is Ollama, which has to be
    asked for as much with each question; 0 where it does not tell.

    Asks in the ways of Ollama, llama.cpp's server, vLLM and LM Studio. `wanted` are the tokens that the person chose,
    `key` is the server's.
    """
    import httpx2

    # Whether the server can be reached at all is for the question itself to find out.
    with suppress(httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError):
        async with addresses.async_client(
            address, key, base_url=addresses.base(address), timeout=PATIENCE
        ) as client:
            if (found := await _ollama(client, model, wanted)) > 0:
                return found, True
            for ask in (_llama_cpp, _vllm, _lm_studio):
                if (found := await ask(client, model)) > 0:
                    return found, False
    return 0, False


async def _ollama(client: httpx2.AsyncClient, model: str, wanted: int) -> int:
    """What was chosen, else the more of what it has and what an ordinary machine bears; never more than it takes."""
    about = await _json(client, "/api/show", {"model": model})
    sizes = [
        _number(value) for key, value in _dict(about, "model_info").items() if key.endswith(".context_length")
    ]
    if not sizes:
        return 0
    told = re.search(r"(?m)^num_ctx\s+(\d+)", str(about.get("parameters", "")))
    loaded = await _ollama_loaded(client, model)
    if not told and not loaded:
        # Only a model that is loaded has a context, and it is needed in a moment anyhow.
        await client.post("/api/generate", json={"model": model}, timeout=LOADING)
        loaded = await _ollama_loaded(client, model)
    return min(*sizes, wanted or (int(told[1]) if told else max(loaded, OLLAMA)))


async def _ollama_loaded(client: httpx2.AsyncClient, model: str) -> int:
    """The context of the model that is loaded, 0 where it is not."""
    names = {model, f"{model}:latest"}
    running = _list(await _json(client, "/api/ps"), "models")
    return max(
        (_number(one.get("context_length")) for one in running if one.get("model") in names), default=0
    )


async def _llama_cpp(client: httpx2.AsyncClient, _model: str) -> int:
    return _number(_dict(await _json(client, "/props"), "default_generation_settings").get("n_ctx"))


async def _vllm(client: httpx2.AsyncClient, model: str) -> int:
    return _number((await _listed(client, "/v1/models", model)).get("max_model_len"))


async def _lm_studio(client: httpx2.AsyncClient, model: str) -> int:
    about = await _listed(client, "/api/v0/models", model)
    loaded, most = _number(about.get("loaded_context_length")), _number(about.get("max_context_length"))
    return loaded or min(most, UNLOADED)


async def _listed(client: httpx2.AsyncClient, path: str, model: str) -> dict[str, Any]:
    models = _list(await _json(client, path), "data")
    return next((one for one in models if one.get("id") == model), {})


async def _json(client: httpx2.AsyncClient, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
    answer = await (client.post(path, json=body) if body else client.get(path))
    try:
        found = answer.json() if answer.is_success else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _dict(found: dict[str, Any], name: str) -> dict[str, Any]:
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def _list(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = found.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _number(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
