"""Templates of minutes: those that come with the program, and the person's own, one JSON file each.

    {"name": "Board", "instructions": "…", "sections": [
        {"key": "decisions", "heading": "Resolutions"},
        {"key": "risks", "kind": "key_points", "heading": "Risks", "about": "What may go wrong", "cues": ["risk"]}]}

Words are a text for every language, or an object of texts by language. A section whose key is a kind of the typed core
(`core.values.Section`) needs no more. Files are read each time, so that one changed by hand counts at once.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from core import errors, paths
from core.summary.sentences import fold
from core.values import Section, Template, TemplateSection

_log = structlog.get_logger("templates")

GENERAL = "meeting"
"""The template that is meant where none is named, or one that is gone."""
BUILT_IN = (GENERAL, "stand_up", "one_to_one", "interview", "lecture", "sales_call", "project_review")
MOST_SECTIONS = 20
LONGEST_TEXT = 2_000
"""Characters of a heading or instruction that are heeded: a model reads all of it with every part of a meeting."""

Words = tuple[tuple[str, str], ...]


def known(folder: Path) -> tuple[Template, ...]:
    """The program's templates, then the person's in `folder` by name; a file that cannot be used is left out."""
    return read(folder)[0]


def read(folder: Path) -> tuple[tuple[Template, ...], tuple[errors.MinutesTemplateBroken, ...]]:
    """The templates that are `known`, and what is wrong with the files that are left out."""
    own, broken = [], []
    for file in sorted(folder.glob("*.json")):
        try:
            own.append(_own(file))
        except errors.MinutesTemplateBroken as fault:
            _log.warning("a template cannot be used", reason=fault.reason)
            broken.append(fault)
    built_in = [_read(paths.RESOURCES / "templates" / f"{key}.json") for key in BUILT_IN]
    return (*built_in, *sorted(own, key=lambda one: one.names[0][1].casefold())), tuple(broken)


def find(folder: Path, key: str) -> Template:
    """The template called `key`, by its key or its name in any language.

    Raises `TemplateUnknown` or `MinutesTemplateBroken`.
    """
    templates, broken = read(folder)
    for one in templates:
        if key == one.key or fold(key) in {fold(name) for _language, name in one.names}:
            return one
    for fault in broken:
        if fault.file == f"{key}.json":
            raise fault
    raise errors.TemplateUnknown(key, ", ".join(one.key for one in templates))


def general() -> Template:
    """The template of a general meeting."""
    return _read(paths.RESOURCES / "templates" / f"{GENERAL}.json")


def save(folder: Path, template: Template) -> Template:
    """Keeps a template of the person's as a file; it comes back with its key, which is new where it was ''.

    Raises `FolderNotWritable` or `DiskFull`.
    """
    key = template.key if template.own and template.key else _free_key(folder, template.names[0][1])
    paths.make_private_folder(folder)
    paths.write_private(folder / f"{key}.json", text_of(template).encode())
    return _read(folder / f"{key}.json", own=True)


def text_of(template: Template) -> str:
    """A template as the text of its file."""
    stored = {
        "name": _as_json(template.names),
        "instructions": template.instructions,
        "sections": [
            {
                "key": one.key,
                "kind": one.kind.value,
                "heading": _as_json(one.headings),
                "about": one.about,
                "cues": {language: list(cues) for language, cues in one.cues},
            }
            for one in template.sections
        ],
    }
    return json.dumps(stored, ensure_ascii=False, indent=2) + "\n"


def install(folder: Path, file: Path) -> Template:
    """Takes a template in from any `file`, beside those that are there, whatever they are called.

    Raises `MinutesTemplateBroken`, `FolderNotWritable` or `DiskFull`.
    """
    return save(folder, replace(_read(file, own=True), key=""))


def remove(folder: Path, key: str) -> None:
    """Takes a template of the person's away; minutes made with it keep its sections."""
    for file in folder.glob("*.json"):
        if file.stem == key:
            file.unlink(missing_ok=True)


def heading_for_model(section: TemplateSection) -> str:
    """The section's name as a model is told it: in English where there is one."""
    headings = dict(section.headings)
    return headings.get("en") or headings.get("") or next(iter(headings.values()), "")


# --- files ----------------------------------------------------------------------------------------


def _free_key(folder: Path, name: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:40] or "template"
    key, count = stem, 2
    while key in BUILT_IN or (folder / f"{key}.json").exists():
        key, count = f"{stem}_{count}", count + 1
    return key


def _own(file: Path) -> Template:
    """A template of the person's. Raises `MinutesTemplateBroken`."""
    if file.stem in BUILT_IN:
        raise errors.MinutesTemplateBroken(file.name, "taken")
    return _read(file, own=True)


def _read(file: Path, *, own: bool = False) -> Template:
    """The template in `file`. Raises `MinutesTemplateBroken`."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise errors.MinutesTemplateBroken(file.name, "not_json", error.lineno) from None
    except (OSError, ValueError):
        raise errors.MinutesTemplateBroken(file.name, "unreadable") from None
    if not isinstance(stored, dict) or not isinstance(stored.get("sections"), list) or not stored["sections"]:
        raise errors.MinutesTemplateBroken(file.name, "no_sections")
    _check_names(file, stored, {"name", "instructions", "sections"})
    sections: dict[str, TemplateSection] = {}
    for number, one in enumerate(stored["sections"][:MOST_SECTIONS], 1):
        if not isinstance(one, dict) or not isinstance(one.get("key"), str):
            raise errors.MinutesTemplateBroken(file.name, "no_key", number)
        _check_names(file, one, {"key", "kind", "heading", "about", "cues"})
        section = _section(one)
        if section.kind is Section.NOTES:
            raise errors.MinutesTemplateBroken(file.name, "notes", number)
        sections.setdefault(section.key, section)
    names = _words(stored.get("name")) or (("", file.stem),)
    instructions = stored.get("instructions")
    told = instructions[:LONGEST_TEXT] if isinstance(instructions, str) else ""
    return Template(file.stem, names, tuple(sections.values()), told, own=own)


def _check_names(file: Path, stored: dict[str, Any], known: set[str]) -> None:
    """Raises `MinutesTemplateBroken` for what would be left out without a word, as where a name is mistyped."""
    for name in stored:
        if name not in known:
            raise errors.MinutesTemplateBroken(file.name, "unknown", word=name[:40])


def _section(stored: dict[str, Any]) -> TemplateSection:
    key = re.sub(r"[^a-z0-9_]+", "_", fold(stored["key"])).strip("_") or "section"
    kinds = {kind.value for kind in Section}
    named = stored.get("kind")
    if named in kinds and named != Section.KEY_POINTS:
        key = named
    kind = Section(key if key in kinds else Section.KEY_POINTS)
    about = stored.get("about")
    return TemplateSection(
        key,
        kind,
        _words(stored.get("heading")),
        about[:LONGEST_TEXT] if isinstance(about, str) else "",
        _cues(stored.get("cues")),
    )


def _words(stored: Any) -> Words:
    found = stored if isinstance(stored, dict) else {"": stored}
    return tuple(
        (language, " ".join(text.split())[:200])
        for language, text in found.items()
        if isinstance(text, str) and text.strip()
    )


def _cues(stored: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = stored if isinstance(stored, dict) else {"": stored}
    return tuple(
        (language, tuple(str(cue) for cue in cues if str(cue).strip()))
        for language, cues in found.items()
        if isinstance(cues, list) and cues
    )


def _as_json(words: Words) -> str | dict[str, str]:
    return words[0][1] if len(words) == 1 and not words[0][0] else dict(words)
