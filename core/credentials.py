"""The remote provider's key: environment, then the system's keyring, then this session's memory. Never a file."""

from __future__ import annotations

import os

from core import paths

KEY_VARIABLE = "MISTRAL_API_KEY"

_loaded = ""


def mistral_key() -> str:
    """The key, or '' where there is none."""
    global _loaded  # noqa: PLW0603  the one secret of the process
    _loaded = os.environ.get(KEY_VARIABLE, "").strip() or _loaded or _from_keyring()
    return _loaded


def loaded_key() -> str:
    """The key if this process has seen it: what logs must hide. Asks nobody."""
    return os.environ.get(KEY_VARIABLE, "").strip() or _loaded


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
