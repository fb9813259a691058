"""What the person chose for all meetings: the settings, and the key of the provider of minutes."""

from __future__ import annotations

import argparse
import dataclasses
import getpass
import math
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from core import credentials, errors, messages, paths
from core.messages import _
from core.settings import Settings, priced
from core.terminal import arguments
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE, PROBLEM
from core.terminal.output import print_json, say
from core.terminal.process import check_language
from core.values import TranscriptOptions

if TYPE_CHECKING:
    from core.meetings import Library

NAMES = tuple(
    field.name for field in dataclasses.fields(Settings) if field.name not in {"consents", "model_folders"}
)
"""The settings that are set by name; those left out are kept by `--agree` and by `models --add`."""

WORDS = {
    "language": ("", "en", "fr"),
    "appearance": ("light", "dark", "system"),
    "sources": ("microphone", "system", "both"),
    "live_text": ("on", "mains", "off"),
    "closing": ("", "keep", "stop"),
    "preset": ("best", "balanced", "fast"),
    "provider": ("offline", "mistral", "server"),
    "minutes_length": ("short", "normal", "long"),
    "export_words": ("corrected", "heard"),
    "export_language": ("", "en", "fr"),
}
"""The only values of some settings."""

BOUNDS: dict[str, tuple[float, float]] = {
    "stop_after_silence": (0, 600),
    "provider_tries": (1, 10),
    "provider_factor": (1, 10),
    "provider_minutes": (1, 240),
    "playback_speed": (0.5, 3),
    "volume": (0, 1),
    "api_port": (1, 65_535),
    "backup_count": (1, 1000),
}
"""The least and the most of some numbers; others begin with 0."""


def register(verbs: Verbs) -> None:
    """Adds `settings` and `key`."""
    chosen = verbs.add(
        "settings",
        _settings,
        check=_wrong,
        help=_("print the settings, or change one"),
        description=_(
            "Prints all settings, one of them, or gives one another value. Lists are written with commas, "
            "'' is the standard. An open window reads them at its next start."
        ),
        examples=(
            "meeting-transcriber settings",
            "meeting-transcriber settings preset best",
            "meeting-transcriber settings export_formats md,docx",
        ),
    )
    chosen.add_argument("name", nargs="?", choices=NAMES, metavar=_("NAME"), help=_("which one"))
    chosen.add_argument("value", nargs="?", metavar=_("VALUE"), help=_("its new value"))

    key = verbs.add(
        "key",
        alone=_key,
        help=_("keep the key for Mistral, or another server, in the system's keyring"),
        description=_(
            "Says whether there is a key for Mistral, or for the server at --address. --keep asks for one, or reads it "
            "from a pipe, and keeps it in the system's keyring; it is never printed, and sent nowhere else."
        ),
        examples=(
            "meeting-transcriber key --keep",
            "meeting-transcriber key --address https://models.example --keep",
            "meeting-transcriber key --remove",
        ),
    )
    how = key.add_mutually_exclusive_group()
    how.add_argument("--keep", action="store_true", help=_("ask for the key and keep it"))
    how.add_argument("--remove", action="store_true", help=_("forget the key"))
    key.add_argument(
        "--address", default="", metavar=_("ADDRESS"), help=_("of another server (default: Mistral's)")
    )


# --- settings ---------------------------------------------------------------------------------------


def _wrong(given: argparse.Namespace) -> str:
    if given.value is None:
        return ""
    try:
        _value(given.name, given.value)
    except argparse.ArgumentTypeError as error:
        return str(error)
    return ""


def _value(name: str, text: str) -> Any:
    """What `text` means as the value of this setting. Raises `ArgumentTypeError`."""
    standard = getattr(Settings(), name)
    if not text:
        return standard
    if isinstance(standard, bool):
        yes, no = {"on", "yes", "true"}, {"off", "no", "false"}
        if text.casefold() not in yes | no:
            raise argparse.ArgumentTypeError(_("{name} is on or off").format(name=name))
        return text.casefold() in yes
    if isinstance(standard, int | float):
        return _number(name, text, type(standard))
    if name == "sound_rules" and not all(map(_is_rule, arguments.names(text))):
        raise argparse.ArgumentTypeError(
            _("{name} takes rules such as TAG=90, or =90 for all others").format(name=name)
        )
    if name == "provider_prices" and any(priced(one)[1] is None for one in arguments.names(text)):
        raise argparse.ArgumentTypeError(
            _("{name} is written like {example}").format(name=name, example="mistral-small-latest=0.1/0.3")
        )
    if isinstance(standard, tuple):
        return arguments.names(text)
    if name == "provider_address":
        from core.summary import addresses

        try:
            return addresses.read(text)
        except errors.AddressUnfit as problem:
            raise argparse.ArgumentTypeError(str(messages.explain(problem))) from None
    if text not in WORDS.get(name, (text,)):
        known = ", ".join(one or "''" for one in WORDS[name])
        raise argparse.ArgumentTypeError(_("{name} is one of {known}").format(name=name, known=known))
    return text


def _is_rule(text: str) -> bool:
    _tag, sign, days = text.rpartition("=")
    return bool(sign) and days.isdecimal()


def _number(name: str, text: str, kind: type[int] | type[float]) -> float:
    least, most = BOUNDS.get(name, (0, math.inf))
    try:
        number = kind(text)
    except ValueError:
        number = kind(-1)
    if not (least <= number <= most and number < math.inf):
        told = (
            _("{name} is a number from {least}").format(name=name, least=least)
            if most == math.inf
            else _("{name} is a number from {least} to {most}").format(name=name, least=least, most=most)
        )
        raise argparse.ArgumentTypeError(told)
    return number


def _settings(library: Library, given: argparse.Namespace) -> int:
    if given.value is not None:
        value = _value(given.name, given.value)
        _check(library, given.name, value)
        library.change_settings(dataclasses.replace(library.settings, **{given.name: value}))
    shown = {name: getattr(library.settings, name) for name in ([given.name] if given.name else NAMES)}
    if given.json:
        print_json({"settings": shown})
        return DONE
    for name, value in shown.items():
        print(_plain(value) if given.name else f"{name} = {_plain(value)}")
    return DONE


def _plain(value: Any) -> str:
    """A value as it is written to set it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _check(library: Library, name: str, value: Any) -> None:
    """Raises `LanguageUnknown`, `FormatUnknown`, `TemplateUnknown` or `ModelUnknown` for what there is not."""
    from core import meetings, speech
    from core.summary import templates

    match name:
        case "spoken_language" | "minutes_language":
            check_language(value)
        case "export_formats" | "keep_formats":
            meetings.check_formats(library, value)
        case "template":
            templates.find(library.places.minutes_templates, value)
        case "model" if value:
            speech.find_model(
                TranscriptOptions(model=value), library.settings.model_folders, library.places.models
            )


# --- key --------------------------------------------------------------------------------------------


def _key(_places: paths.Folders, given: argparse.Namespace) -> int:
    from core.summary import addresses

    address = addresses.read(given.address)
    keep = partial(credentials.keep_server_key, address) if address else credentials.keep_mistral_key
    if given.remove:
        keep("")
    elif given.keep and not keep(_asked()):
        say(
            _("This system has no keyring. Set {variable} in the environment instead.").format(
                variable=f"{credentials.SERVER_KEY_VARIABLE}='{address} …'" if address else "MISTRAL_API_KEY"
            )
        )
        return PROBLEM
    there = bool(credentials.server_key(address) if address else credentials.mistral_key())
    if given.json:
        print_json({"key": there, "keyring": credentials.keyring_name()})
    else:
        print(_("There is a key.") if there else _("There is no key."))
    return DONE


def _asked() -> str:
    """The key, from a person who types it unseen, or from a pipe."""
    return (getpass.getpass(_("Key: ")) if sys.stdin.isatty() else sys.stdin.readline()).strip()
