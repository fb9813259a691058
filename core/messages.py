"""Every sentence a person reads, from one gettext catalogue, for the window, the terminal and the exports.

`core` raises types and yields types; here they become words, at the moment they are shown, never at
import. `resources/i18n/<language>/LC_MESSAGES/messages.po` holds the translations.
"""

from __future__ import annotations

import gettext as _gettext
import locale
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import errors, paths
from core.values import (
    SIDES,
    Channel,
    Cost,
    Diagnostics,
    Estimate,
    Fetching,
    Format,
    Hit,
    KnownVoice,
    Line,
    LocalServer,
    LogLine,
    Meeting,
    Minutes,
    Model,
    Notice,
    Origin,
    Queued,
    Restored,
    Section,
    Segment,
    Source,
    SourceState,
    Speaker,
    Stage,
    Template,
    TemplateSection,
    Transcript,
    Trouble,
    Where,
)

if TYPE_CHECKING:
    from babel import Locale

LANGUAGES = ("en", "fr")
I18N = paths.RESOURCES / "i18n"

_language = "en"
_override: ContextVar[str] = ContextVar("language", default="")


def system_language() -> str:
    """The language of the user's system if we speak it, else 'en'."""
    chosen = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    wished = os.environ.get("LANGUAGE", "").split(":") if _code(chosen) not in {"c", "posix"} else []
    for name in (*filter(None, wished), chosen or locale.getlocale()[0] or ""):
        if _code(name) in LANGUAGES:
            return _code(name)
    return "en"


def _code(name: str) -> str:
    return name.replace("-", "_").split("_")[0].split(".")[0].lower()


def use_language(code: str) -> None:
    """Makes `code` ('en', 'fr', or '' for the system's) the language of every sentence from now on."""
    global _language  # noqa: PLW0603  one person, one language per process
    _language = code if code in LANGUAGES else system_language()


def language() -> str:
    """The code of the language that sentences come in."""
    return _override.get() or _language


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Sentences inside the block come in `code` (exports in another language than the window's)."""
    token = _override.set(code if code in LANGUAGES else _language)
    try:
        yield
    finally:
        _override.reset(token)


@cache
def _catalogue(code: str) -> _gettext.NullTranslations:
    return _gettext.translation("messages", localedir=str(I18N), languages=[code], fallback=True)


def _(text: str) -> str:
    """`text` in the current language."""
    return _catalogue(language()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of the sentence that fits `count`, in the current language."""
    return _catalogue(language()).ngettext(one, many, count)


def marked(text: str) -> str:
    """`text` itself: only collected here, to be translated by its English words elsewhere."""
    return text


def pgettext(context: str, text: str) -> str:
    """`text` in the current language, where one English word has several translations."""
    return _catalogue(language()).pgettext(context, text)


# --- failures ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Explanation:
    """One sentence on what happened and one on what to do."""

    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.what} {self.do}".strip()


def _name(path: str) -> str:
    return Path(path).name or path


def explain(problem: BaseException) -> Explanation:  # noqa: C901  one table, as match
    """What happened and what to do, in words, for any error; those we did not expect point to the log."""
    match problem:
        case errors.MissingFile(path):
            return Explanation(
                _("There is no file “{name}”.").format(name=_name(path)),
                _("Check where it is now and choose it again."),
            )
        case errors.FolderGiven(path):
            return Explanation(
                _("“{name}” is a folder.").format(name=_name(path)),
                _("Choose the audio or video files inside it."),
            )
        case errors.NotPermitted(path):
            return Explanation(
                _("“{name}” may not be read.").format(name=_name(path)),
                _("Change its permissions, or copy it to a folder of yours."),
            )
        case errors.EmptyFile(path):
            return Explanation(
                _("“{name}” is empty.").format(name=_name(path)),
                _("Copy it again from where it was recorded."),
            )
        case errors.NotMedia(path):
            return Explanation(
                _("“{name}” is not an audio or video file.").format(name=_name(path)),
                _("Choose a recording, for example MP3, M4A, WAV, OGG, MP4 or MKV."),
            )
        case errors.NoAudioTrack(path):
            return Explanation(
                _("“{name}” has no sound.").format(name=_name(path)),
                _("Choose a file with an audio track."),
            )
        case errors.DamagedMedia(path):
            return Explanation(
                _("“{name}” is damaged or incomplete; no sound could be read from it.").format(
                    name=_name(path)
                ),
                _("Copy it again from where it was recorded."),
            )
        case errors.NotTranscript(path):
            return Explanation(
                _("No transcript was found in “{name}”.").format(name=_name(path)),
                _("Choose an SRT, WebVTT or text file, or a JSON file that this program wrote."),
            )
        case errors.ModelMissing(model):
            return Explanation(
                _("The speech model “{model}” is not on this machine.").format(model=model),
                _("Get it in the settings, add its folder there, or choose another model."),
            )
        case errors.ModelDamaged(model, built_in):
            return Explanation(
                _("The speech model “{model}” is damaged.").format(model=model),
                _("Install the program again, or choose another model.")
                if built_in
                else _("Remove it under Speech models… and get it again, or choose another model."),
            )
        case errors.ModelFolderDamaged(folder):
            return Explanation(
                _("The speech model in “{folder}” is damaged.").format(folder=folder),
                _("Copy the folder anew from where it came, and add it again."),
            )
        case errors.SpeakerModelDamaged():
            return Explanation(
                _("The part of the program that tells voices apart is missing or damaged."),
                _("Install the program again. Everything else works without it."),
            )
        case errors.OneVoiceOnly(name):
            return Explanation(
                _("Only one voice is heard in what {name} says.").format(name=name),
                _("Select in the transcript what somebody else says, and change its speaker."),
            )
        case errors.NoSides(title):
            return Explanation(
                _("The sound of “{title}” has no two channels to choose between.").format(title=title),
                _("Tell the voices apart instead, under Speakers."),
            )
        case errors.TooLittleHeard(name):
            return Explanation(
                _("Too little is heard of {name} alone to know the voice again.").format(name=name),
                _("Remember the voice in a meeting in which it is heard for longer."),
            )
        case errors.SpeakerNameTaken(name):
            return Explanation(
                _("Another speaker of this meeting is called {name} already.").format(name=name),
                _("Merge the two if they are one person, or give a name that tells them apart."),
            )
        case errors.OtherVoice(name):
            return Explanation(
                _("The voice that is remembered as {name} sounds like somebody else.").format(name=name),
                _(
                    "Forget that voice first if this is the same person; if not, give this speaker a name of "
                    "their own, such as the full one."
                ),
            )
        case errors.SpeakerUnknown(name):
            return Explanation(
                _("This meeting has no single speaker “{name}”.").format(name=name),
                _("List its speakers to see their names and numbers."),
            )
        case errors.SameSpeaker():
            return Explanation(
                _("A speaker cannot be merged with itself."), _("Name another speaker of the meeting.")
            )
        case errors.SpeakerUnnamed(name):
            return Explanation(
                _("{name} has no name yet.").format(name=name), _("Give the speaker a name first.")
            )
        case errors.NobodySuggested(name):
            return Explanation(
                _("No name is suggested for {name}.").format(name=name),
                _("Give the speaker a name instead."),
            )
        case errors.VoiceUnknown(name):
            return Explanation(
                _("No voice of the name “{name}” is remembered.").format(name=name),
                _("List the voices to see which are."),
            )
        case errors.ModelTooLarge(model, needed, free):
            return Explanation(
                _("The speech model “{model}” needs {needed} of memory, and {free} is free.").format(
                    model=model, needed=size(needed), free=size(free)
                ),
                _("Close other programs, or choose a smaller model."),
            )
        case errors.ModelUnknown(model):
            return Explanation(
                _("There is no speech model “{model}”.").format(model=model),
                _("Choose one of the speech models that are listed, or add the folder of one."),
            )
        case errors.ModelUnusable(folder, missing):
            return Explanation(
                _("The folder “{name}” is not a model this program can use: {missing} is missing.").format(
                    name=_name(folder), missing=missing
                ),
                _("Choose the folder of a faster-whisper (CTranslate2) model."),
            )
        case errors.LanguageNotSpoken(model, code, suggestion):
            return Explanation(
                _("The speech model “{model}” does not understand {language}.").format(
                    model=model, language=language_name(code)
                ),
                _("Add a model that does, such as “{suggestion}”, and choose it.").format(
                    suggestion=suggestion
                ),
            )
        case errors.CannotTranslate(model, suggestion):
            return Explanation(
                _("The speech model “{model}” cannot translate.").format(model=model),
                _("Choose a multilingual model that can, such as “{suggestion}”.").format(
                    suggestion=suggestion
                ),
            )
        case errors.NotEnglish(model, suggestion):
            return Explanation(
                _(
                    "Next to nothing of this was understood, and the speech model “{model}” knows only English: "
                    "probably another language is spoken, or the sound is unclear."
                ).format(model=model),
                _(
                    "For another language, add a multilingual model, such as “{suggestion}”, in the settings or "
                    "with “models --get {suggestion}”. Otherwise say that English is spoken."
                ).format(suggestion=suggestion),
            )
        case errors.ModelForeign(folder, kind, suggestion):
            return Explanation(
                _("“{name}” is {kind}, which this program cannot use.").format(
                    name=_name(folder), kind=_foreign_model(kind)
                ),
                _(
                    "Get the speech model “{model}” in the settings, or choose a faster-whisper folder."
                ).format(model=suggestion),
            )
        case errors.ModelNotOffered(model, repository, address):
            return Explanation(
                _("{address} has no speech model “{model}” (“{repository}”).").format(
                    address=address, model=model, repository=repository
                ),
                _("Get another model, or add one from a folder."),
            )
        case errors.ModelBusy(model):
            return Explanation(
                _("Another window or terminal is busy with the speech model “{model}”.").format(model=model),
                _("Wait until it has finished."),
            )
        case errors.ModelInUse(model):
            return Explanation(
                _("A meeting is being transcribed, so the speech model “{model}” stays.").format(model=model),
                _("Remove it when that has finished."),
            )
        case errors.ModelBuiltIn(model):
            return Explanation(
                _("The speech model “{model}” is part of the program.").format(model=model),
                _("Choose another model to use; this one can stay."),
            )
        case errors.ModelNameTaken(model):
            return Explanation(
                _("There is another speech model called “{model}”.").format(model=model),
                _("Remove that one first, or rename the folder."),
            )
        case errors.NoRoomForModel(model, needed, free):
            return Explanation(
                _("The speech model “{model}” needs {needed} on the disk, which has {free}.").format(
                    model=model, needed=size(needed), free=size(free)
                ),
                _("Free some space, or get a smaller model; what was downloaded is kept."),
            )
        case errors.DownloadDamaged(model, file):
            return Explanation(
                _("The speech model “{model}” arrived damaged twice (“{file}”).").format(
                    model=model, file=file
                ),
                _("Try again later, or on another network."),
            )
        case errors.HubUnreachable(address):
            return Explanation(
                _("{address}, which has the speech models, could not be reached.").format(address=address),
                _("Check the network and try again, or add a model from a folder copied from elsewhere."),
            )
        case errors.HubUntrusted(address):
            return Explanation(
                _(
                    "The connection to {address} is not safe: this system does not trust its certificate."
                ).format(address=address),
                _("Ask whoever runs your network to install its certificate, or add a model from a folder."),
            )
        case errors.HubStrange(address):
            return Explanation(
                _("{address} did not answer as a place for speech models does.").format(address=address),
                _(
                    "The network may want you to log in first: open a page in your browser and try again, or add "
                    "a model from a folder."
                ),
            )
        case errors.HubBusy(address, status):
            return Explanation(
                _("{address} did not hand the speech model over (code {status}).").format(
                    address=address, status=status
                ),
                _("Try again later; what was downloaded is kept.")
                if status in {408, 416, 425, 429} or status >= 500
                else _("Ask whoever runs your network or that server, or add a model from a folder."),
            )
        case errors.NoMicrophone():
            return Explanation(
                _("No microphone was found."),
                _("Connect one, or allow this program to use it in the system's privacy settings."),
            )
        case errors.MicrophoneUnknown(device):
            return Explanation(
                _("The microphone “{device}” is not connected.").format(device=device),
                _("Connect it or choose another one."),
            )
        case errors.NoSystemSound(hint):
            return Explanation(_("The sound of this machine cannot be recorded."), system_sound_hint(hint))
        case errors.RecorderDied():
            return Explanation(
                _("The recording ended unexpectedly."),
                _("What was recorded is kept. Start a new recording to go on."),
            )
        case errors.NoSoundSystem():
            return Explanation(
                _("The system's sound library could not be loaded."),
                _(
                    "Install PortAudio (on Debian and Ubuntu: sudo apt-get install libportaudio2) and try again."
                ),
            )
        case errors.DiskFull(path, needed, free):
            folder = paths.short(path if Path(path).is_dir() else str(Path(path).parent))
            full = _("The disk with “{folder}” is full.")
            short = _("The disk with “{folder}” is full: {needed} are needed there, {free} are free.")
            return Explanation(
                (short if needed else full).format(folder=folder, needed=size(needed), free=size(free)),
                _("Free some space and try again; nothing that was saved is lost."),
            )
        case errors.FolderNotWritable(path):
            return Explanation(
                _("Nothing can be written to “{path}”.").format(path=path),
                _("Change the folder's permissions or choose another folder."),
            )
        case errors.LibraryFromFuture(path):
            return Explanation(
                _("The library in “{path}” was made by a newer version of this program.").format(
                    path=Path(path).parent
                ),
                _("Install the newest version to open it; the library was not changed."),
            )
        case errors.LibraryBusy(path):
            return Explanation(
                _("Another program keeps the library in “{path}” locked.").format(path=Path(path).parent),
                _("Close other windows and terminals of this program, then try again."),
            )
        case errors.LibraryNotThere(path):
            return Explanation(
                _("The library is not in “{path}”.").format(path=path),
                _("Connect the disk that it lies on and try again, or use another folder."),
            )
        case errors.LibraryMoved(path):
            return Explanation(
                _("The library was moved to “{path}”.").format(path=path), _("Start the program again.")
            )
        case errors.FolderTaken(path):
            return Explanation(
                _("There are other files in “{path}”.").format(path=path), _("Choose another folder.")
            )
        case errors.FolderInside(path):
            return Explanation(
                _(
                    "The library cannot move to “{path}”, which lies in its own folder or has it inside."
                ).format(path=path),
                _("Choose a folder outside of it."),
            )
        case errors.CopyDamaged(path):
            return Explanation(
                _("What was copied to “{path}” is damaged.").format(path=path),
                _("Choose another disk; the library was not changed."),
            )
        case errors.NoRoom(path, needed, free):
            return Explanation(
                _("The library needs {needed} in “{path}”, where {free} are free.").format(
                    needed=size(needed), path=path, free=size(free)
                ),
                _("Free some space or choose another disk; the library was not changed."),
            )
        case errors.LibraryDamaged(path):
            return Explanation(
                _("The library in “{path}” cannot be read.").format(path=Path(path).parent),
                _(
                    "The recordings in its “audio” folder are safe. Put a copy in place of “meetings.db”, "
                    "or move it away to start with an empty library."
                ),
            )
        case errors.ArchiveDamaged(path):
            return Explanation(
                _("“{name}” is not a whole archive of meetings.").format(name=_name(path)),
                _("Choose another one, or copy it again from where it was kept."),
            )
        case errors.KeyMissing(provider):
            return Explanation(
                _("There is no key for {provider}.").format(provider=provider_name(provider)),
                _("Enter one in the settings or set MISTRAL_API_KEY."),
            )
        case errors.KeyRefused(provider):
            return Explanation(
                _("{provider} does not accept the key.").format(provider=provider_name(provider)),
                _("Check the key in the settings."),
            )
        case errors.NotAgreed(provider):
            return Explanation(
                _("Nothing is sent to {provider} until you agree to it.").format(
                    provider=provider_name(provider)
                ),
                _("Make the minutes again with it, and answer what you are asked."),
            )
        case errors.AddressMissing():
            return Explanation(
                _("It is not known which server and model are to write the minutes."),
                _("Choose them in the settings."),
            )
        case errors.AddressUnfit("password"):
            return Explanation(
                _("An address with a name or a password in it is not taken."),
                _("Leave them out. The key of a server is kept by itself, in the system's keyring."),
            )
        case errors.AddressUnfit():
            return Explanation(
                _("This is not the address of a server."), _("Write it like http://localhost:11434.")
            )
        case errors.RemoteUnreachable(provider):
            return Explanation(
                _("{provider} could not be reached.").format(provider=provider_name(provider)),
                _("Check the network and make the minutes again."),
            )
        case errors.RemoteUntrusted(provider):
            return Explanation(
                _(
                    "The connection to {address} is not safe: this system does not trust its certificate."
                ).format(address=provider_name(provider)),
                _(
                    "Nothing was sent. Check the address, or have whoever runs your network install the certificate."
                ),
            )
        case errors.RemoteBusy(provider, status):
            return Explanation(
                _("{provider} is overloaded or out of order (code {status}).").format(
                    provider=provider_name(provider), status=status
                ),
                _("Make the minutes again later."),
            )
        case errors.RemoteRefused(provider, status):
            return Explanation(
                _("{provider} refused the request (code {status}).").format(
                    provider=provider_name(provider), status=status
                ),
                _("Check the chosen model and your account."),
            )
        case errors.RemotePaused(provider, seconds):
            return Explanation(
                _("{provider} failed several times in a row and is not asked for another {length}.").format(
                    provider=provider_name(provider), length=length(seconds)
                ),
                _("Make the minutes again after that."),
            )
        case errors.ContextTooSmall(provider, tokens):
            return Explanation(
                _("The model of {provider} takes too little text at once ({tokens} tokens).").format(
                    provider=provider_name(provider), tokens=tokens
                ),
                _("Choose another model, or give it a larger context where it runs."),
            )
        case errors.AnswerUnusable(provider):
            return Explanation(
                _("{provider} sent an answer that cannot be used.").format(provider=provider_name(provider)),
                _("Make the minutes again, or choose another model."),
            )
        case errors.MeetingUnknown(meeting_id):
            return Explanation(
                _("No single meeting has the id “{id}”.").format(id=meeting_id),
                _("List the meetings to see their ids."),
            )
        case errors.MeetingBusy(title):
            return Explanation(
                _("“{title}” is being worked on by another window or terminal.").format(title=title),
                _("Wait until it has finished."),
            )
        case errors.AlreadyImported(_meeting_id, title):
            return Explanation(
                _("This recording is already in the library, as “{title}”.").format(title=title),
                _("Open that meeting."),
            )
        case errors.TranscriptUnfinished(title):
            return Explanation(
                _("The text of “{title}” is not complete yet.").format(title=title),
                _("Let its transcription end, then transcribe the stretch again."),
            )
        case errors.NothingToTranscribe(title):
            return Explanation(
                _("“{title}” has no audio.").format(title=title), _("Import or record it again.")
            )
        case errors.NotRecorded(title):
            return Explanation(
                _("“{title}” came from a file, so it cannot be recorded on.").format(title=title),
                _("Start a new recording."),
            )
        case errors.NothingHeard(title):
            return Explanation(
                _("No new text was found in this stretch of “{title}”; all stays as it was.").format(
                    title=title
                ),
                _("Try another model or language. What you corrected is kept."),
            )
        case errors.NothingSaid(title):
            return Explanation(
                _("“{title}” has no text to summarise.").format(title=title),
                _("Listen to it; if something was said, transcribe it with another model or language."),
            )
        case errors.FormatUnknown(name, known):
            return Explanation(
                _("There is no export format “{name}”.").format(name=name),
                _("Choose one of: {known}.").format(known=known),
            )
        case errors.TemplateBroken(template, line, reason):
            where = _("line {line}: ").format(line=line) if line else ""
            return Explanation(
                _("The template “{name}” cannot be filled in ({where}{reason}).").format(
                    name=template, where=where, reason=reason
                ),
                _("Correct it in the templates' folder, or choose another format."),
            )
        case errors.LanguageUnknown(code):
            return Explanation(
                _("There is no language with the code “{code}”.").format(code=code),
                _("Use a code such as en, fr, de or es."),
            )
        case errors.DateUnclear(written):
            return Explanation(
                _("The date in “{filter}” was not understood.").format(filter=written),
                _("Write it as 2026, 2026-03 or 2026-03-10."),
            )
        case errors.TemplateUnknown(name, known):
            return Explanation(
                _("There is no template “{name}”.").format(name=name),
                _("Choose one of: {known}.").format(known=known),
            )
        case errors.TemplateStays(name):
            return Explanation(
                _("The template “{name}” comes with the program and stays.").format(name=name),
                _("Only templates of your own can be removed."),
            )
        case errors.MinutesTemplateBroken(file, reason, line, word):
            return Explanation(
                _("The template “{file}” cannot be used: {reason}.").format(
                    file=file, reason=_broken(reason).format(number=line, word=word)
                ),
                _("Mend the file, or remove it."),
            )
        case errors.NothingFound():
            return Explanation(
                _("Nothing that was said shares a word with this question."), _("Ask in other words.")
            )
        case errors.VersionUnknown(version):
            return Explanation(
                _("This meeting has no minutes with the number {number}.").format(number=version),
                _("List the versions to see their numbers."),
            )
        case errors.NothingRecorded():
            return Explanation(_("Nothing is being recorded."), _("Start a recording first."))
        case errors.NothingToMerge():
            return Explanation(
                _("There are not two segments between these times."),
                _("Choose times that lie further apart."),
            )
        case errors.NoMinutes():
            return Explanation(_("This meeting has no minutes yet."), _("Make them first."))
        case errors.NumberUnknown(number):
            return Explanation(
                _("There is none with the number {number}.").format(number=number),
                _("List them to see their numbers."),
            )
        case errors.NoSegmentAt(at):
            return Explanation(
                _("Nothing is written at {time}.").format(time=at),
                _("Name a time at which somebody speaks."),
            )
        case errors.NothingNamed():
            return Explanation(
                _("There is nothing to process."), _("Name one or more files, or give --sample alone.")
            )
        case errors.AddressTaken(address):
            return Explanation(
                _(
                    "Nothing can listen at {address}: another program does, or it is not this machine's."
                ).format(address=address),
                _("Choose another port."),
            )
        case errors.NameTaken(path):
            return Explanation(
                _("A file “{name}” exists already.").format(name=_name(path)), _("Choose another name.")
            )
        case errors.StretchUnfit(title, end):
            return Explanation(
                _("“{title}” ends at {time}.").format(title=title, time=end),
                _("Choose a stretch that lies before that."),
            )
        case errors.NotInQueue(title):
            return Explanation(
                _("Nothing is waiting to be done for “{title}”.").format(title=title),
                _("List the queue to see what waits."),
            )
        case errors.SameMeeting():
            return Explanation(
                _("A meeting cannot be done before itself."), _("Name another meeting of the queue.")
            )
        case errors.PassageUnfit(title):
            return Explanation(
                _("This is no passage of “{title}” that can be cut.").format(title=title),
                _(
                    "Choose one that lies within the meeting and leaves something of it. "
                    "A whole meeting is moved to the bin."
                ),
            )
        case errors.CutBelow(title):
            return Explanation(
                _("Another passage was cut from “{title}” later.").format(title=title),
                _("Bring that one back first."),
            )
        case errors.CutGone():
            return Explanation(
                _("What was cut is not in the bin any more."),
                _("It was brought back already, or the bin was emptied."),
            )
        case errors.TextChanged():
            return Explanation(
                _("The text has changed in the meantime."),
                _("Look at it as it is now, then change it again."),
            )
    return Explanation(
        _("Something went wrong in the program itself."),
        _("Your meetings are safe. Try again; the details are in the log."),
    )


def _foreign_model(kind: str) -> str:
    """What a model of another program is, by its kind in `core.speech.models`."""
    return {
        "pytorch": _("a model for OpenAI's Whisper (PyTorch)"),
        "ggml": _("a model for whisper.cpp (GGML)"),
        "transformers": _("a model for Transformers"),
        "onnx": _("a model in the ONNX format"),
        "nemo": _("a model for NVIDIA NeMo"),
        "packed": _("a packed file"),
    }[kind]


# --- notices and labels --------------------------------------------------------------------------


def notice(event: Notice) -> str:
    """The sentence of a notice."""
    return _NOTICES[event.kind](event.details)


def recovered(meetings: Sequence[Meeting]) -> Notice:
    """The notice that these recordings had not ended properly and were recovered, and how much of them."""
    length_of_all = sum(meeting.duration for meeting in meetings)
    return Notice("recovered", {"count": len(meetings), "title": meetings[0].title, "seconds": length_of_all})


def _recovered(details: dict[str, Any]) -> str:
    return ngettext(
        "A recording that had not ended properly was recovered: {title} ({length}).",
        "{count} recordings that had not ended properly were recovered, {length} in all, among them {title}.",
        details["count"],
    ).format(count=details["count"], title=short_title(details["title"]), length=length(details["seconds"]))


def _offline_instead(details: dict[str, Any]) -> str:
    return _("{provider} gave no minutes, so they were made offline. {reason}").format(
        provider=provider_name(details["provider"]),
        reason=explain(errors.from_failure(details["failure"])).what,
    )


def _broken(reason: str) -> str:
    """What is wrong with the file of a template; {number} and {word} are filled in."""
    reasons = {
        "not_json": _("line {number} is not valid JSON"),
        "no_sections": _("it has no list of sections"),
        "no_key": _("section {number} has no key"),
        "notes": _("section {number} would be your notes, which stand in all minutes"),
        "unknown": _("“{word}” is not known in a template"),
        "taken": _("a template of the program has its name"),
    }
    return reasons.get(reason, _("it is no text that can be read"))


def _template_broken(details: dict[str, Any]) -> str:
    broken = explain(errors.from_failure(details["failure"])).what
    return _("{broken} The minutes were made as for a general meeting.").format(broken=broken)


def _passages_instead(details: dict[str, Any]) -> str:
    return _("{provider} gave no answer, so passages are shown. {reason}").format(
        provider=provider_name(details["provider"]),
        reason=explain(errors.from_failure(details["failure"])).what,
    )


def _heard_apart(details: dict[str, Any]) -> str:
    return _(
        "The two channels of “{title}” hold different voices, so each is written down by itself. "
        "The menu of the meeting changes that."
    ).format(title=short_title(details["title"]))


def _ends_early(details: dict[str, Any]) -> str:
    return _("“{name}” ends after {length}, in the middle: copy it again if it should be longer.").format(
        name=details["name"], length=length(details["reached"])
    )


def _not_kept(details: dict[str, Any]) -> str:
    return _("“{title}” could not be exported by itself: {reason}").format(
        title=short_title(details["title"]), reason=explain(errors.from_failure(details["failure"]))
    )


def _not_taken_in(details: dict[str, Any]) -> str:
    return _("A file of the watched folder could not be imported: {reason}").format(
        reason=explain(errors.from_failure(details["failure"])).what
    )


def _sound_missing(details: dict[str, Any]) -> str:
    return _(
        "{length} of the sound of “{title}” is missing: its file is damaged or has gaps, and silence stands there."
    ).format(length=length(max(1.0, details["seconds"])), title=short_title(details["title"]))


def _hardly_understood(details: dict[str, Any]) -> str:
    spoken, since, why = details["languages"], details["since"], details.get("why", "")
    if len(spoken) != 1 or why in _NOT_SAID:
        return _little_understood(since, why)
    if since:
        return _(
            "From {time} on, little was understood. The speech model “{model}” knows {language} only: for another "
            "language, add a model that speaks it, and transcribe that part again."
        ).format(time=clock(since), model=details["model"], language=language_name(spoken[0]))
    return _(
        "Little of this was understood. The speech model “{model}” knows {language} only: for another language, "
        "add a model that speaks it."
    ).format(model=details["model"], language=language_name(spoken[0]))


def _on_processor(details: dict[str, Any]) -> str:
    if details["why"] == "no_memory":
        return _(
            "The graphics processor has too little memory for this model. "
            "Transcription goes on with the processor, which takes longer."
        )
    return _("The graphics processor failed. Transcription goes on with the processor, which takes longer.")


def _language_unsure(details: dict[str, Any]) -> str:
    return _("The language of “{title}” is not certain: {languages}.").format(
        title=short_title(details["title"]), languages=likely_languages(details["languages"])
    )


def likely_languages(languages: Sequence[tuple[str, float]]) -> str:
    """Languages with how certain they are: French (62 %) or English (31 %)."""
    from babel.lists import format_list

    likely = [f"{language_name(code)} ({percent(share)})" for code, share in languages[:3]]
    return str(format_list(likely, "or", locale=_locale()))


def language_found(transcript: Transcript) -> str:
    """How the language of a text is known, and how certainly."""
    if transcript.options.language:
        return _("The spoken language was chosen.")
    if transcript.spoken:
        return _("Found by listening to each part: {languages}.").format(
            languages=", ".join(
                f"{language_name(code)} {percent(share)}" for code, share in transcript.spoken
            )
        )
    if transcript.languages:
        return _("Found by listening at several places: {languages}.").format(
            languages=likely_languages(transcript.languages)
        )
    return _("Found by listening.")


def unsure_language(transcript: Transcript) -> str:
    """What stands above a text whose language is not certain."""
    return _(
        "The spoken language is not certain: {languages}. Perhaps several are spoken in this meeting."
    ).format(languages=likely_languages(transcript.languages))


def no_graphics_processor(why: str) -> str:
    """Why the graphics processor is not used, by `Machine.no_cuda`."""
    return {
        "none": _("None that can be used"),
        "unwanted": _("Switched off"),
        "driver": _("Its driver is missing or too old"),
        "libraries": _("The CUDA library cuBLAS 12 is missing"),
        "failed": _("It failed when it was measured"),
    }.get(why, "")


def diagnostics(found: Diagnostics) -> str:
    """The facts about this machine and program, a line each, as they are shown, printed and copied."""
    here = found.machine
    as_fast = _("{number} times as fast as speech")
    starter = as_fast.format(number=f"{here.speed:.1f}") if here.speed else _("Not measured yet")
    lines = [
        (_("Program"), f"{paths.PROGRAM} {found.program}"),
        (_("System"), found.platform),
        (
            _("Processor"),
            f"{here.processor} ({' '.join(here.features)})" if here.features else here.processor,
        ),
        (_("Cores"), str(here.cores)),
        (
            _("Memory"),
            _("{free} of {total} free").format(free=size(found.memory_free), total=size(found.memory)),
        ),
        (_("Graphics processor"), ", ".join(here.cuda_types) or no_graphics_processor(here.no_cuda)),
        (_("Computes with"), f"{here.compute_type} × {here.threads}"),
        # What was seen of models that were used says more than that nothing was measured.
        *([(_("Speed with the starter model"), starter)] if here.speed or not here.seen else []),
        *((name, as_fast.format(number=f"{one:.1f}")) for name, one in here.seen),
        (_("Speech model"), f"{found.model} · {size(found.model_size)}" if found.model_size else found.model),
        (_("Model folder"), found.model_folder or "–"),
        (_("Library"), found.library),
        (_("Free on the disk"), size(found.disk_free)),
        (_("Microphones"), "–" if found.microphones is None else str(found.microphones)),
        ("Python", found.python),
        *((name, version or "–") for name, version in found.versions),
    ]
    return "\n".join(named(name, value) for name, value in lines)


def named(name: str, value: object) -> str:
    """A value after its name, or what there is to say after what it is about."""
    return _("{name}: {value}").format(name=name, value=value)


def log_line(line: LogLine) -> str:
    """A line of the log as a person reads it; its own words are the program's, in English."""
    facts = {
        name: value for name, value in line.facts.items() if name not in {"logger", "process", "exception"}
    }
    told = "  ".join(f"{name}={value}" for name, value in facts.items() if str(value) != "None")
    text = f"{line.at.astimezone():%Y-%m-%d %H:%M:%S}  {line.level:<8}  {line.event}"
    trace = "".join(f"\n    {one}" for one in str(line.facts.get("exception", "")).splitlines())
    return f"{text}  {told}".rstrip() + trace


def _window_again(_details: dict[str, Any]) -> str:
    return _(
        "The window ended unexpectedly while a recording was running. The recording went on; nothing is lost."
    )


def _long_silence(details: dict[str, Any]) -> str:
    return _("Nobody has been heard for {length}. Are you still recording?").format(
        length=length(details["seconds"])
    )


def _ended_by_silence(details: dict[str, Any]) -> str:
    return _("The recording was ended because nobody had been heard for {length}.").format(
        length=length(details["seconds"])
    )


def _no_live_text(details: dict[str, Any]) -> str:
    return _("The recording goes on, but its text has to wait until it has ended. {reason}").format(
        reason=explain(errors.from_failure(details["failure"])).what
    )


def said(segment: Segment) -> str:
    """The text of a segment as a person reads it; speech that gave none is told."""
    return segment.text.strip() or _("[inaudible]")


def doubt(segment: Segment) -> str:
    """Why the text of a segment may be wrong, '' where nothing speaks against it."""
    reasons = {
        "": "",
        "improbable": _("Hardly understood"),
        "repeated": _("Says the same again and again: perhaps it was not said"),
        "no_speech": _("Hardly any speech was heard here: perhaps nothing was said"),
        "hurried": _("Too many words for the time: perhaps they were not said"),
        "unheard": _("Not all that is said here was understood")
        if segment.text
        else _("Somebody speaks here, but it was not understood"),
        "perhaps": _("Perhaps somebody speaks here; no words were heard"),
    }
    return reasons.get(segment.doubt, reasons["improbable"])


def doubtful_text(transcript: Transcript) -> str:
    """What stands above a transcript much of which may be wrong; '' where there is no reason for it."""
    if transcript.doubtful and transcript.segments:
        return _little_understood(0.0, transcript.mostly)
    since = transcript.lost_from
    return "" if since is None else _little_understood(since, transcript.mostly)


_NOT_SAID = frozenset({"repeated", "no_speech"})
"""The doubts of text that nobody may have said: no language or larger model helps."""


def _little_understood(since: float, why: str) -> str:
    if why == "repeated":
        if since:
            return _(
                "From {time} on, the text mostly says the same again and again: perhaps it was not said."
            ).format(time=clock(since))
        return _("Most of this text says the same again and again: perhaps it was not said.")
    if why == "no_speech":
        if since:
            return _(
                "From {time} on, hardly any speech is heard: perhaps the text there was not said."
            ).format(time=clock(since))
        return _("Hardly any speech is heard here: perhaps most of this text was not said.")
    if since:
        return _(
            "From {time} on, little was understood: check the language that is spoken there, or transcribe that part "
            "again with a larger speech model."
        ).format(time=clock(since))
    return _("Little of this was understood: check the spoken language, or use a larger speech model.")


_NOTICES: dict[str, Callable[[dict[str, Any]], str]] = {
    "recovered": _recovered,
    "offline_instead": _offline_instead,
    "passages_instead": _passages_instead,
    "template_broken": _template_broken,
    "heard_apart": _heard_apart,
    "ends_early": _ends_early,
    "not_kept": _not_kept,
    "not_taken_in": _not_taken_in,
    "sound_missing": _sound_missing,
    "hardly_understood": _hardly_understood,
    "language_unsure": _language_unsure,
    "window_again": _window_again,
    "on_processor": _on_processor,
    "long_silence": _long_silence,
    "ended_by_silence": _ended_by_silence,
    "no_live_text": _no_live_text,
}


# --- recording -----------------------------------------------------------------------------------


def channel_name(channel: Channel) -> str:
    """Who is heard in a channel, as it stands before what they said."""
    return {
        Channel.MICROPHONE: _("Me"),
        Channel.SYSTEM: _("Others"),
        Channel.LEFT: _("Left channel"),
        Channel.RIGHT: _("Right channel"),
    }[channel]


def sides(name: str) -> str:
    """How the two channels of an imported file are heard, by its name in `core.values.SIDES`."""
    return {
        "together": _("Both channels together"),
        "apart": _("Left and right apart"),
        "me-left": _("You left, the others right"),
        "me-right": _("You right, the others left"),
    }[name]


def sides_tip(name: str) -> str:
    """What that means."""
    return {
        "together": _("Write down what both channels hold as one text"),
        "apart": _("Write down each channel by itself, as one side of the talk"),
        "me-left": _("Write down each channel by itself: the left one is yours"),
        "me-right": _("Write down each channel by itself: the right one is yours"),
    }[name]


def heard_sides(meeting: Meeting) -> str:
    """The same of a meeting, '' where its channels are heard together, or it was recorded by this program."""
    if meeting.source is Source.RECORDING or not meeting.channels:
        return ""
    return next((sides(name) for name, channels in SIDES.items() if channels == meeting.channels), "")


def speaker_label(speaker: Speaker) -> str:
    """Who a speaker is: by name, else the channel or the number."""
    if speaker.name:
        return speaker.name
    if speaker.channel:
        return channel_name(speaker.channel)
    return _("Me") if speaker.is_me else _("Speaker {number}").format(number=speaker.number)


def owner(line: Line) -> str:
    """Who does a task: by name, else by the voice that took it on; '' where nobody is known to."""
    return line.owner or (speaker_label(line.taker) if line.taker else "")


def about(line: Line) -> str:
    """Who and until when, and where the line comes from where that is not the meeting."""
    due = line.due_said
    if line.due:
        due = f"{due} ({day(line.due)})" if due else day(line.due)
    of = "" if line.section is Section.NOTES else origin(line.origin)
    return " · ".join(part for part in (owner(line), due, of) if part)


def doubts(
    supported: bool, unverified: Sequence[str], doubtful: bool = False, *, quoted: bool = False
) -> tuple[str, ...]:
    """What speaks against a line of minutes or an answer: that it was not said, in words that tell too little where
    some are `quoted` nevertheless, or in doubtful text, and what else is to be checked."""
    words = [_("Check: {words}").format(words=", ".join(unverified))] if unverified else []
    said = [_("From doubtful text")] if doubtful and supported else []
    lacking = _("The words quoted say too little") if quoted else _("Not found in the transcript")
    return (*([] if supported else [lacking]), *said, *words)


def consent(names: Sequence[str], moment: datetime) -> str:
    """What a note says of who agreed to be recorded; without `names` it was everybody."""
    if not names:
        return _("Consent, {moment}: everybody agreed to the recording.").format(moment=day_and_time(moment))
    return _("Consent, {moment}: agreed to the recording: {names}.").format(
        moment=day_and_time(moment), names=", ".join(names)
    )


def talk_times(seconds: Sequence[float]) -> list[str]:
    """For how long each of several people talks, and for which share of all talking.

    The shares are whole percentages that add up to 100: those with the largest remainders are rounded up (Hamilton).
    """
    whole = sum(seconds) or 1.0
    exact = [100 * one / whole for one in seconds]
    shares = [int(one) for one in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: shares[place] - exact[place])
    for place in by_remainder[: round(sum(exact)) - sum(shares)]:
        shares[place] += 1
    return [f"{length(one)} · {percent(share / 100)}" for one, share in zip(seconds, shares, strict=True)]


def suggestion(speaker: Speaker) -> str:
    """Whom a speaker without a name sounds like, and how certainly; '' where that is nobody known."""
    if speaker.name or not (speaker.suggested and speaker.certainty):
        return ""
    return _("Sounds like {name} ({percent})").format(
        name=speaker.suggested, percent=percent(speaker.certainty)
    )


def nothing_said_between(start: float, end: float) -> str:
    """That there is no text from one second to another."""
    return _("Nothing is said from {start} to {end}.").format(start=clock(start), end=clock(end))


def voice_consent(name: str) -> tuple[str, str]:
    """What it means that somebody's voice is remembered, and whom to ask before."""
    kept = _(
        "A voice print of {name} will be kept on this machine, so that the name can be suggested when the voice is "
        "heard in other meetings. It is in no export and is never sent anywhere."
    )
    ask = _("A voice print is personal data: ask {name} first.")
    return kept.format(name=name), ask.format(name=name)


def same_voice(voice: KnownVoice) -> str:
    """Under which other names a voice seems to be remembered too; '' where it is not."""
    if not voice.same_as:
        return ""
    return _("sounds the same as {names}").format(names=", ".join(voice.same_as))


def source_name(channel: Channel) -> str:
    """The source of a channel of a recording."""
    return {Channel.MICROPHONE: _("Microphone"), Channel.SYSTEM: _("System sound")}[channel]


def source_trouble(source: SourceState) -> Explanation | None:
    """What is wrong with a source of a running recording, and what to do; None where nothing is."""
    if source.trouble is None:
        return None
    microphone = source.channel is Channel.MICROPHONE
    match source.trouble:
        case Trouble.LOST if microphone and not source.device:
            return Explanation(
                _("No microphone was found."),
                _("Connect one; the recording goes on and takes it up by itself."),
            )
        case Trouble.LOST if microphone:
            return Explanation(
                _("The microphone “{device}” is gone.").format(device=source.device),
                _("Connect it again; the recording goes on and takes it up by itself."),
            )
        case Trouble.LOST:
            return Explanation(
                _("The sound of this machine cannot be heard any more."),
                _("The recording goes on and takes it up again by itself."),
            )
        case Trouble.REFUSED if microphone:
            return Explanation(
                _("The system does not let this program use the microphone."),
                _("Allow it in the system's privacy settings; the recording then takes it up by itself."),
            )
        case Trouble.REFUSED:
            return Explanation(
                _("The system does not let this program record its sound."),
                _("Allow it in the system's privacy settings; the recording then takes it up by itself."),
            )
        case Trouble.MUTED if microphone:
            return Explanation(
                _("The microphone “{device}” is switched off or muted.").format(device=source.device),
                _(
                    "Unmute it on the device, or allow this program to use it in the system's privacy settings."
                ),
            )
        case Trouble.SILENT | Trouble.MUTED if not microphone:
            return Explanation(
                _("Nothing is heard of the sound of this machine."),
                _(
                    "Check that the meeting is played here and not muted. In the room? Record the microphone only."
                ),
            )
        case Trouble.SILENT:
            return Explanation(
                _("Nobody is heard in the microphone “{device}”.").format(device=source.device),
                _("Check that it is the right one and near enough, or choose another in the settings."),
            )
        case Trouble.QUIET:
            return Explanation(
                _("{source}: too quiet to be understood well.").format(source=source_name(source.channel)),
                _("Go nearer to it, or raise its level in the system's sound settings."),
            )
        case Trouble.CLIPPING:
            return Explanation(
                _("{source}: so loud that it is distorted.").format(source=source_name(source.channel)),
                _("Lower its level in the system's sound settings, or move away from it."),
            )
    raise AssertionError(source.trouble)


LOOPBACK_GUIDE = "https://github.com/ExistentialAudio/BlackHole"
"""A loopback device for macOS, where ScreenCaptureKit is not to be had."""


def system_sound_hint(hint: str) -> str:
    """Why what this machine plays cannot be recorded, and what to do: the `system_hint` of `Devices`."""
    return {
        "no_server": _("Its sound system offers no way to it: PulseAudio or PipeWire is needed."),
        "no_output": _("There is no loudspeaker or headphone whose sound could be recorded."),
        "old_macos": _("It needs macOS 13 or newer, or a loopback device such as BlackHole: {link}").format(
            link=LOOPBACK_GUIDE
        ),
        "refused": _("Allow this program to record the screen and system sound in the privacy settings."),
    }.get(hint, _("Record the microphone only."))


def room_left(seconds: float) -> str:
    """How long the disk has space for a running recording."""
    return _("The disk has room for {length} more.").format(length=length(seconds))


def gaps(count: int) -> str:
    """How often sound was lost in a running recording."""
    return ngettext("{count} gap in the sound", "{count} gaps in the sound", count).format(count=count)


def recording_title(started: datetime) -> str:
    """The title of a recording that nobody has named yet."""
    return _("Meeting of {date}").format(date=day_and_time(started))


def sample_title() -> str:
    """The title of the sample meeting."""
    return _("Sample meeting")


def stage_label(stage: Stage) -> str:
    """What is being done, while it is done."""
    return {
        Stage.RECORD: _("Recording"),
        Stage.IMPORT: _("Importing"),
        Stage.TRANSCRIBE: _("Transcribing"),
        Stage.SEPARATE: _("Telling voices apart"),
        Stage.SUMMARISE: _("Writing minutes"),
        Stage.EXPORT: _("Exporting"),
        Stage.BACKUP: _("Backing up"),
        Stage.RESTORE: _("Restoring"),
        Stage.CUT: _("Cutting"),
        Stage.MOVE: _("Moving the library"),
    }[stage]


def queued(one: Queued) -> str:
    """What becomes of an entry of the queue: in progress, paused, failed with why, or waiting; and how far it is."""
    if one.work.failure and not one.held:
        return explain(errors.from_failure(one.work.failure)).what
    state = _("In progress") if one.held else _("Paused") if one.work.paused else _("Waiting")
    parts = [state, "" if one.work.paused else stage_label(one.work.stage)]
    parts.append(percent(one.done) if one.done else "")
    parts.append(time_left(one.seconds) if one.seconds and (one.held or not one.work.paused) else "")
    return " · ".join(filter(None, parts))


def restored(result: Restored) -> str:
    """What came out of an archive."""
    new = ngettext("{count} meeting restored", "{count} meetings restored", len(result.added))
    there = ngettext("{count} was here already", "{count} were here already", result.there)
    return " · ".join((new.format(count=len(result.added)), there.format(count=result.there)))


def part_label(part: int, parts: int) -> str:
    """Which part of a long piece of work is being done; '' where it has only one."""
    return _("part {part} of {parts}").format(part=part, parts=parts) if parts > 1 else ""


def tokens_sent(tokens: int) -> str:
    """About how many tokens are sent to a provider; '' for none."""
    return _("about {tokens} tokens are sent").format(tokens=_rounded(tokens)) if tokens else ""


def _rounded(tokens: int) -> str:
    from babel.numbers import format_decimal

    return str(format_decimal(max(100, round(tokens, -2)), locale=_locale()))


def section_label(section: Section) -> str:
    """The heading of a section of the minutes."""
    return {
        Section.OVERVIEW: _("Overview"),
        Section.DECISIONS: _("Decisions"),
        Section.ACTION_ITEMS: _("Action items"),
        Section.KEY_POINTS: _("Key points"),
        Section.OPEN_QUESTIONS: _("Open questions"),
        Section.CHAPTERS: _("Chapters"),
        Section.NOTES: _("Your notes"),
    }[section]


def found_in(hit: Hit) -> str:
    """Where in a meeting something was found: a section of the minutes, the notes, or who said it."""
    match hit.where:
        case Where.TRANSCRIPT:
            return hit.speaker or _("Transcript")
        case Where.MINUTES if hit.section:
            return section_label(hit.section)
        case Where.MINUTES:
            return _("Minutes")
        case Where.NOTES:
            return _("Notes")
        case Where.HEADING:
            return _("Meeting")


def format_label(kind: str) -> str:
    """What a format of exports is called; a template of the person's own by its name."""
    known: dict[str, str] = {
        Format.MARKDOWN: "Markdown",
        Format.WORD: _("Word document"),
        Format.PDF: "PDF",
        Format.HTML: _("Web page"),
        Format.TEXT: _("Plain text"),
        Format.SRT: _("Subtitles (SRT)"),
        Format.VTT: _("Subtitles (WebVTT)"),
        Format.JSON: _("Data (JSON)"),
        Format.SEGMENTS: _("Table of the transcript"),
        Format.ACTIONS: _("Table of the action items"),
        Format.CALENDAR: _("Calendar of the action items"),
        Format.AUDIO: _("Sound, as it is"),
        Format.OPUS: _("Sound, compressed (Opus)"),
        Format.MP3: _("Sound, compressed (MP3)"),
    }
    return known.get(kind, kind)


def in_words(words: Sequence[tuple[str, str]]) -> str:
    """Words by language, in the current one; else in English, else in whichever there is; '' where there are none."""
    found = dict(words)
    return next(filter(None, map(found.get, (language(), "", "en"))), next(iter(found.values()), ""))


def heading(section: TemplateSection) -> str:
    """The heading of a section of a template."""
    return in_words(section.headings) or section_label(section.kind)


def template_name(template: Template) -> str:
    """The name of a template."""
    return in_words(template.names) or template.key


def minutes_length(name: str) -> str:
    """How long minutes are to be, in a word."""
    return {"short": _("Short"), "normal": _("Normal"), "long": _("Detailed")}[name]


def provider_name(provider: str) -> str:
    """A summary provider's name on screen; that of a server is where it is."""
    names = {"mistral": "Mistral", "offline": _("This machine"), "server": _("Another server")}
    return names.get(provider, provider)


def made_by(minutes: Minutes) -> str:
    """Who made minutes, as shown above them; also that the offline ones stand in for others."""
    if minutes.made_by == "offline" and minutes.options.provider != "offline":
        return _("Made offline in place of {provider}").format(
            provider=provider_name(minutes.options.provider)
        )
    if minutes.made_by == "offline" and minutes.language not in {"en", "fr"}:
        return _("Made offline, where decisions and tasks are found in English and French only")
    if minutes.made_by == "offline":
        return _("Made offline")
    name = provider_name(minutes.made_by) if minutes.made_by == "mistral" else minutes.options.model
    return _("Made by {provider}").format(provider=name or provider_name(minutes.made_by))


def not_translated(minutes: Minutes) -> str:
    """That minutes are in another language than was wanted, and why; '' where they are not."""
    if minutes.made_by != "offline" or minutes.options.language in {"", minutes.language}:
        return ""
    return _("This machine does not translate")


def left_out(minutes: Minutes) -> str:
    """That lines which the person took out are not shown; '' where there are none."""
    count = minutes.left_out
    told = ngettext(
        "{count} line that you removed is left out", "{count} lines that you removed are left out", count
    )
    return told.format(count=count) if count else ""


def minutes_version(minutes: Minutes) -> str:
    """One version of minutes in a line: when, by whom, how many lines."""
    count = ngettext("{count} line", "{count} lines", len(minutes.lines)).format(count=len(minutes.lines))
    parts = (day_and_time(minutes.created_at), made_by(minutes), language_name(minutes.language), count)
    return " · ".join(filter(None, parts))


def estimate(found: Estimate, provider: str) -> str:
    """What minutes send to a provider and get back, in a sentence; '' for nothing."""
    if not found.parts:
        return ""
    told = ngettext(
        "For this meeting about {tokens} tokens are sent to {provider}, and about {answer} come back.",
        "For this meeting about {tokens} tokens are sent to {provider} in {count} parts, and about {answer} come back.",
        found.parts,
    ).format(
        tokens=_rounded(found.tokens),
        answer=_rounded(found.answer),
        count=found.parts,
        provider=provider_name(provider),
    )
    return with_cost(told, found)


def estimate_of_question(found: Estimate, provider: str) -> str:
    """What a question sends to a provider and gets back, in a sentence; '' for nothing."""
    if not found.parts:
        return ""
    told = _(
        "With the question about {tokens} tokens are sent to {provider}, and about {answer} come back."
    ).format(tokens=_rounded(found.tokens), answer=_rounded(found.answer), provider=provider_name(provider))
    return with_cost(told, found)


def estimate_of_an_hour(found: Estimate, provider: str) -> str:
    """What minutes of an hour of meeting send to a provider and get back, in a sentence."""
    told = _(
        "For an hour of meeting about {tokens} tokens are sent to {provider}, and about {answer} come back."
    ).format(tokens=_rounded(found.tokens), answer=_rounded(found.answer), provider=provider_name(provider))
    return with_cost(told, found)


def tokens_got(found: Estimate, provider: str) -> str:
    """About how many tokens a provider is sent, and what that costs where it is known, in few words."""
    told = _("{provider} gets about {tokens} tokens").format(
        tokens=_rounded(found.tokens), provider=provider_name(provider)
    )
    return told if found.cost is None else f"{told} · {_cost(found.cost)}"


def with_cost(told: str, found: Estimate) -> str:
    """A sentence about what is sent, with another about what that costs where it is known."""
    if found.cost is None:
        return told
    return f"{told} {_('That costs {price}.').format(price=_cost(found.cost))}"


def _cost(euros: float) -> str:
    """About how much, to the cent."""
    from babel.numbers import format_currency

    price = format_currency(max(0.01, round(euros, 2)), "EUR", locale=_locale())
    return (_("about {price}") if euros >= 0.01 else _("less than {price}")).format(price=price)


def origin(of: Origin) -> str:
    """Where a line of the minutes comes from, '' for the meeting itself."""
    return {
        Origin.MEETING: "",
        Origin.NOTE: _("From your notes"),
        Origin.BOOKMARK: _("Said where you set a mark"),
        Origin.PERSON: _("Added by you"),
    }[of]


def server_used(server: LocalServer, model: str) -> str:
    """That this server writes the minutes, with which of its models."""
    return _("{model} of {name} ({address}) writes.").format(
        model=model, name=server.name, address=server.address
    )


def servers_found(servers: Sequence[LocalServer]) -> str:
    """The programs with language models that were found, in a sentence."""
    return _("Found: {names}").format(names=", ".join(f"{one.name} ({one.address})" for one in servers))


def what_is_sent(place: str) -> str:
    """What leaves this machine when a provider writes minutes, and where it goes."""
    if place == "mistral":
        return _(
            "The text of the meeting, its title and date, the names of those who took part and your notes are sent to "
            "Mistral AI's servers in the European Union. The sound stays on this machine."
        )
    return _(
        "The text of the meeting, its title and date, the names of those who took part and your notes are sent to "
        "{where}. The sound stays on this machine."
    ).format(where=place)


def what_a_question_sends(place: str) -> str:
    """What leaves this machine when a provider answers a question, and where it goes."""
    if place == "mistral":
        return _(
            "Your question and the text that may hold its answer, of one meeting or of several, with their titles, "
            "days and the names of those who speak are sent to Mistral AI's servers in the European Union. The sound "
            "stays on this machine."
        )
    return _(
        "Your question and the text that may hold its answer, of one meeting or of several, with their titles, days "
        "and the names of those who speak are sent to {where}. The sound stays on this machine."
    ).format(where=place)


def asked_provider(provider: str, tokens: int) -> str:
    """That a provider is asked, and about how much it is sent."""
    return _("Asking {provider}: {tokens}").format(
        provider=provider_name(provider), tokens=tokens_sent(tokens)
    )


def again_in(seconds: float) -> str:
    """When something is tried again."""
    return _("Again in {seconds} s.").format(seconds=round(seconds))


# --- numbers, dates, lengths ---------------------------------------------------------------------


def clock(seconds: float) -> str:
    """A place in a meeting: 12:04, or 1:02:03 from an hour on."""
    whole = max(0, int(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes:02d}:{whole % 60:02d}"


def speed(times: float) -> str:
    """How fast a meeting is played: 1.25×."""
    # Without Babel, which to read its data takes longer than all else that a window's start asks for.
    plain = f"{times:.2f}".rstrip("0").rstrip(".")
    return _("{number}×").format(number=plain.replace(".", _POINT[language()]))


_POINT = {"en": ".", "fr": ","}


def decimal(number: float, places: int = 1) -> str:
    """A number with at most so many decimal places, as this language writes it."""
    from babel.numbers import format_decimal

    return str(format_decimal(round(number, places), locale=_locale()))


def length(seconds: float) -> str:
    """How long something lasts, short: 47 min, 1 h 12 min, 40 s."""
    whole = max(0, round(seconds))
    if whole < 60:
        return _("{seconds} s").format(seconds=whole)
    hours, minutes = divmod(round(whole / 60), 60)
    if hours and minutes:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("{hours} h").format(hours=hours) if hours else _("{minutes} min").format(minutes=minutes)


def spoken_length(seconds: float) -> str:
    """How long somebody speaks: as `length`, but to the second below ten minutes, as 2 min 5 s."""
    whole = max(0, round(seconds))
    minutes, left = divmod(whole, 60)
    if not left or not 0 < minutes < 10:
        return length(seconds)
    return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=left)


def time_left(seconds: float) -> str:
    """How long something still takes, as people say it: about 4 minutes left, about 1 h 20 min left."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("less than a minute left")
    if minutes < 60:
        exact = minutes if minutes <= 20 else 5 * round(minutes / 5)
        return ngettext("about {count} minute left", "about {count} minutes left", exact).format(count=exact)
    return _("about {length} left").format(length=length(600 * round(seconds / 600)))


def _locale() -> Locale:
    from babel import Locale

    return Locale.parse(language())


def day(moment: datetime | date) -> str:
    """A local date with its weekday, as this language writes it."""
    from babel.dates import format_skeleton

    local = moment.astimezone() if isinstance(moment, datetime) else moment
    return str(format_skeleton("yMMMEd", local, locale=_locale()))


def plain_day(moment: date) -> str:
    """A date as one would type it in words: Mar 13, 2026; `read_day` reads it."""
    from babel.dates import format_date

    return str(format_date(moment, "medium", locale=_locale()))


def read_day(said: str, today: date) -> date | None:
    """The date that somebody typed, as this language writes it or as 2026-03-13; None where it is none.

    One without its year is the next of that name, `today` or later.
    """
    from babel.dates import get_day_names, get_month_names

    with suppress(ValueError):
        return date.fromisoformat(said.strip())
    numbers = [int(number) for number in re.findall(r"\d+", said)]
    words = re.findall(r"[^\W\d_]{3,}", said.casefold())
    words = [word for word in words if not _named(get_day_names("wide", locale=_locale()), word)]
    month = _named(get_month_names("wide", locale=_locale()), words[0]) if len(words) == 1 else None
    if month:
        numbers.insert(1, month)
    elif words:
        return None
    elif language() == "en":
        numbers[:2] = numbers[1::-1]
    if not 2 <= len(numbers) <= 3:
        return None
    number, month, *years = numbers
    year = years[0] + (2000 if years[0] < 100 else 0) if years else today.year
    with suppress(ValueError):
        read = date(year, month, number)
        return read if years or read >= today else read.replace(year=year + 1)
    return None


def _named(names: Mapping[int, str], word: str) -> int | None:
    """The number of the name that a word is, or begins."""
    return next((number for number, name in names.items() if name.casefold().startswith(word)), None)


TITLE_CHARACTERS = 60
"""So much of a title stands in a sentence that passes by."""


def short_title(title: str) -> str:
    """A title, for a sentence that passes by: of a long one the beginning and the end."""
    if len(title) <= TITLE_CHARACTERS:
        return title
    half = TITLE_CHARACTERS // 2
    return f"{title[:half].rstrip()}…{title[1 - half :].lstrip()}"


def short_day(moment: datetime) -> str:
    """A local date without its year, with its weekday."""
    from babel.dates import format_skeleton

    return str(format_skeleton("MMMEd", moment.astimezone(), locale=_locale()))


def month(first: date) -> str:
    """A month and its year, as a heading."""
    from babel.dates import format_skeleton

    named = str(format_skeleton("yMMMM", first, locale=_locale()))
    return named[:1].upper() + named[1:]


def time_of_day(moment: datetime) -> str:
    """A local time."""
    from babel.dates import format_time

    return str(format_time(moment.astimezone(), "short", locale=_locale()))


def day_and_time(moment: datetime) -> str:
    """A local date and time, as this language writes them."""
    return f"{day(moment)}, {time_of_day(moment)}"


def percent(fraction: float) -> str:
    """A share from 0 to 1 as a whole percentage."""
    from babel.numbers import format_percent

    return str(format_percent(fraction, locale=_locale()))


def size(count: int) -> str:
    """Bytes in the unit a person would use."""
    from babel.numbers import format_decimal

    value, unit = float(count), _("bytes")
    for unit in (_("bytes"), _("kB"), _("MB"), _("GB")):
        if value < 1000 or unit == _("GB"):
            break
        value /= 1000
    return f"{format_decimal(round(value, 1 if value < 10 else 0), locale=_locale())} {unit}"


def model_languages(codes: Sequence[str]) -> str:
    """Whom a speech model understands; no codes mean all of them."""
    return ", ".join(map(language_name, codes)) or _("many languages")


def model_quality(quality: int) -> str:
    """How well a published model understands, from 1 to 5."""
    return {
        1: _("understands the gist"),
        2: _("understands clear speech"),
        3: _("understands well"),
        4: _("understands very well"),
        5: _("understands best"),
    }[quality]


def model_damaged(model: Model) -> str:
    """What to do about a model on this machine that is not whole."""
    if model.built_in:
        return explain(errors.ModelDamaged(model.name, built_in=True)).do
    return _("A part of it is missing. Get it again, or remove it.")


def model_cost(cost: Cost) -> str:
    """What a speech model takes on this machine, the time first where it is known."""
    memory = _("{size} of memory").format(size=size(cost.memory))
    if cost.hour is None:
        return memory
    whole_minutes = 60 * max(1, round(cost.hour / 60))
    return f"{_('an hour takes about {length}').format(length=length(whole_minutes))} · {memory}"


def fetching(state: Fetching) -> str:
    """How far the download of a model is, or its copy: 120 MB of 486 MB, 2 min left."""
    doing = {
        "fetch": _("Downloading “{model}”: {received} of {size}"),
        "check": _("Checking “{model}”: {received} of {size}") if state.received else _("Checking “{model}”"),
        "copy": _("Copying “{model}”: {received} of {size}"),
    }[state.doing]
    text = doing.format(model=state.model, received=size(state.received), size=size(state.size))
    if state.seconds_left is None:
        return text
    return f"{text} · {_('{length} left').format(length=length(state.seconds_left))}"


def begun(received: int) -> str:
    """That a download was stopped after so many bytes."""
    return _("{size} downloaded so far").format(size=size(received))


def language_name(code: str) -> str:
    """A language's own name in the current language; the code where it is unknown."""
    return str(_locale().languages.get(code, code))
