"""What the person chose: one frozen value, each field declared once with its default, kept as JSON.

A window and a terminal may share the file; it is read and written whole.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core import paths
from core.values import ExportChoices, Section


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting. Secrets are not settings: see `core.credentials`."""

    welcomed: bool = False
    """Whether the first page was seen, which asks what a new person needs."""
    language: str = ""
    """Language of the window: 'en', 'fr', or '' for the system's."""
    appearance: str = "system"
    """'light', 'dark' or 'system'."""
    shortcuts: tuple[str, ...] = ()
    """Keys of the person's own for the window's actions, as 'record=Ctrl+R', or 'record=' for none."""
    microphone: str = ""
    """Name of the input device, '' for the default one."""
    sources: str = "both"
    """What is recorded: 'microphone', 'system' (what this machine plays) or 'both'."""
    live_text: str = "on"
    """Whether a recording is turned into text while it runs: 'on', 'mains' (not on battery) or 'off'."""
    stop_after_silence: int = 0
    """Minutes of silence after which a recording ends by itself, 0 for never."""
    notifications: bool = True
    """Whether the system tells what happens while the window is not in front."""
    closing: str = ""
    """What closing the window does while recording: 'keep' recording, 'stop', or '' to ask."""
    model: str = ""
    """Name of the speech model, '' for the starter."""
    model_folders: tuple[str, ...] = ()
    """Folders of models added by path."""
    preset: str = "balanced"
    """How carefully is transcribed: 'best', 'balanced' or 'fast'."""
    spoken_language: str = ""
    """Language of new meetings, '' to find out."""
    tell_voices_apart: bool = True
    """Whether new text is given to its speakers by their voices."""
    provider: str = "offline"
    """Who writes minutes: 'offline', 'mistral' or 'server'."""
    provider_model: str = "mistral-small-latest"
    """Mistral's model."""
    provider_address: str = ""
    """Where the other server is that speaks the same protocol."""
    server_model: str = ""
    """That server's model."""
    provider_context: int = 0
    """Most tokens that a model is given at once, 0 for all that it takes."""
    provider_tries: int = 3
    """How often a question to a provider is tried."""
    provider_factor: float = 2.0
    """How many times longer is waited before each next try."""
    provider_minutes: int = 15
    """Minutes after which a provider is given up, and a third of them more for each further part of a long meeting:
    the default is `core.summary.mistral.Patience`'s."""
    provider_prices: tuple[str, ...] = ()
    """What models cost in euros by a million tokens, sent and coming back, as 'mistral-small-latest=0.1/0.3'."""
    consents: tuple[str, ...] = ()
    """Where the person lets text be sent: 'mistral', or addresses of servers."""
    minutes_language: str = ""
    """Language of minutes, '' for the meeting's."""
    template: str = "meeting"
    """The template of new minutes."""
    minutes_length: str = "normal"
    """How long minutes are: 'short', 'normal' or 'long'."""
    sound_rules: tuple[str, ...] = ()
    """For how many days sound is kept, as 'tag=30', of all other meetings as '=90'; 0 days for good."""
    playback_speed: float = 1.0
    """How fast meetings are played, 0.5 to 3."""
    skip_silence: bool = False
    """Whether pauses are left out when a meeting is played."""
    volume: float = 1.0
    """How loud meetings are played, 0 to 1."""
    api: bool = False
    """Whether the local interface answers while the window is open."""
    api_port: int = 8765
    """The port of its address on this machine."""
    export_folder: str = ""
    """Where exports were last written."""
    export_formats: tuple[str, ...] = ("md",)
    """The formats of the last export."""
    export_name: str = "{date} {title}"
    """What exported files are called: see `core.export.file_name`."""
    export_without: tuple[str, ...] = ()
    """What is left out of exports: sections of the minutes by name, 'transcript', 'speakers', 'times'."""
    export_words: str = "corrected"
    """Words of exported transcripts: 'corrected', or as they were 'heard'."""
    export_language: str = ""
    """Language of the headings of exports, '' for the window's."""
    export_properties: bool = False
    """Whether Markdown begins with the properties that Obsidian reads."""
    keep_folder: str = ""
    """Where finished meetings are written by themselves, '' for nowhere."""
    keep_formats: tuple[str, ...] = ("md",)
    """The formats in which they are."""
    watch_folder: str = ""
    """The folder whose new recordings are imported by themselves, '' for none."""
    backup_folder: str = ""
    """Where backups are written, '' for the library's own folder."""
    backup_days: int = 0
    """How many days lie between two backups, 0 for none by themselves."""
    backup_count: int = 5
    """How many backups are kept."""
    backup_sound: bool = True
    """Whether they have the sound too."""


def sound_days(settings: Settings, tags: Sequence[str]) -> int:
    """For how many days the sound of a meeting with these tags is kept, 0 for good; of several rules the longest."""
    rules = rules_of(settings)
    of_tags = [rules[tag.casefold()] for tag in tags if tag.casefold() in rules]
    if not of_tags:
        return rules.get("", 0)
    return 0 if 0 in of_tags else max(of_tags)


def rules_of(settings: Settings) -> dict[str, int]:
    """The days of `sound_rules` by the tag in small letters, '' for all other meetings."""
    split = (rule.rpartition("=") for rule in settings.sound_rules)
    return {tag.casefold(): int(days) for tag, _sign, days in split if days.isdecimal()}


def price_of(settings: Settings, model: str) -> tuple[float, float] | None:
    """What a million tokens cost that this model is sent, and that it writes, in euros; None where nobody said."""
    for entry in settings.provider_prices:
        name, price = priced(entry)
        if name == model:
            return price
    return None


def with_price(settings: Settings, model: str, sent: float, back: float) -> tuple[str, ...]:
    """`provider_prices` with what this model costs by a million tokens, in euros; without it where both are 0."""
    others = (one for one in settings.provider_prices if priced(one)[0] != model)
    return (*others, *([f"{model}={sent:g}/{back:g}"] if sent or back else []))


def priced(entry: str) -> tuple[str, tuple[float, float] | None]:
    """The model of an entry of `provider_prices`, and its prices, None where they are no such numbers."""
    name, _sign, prices = entry.rpartition("=")
    sent, _sign, back = prices.partition("/")
    try:
        price = (float(sent), float(back))
    except ValueError:
        return name, None
    return name, price if name and all(0 <= one < math.inf for one in price) else None


def export_choices(settings: Settings) -> ExportChoices:
    """What the settings say about what of a meeting is handed on."""
    left_out = settings.export_without
    return ExportChoices(
        sections=tuple(section for section in Section if section not in left_out),
        transcript="transcript" not in left_out,
        speakers="speakers" not in left_out,
        times="times" not in left_out,
        words=settings.export_words,
        language=settings.export_language,
        properties=settings.export_properties,
    )


def load(file: Path) -> Settings:
    """The settings in `file`; defaults for what is missing, unreadable or of the wrong type."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    if not isinstance(stored, dict):
        return Settings()
    found = Settings(**_fitting(stored))
    # Addresses once could hold a name and a password, which belong into no file.
    found = dataclasses.replace(
        found,
        provider_address=_bare(found.provider_address),
        consents=tuple(map(_bare, found.consents)),
    )
    if found.provider == "mistral" and found.provider_address and "server_model" not in stored:
        # An earlier program took an address for another place of Mistral's.
        return dataclasses.replace(found, provider="server", server_model=found.provider_model)
    return found


def _bare(address: str) -> str:
    return re.sub("//[^/]*@", "//", address)


def _fitting(stored: dict[str, Any]) -> dict[str, Any]:
    fitting: dict[str, Any] = {}
    for field in dataclasses.fields(Settings):
        value = stored.get(field.name, field.default)
        if isinstance(field.default, tuple) and isinstance(value, list):
            value = tuple(str(item) for item in value)
        if type(value) is type(field.default):
            fitting[field.name] = value
    return fitting


def save(settings: Settings, file: Path) -> None:
    """Writes `settings` whole to `file`. Raises `FolderNotWritable` or `DiskFull`."""
    text = json.dumps(dataclasses.asdict(settings), indent=2, ensure_ascii=False)
    paths.write_private(file, text.encode())
