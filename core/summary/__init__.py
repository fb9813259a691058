"""Minutes from a transcript: `offline` makes them on this machine, `remote` asks a model by `mistral`; same shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.values import Line, Note, Section, Segment, SummaryOptions, Template, TemplateSection

GENERAL = Template(
    "meeting",
    (),
    tuple(TemplateSection(kind.value, kind) for kind in Section if kind is not Section.NOTES),
)
"""The typed core itself, where no template is named."""


@dataclass(frozen=True, slots=True)
class Request:
    """What minutes are made from.

    `segments` are in order of time and have distinct ids; `language` is the meeting's code, '' if
    unknown; dates such as "Friday" are meant relative to the local day of `started_at`. `participants` are those
    whose names are known.
    """

    segments: tuple[Segment, ...]
    title: str
    started_at: datetime
    language: str
    notes: tuple[Note, ...] = ()
    options: SummaryOptions = field(default_factory=SummaryOptions)
    template: Template = GENERAL
    participants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What a provider made: `lines` section by section, in order; `language` is theirs, `title` '' without one."""

    title: str
    language: str
    lines: tuple[Line, ...]
