"""Secrets: the remote provider's key, and the token of the local interface.

The key comes from the environment, then the system's keyring, then this session's memory, and never lies in a file. The
token, which opens nothing but this library on this machine, may lie in a private file where there is no keyring.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress

from core import paths

KEY_VARIABLE = "MISTRAL_API_KEY"

TOKEN_FILE = "api-token"  # noqa: S105  a name

_loaded = ""
_token = ""


def mistral_key() -> str:
    """The key, or '' where there is none."""
    global _loaded  # noqa: PLW0603  the one secret of the process
    _loaded = os.environ.get(KEY_VARIABLE, "").strip() or _loaded or _from_keyring()
    return _loaded


def loaded_key() -> str:
    """The key if this process has seen it: what logs must hide. Asks nobody."""
    return os.environ.get(KEY_VARIABLE, "").strip() or _loaded


def loaded() -> tuple[str, ...]:
    """Every secret that this process has seen: what logs must hide. Asks nobody."""
    return tuple(filter(None, (loaded_key(), _token)))


def keep_mistral_key(key: str) -> bool:
    """Keeps `key` in the keyring ('' removes it). False: there is no keyring, so it lasts for this session only."""
    global _loaded  # noqa: PLW0603  the one secret of the process
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    _loaded = key
    try:
        if key:
            keyring.set_password(paths.PROGRAM, "mistral", key)
        else:
            keyring.delete_password(paths.PROGRAM, "mistral")
    except PasswordDeleteError:
        return True
    except KeyringError:
        return False
    return True


def _from_keyring() -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(paths.PROGRAM, "mistral") or ""
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
