"""ICS: each action item with a date, as a day in a calendar (icalendar)."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar, Event

from core.export.handout import Handout
from core.messages import _, clock
from core.values import Section


def render(handout: Handout) -> bytes:
    """The action items that are dated and not done.

    They are all-day events, not tasks (VTODO): hardly a calendar shows those. An item keeps its identity, so that a
    calendar that reads the file again changes what it has.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Meeting Transcriber//Action items//EN")
    calendar.add("version", "2.0")
    for item in handout.items(Section.ACTION_ITEMS):
        line = item.line
        if line is None or line.due is None or line.done:
            continue
        event = Event()
        event.add("uid", f"{handout.meeting.id}-{line.id}@meeting-transcriber")
        event.add("dtstamp", handout.meeting.started_at)
        event.add("dtstart", line.due)
        event.add("dtend", line.due + timedelta(days=1))
        event.add("summary", f"{item.text} ({item.owner})" if item.owner else item.text)
        where = f" ({clock(line.evidence[0].start)})" if line.evidence else ""
        told = [_("Decided in: {title}").format(title=f"{handout.title}{where}")]
        told += [f"“{one.quote}”" for one in line.evidence] + [item.remark] * bool(item.remark)
        event.add("description", "\n".join(told))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
