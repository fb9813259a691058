"""The library that the verbs of the terminal work on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core import messages, paths
from core.store import Store


@pytest.fixture
def store(places: paths.Folders) -> Iterator[Store]:
    """Its store, to fill it and to look what a verb did; the terminal speaks English again afterwards."""
    opened = Store(places)
    yield opened
    opened.close()
    messages.use_language("en")
