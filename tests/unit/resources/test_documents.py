"""What the documents say is so: links lead somewhere, commands are understood, the window has the words they name."""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core import messages, paths
from core.api.app import routes
from core.terminal import arguments, entry

TOP = Path(__file__).resolve().parents[3]
DOCUMENTS = {file.relative_to(TOP).as_posix(): file for file in (*TOP.glob("*.md"), *TOP.glob("docs/**/*.md"))}
FOR_USERS = ("docs/guide.md", "docs/privacy.md", "docs/troubleshooting.md")
OWN = "docs/fr/"

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^(?: {4}|\t)(.*)$", re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")


def anchors(text: str) -> set[str]:
    """The places in a document that links can name, as GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


def commands(text: str) -> Iterator[str]:
    """The lines that a reader may type: those in blocks of code, and code within sentences."""
    for found in (*FENCED.findall(text), *INLINE.findall(text)):
        line = re.split(r" {2,}| # ", found.strip())[0]
        if line.startswith((f"{paths.PROGRAM} ", "make ")):
            yield line


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    file = DOCUMENTS[name]
    for link in LINK.findall(file.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            assert link.startswith("https://"), link
            continue
        target, _, anchor = link.partition("#")
        led_to = (file.parent / target).resolve() if target else file
        assert led_to.exists(), link
        if anchor:
            assert anchor in anchors(led_to.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_is_understood(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in commands(DOCUMENTS[name].read_text(encoding="utf-8")):
        program, *given = shlex.split(line)
        if program == "make":
            assert [word for word in given if "=" not in word and word not in targets] == [], line
        elif "VERB" not in given:
            assert understood(given), f"{line}\n{capsys.readouterr().err}"


@cache
def parser() -> argparse.ArgumentParser:
    """The terminal's, with every verb."""
    found = arguments.parser()
    verbs = arguments.Verbs(found)
    entry.add_open(verbs)
    for family in entry.FAMILIES:
        family.register(verbs)
    return found


def understood(given: list[str]) -> bool:
    """Whether the terminal takes these arguments; nothing is done with them."""
    try:
        parser().parse_args(given)
    except SystemExit as end:
        return end.code == 0
    return True


def one_line(words: str) -> str:
    """Words of the window as a document has them, without the ellipsis that says that a question follows."""
    return " ".join(words.removesuffix("…").split())


@cache
def words(language: str) -> frozenset[str]:
    """Every sentence of the program in a language."""
    found: set[str] = set()
    with (messages.I18N / "fr" / "LC_MESSAGES" / "messages.po").open("rb") as content:
        for message in read_po(content):
            texts = message.string if language == "fr" else message.id
            found.update([texts] if isinstance(texts, str) else texts or ())
    return frozenset(map(one_line, found))


@pytest.mark.parametrize("name", FOR_USERS)
def test_what_is_bold_stands_in_the_window(name: str) -> None:
    said = re.findall(r"\*\*([^*]+)\*\*", DOCUMENTS[name].read_text(encoding="utf-8"))
    assert said
    assert [text for text in map(one_line, said) if text not in words("en")] == []


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name.startswith(OWN)])
def test_what_is_quoted_in_french_stands_in_the_window(name: str) -> None:
    said = re.findall(r"«[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]([^»]+?)\s*»", DOCUMENTS[name].read_text("utf-8"))
    assert said
    assert [text for text in map(one_line, said) if text not in words("fr")] == []


def test_the_guides_have_the_same_chapters() -> None:
    for english, french in (("guide", "README"), ("privacy", "confidentialite"), ("troubleshooting", "depannage")):
        levels = [
            re.findall(r"^(#+) ", (TOP / "docs" / name).read_text(encoding="utf-8"), re.MULTILINE)
            for name in (f"{english}.md", f"fr/{french}.md")
        ]
        assert levels[0] == levels[1], english


def test_every_request_of_the_local_interface_is_listed() -> None:
    listed = re.findall(r"^\| `(\w+ /v1/\S+)` \| (.+) \|$", DOCUMENTS["docs/api.md"].read_text("utf-8"), re.MULTILINE)
    described = [
        (f"{method.upper()} {path}", asked["summary"])
        for path, methods in routes().openapi()["paths"].items()
        for method, asked in methods.items()
    ]
    assert listed == described, "docs/api.md has a line for each request, in their order"
