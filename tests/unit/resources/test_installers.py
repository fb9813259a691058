"""What makes a Linux desktop know the program: it opens with it what it imports, in both languages."""

from __future__ import annotations

import configparser
import mimetypes
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core import paths

TOP = Path(__file__).resolve().parents[3]
FILES = TOP / "installers" / "linux"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def entry() -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(delimiters="=")
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(FILES / f"{paths.DESKTOP_ID}.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


@pytest.fixture(scope="module")
def about() -> ElementTree.Element:
    return ElementTree.parse(FILES / f"{paths.DESKTOP_ID}.metainfo.xml").getroot()


def test_what_can_be_imported_can_be_opened_from_the_desktop(entry: configparser.SectionProxy) -> None:
    types = set(entry["MimeType"].rstrip(";").split(";"))
    known = mimetypes.MimeTypes()  # of Python alone, not of this machine
    offered = {known.guess_type(f"a.{ending}", strict=False)[0] for ending in paths.MEDIA - {"ts"}} - {None}
    assert offered <= types
    assert all(name.startswith(("audio/", "video/")) for name in types)
    assert entry["Exec"] == f"{paths.PROGRAM} open %F"


def test_the_desktop_speaks_both_languages(
    entry: configparser.SectionProxy, about: ElementTree.Element
) -> None:
    for key in ("GenericName", "Comment", "Keywords"):
        assert entry[f"{key}[fr]"] not in {"", entry[key]}
    texts = [*about.iter("summary"), *about.iter("p"), *about.iter("li")]
    assert [text.get(LANGUAGE) for text in texts] == [None, "fr"] * (len(texts) // 2)


def test_one_name_holds_it_together(entry: configparser.SectionProxy, about: ElementTree.Element) -> None:
    assert entry["Icon"] == about.findtext("id") == paths.DESKTOP_ID
    assert about.findtext("launchable") == f"{paths.DESKTOP_ID}.desktop"
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (newest, *_older) = about.iter("release")
    assert newest.get("version") == project["version"]


@pytest.mark.parametrize("before", [None, "/opt/lib"])
def test_what_the_application_starts_gets_its_own_libraries(before: str | None) -> None:
    code = "import os, runpy; runpy.run_path('installers/surroundings.py'); print(os.environ.get('LD_LIBRARY_PATH'))"
    surroundings = dict(os.environ, LD_LIBRARY_PATH="/app/_internal")
    if before:
        surroundings["LD_LIBRARY_PATH_ORIG"] = before
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=TOP, env=surroundings, capture_output=True, text=True, check=True
    )
    assert run.stdout == f"{before}\n"
