"""The exit codes.

0 done · 1 another problem · 2 usage · 3 unreadable input · 4 no suitable model · 5 the remote summariser failed
(the transcript is kept, earlier minutes of a provider too, else offline ones are written) · 130 stopped.
"""

from __future__ import annotations

from core import errors

DONE, PROBLEM, USAGE, UNREADABLE, NO_MODEL, REMOTE_FAILED, STOPPED = 0, 1, 2, 3, 4, 5, 130


def of(problem: errors.Problem) -> int:
    """The exit code of an expected failure."""
    match problem:
        case errors.Unreadable():
            return UNREADABLE
        case errors.ModelProblem():
            return NO_MODEL
        case errors.RemoteProblem():
            return REMOTE_FAILED
        case (
            errors.AddressUnfit()
            | errors.DateUnclear()
            | errors.FormatUnknown()
            | errors.LanguageUnknown()
            | errors.MeetingUnknown()
            | errors.NothingNamed()
            | errors.NoSegmentAt()
            | errors.NothingToMerge()
            | errors.NotInQueue()
            | errors.NumberUnknown()
            | errors.SameMeeting()
            | errors.SameSpeaker()
            | errors.SpeakerUnknown()
            | errors.StretchUnfit()
            | errors.TemplateStays()
            | errors.TemplateUnknown()
            | errors.MinutesTemplateBroken()
            | errors.VersionUnknown()
            | errors.VoiceUnknown()
        ):
            return USAGE
    return PROBLEM
