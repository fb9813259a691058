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
    """The program's templates, then the person's in `folder` by name; a file that cannot be read is left out."""
    own = []
    for file in sorted(folder.glob("*.json")):
        try:
            own.append(_read(file, own=True))
        except ValueError as error:
            _log.warning("a template cannot be read", reason=str(error))
    built_in = [_read(paths.RESOURCES / "templates" / f"{key}.json") for key in BUILT_IN]
    return (*built_in, *sorted(own, key=lambda one: one.names[0][1].casefold()))


def find(folder: Path, key: str) -> Template:
    """The template called `key`, by its key or its name in any language. Raises `TemplateUnknown`."""
    templates = known(folder)
    for one in templates:
        if key == one.key or fold(key) in {fold(name) for _language, name in one.names}:
            return one
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
    text = json.dumps(stored, ensure_ascii=False, indent=2) + "\n"
    paths.write_private(folder / f"{key}.json", text.encode())
    return _read(folder / f"{key}.json", own=True)


def remove(folder: Path, key: str) -> None:
    """Takes a template of the person's away; minutes made with it keep its sections."""
    if re.fullmatch(r"[a-z0-9_]+", key):
        (folder / f"{key}.json").unlink(missing_ok=True)


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


def _read(file: Path, *, own: bool = False) -> Template:
    """The template in `file`. Raises `ValueError`."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(type(error).__name__) from error
    if not isinstance(stored, dict) or not isinstance(stored.get("sections"), list):
        raise ValueError("no template")  # noqa: TRY004  what is wrong is the file
    sections: dict[str, TemplateSection] = {}
    for one in stored["sections"][:MOST_SECTIONS]:
        section = _section(one)
        sections.setdefault(section.key, section)
    names = _words(stored.get("name")) or (("", file.stem),)
    instructions = stored.get("instructions")
    told = instructions[:LONGEST_TEXT] if isinstance(instructions, str) else ""
    return Template(file.stem, names, tuple(sections.values()), told, own=own)


def _section(stored: Any) -> TemplateSection:
    if not isinstance(stored, dict) or not isinstance(stored.get("key"), str):
        raise ValueError("a section without a key")  # noqa: TRY004  what is wrong is the file
    key = re.sub(r"[^a-z0-9_]+", "_", fold(stored["key"])).strip("_") or "section"
    kinds = {kind.value for kind in Section}
    named = stored.get("kind")
    if named in kinds and named != Section.KEY_POINTS:
        key = named
    kind = Section(key if key in kinds else Section.KEY_POINTS)
    if kind is Section.NOTES:
        raise ValueError("notes need no section")
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
