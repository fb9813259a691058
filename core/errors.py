"""Every failure we expect, as one tree; `core.messages.explain` has the sentence of each leaf.

    Problem
    ├── Unreadable          MissingFile · FolderGiven · NotPermitted · EmptyFile · NotMedia · NoAudioTrack
    │                       · DamagedMedia · NotTranscript
    ├── ModelProblem        ModelMissing · ModelDamaged · ModelTooLarge · ModelUnknown · ModelUnusable
    │                       · LanguageNotSpoken · CannotTranslate · NotEnglish · ModelForeign · ModelNotOffered
    │                       · ModelBusy · ModelInUse · SpeakerModelDamaged · ModelFolderDamaged
    │                       · ModelBuiltIn · ModelNameTaken · NoRoomForModel · DownloadDamaged · HubUnreachable
    │                       · HubUntrusted · HubStrange · HubBusy
    ├── SoundProblem        NoMicrophone · MicrophoneUnknown · NoSystemSound · RecorderDied · NoSoundSystem
    ├── StorageProblem      DiskFull · FolderNotWritable · LibraryFromFuture · LibraryBusy · LibraryDamaged
    │                       · ArchiveDamaged · LibraryNotThere · LibraryMoved · FolderTaken · FolderInside
    │                       · CopyDamaged · NoRoom
    ├── RemoteProblem       KeyMissing · KeyRefused · NotAgreed · AddressMissing · RemoteUnreachable · RemoteUntrusted
    │                       · RemoteBusy · RemoteRefused · RemotePaused · ContextTooSmall · AnswerUnusable
    └── RequestProblem      MeetingUnknown · MeetingBusy · AlreadyImported · NothingToTranscribe · NotRecorded
                            · TranscriptUnfinished · NothingHeard · NothingSaid · FormatUnknown · LanguageUnknown
                            · NothingNamed · NameTaken · AddressTaken · TemplateBroken · TextChanged
                            · SpeakerUnknown · SpeakerUnnamed · SameSpeaker · OneVoiceOnly · TooLittleHeard
                            · NoSides · SpeakerNameTaken · OtherVoice · VoiceUnknown · NobodySuggested
                            · TemplateUnknown · TemplateStays · MinutesTemplateBroken · VersionUnknown · NothingFound
                            · NotInQueue · SameMeeting · StretchUnfit
                            · PassageUnfit · CutBelow · CutGone · NumberUnknown · NoSegmentAt · AddressUnfit
                            · NothingRecorded · NoMinutes · NothingToMerge · DateUnclear

Adapters translate the exceptions of their library into these at their edge. Anything else is a bug of
ours. A person's stop is neither: a stopped job is closed and raises nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.values import Failure

PRIVATE = frozenset({"title", "path", "folder", "name"})
"""Fields that may say what a meeting is about: for the person alone, never for a log."""


class Problem(Exception):
    """The root. Leaves are dataclasses whose fields are the facts their sentence names."""

    def __str__(self) -> str:
        """The class and its fields, for logs; people read `core.messages.explain`."""
        facts = ", ".join(f"{name}={value!r}" for name, value in details(self).items() if name not in PRIVATE)
        return f"{type(self).__name__}({facts})"


def details(problem: Problem) -> dict[str, Any]:
    """The fields of `problem` by name."""
    return {name: getattr(problem, name) for name in getattr(problem, "__dataclass_fields__", {})}


class Unreadable(Problem):
    """A file that gives no audio."""


class ModelProblem(Problem):
    """No speech model fits the request."""


class SoundProblem(Problem):
    """The sound system or the microphone failed."""


class StorageProblem(Problem):
    """The library or a target folder cannot be used."""


class RemoteProblem(Problem):
    """A remote summariser failed. Fields never hold a key or any text of the meeting."""


class RequestProblem(Problem):
    """What was asked for does not fit what there is."""


@dataclass
class MissingFile(Unreadable):
    """There is no such file."""

    path: str


@dataclass
class FolderGiven(Unreadable):
    """A folder where a file was expected."""

    path: str


@dataclass
class NotPermitted(Unreadable):
    """The file may not be read."""

    path: str


@dataclass
class EmptyFile(Unreadable):
    """The file has no content."""

    path: str


@dataclass
class NotMedia(Unreadable):
    """Neither audio nor video, whatever the name says."""

    path: str


@dataclass
class NoAudioTrack(Unreadable):
    """A media file without sound."""

    path: str


@dataclass
class DamagedMedia(Unreadable):
    """A media file of which no audio can be decoded."""

    path: str


@dataclass
class NotTranscript(Unreadable):
    """A file of text in which no transcript could be found."""

    path: str


@dataclass
class ModelMissing(ModelProblem):
    """The model is known but not on this machine."""

    model: str


@dataclass
class ModelDamaged(ModelProblem):
    """The model's files differ from the published ones; `built_in`: it came with the program."""

    model: str
    built_in: bool = False


@dataclass
class ModelFolderDamaged(ModelProblem):
    """The model in a folder that is to be added does not load, or is not as it was published."""

    folder: str


@dataclass
class SpeakerModelDamaged(ModelProblem):
    """One of the networks that tell voices apart, which come with the program, is missing or not whole."""

    path: str


@dataclass
class ModelTooLarge(ModelProblem):
    """The model needs more memory (bytes) than is free."""

    model: str
    needed: int
    free: int


@dataclass
class ModelUnknown(ModelProblem):
    """Neither a name of the catalogue nor a model folder."""

    model: str


@dataclass
class ModelUnusable(ModelProblem):
    """The folder is not a faster-whisper (CTranslate2) model; `missing` names what it lacks."""

    folder: str
    missing: str


@dataclass
class LanguageNotSpoken(ModelProblem):
    """`model` does not speak `language`; `suggestion` does."""

    model: str
    language: str
    suggestion: str


@dataclass
class CannotTranslate(ModelProblem):
    """`model` was not made to translate into English; `suggestion` was."""

    model: str
    suggestion: str


@dataclass
class NotEnglish(ModelProblem):
    """`model` knows English only, and what it heard is not; nothing of it was kept as text. `suggestion` knows more."""

    model: str
    suggestion: str = "small"


@dataclass
class ModelForeign(ModelProblem):
    """A model of another program: `kind` is a key of `core.messages`; `suggestion` is one like it for ours."""

    folder: str
    kind: str
    suggestion: str


@dataclass
class ModelNotOffered(ModelProblem):
    """The hub has no such repository, or not the files of a model in it."""

    model: str
    repository: str
    address: str


@dataclass
class ModelBusy(ModelProblem):
    """Another window or terminal is fetching or removing this model right now."""

    model: str


@dataclass
class ModelInUse(ModelProblem):
    """A meeting is being transcribed, perhaps with this model, so it cannot be removed."""

    model: str


@dataclass
class ModelBuiltIn(ModelProblem):
    """The model came with the program and goes with it."""

    model: str


@dataclass
class ModelNameTaken(ModelProblem):
    """Another model of this name is installed."""

    model: str


@dataclass
class NoRoomForModel(ModelProblem):
    """The disk has `free` bytes where `needed` are wanted, room for a recording included."""

    model: str
    needed: int
    free: int


@dataclass
class DownloadDamaged(ModelProblem):
    """A file came twice with another content than is published."""

    model: str
    file: str


@dataclass
class HubUnreachable(ModelProblem):
    """No connection to the server that has the models, or no answer in time."""

    address: str


@dataclass
class HubUntrusted(ModelProblem):
    """The server's certificate is not one that this system trusts."""

    address: str


@dataclass
class HubStrange(ModelProblem):
    """What answers at this address is no model hub: a page to log in at, or another program."""

    address: str


@dataclass
class HubBusy(ModelProblem):
    """The server refused with `status`, after all tries."""

    address: str
    status: int


@dataclass
class NoMicrophone(SoundProblem):
    """There is no input device at all."""


@dataclass
class MicrophoneUnknown(SoundProblem):
    """The chosen input device is not there."""

    device: str


@dataclass
class NoSystemSound(SoundProblem):
    """What this machine plays cannot be recorded; `hint` is a key of `core.messages` saying why."""

    hint: str


@dataclass
class RecorderDied(SoundProblem):
    """The recorder's process ended by itself; what was recorded is kept."""


@dataclass
class NoSoundSystem(SoundProblem):
    """PortAudio cannot be loaded."""


@dataclass
class DiskFull(StorageProblem):
    """No space is left where `path` lies: `needed` bytes, 0 where that is not known, with `free` ones there."""

    path: str
    needed: int = 0
    free: int = 0


@dataclass
class FolderNotWritable(StorageProblem):
    """Nothing can be written to `path`."""

    path: str


@dataclass
class LibraryFromFuture(StorageProblem):
    """The library was written by a newer version of the program."""

    path: str


@dataclass
class LibraryBusy(StorageProblem):
    """Another program keeps the library locked."""

    path: str


@dataclass
class LibraryDamaged(StorageProblem):
    """The library's database cannot be read."""

    path: str


@dataclass
class LibraryNotThere(StorageProblem):
    """The folder that the person chose for the library is gone, or on a disk that is not connected."""

    path: str


@dataclass
class LibraryMoved(StorageProblem):
    """The library lies in `path` since it was asked for."""

    path: str


@dataclass
class FolderTaken(StorageProblem):
    """Other files lie where the library was to go."""

    path: str


@dataclass
class FolderInside(StorageProblem):
    """The library's new folder lies in its own, or the other way round."""

    path: str


@dataclass
class CopyDamaged(StorageProblem):
    """What was written to `path` is not what is read there again."""

    path: str


@dataclass
class NoRoom(StorageProblem):
    """What is to go to `path` needs more bytes than are free there."""

    path: str
    needed: int
    free: int


@dataclass
class KeyMissing(RemoteProblem):
    """No key for the provider."""

    provider: str


@dataclass
class KeyRefused(RemoteProblem):
    """The provider does not accept the key (401, 403)."""

    provider: str


@dataclass
class NotAgreed(RemoteProblem):
    """The person has not yet said that text may be sent there."""

    provider: str


@dataclass
class AddressMissing(RemoteProblem):
    """Another server is to write minutes, and its address or its model was not given."""


@dataclass
class AddressUnfit(RequestProblem):
    """What was given is no address of a server (`reason` 'none'), or has a name or password in it ('password')."""

    reason: str


@dataclass
class RemoteUnreachable(RemoteProblem):
    """No connection, or no answer in time."""

    provider: str


@dataclass
class RemoteUntrusted(RemoteProblem):
    """The system does not trust the certificate that the provider shows: nothing was sent."""

    provider: str


@dataclass
class RemoteBusy(RemoteProblem):
    """Too many requests or a fault over there (408, 429, 5xx), after all tries."""

    provider: str
    status: int


@dataclass
class RemoteRefused(RemoteProblem):
    """The provider refused this request for good, or sent it elsewhere (other 4xx, 3xx)."""

    provider: str
    status: int


@dataclass
class RemotePaused(RemoteProblem):
    """The provider failed so often in a row that it is not asked for `seconds` more."""

    provider: str
    seconds: int


@dataclass
class ContextTooSmall(RemoteProblem):
    """The model takes only so many `tokens` at once: too few for a part of a meeting."""

    provider: str
    tokens: int


@dataclass
class AnswerUnusable(RemoteProblem):
    """The answer was cut or not in the agreed shape, also when asked again."""

    provider: str


@dataclass
class MeetingUnknown(RequestProblem):
    """No meeting has this id, or several begin with it."""

    meeting_id: str


@dataclass
class MeetingBusy(RequestProblem):
    """Another window or terminal is doing this with this meeting right now."""

    title: str


@dataclass
class AlreadyImported(RequestProblem):
    """The same content is in the library already."""

    meeting_id: str
    title: str


@dataclass
class NothingToTranscribe(RequestProblem):
    """The meeting has no audio."""

    title: str


@dataclass
class NotRecorded(RequestProblem):
    """Only a recording can be continued; this meeting came from a file."""

    title: str


@dataclass
class TranscriptUnfinished(RequestProblem):
    """A stretch cannot be transcribed again while the whole text is not there."""

    title: str


@dataclass
class NothingHeard(RequestProblem):
    """A stretch was transcribed again and no new text was found in it."""

    title: str


@dataclass
class StretchUnfit(RequestProblem):
    """What is to be heard again lies behind the end of the meeting, which a clock would show as `length`."""

    title: str
    length: str


@dataclass
class NotInQueue(RequestProblem):
    """Nothing is to be done for this meeting, so that it has no place among what waits."""

    title: str


@dataclass
class SameMeeting(RequestProblem):
    """A meeting was to be done before itself."""


@dataclass
class PassageUnfit(RequestProblem):
    """What is to be cut from the meeting is no passage of it, or all of it."""

    title: str


@dataclass
class CutBelow(RequestProblem):
    """Another passage was cut from the meeting after this one, and has to come back first."""

    title: str


@dataclass
class CutGone(RequestProblem):
    """What was cut is not in the bin any more."""


@dataclass
class NothingSaid(RequestProblem):
    """The meeting has no text to summarise."""

    title: str


@dataclass
class FormatUnknown(RequestProblem):
    """No export format has this name; `known` lists those there are."""

    name: str
    known: str


@dataclass
class TemplateBroken(RequestProblem):
    """A template of the person's own cannot be filled; `line` is 0 where it is not known."""

    template: str
    line: int
    reason: str


@dataclass
class OneVoiceOnly(RequestProblem):
    """No second voice is heard in what a speaker says."""

    name: str


@dataclass
class NoSides(RequestProblem):
    """The sound of a meeting has no two channels that could be heard apart, or was recorded by this program."""

    title: str


@dataclass
class TooLittleHeard(RequestProblem):
    """Too few seconds are heard of a speaker alone to know the voice again."""

    name: str


@dataclass
class SpeakerNameTaken(RequestProblem):
    """Another speaker of the meeting has this name, whatever its capitals."""

    name: str


@dataclass
class OtherVoice(RequestProblem):
    """Under this name a voice is remembered that is certainly another one."""

    name: str


@dataclass
class SpeakerUnknown(RequestProblem):
    """The meeting has no single speaker of this name or number."""

    name: str


@dataclass
class SameSpeaker(RequestProblem):
    """Two speakers are to be merged and are one already."""

    name: str


@dataclass
class SpeakerUnnamed(RequestProblem):
    """A voice can be remembered only under a name, and this speaker (as listed) has none."""

    name: str


@dataclass
class NobodySuggested(RequestProblem):
    """This speaker sounds like nobody known, or has a name."""

    name: str


@dataclass
class VoiceUnknown(RequestProblem):
    """No voice of this name is remembered."""

    name: str


@dataclass
class LanguageUnknown(RequestProblem):
    """No spoken language has this code."""

    code: str


@dataclass
class DateUnclear(RequestProblem):
    """A filter of a search wants a date, and `written` has none."""

    written: str


@dataclass
class TemplateUnknown(RequestProblem):
    """No template of minutes has this key or name; `known` lists those there are."""

    template: str
    known: str


@dataclass
class TemplateStays(RequestProblem):
    """The template of minutes with this key comes with the program, so it cannot be removed."""

    template: str


@dataclass
class MinutesTemplateBroken(RequestProblem):
    """A file of a template of minutes cannot be used.

    `reason` is 'unreadable', 'not_json' (in this `line`), 'no_sections', 'no_key' or 'notes' (in the section of this
    number, as `line`), 'unknown' (`word` is no name of anything in it), or 'taken' where a template of the program has
    its name.
    """

    file: str
    reason: str
    line: int = 0
    word: str = ""


@dataclass
class NothingFound(RequestProblem):
    """No word of what was asked was said in the meetings it was asked of. What that was stays with the person."""


@dataclass
class VersionUnknown(RequestProblem):
    """The meeting has no version of its minutes with this number."""

    version: int


@dataclass
class NothingRecorded(RequestProblem):
    """No recording runs that could be paused or stopped."""


@dataclass
class NothingToMerge(RequestProblem):
    """Fewer than two segments lie where some are to become one."""


@dataclass
class NoMinutes(RequestProblem):
    """The meeting has no minutes that could be changed."""


@dataclass
class NumberUnknown(RequestProblem):
    """No note, task or line of the minutes has this number."""

    number: int


@dataclass
class NoSegmentAt(RequestProblem):
    """Nothing stands in the transcript at this time, as a clock shows it."""

    at: str


@dataclass
class NothingNamed(RequestProblem):
    """Neither a file nor the sample, or both."""


@dataclass
class AddressTaken(RequestProblem):
    """Nothing can listen at this address: another program does, or it is not this machine's."""

    address: str


@dataclass
class NameTaken(RequestProblem):
    """A file of this name exists and was not to be replaced."""

    path: str


@dataclass
class TextChanged(RequestProblem):
    """What was to be changed is not in the text that is shown any more."""


@dataclass
class ArchiveDamaged(StorageProblem):
    """The file is no archive of a library, or not whole."""

    path: str


def leaves(root: type[Problem] = Problem) -> list[type[Problem]]:
    """Every class of the tree that is raised."""
    below = root.__subclasses__()
    return [leaf for child in below for leaf in leaves(child)] if below else [root]


def to_failure(problem: Problem) -> Failure:
    """`problem` as a fact that can be stored."""
    return Failure(type(problem).__name__, details(problem))


def from_failure(failure: Failure) -> Problem:
    """The problem that `to_failure` stored. A kind of another version comes back as a plain `Problem`."""
    for leaf in leaves():
        if leaf.__name__ == failure.kind:
            return leaf(**failure.details)
    return Problem()
