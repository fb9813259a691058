"""The catalogue's collector finds every sentence, wherever Python lets one stand."""

from __future__ import annotations

import importlib
import io
import re
from datetime import UTC, datetime, tzinfo
from types import ModuleType

import pytest
from babel.messages.pofile import read_po

from core import messages

CODE = """
def page(count):
    label(_("Plain"), tip=_("Two "
                            "lines"))
    say(f"{_('In braces')} · {_('Of {time}').format(time=1)}")
    say(messages.ngettext("{count} file", "{count} files", count))
    say(pgettext("of a list", "Order"), WORDS[marked("usage: ")])
    say(_(count), _, other("Not this"))
"""


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(messages.I18N.parents[1] / "scripts"))
    return importlib.import_module("catalogue")


def test_sentences_are_found_in_calls_and_f_strings(catalogue: ModuleType) -> None:
    assert set(catalogue.asked(CODE)) == {
        ("_", ("Plain",)),
        ("_", ("Two lines",)),
        ("_", ("In braces",)),
        ("_", ("Of {time}",)),
        ("ngettext", ("{count} file", "{count} files")),
        ("pgettext", ("of a list", "Order")),
        ("marked", ("usage: ",)),
    }


def test_a_catalogue_compiled_later_is_the_same(
    catalogue: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Later:
            return cls(2031, 5, 6, 7, 8, tzinfo=UTC)

    po = (messages.I18N / "fr" / "LC_MESSAGES" / "messages.po").read_bytes()
    now = catalogue.mo_bytes(po)
    monkeypatch.setattr("babel.messages.catalog.datetime.datetime", Later)
    assert catalogue.mo_bytes(po) == now


def test_the_catalogue_has_sentences_of_every_door() -> None:
    with messages.in_language("fr"):
        french = [
            messages._(text) for text in ("{length} left", "Again in {seconds} s.", "Record", "usage: ")
        ]
    assert french == [
        "encore {length}",
        "Nouvel essai dans {seconds}\xa0s.",
        "Enregistrer",
        "utilisation\xa0: ",
    ]


def test_french_is_set_as_it_is_printed(catalogue: ModuleType) -> None:
    assert catalogue.set_in_french("L'heure d'{name} : « oui » ? --at 12:04") == (
        "L’heure d’{name}\xa0: «\xa0oui\xa0»\xa0? --at 12:04"
    )


def test_french_is_set_as_french_is() -> None:
    wrong = re.compile(r"(?<=\w)'(?=[\w«{])| [:;?!»]|« |[^\s(\u00a0\u202f/:?!{“«]\?(?!\w)")
    po = (messages.I18N / "fr" / "LC_MESSAGES" / "messages.po").read_bytes()
    found = [
        text
        for entry in read_po(io.BytesIO(po))
        if entry.id
        for text in (entry.string if isinstance(entry.string, tuple) else (entry.string,))
        if wrong.search(str(text))
    ]
    assert found == []
