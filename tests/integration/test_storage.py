"""How much room a library takes, as its files say."""

from __future__ import annotations

import shutil

import pytest

from core import errors, meetings
from core.meetings import Library
from tests.conftest import finished
from tests.integration.test_exports import add_meeting


def test_what_each_kind_of_thing_takes(library: Library) -> None:
    places = library.places
    add_meeting(library)
    binned = library.store.meeting(add_meeting(library, "Old"))
    library.store.bin(binned.id)
    before = meetings.measure_storage(library)
    (places.audio / f"{binned.audio}.peaks").write_bytes(bytes(10))
    (places.models / "base").mkdir()
    (places.models / "base" / "model.bin").write_bytes(bytes(700))
    (places.exports / "minutes.md").write_bytes(bytes(40))
    archive = finished(meetings.back_up(library))
    found = meetings.measure_storage(library)
    assert found.sound == before.sound + 10
    assert (found.models, found.exports) == (700, 40)
    assert found.backups == archive.stat().st_size
    assert found.text >= places.database.stat().st_size > 0
    assert found.free <= shutil.disk_usage(places.root).total
    assert (found.binned_meetings, found.binned_cuts) == (1, 0)
    assert found.binned == (places.audio / binned.audio).stat().st_size


def test_a_folder_that_is_gone_is_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_folder: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(shutil, "disk_usage", gone)
    with pytest.raises(errors.StorageProblem):
        meetings.measure_storage(library)
