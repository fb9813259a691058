"""Which language a meeting is in, where nobody chose one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from core import errors
from core.audio import media
from core.meetings.hearing import Samples
from core.meetings.library import Library
from core.values import Job, Meeting, MeetingChanged, Model, Progress, Segment, Stage, Transcript

OTHER_PLACES = (60.0, 300.0, 900.0)
OTHER_SHARES = (1 / 2, 3 / 4)
"""Seconds at which a file is heard too before it is said not to be English, and shares of its length: it may begin with
music, a jingle or a greeting in another language."""

STRETCH = 30
"""Seconds that are heard there."""

SHARES = (0.0, 1 / 2, 1 / 4, 3 / 4, 1 / 8, 7 / 8)
"""Where in a file its language is listened for, until enough speech was found."""

LISTENED = 45.0
"""Seconds that are searched there for speech."""

FEW_SECONDS = 60.0
"""A file up to this long is heard at its beginning only."""


def language_found(
    library: Library, meeting: Meeting, transcript: Transcript, model: Model
) -> Job[Transcript]:
    """Has the model tell the language by stretches of speech from all over the file, and notes it."""
    from core import speech

    path = library.audio_of(meeting)
    heard: list[Mapping[str, float]] = []
    for share in SHARES:
        place = share * meeting.duration
        if len(heard) == speech.stretches_wanted(model) or (place and meeting.duration < FEW_SECONDS):
            break
        yield Progress(Stage.TRANSCRIBE, 0.0)
        sound = media.stretch(path, place, LISTENED)
        if found := speech.languages_in(model, transcript.options, sound):
            heard.append(found)
    if not heard:
        return transcript
    transcript = library.store.note_languages(transcript, speech.pooled(heard))
    yield MeetingChanged(meeting.id)
    return transcript


class EnglishCheck:
    """Ends a transcription by a model that knows only English, where it hears another language.

    Where the person said that English is spoken nothing is checked. A meeting that is being recorded has no other
    places to listen at, so that more of its words are waited for.
    """

    def __init__(self, library: Library, meeting: Meeting, transcript: Transcript, model: Model) -> None:
        self._library = library
        self._meeting = meeting
        self._transcript = transcript
        self._model = model
        self._heard = list(transcript.segments)
        chosen = bool(transcript.options.language)
        self._settled = chosen or model.languages != ("en",)
        self._live = meeting.recording_open

    def check(self, segments: Iterable[Segment]) -> None:
        """Takes the next text. Raises `NotEnglish`, with nothing left of the text, once that is certain."""
        from core import speech

        if self._settled:
            return
        self._heard += segments
        english = speech.sounds_english(self._heard, live=self._live)
        if english is False and (self._live or not speech.any_english(self._model, self._stretches())):
            self._library.store.discard_transcript(self._transcript)
            raise errors.NotEnglish(self._model.name, speech.MULTILINGUAL)
        self._settled = english is not None

    def _stretches(self) -> Iterator[Samples]:
        path, end = self._library.audio_of(self._meeting), self._meeting.duration
        heard = [0.0]
        for place in (*OTHER_PLACES, *(share * end for share in OTHER_SHARES)):
            if place < end and min(abs(place - other) for other in heard) >= STRETCH / 2:
                heard.append(place)
                if len(sound := media.stretch(path, place, STRETCH)):
                    yield sound
