"""The library that the verbs of the terminal work on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core import messages
from core.store import Store


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    """Its store; the terminal speaks English again afterwards."""
    yield store
    messages.use_language("en")
