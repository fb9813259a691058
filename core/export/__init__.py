"""A meeting as files to hand on: `handout` words it once, a module for each family of formats writes it.

    document → handout → markdown · text · word · pdf · templates (HTML and the person's own) · subtitles · data
                         · tables · calendar

What a format needs is imported when it is first written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from core import errors
from core.export.files import (
    PATTERN,
    arrive,
    beside_of,
    file_name,
    free_name,
    make_folder,
    put,
    safe_name,
    sweep,
)
from core.export.handout import Document, Handout, handout
from core.messages import in_language
from core.values import SOUNDS, ExportChoices, Format

__all__ = [
    "PATTERN",
    "Document",
    "Handout",
    "arrive",
    "as_text",
    "beside_of",
    "ending",
    "file_name",
    "formats",
    "free_name",
    "handout",
    "make_folder",
    "own_templates",
    "put",
    "render",
    "rich",
    "safe_name",
    "sweep",
]

_WRITERS = {
    Format.MARKDOWN: ("markdown", "render"),
    Format.WORD: ("word", "render"),
    Format.PDF: ("pdf", "render"),
    Format.HTML: ("templates", "html"),
    Format.TEXT: ("text", "render"),
    Format.SRT: ("subtitles", "srt"),
    Format.VTT: ("subtitles", "vtt"),
    Format.JSON: ("data", "render"),
    Format.SEGMENTS: ("tables", "segments"),
    Format.ACTIONS: ("tables", "actions"),
    Format.CALENDAR: ("calendar", "render"),
}

_TEMPLATE_ENDING = ".j2"


def formats(own: Path | None = None) -> tuple[str, ...]:
    """The names of the formats there are, and those of the templates in the folder `own`."""
    return (*map(str, _WRITERS), *map(str, SOUNDS), *own_templates(own))


def own_templates(own: Path | None) -> tuple[str, ...]:
    """The names of the person's templates, by their alphabet."""
    found = own.iterdir() if own and own.is_dir() else ()
    return tuple(
        sorted(one.name for one in found if one.is_file() and one.name[0] != "." and _made_of(one.name))
    )


def _made_of(template: str) -> str:
    """The ending of what a template makes: that of letter.html and of letter.html.j2 is .html."""
    return Path(template.removesuffix(_TEMPLATE_ENDING)).suffix


def ending(kind: str, sound: str = "") -> str:
    """How the name of a file of this format ends; `sound` is that of the meeting's audio. Raises `FormatUnknown`."""
    if kind == Format.AUDIO:
        return sound
    if kind == Format.ACTIONS:
        return ".actions.csv"
    if kind in set(Format):
        return f".{kind}"
    if made := _made_of(kind):
        return f".{kind.removesuffix(_TEMPLATE_ENDING).removesuffix(made)}{made}"
    raise errors.FormatUnknown(kind, ", ".join(formats()))


def render(
    document: Document,
    kind: str,
    choices: ExportChoices | None = None,
    *,
    own: Path | None = None,
    audio: str = "",
) -> bytes:
    """The document in the format `kind`, which may be a template in the folder `own`.

    `audio` names the file with the sound that may lie beside it. Raises `FormatUnknown` or `TemplateBroken`.
    """
    made = replace(handout(document, choices), audio=audio)
    with in_language(made.language):
        if own and kind in own_templates(own):
            found: str | bytes = import_module(f"{__name__}.templates").own(made, own / kind)
        else:
            found = _writer(kind, own)(made)
    return found if isinstance(found, bytes) else found.encode("utf-8", "replace")


def as_text(document: Document, kind: str, choices: ExportChoices | None = None) -> str:
    """The document in a format of text. Raises `FormatUnknown`."""
    return render(document, kind, choices).decode()


def rich(document: Document, choices: ExportChoices | None = None) -> str:
    """The document as simple HTML, which mails and word processors take from the clipboard."""
    made = handout(document, choices)
    with in_language(made.language):
        found: str = import_module(f"{__name__}.templates").rich(made)
    return found


def _writer(kind: str, own: Path | None) -> Callable[[Handout], str | bytes]:
    if kind not in _WRITERS:
        raise errors.FormatUnknown(kind, ", ".join(formats(own)))
    module, name = _WRITERS[Format(kind)]
    writer: Callable[[Handout], str | bytes] = getattr(import_module(f"{__name__}.{module}"), name)
    return writer
