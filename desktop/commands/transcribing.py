"""What a person asks for the text of a meeting: made anew, in another language, of other channels."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from core import errors, paths
from core.settings import Settings
from core.tasks import Lane, Tasks
from core.values import Meeting, MeetingId, Options, Source, SpeakerOptions, Stage, TranscriptOptions, Work
from desktop.bridge import Bridge
from desktop.commands.meetings import Meetings

if TYPE_CHECKING:
    from core.meetings import Library


class Transcribing(Meetings):
    """The wishes for the texts; the minutes follow them."""

    sides_known = Signal(str, bool)  # the meeting, and whether its file has two channels to choose between

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self.settings_kept.connect(self._try_other_models)

    def try_again(self, meeting_id: MeetingId) -> None:
        """Asks anew, as the settings now say, for what failed."""

        def ask(library: Library) -> None:
            for work in library.store.meeting(meeting_id).work:
                if work.failure:
                    options: Options = library.summary_options()
                    if isinstance(work.options, TranscriptOptions):
                        options = replace(library.transcript_options(meeting_id), task=work.options.task)
                    elif isinstance(work.options, SpeakerOptions):
                        options = work.options
                    library.store.ask(meeting_id, work.stage, options)

        self._edit(meeting_id, ask, carry_on=True)

    def transcribe(self, meeting_id: MeetingId) -> None:
        """Asks for the text and minutes of a meeting, as the settings now say."""

        def ask(library: Library) -> None:
            from core import meetings

            meetings.ask_for_text(library, meeting_id)

        self._edit(meeting_id, ask, carry_on=True)

    def transcribe_in(self, meeting_id: MeetingId, language: str) -> None:
        """Asks for the text of a meeting in which `language` is spoken ('': to be found out), and its minutes.

        All else is as the settings say.
        """

        def ask(library: Library) -> None:
            from core import meetings

            options = replace(library.transcript_options(meeting_id), language=language)
            library.store.ask(meeting_id, Stage.TRANSCRIBE, options)
            meetings.ask_for_speakers(library, meeting_id)
            library.store.ask(meeting_id, Stage.SUMMARISE, library.summary_options())

        self._edit(meeting_id, ask, carry_on=True)

    def ask_sides(self, meeting: Meeting) -> None:
        """Finds out whether the file of a meeting has two channels that can be heard apart; see `sides_known`."""
        if meeting.source is Source.RECORDING or not meeting.audio:
            return

        def known(library: Library) -> bool:
            from core import meetings

            return meetings.has_sides(library, meeting)

        self._ask(known, partial(self.sides_known.emit, meeting.id), lane=Lane.IO)

    def use_sides(self, meeting_id: MeetingId, name: str) -> None:
        """Has the channels of an imported meeting heard as `name` of `core.values.SIDES` says from now on."""

        def use(library: Library) -> None:
            from core import meetings

            meetings.use_sides(library, meeting_id, name)

        # What is written now is of channels that are not wanted so.
        self._leave(meeting_id)
        self._edit(meeting_id, use, carry_on=True)

    def translate(self, meeting_id: MeetingId) -> None:
        """Asks for the text in English beside that in the language of the meeting, and for its minutes."""

        def ask(library: Library) -> None:
            options = library.transcript_options(meeting_id)
            shown = library.store.transcript(meeting_id)
            spoken = (shown and shown.options.language) or options.language
            options = replace(options, task="translate", language=spoken)
            library.store.ask(meeting_id, Stage.TRANSCRIBE, options)
            library.store.ask(meeting_id, Stage.SUMMARISE, library.summary_options())

        self._edit(meeting_id, ask, carry_on=True)

    def leave_original(self, meeting_id: MeetingId) -> None:
        """Wants no translation any more."""

        def leave(library: Library) -> None:
            for stage in (Stage.TRANSCRIBE, Stage.SUMMARISE):
                library.store.finish(meeting_id, stage)

        self._edit(meeting_id, leave)

    def _try_other_models(self) -> None:
        """Takes up what failed for want of a model, where the one that is chosen now is another, or is here now."""

        def waiting(library: Library) -> tuple[MeetingId, ...]:
            chosen = library.transcript_options()

            def can_be_made(work: Work) -> bool:
                match work.failure and errors.from_failure(work.failure):
                    case errors.NotEnglish() | errors.LanguageNotSpoken() | errors.CannotTranslate():
                        before = work.options
                        return isinstance(before, TranscriptOptions) and (before.model, before.language) != (
                            chosen.model,
                            chosen.language,
                        )
                    case errors.ModelMissing():
                        return _is_here(library, chosen)
                return False

            return tuple(work.meeting_id for work in library.store.work() if can_be_made(work))

        def again(meeting_ids: tuple[MeetingId, ...]) -> None:
            for meeting_id in meeting_ids:
                self.try_again(meeting_id)

        self._ask(waiting, again)


# --- on the lanes' threads -------------------------------------------------------------------------


def _is_here(library: Library, options: TranscriptOptions) -> bool:
    """Whether the model of the options is on this machine."""
    from core import speech

    try:
        speech.find_model(options, library.settings.model_folders, library.places.models)
    except errors.ModelProblem:
        return False
    return True
