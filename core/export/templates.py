"""Pages made from templates (Jinja2): the HTML that comes with the program, and a person's own.

A template is only words with places in them: it runs in a sandbox, cannot read files and cannot call anything that
changes something. In one whose name ends in .html or .xml all that is put in is escaped.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core import errors, paths
from core.export.handout import Handout
from core.messages import _, clock
from core.values import Section

OURS = paths.RESOURCES / "export"
ENDING = ".j2"
"""Own templates may be called letter.html.j2, so that a program that edits them knows what they are."""


@cache
def _environment(folder: Path) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(folder)]),
        autoescape=lambda name: (
            (name or "").removesuffix(ENDING).endswith((".html", ".htm", ".xml", ".xhtml"))
        ),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=True,
    )
    made.filters["clock"] = clock
    return made


def html(handout: Handout) -> str:
    """The meeting as one HTML file that needs nothing else; beside its sound, times can be clicked."""
    script = (OURS / "meeting.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _filled(
        OURS,
        "meeting.html",
        handout,
        style=(OURS / "meeting.css").read_text(encoding="utf-8"),
        script=script,
        digest=digest,
    )


def rich(handout: Handout) -> str:
    """The meeting as simple HTML without style, as mails and word processors take it."""
    return _filled(OURS, "rich.html", handout)


def own(handout: Handout, template: Path) -> str:
    """The meeting in a person's template. Raises `TemplateBroken`."""
    try:
        return _filled(template.parent, template.name, handout)
    except TemplateNotFound as error:
        raise errors.MissingFile(str(template)) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        line = getattr(error, "lineno", None) or 0
        raise errors.TemplateBroken(template.name, line, _reason(error)) from error


def _reason(error: Exception) -> str:
    return " ".join(str(getattr(error, "message", None) or error).split())[:200]


def _filled(folder: Path, name: str, handout: Handout, **more: Any) -> str:
    return (
        _environment(folder)
        .get_template(name)
        .render(
            meeting=handout.meeting,
            title=handout.title,
            subtitle=handout.subtitle,
            language=handout.language,
            spoken=handout.spoken,
            facts=handout.facts,
            made=handout.made,
            parts=handout.parts,
            overview=handout.items(Section.OVERVIEW),
            decisions=handout.items(Section.DECISIONS),
            action_items=handout.items(Section.ACTION_ITEMS),
            key_points=handout.items(Section.KEY_POINTS),
            open_questions=handout.items(Section.OPEN_QUESTIONS),
            notes=handout.items(Section.NOTES),
            passages=handout.passages,
            times=handout.choices.times,
            warning=handout.warning,
            ending=handout.ending,
            audio=handout.audio,
            words={
                "transcript": _("Transcript"),
                "task": _("Action item"),
                "owner": _("Owner"),
                "due": _("Due"),
                "done": _("Done"),
                "yes": _("yes"),
                "no": _("no"),
                "play": _("Play from {time}"),
                "sound": _("Sound of the meeting"),
            },
            **more,
        )
    )
