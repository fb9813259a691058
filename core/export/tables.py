"""CSV for spreadsheets: the segments, and the action items. What would be taken for a formula stays text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from core.export.handout import Handout
from core.messages import _, clock
from core.values import Section

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet computes (OWASP, CSV injection), also in full width."""

MARK = "\ufeff"
"""Without it Excel does not take the file for UTF-8."""


def segments(handout: Handout) -> str:
    """A row for each segment: seconds, times, who, what, and why it may be wrong."""
    head = (_("Start"), _("End"), _("From"), _("To"), _("Speaker"), _("Text"), _("Doubt"))
    return _table(
        head,
        (
            (
                f"{passage.start:.2f}",
                f"{passage.end:.2f}",
                clock(passage.start),
                clock(passage.end),
                passage.speaker,
                passage.text,
                passage.doubt,
            )
            for passage in handout.passages
        ),
    )


def actions(handout: Handout) -> str:
    """A row for each action item: what, who, by when (a date, and as it was said), done or not, where it was said."""
    head = (
        _("Action item"),
        _("Owner"),
        _("Due"),
        _("As said"),
        _("Done"),
        _("Time"),
        _("Remark"),
        _("Meeting"),
    )
    rows = []
    for item in handout.items(Section.ACTION_ITEMS):
        line = item.line
        if line:
            due = line.due.isoformat() if line.due else ""
            done = _("yes") if line.done else _("no")
            said = line.evidence[0].start if line.evidence else None
            time = clock(said) if said is not None else ""
            rows.append((item.text, item.owner, due, line.due_said, done, time, item.remark, handout.title))
    return _table(head, rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(head)
    table.writerows([harmless(cell) for cell in row] for row in rows)
    return MARK + written.getvalue()


def harmless(cell: str) -> str:
    """The cell with an apostrophe before what would be a formula."""
    flat = " ".join(cell.split()) if cell.split() != [cell] else cell
    return f"'{flat}" if flat.startswith(FORMULA) else flat
