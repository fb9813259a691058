"""Every format of an ordinary, a nasty, an empty and a long meeting, opened by programs of others: `make test-exports`.

LibreOffice reads the Word documents, poppler the PDFs, FFmpeg the subtitles, Chromium the web pages. Their packages are
installed by `scripts/setup.sh exports`.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import av
import docx
import jsonschema
import numpy as np
import pytest
from icalendar import Calendar
from PIL import Image

from core import export, paths
from core.export.handout import plain
from core.values import Format
from tests.handed_on import EMPTY, NASTY, WHOLE, long, nasty
from tests.sound_files import make, tone

DOCUMENTS = {"whole": WHOLE, "nasty": nasty(), "empty": EMPTY, "long": long()}
MARGIN_PIXELS = 12
"""At 40 dots an inch: the eight millimetres at the edge of a page on which nothing stands."""

pytestmark = pytest.mark.timeout(900)


def program(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), "")
    assert found, f"install it: {names[0]}"
    return found


def run(*command: str | Path, **options: Any) -> str:
    done = subprocess.run(
        [*map(str, command)], capture_output=True, text=True, check=True, timeout=600, **options
    )
    return str(done.stdout)


@pytest.fixture(scope="session", params=DOCUMENTS)
def named(request: pytest.FixtureRequest) -> tuple[str, export.Document]:
    return request.param, DOCUMENTS[request.param]


def written(folder: Path, named: tuple[str, export.Document], kind: str, **more: Any) -> Path:
    path = folder / f"{named[0]}{export.ending(kind)}"
    path.write_bytes(export.render(named[1], kind, **more))
    return path


def words(text: str) -> set[str]:
    """Words of letters that keep their order on a page, whatever breaks the lines."""
    return {word for word in re.findall(r"[A-Za-zÀ-ÿЀ-ӿ]{4,20}", text) if len(set(word)) > 1}


def spoken(document: export.Document) -> set[str]:
    segments = document.transcript.segments if document.transcript else ()
    return words(" ".join(plain(segment.text) for segment in segments))


def pages(pdf: Path, folder: Path, *, first: int = 1, last: int = 3) -> list[Any]:
    """Pictures of pages, as grey from 0 (black) to 255."""
    run(
        program("pdftoppm"),
        "-r",
        "40",
        "-gray",
        "-png",
        "-f",
        str(first),
        "-l",
        str(last),
        pdf,
        folder / "page",
    )
    return [np.asarray(Image.open(path)) for path in sorted(folder.glob("page-*.png"))]


def check_pages(pdf: Path, folder: Path) -> None:
    for picture in pages(pdf, folder):
        assert (picture < 128).mean() > 0.001, "an empty page"
        edge = np.concatenate([picture[:, :MARGIN_PIXELS].ravel(), picture[:, -MARGIN_PIXELS:].ravel()])
        assert (edge > 200).all(), "something runs over the edge of the page"


def test_word_documents(named: tuple[str, export.Document], tmp_path: Path) -> None:
    path = written(tmp_path, named, Format.WORD)
    found = docx.Document(str(path))
    assert found.core_properties.title
    office = program("soffice", "libreoffice")
    run(
        *(office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"),
        *("--outdir", tmp_path, path),
    )
    pdf = path.with_suffix(".pdf")
    assert spoken(named[1]) <= words(run(program("pdftotext"), pdf, "-"))
    check_pages(pdf, tmp_path)


def test_pdfs(named: tuple[str, export.Document], tmp_path: Path) -> None:
    path = written(tmp_path, named, Format.PDF)
    text = run(program("pdftotext"), path, "-")
    assert spoken(named[1]) <= words(text)
    told = run(program("pdfinfo"), path)
    number = int(re.search(r"Pages:\s+(\d+)", told)[1])  # type: ignore[index]
    assert re.search(rf"\b1 ?/ ?{number}\b", text)
    if named[0] != "empty":
        assert b"/Outlines" in path.read_bytes()
    if named[0] == "nasty":
        assert "会議は来月に延期されました" in text.replace("\n", "")
        assert {"فريق", "مارس", "שחרור"} & set(re.findall(r"[\u0590-\u06ff]+", text)) or "مارس" in text
        fonts = run(program("pdffonts"), path)
        assert " no " not in fonts.split("emb")[-1].split("\n")[2][:40]
    check_pages(path, tmp_path)


@pytest.mark.parametrize("kind", [Format.SRT, Format.VTT])
def test_subtitles(named: tuple[str, export.Document], kind: Format, tmp_path: Path) -> None:
    if named[0] == "empty":
        return
    path = written(tmp_path, named, kind)
    said, before = [], -1.0
    with av.open(str(path)) as file:
        for packet in file.demux(file.streams.subtitles[0]):
            if packet.pts is None:
                continue
            start = float(packet.pts * packet.time_base)
            assert start >= before
            before = start
            said.append(bytes(packet).decode())
    assert spoken(named[1]) - {"script", "alert", "onerror"} <= words(" ".join(said))
    if named[0] == "long":
        assert len(said) >= 10_000


def test_web_pages(named: tuple[str, export.Document], tmp_path: Path) -> None:
    sound = make(tmp_path / "m1.flac", "flac", tone(2.0))
    path = written(tmp_path, named, Format.HTML, audio=sound.name)
    browser = (
        *(program("chromium", "chromium-browser", "google-chrome"), "--headless=new", "--no-sandbox"),
        *("--disable-gpu", f"--user-data-dir={tmp_path}/profile", "--virtual-time-budget=4000"),
    )
    page = run(*browser, "--dump-dom", path.as_uri())
    assert 'class="sounds"' in page  # its script ran under its own rules, and the sound beside it was found
    assert page.count("<script") == 1
    assert "<img" not in page
    if named[0] == "nasty":
        assert "&lt;script&gt;alert('x')&lt;/script&gt;" in page
    printed = tmp_path / "printed.pdf"
    run(*browser, f"--print-to-pdf={printed}", path.as_uri())
    text = run(program("pdftotext"), printed, "-")
    assert spoken(named[1]) <= words(text)


def test_data_and_calendars(named: tuple[str, export.Document], tmp_path: Path) -> None:
    schema = json.loads((paths.RESOURCES / "schema" / "meeting.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(written(tmp_path, named, Format.JSON).read_bytes()), schema)
    events = Calendar.from_ical(written(tmp_path, named, Format.CALENDAR).read_bytes()).walk("VEVENT")
    assert len(events) == {"whole": 1, "nasty": len(NASTY)}.get(named[0], 0)


def test_tables_as_a_spreadsheet_reads_them(tmp_path: Path) -> None:
    path = written(tmp_path, ("nasty", nasty()), Format.SEGMENTS)
    rows = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == len(NASTY) + 1
    assert not any(re.search(r'(^|,)"?[=+@]', row) for row in rows)
