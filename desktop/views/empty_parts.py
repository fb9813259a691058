"""What stands in place of a text or of minutes that are not there, and what can be done about it."""

from __future__ import annotations

from core import messages
from core.messages import _
from core.values import Estimate, Meeting, Source
from desktop.commands import Commands
from desktop.views.page_parts import PartOrSentence


def fill_text(
    place: PartOrSentence, meeting: Meeting, commands: Commands, *, busy: bool, listening: bool
) -> None:
    """Says why a meeting has no text; `listening`: it is made while the meeting is recorded."""
    if meeting.recording_open:
        place.say(
            _("Listening… The text appears here as it is said.")
            if listening
            else _("The text comes when the recording has ended.")
        )
    elif meeting.transcript_complete:
        place.say(_nobody_spoke(meeting))
    elif busy:
        place.say(_("The text appears here as it is made."))
    elif meeting.work:
        place.say(_("There is no text yet."))
    else:
        sentence = _("This meeting has no text yet.")
        place.say(sentence, _("Transcribe"), lambda: commands.transcribe(meeting.id))


def fill_summary(
    place: PartOrSentence,
    meeting: Meeting,
    commands: Commands,
    *,
    busy: bool,
    silent: bool,
    sent: Estimate | None,
) -> None:
    """Says why a meeting has no minutes; `silent`: nobody is heard in it, `sent`: what making them sends elsewhere."""
    if silent:
        place.say(_nobody_spoke(meeting))
    elif busy or meeting.work or meeting.recording_open or not meeting.transcript_complete:
        place.say(_("The minutes follow when the text is complete."))
    else:
        told = _("This meeting has no minutes yet.")
        if sent:
            told = f"{told} {messages.estimate(sent, commands.called(commands.settings.provider))}"
        place.say(told, _("Make minutes"), lambda: commands.make_minutes(meeting.id))


def _nobody_spoke(meeting: Meeting) -> str:
    """That there is nothing to read, and what to do."""
    if meeting.source == Source.RECORDING:
        return _(
            "Nobody was heard in this recording. Check the microphone in the settings, then record again."
        )
    return _("Nobody is heard in this file. Check that it is the right one, and import another.")
