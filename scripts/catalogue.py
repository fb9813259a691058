"""Keeps the translations true: collects the sentences of the code, updates each catalogue, compiles it.

python scripts/catalogue.py            update resources/i18n and compile
python scripts/catalogue.py --check    change nothing, fail when something is out of date or untranslated
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

TOP = Path(__file__).resolve().parent.parent
I18N = TOP / "resources" / "i18n"
TRANSLATED = ("fr",)
ASKING = {"_", "marked", "ngettext", "pgettext"}
"""The functions of `core.messages` that are given a sentence."""


def asked(code: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each call by which `code` asks for a sentence: the function's name and the texts given to it.

    The syntax tree is read, as Babel's own reader sees into f-strings only from Python 3.12 on.
    """
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            values = [given.value for given in node.args if isinstance(given, ast.Constant)]
            texts = tuple(value for value in values if isinstance(value, str))
            if name in ASKING and texts:
                yield name, texts


def collected() -> Catalog:
    """Every sentence a person reads, without its place in the code, which would change with every line."""
    catalogue = Catalog(project="meeting-transcriber", charset="utf-8")
    files = [file for folder in ("core", "desktop") for file in sorted((TOP / folder).rglob("*.py"))]
    for file in (*files, TOP / "scripts" / "run.py"):
        for name, texts in asked(file.read_text(encoding="utf-8")):
            match name:
                case "ngettext":
                    catalogue.add(texts)
                case "pgettext":
                    catalogue.add(texts[1], context=texts[0])
                case _:
                    catalogue.add(texts[0])
    return catalogue


def updated(language: str, template: Catalog) -> Catalog:
    """The stored catalogue of `language` with exactly the sentences of `template`, sorted."""
    file = I18N / language / "LC_MESSAGES" / "messages.po"
    if file.exists():
        with file.open("rb") as stored:
            catalogue = read_po(stored, locale=language)
    else:
        catalogue = Catalog(locale=language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue if language == "fr" else ():
        if isinstance(message.string, tuple | list):
            message.string = tuple(map(set_in_french, message.string))
        elif message.id:
            message.string = set_in_french(message.string or "")
    return catalogue


def set_in_french(text: str) -> str:
    """`text` with the apostrophes of print, and with spaces that do not break before signs and within quotes."""
    text = re.sub(r"(?<=\w)'(?=[\w{])", "’", text)
    return re.sub(r"(?<=«) | (?=»|[:;?!](?:\s|$))", "\N{NO-BREAK SPACE}", text)


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as a .po file, without dates that would change with every run."""
    written = io.BytesIO()
    write_po(written, catalogue, sort_output=True, omit_header=False, width=110, include_previous=False)
    text = written.getvalue().decode()
    text = re.sub(
        r'^"(Project-Id-Version|POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|'
        r"Report-Msgid-Bugs-To):.*\n",
        "",
        text,
        flags=re.MULTILINE,
    )
    text = re.sub(r"\A(#.*\n)+", "# Translations of Meeting Transcriber.\n", text)
    return text.encode()


def mo_bytes(po: bytes) -> bytes:
    """The compiled form of a .po file, the same at any time."""
    compiled = io.BytesIO()
    catalogue = read_po(io.BytesIO(po))
    catalogue.creation_date = datetime(2000, 1, 1, tzinfo=UTC)
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def placeholders(text: str) -> set[str]:
    """The names in braces, and those that argparse writes as %(name)s."""
    return set(re.findall(r"(?:\{|%\()(\w+)", text))


def faults(catalogue: Catalog) -> list[str]:
    """What is untranslated, or translated with other placeholders."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        texts = [text or "" for text in strings]
        if message.fuzzy or not all(texts):
            found.append(f"untranslated: {sources[0]}")
        elif any(placeholders(text) - placeholders(sources[-1]) for text in texts):
            found.append(f"other placeholders: {sources[0]}")
        elif placeholders(texts[-1]) != placeholders(sources[-1]):
            found.append(f"missing placeholders: {sources[0]}")
    return found


def main() -> int:
    """Updates and compiles, or checks; 1 when something is out of date or untranslated."""
    check = "--check" in sys.argv[1:]
    template = collected()
    problems: list[str] = []
    for language in TRANSLATED:
        folder = I18N / language / "LC_MESSAGES"
        catalogue = updated(language, template)
        po = po_bytes(catalogue)
        for file, content in ((folder / "messages.po", po), (folder / "messages.mo", mo_bytes(po))):
            if check and (not file.exists() or file.read_bytes() != content):
                problems.append(f"{file.relative_to(TOP)} is out of date: run make catalogue")
            elif not check:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
        problems += [f"{language}: {fault}" for fault in faults(catalogue)]
    print("\n".join(problems) or "The translations are complete.")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
