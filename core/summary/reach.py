"""Whether a provider answers: asks for the list of its models, which costs nothing and tells it nothing."""

from __future__ import annotations

from core import errors
from core.summary.context import base

MISTRAL = "https://api.mistral.ai"
PATIENCE = 5.0
"""Seconds to wait for the answer."""


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
