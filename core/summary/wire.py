"""What goes over the wire where the official client does not do: Ollama's own way to answer, and a shape in words.

Ollama's half of the shared protocol cannot be told how large a context is to be; its own (`/api/chat`, in its
documentation "Generate a chat message") can, so that it cuts nothing.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

Message = dict[str, str]


class Refused(Exception):
    """An HTTP `status` instead of an answer; `retry_after` is that header. Holds nothing that was sent."""

    def __init__(self, status: int, retry_after: str, body: str) -> None:
        super().__init__(str(status))
        self.status, self.retry_after = status, retry_after
        told = body.casefold()
        self.shape = status in {400, 415, 422, 501} and any(word in told for word in _ABOUT_SHAPES)
        """Whether it was the shape that was asked for which the server does not know."""


_ABOUT_SHAPES = (
    "response_format",
    "json_schema",
    "json schema",
    "structured output",
    "invalid format",
    "grammar",
)


class Broken(Exception):
    """The server told of a fault of its own in the middle of an answer."""


async def ollama(
    http: httpx2.AsyncClient,
    base: str,
    model: str,
    messages: Sequence[Message],
    shape: Mapping[str, Any] | None,
    size: int,
    silence: float,
) -> AsyncGenerator[tuple[str, str]]:
    """The answer of Ollama at `base` with a context of `size` tokens, piece by piece, the last with why it ended.

    Raises `Refused`, `Broken`, `ValueError` for what is no answer, and what `httpx2` raises, also after `silence`
    seconds without a byte.
    """
    body = {
        "model": model,
        "messages": list(messages),
        "stream": True,
        "options": {"num_ctx": size, "temperature": 0.1},
    }
    if shape:
        body["format"] = shape["json_schema"]["schema_definition"]
    async with http.stream("POST", f"{base}/api/chat", json=body, timeout=silence) as answer:
        if not answer.is_success:
            await answer.aread()
            raise Refused(answer.status_code, answer.headers.get("retry-after", ""), answer.text)
        async for line in answer.aiter_lines():
            told = json.loads(line) if line.strip() else {}
            if not isinstance(told, dict):
                raise ValueError("no part of an answer")  # noqa: TRY004  what is wrong is what came
            if "error" in told:
                raise Broken
            message = told.get("message")
            said = message.get("content") if isinstance(message, dict) else ""
            ended = str(told.get("done_reason") or "stop") if told.get("done") else ""
            yield (said if isinstance(said, str) else ""), ended


def in_words(messages: Sequence[Message], shape: Mapping[str, Any]) -> list[Message]:
    """The question with the shape of its answer told in it, for a server that cannot be asked for one."""
    sketch = json.dumps(_sketch(shape["json_schema"]["schema_definition"]), ensure_ascii=False)
    told = f"{messages[0]['content']}\n\nThe agreed schema, by an example: {sketch}"
    return [{**messages[0], "content": told}, *messages[1:]]


def _sketch(schema: Mapping[str, Any]) -> Any:
    match schema["type"]:
        case "object":
            return {name: _sketch(one) for name, one in schema["properties"].items()}
        case "array":
            return [_sketch(schema["items"])]
        case "integer":
            return 1
    return "…"
