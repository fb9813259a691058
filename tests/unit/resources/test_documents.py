"""What the documents say is so: links lead somewhere, the window has the words they name, both languages agree."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core import messages
from core.api.app import routes

TOP = Path(__file__).resolve().parents[3]
DOCUMENTS = {file.relative_to(TOP).as_posix(): file for file in (*TOP.glob("*.md"), *TOP.glob("docs/**/*.md"))}
PAIRS = {
    "docs/guide.md": "docs/fr/README.md",
    "docs/privacy.md": "docs/fr/confidentialite.md",
    "docs/troubleshooting.md": "docs/fr/depannage.md",
    "docs/terminal.md": "docs/fr/terminal.md",
    "docs/exports.md": "docs/fr/exportations.md",
}
"""What there is in both languages."""

OF_THE_WINDOW = [pair for pair in PAIRS.items() if pair[0] != "docs/terminal.md"]
"""Those that name what stands in the window."""

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^(?: {4}|\t).*$|`[^`\n]+`", re.MULTILINE)


def anchors(text: str) -> set[str]:
    """The places in a document that links can name, as GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


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


@pytest.mark.parametrize("name", [english for english, _french in OF_THE_WINDOW])
def test_what_is_bold_stands_in_the_window(name: str) -> None:
    said = re.findall(r"\*\*([^*]+)\*\*", DOCUMENTS[name].read_text(encoding="utf-8"))
    assert said
    assert [text for text in map(one_line, said) if text not in words("en")] == []


@pytest.mark.parametrize("name", [french for _english, french in OF_THE_WINDOW])
def test_what_is_quoted_in_french_stands_in_the_window(name: str) -> None:
    said = re.findall(r"«[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]([^»]+?)\s*»", DOCUMENTS[name].read_text("utf-8"))
    assert said
    assert [text for text in map(one_line, said) if text not in words("fr")] == []


@cache
def shortcuts() -> dict[str, str]:
    """The keys of each action of the window, by its English words."""
    found: dict[str, str] = {}
    tree = ast.parse((TOP / "desktop" / "views" / "actions.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=[ast.Call(args=[*_, ast.Constant(str(text))]), _, ast.Constant(str(keys)), *_]):
                found.setdefault(text, keys)
    return found


@pytest.mark.parametrize(("english", "french"), OF_THE_WINDOW)
def test_keys_told_beside_a_command_are_its_keys(english: str, french: str) -> None:
    keys_of = r"\s\((Ctrl\+[^\s)]+|F\d+)\)"
    told = re.findall(rf"\*\*([^*]+)\*\*{keys_of}", DOCUMENTS[english].read_text(encoding="utf-8"))
    assert told == [(text, shortcuts()[text]) for text, _keys in told]
    said = re.findall(f"»{keys_of}", DOCUMENTS[french].read_text(encoding="utf-8"))
    assert [keys.replace("Maj", "Shift") for keys in said] == [keys for _text, keys in told]


@pytest.mark.parametrize(("english", "french"), PAIRS.items())
def test_both_languages_have_the_same_chapters_tables_and_blocks(english: str, french: str) -> None:
    shape = re.compile(r"^(#+) |^(\|)|^( {4})\S", re.MULTILINE)
    one, other = (shape.findall(DOCUMENTS[name].read_text(encoding="utf-8")) for name in (english, french))
    assert one == other


def test_every_french_document_has_an_english_one() -> None:
    assert set(PAIRS.values()) == {name for name in DOCUMENTS if name.startswith("docs/fr/")}


@pytest.mark.parametrize("name", PAIRS.values())
def test_french_has_its_spaces(name: str) -> None:
    text = CODE.sub("", DOCUMENTS[name].read_text(encoding="utf-8")).replace("Also in English: ", "")
    assert re.findall(r".{,20}[^\N{NO-BREAK SPACE}][:;?!](?=\s).*", text) == []
    assert re.findall(r".{,20}«[^\N{NO-BREAK SPACE}].*|.*[^\N{NO-BREAK SPACE}]».{,20}", text) == []
    assert re.findall(r"\w'\w", text) == []


def test_every_request_of_the_local_interface_is_listed() -> None:
    listed = re.findall(r"^\| `(\w+ /v1/\S+)` \| (.+) \|$", DOCUMENTS["docs/api.md"].read_text("utf-8"), re.MULTILINE)
    described = [
        (f"{method.upper()} {path}", asked["summary"])
        for path, methods in routes().openapi()["paths"].items()
        for method, asked in methods.items()
    ]
    assert listed == described, "docs/api.md has a line for each request, in their order"
