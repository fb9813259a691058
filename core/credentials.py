"""Secrets: the keys of remote providers, and the token of the local interface.

A key comes from the environment, then this session's memory, then the system's keyring, and never lies in a file. The
token, which opens nothing but this library on this machine, may lie in a private file where there is no keyring.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from urllib.parse import urlsplit

from core import paths

KEY_VARIABLE = "MISTRAL_API_KEY"
SERVER_KEY_VARIABLE = "MEETING_TRANSCRIBER_SERVER_KEY"
"""Holds the address of another server and its key, with a space between them."""

TOKEN_FILE = "api-token"  # noqa: S105  a name

_MISTRAL = "mistral"
_keys: dict[str, str] = {}
"""The keys that this process has seen, by whose they are."""
_token = ""


def mistral_key() -> str:
    """The key, or '' where there is none."""
    return _key(_MISTRAL, os.environ.get(KEY_VARIABLE, "").strip())


def server_key(address: str) -> str:
    """The key of the server at `address`, or '' where there is none.

    It belongs to scheme, host and port: no other server gets it, and that one gets no other.
    """
    place = _place(address)
    outside = _of_environment()
    return _key(place, outside[1] if outside[0] == place else "") if place else ""


def loaded() -> tuple[str, ...]:
    """Every secret that this process has seen: what logs must hide. Asks nobody."""
    outside = os.environ.get(KEY_VARIABLE, "").strip(), _of_environment()[1]
    return tuple(filter(None, (*outside, *_keys.values(), _token)))


def keep_mistral_key(key: str) -> bool:
    """Keeps `key` in the keyring ('' removes it). False: there is no keyring, so it lasts for this session only."""
    return _keep(_MISTRAL, key)


def keep_server_key(address: str, key: str) -> bool:
    """The same for the key of the server at `address`."""
    return _keep(_place(address), key)


def _place(address: str) -> str:
    """What a key belongs to: 'https://host:port'; '' for what is no address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".casefold() if parts.netloc else ""


def _of_environment() -> tuple[str, str]:
    """The place of the server that the environment has a key for, and that key."""
    address, _space, key = os.environ.get(SERVER_KEY_VARIABLE, "").strip().partition(" ")
    return _place(address), key.strip()


def _key(name: str, outside: str) -> str:
    found = _keys[name] = outside or _keys.get(name) or _from_keyring(name)
    return found


def _keep(name: str, key: str) -> bool:
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    _keys[name] = key
    try:
        if key:
            keyring.set_password(paths.PROGRAM, name, key)
        else:
            keyring.delete_password(paths.PROGRAM, name)
    except PasswordDeleteError:
        return True
    except KeyringError:
        return False
    return True


def _from_keyring(name: str) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(paths.PROGRAM, name) or ""
    except KeyringError:
        return ""


def keyring_name() -> str:
    """What keeps secrets on this system, '' where nothing does."""
    import keyring
    from keyring.backends import fail, null

    backend = keyring.get_keyring()
    return "" if isinstance(backend, fail.Keyring | null.Keyring) else backend.name


def api_token(places: paths.Folders, *, new: bool = False) -> str:
    """The token that the local interface of this library asks for; made when it is first needed, or anew.

    Raises `FolderNotWritable` or `DiskFull` where there is no keyring and no file can be written.
    """
    global _token  # noqa: PLW0603  one library per process
    name = _token_name(places)
    token = "" if new else _kept_token(places, name)
    if not token:
        token = secrets.token_urlsafe(32)
        _keep_token(places, name, token)
    _token = token
    return token


def carry_api_token(old: paths.Folders, new: paths.Folders) -> None:
    """Gives the library that moves to `new` the token that other programs know. Raises as `api_token`."""
    if token := _kept_token(old, _token_name(old)):
        _keep_token(new, _token_name(new), token)


def _token_name(places: paths.Folders) -> str:
    return f"api {hashlib.sha256(str(places.root.resolve()).encode()).hexdigest()[:16]}"


def _kept_token(places: paths.Folders, name: str) -> str:
    import keyring
    from keyring.errors import KeyringError

    with suppress(KeyringError):
        if kept := keyring.get_password(paths.PROGRAM, name):
            return kept
    try:
        return (places.root / TOKEN_FILE).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _keep_token(places: paths.Folders, name: str, token: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    file = places.root / TOKEN_FILE
    with suppress(KeyringError):
        keyring.set_password(paths.PROGRAM, name, token)
        # One that keeps nothing may say nothing.
        if keyring.get_password(paths.PROGRAM, name) == token:
            with suppress(OSError):
                file.unlink(missing_ok=True)
            return
    paths.write_private(file, token.encode())
