"""Where a server is: what its address means, whether that is this machine, and the connection to it.

The system's proxy is for what lies outside: nothing that goes to this machine passes through one.
"""

from __future__ import annotations

import ssl
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from core import errors

if TYPE_CHECKING:
    import httpx2

MISTRAL = "https://api.eu.mistral.ai"
"""Mistral's own servers, those in the European Union: all that goes to Mistral goes there."""


def read(text: str) -> str:
    """The address that a person wrote, whole; '' stays.

    Raises `AddressUnfit`, which holds nothing of it: a password may stand in it.
    """
    text = text.strip()
    whole = text if not text or "://" in text else f"http://{text}"
    parts = _parts(whole)
    if "@" in parts.netloc:
        raise errors.AddressUnfit("password")
    if whole and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise errors.AddressUnfit("none")
    return whole


def base(address: str) -> str:
    """`address` without the `/v1` that people often give with it: what else a server tells lies beside that.

    '' stands for Mistral's own.
    """
    return address.rstrip("/").removesuffix("/v1") or MISTRAL


def host(address: str) -> str:
    """Where the server is, as people say it: 'localhost:11434'."""
    return _parts(address).netloc.rpartition("@")[2] or address


def is_here(address: str) -> bool:
    """Whether the server runs on this machine, so that nothing leaves it: a loopback address, or 'localhost'.

    A name that only looks like one ('127.0.0.1.example') may lead anywhere.
    """
    name = _parts(address).hostname or ""
    with suppress(ValueError):
        return ip_address(name).is_loopback
    return name == "localhost"


def client(address: str, key: str = "", **manner: Any) -> httpx2.Client:
    """What asks the server at `address`, with its `key` if it wants one, in that `manner` (httpx's own arguments)."""
    import httpx2

    direct = httpx2.HTTPTransport() if is_here(base(address)) else None
    return httpx2.Client(transport=direct, headers=_headers(key), **manner)


def async_client(address: str, key: str = "", **manner: Any) -> httpx2.AsyncClient:
    """The same for slices of a job."""
    import httpx2

    direct = httpx2.AsyncHTTPTransport() if is_here(base(address)) else None
    return httpx2.AsyncClient(transport=direct, headers=_headers(key), **manner)


def is_untrusted(error: BaseException | None) -> bool:
    """Whether a connection came to nothing because this system does not trust the certificate that it was shown."""
    while error and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


def _headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
