"""What was found in each part, in words: one sentence on how it is, one on what to do, and the report of all."""

from __future__ import annotations

from typing import Any

from core import errors, messages
from core.messages import Explanation, _, ngettext
from core.values import Check, Condition, Diagnostics, Failure, Health


def part(name: str) -> str:
    """The name of a part of the program."""
    return {
        "database": _("Library"),
        "audio": _("Sound files"),
        "disk": _("Disk"),
        "folder": _("Data folder"),
        "model": _("Speech model"),
        "microphone": _("Microphone"),
        "system_sound": _("System sound"),
        "sound": _("Sound"),
        "capture": _("Test of the microphone"),
        "provider": _("Summaries"),
        "keyring": _("Keyring"),
        "processor": _("Processor"),
        "graphics": _("Graphics processor"),
        "versions": _("Program"),
    }[name]


def condition(found: Condition) -> str:
    """How something is, in a word."""
    return {
        Condition.OK: _("All right"),
        Condition.WARNING: _("Attention"),
        Condition.FAILING: _("Does not work"),
    }[found]


def verdict(health: Health) -> str:
    """How everything together is."""
    bad = sum(check.condition is not Condition.OK for check in health.checks)
    if not bad:
        return _("Everything works.")
    return ngettext("{count} thing needs attention.", "{count} things need attention.", bad).format(count=bad)


def explain(check: Check) -> Explanation:
    """What was found in a part, and what to do about it ('' where nothing is to be done)."""
    facts = check.details
    if check.finding == "failed":
        return messages.explain(errors.from_failure(Failure(**facts["failure"])))
    if check.finding == "broken":
        return Explanation(
            _("This could not be checked."), _("The details are in the log. Everything else was checked.")
        )
    return _FOUND[check.part](check, facts)


def _database(_check: Check, facts: dict[str, Any]) -> Explanation:
    text = ngettext(
        "{count} meeting, {size}, undamaged.", "{count} meetings, {size}, undamaged.", facts["meetings"]
    )
    return Explanation(text.format(count=facts["meetings"], size=messages.size(facts["size"])), "")


def _audio(check: Check, facts: dict[str, Any]) -> Explanation:
    if check.finding == "there":
        return Explanation(_("The sound of every meeting is there."), "")
    return Explanation(
        ngettext(
            "The sound of {count} meeting is missing.",
            "The sound of {count} meetings is missing.",
            facts["count"],
        ).format(count=facts["count"]),
        _("Put the files back into the “audio” folder from a backup; text and minutes are kept."),
    )


def _disk(check: Check, facts: dict[str, Any]) -> Explanation:
    free = _("{size} free.").format(size=messages.size(facts["free"]))
    todo = {
        "room": "",
        "little_room": _("Free some space before a long recording."),
        "no_room": _("Free some space: a recording would soon have to stop."),
    }
    return Explanation(free, todo[check.finding])


def _folder(check: Check, facts: dict[str, Any]) -> Explanation:
    if check.finding == "private":
        return Explanation(_("“{path}” is yours alone.").format(path=facts["folder"]), "")
    return Explanation(
        _("Others on this machine can look into “{path}”.").format(path=facts["folder"]),
        _("Take their permission away: chmod 700 {path}").format(path=facts["folder"]),
    )


def _model(_check: Check, facts: dict[str, Any]) -> Explanation:
    ready = _("“{model}” is ready ({size}).")
    return Explanation(ready.format(model=facts["model"], size=messages.size(facts["size"])), "")


def _microphone(_check: Check, facts: dict[str, Any]) -> Explanation:
    text = ngettext("{count} found: {name}.", "{count} found, the default one is {name}.", facts["count"])
    return Explanation(text.format(count=facts["count"], name=facts["name"]), "")


def _system_sound(_check: Check, facts: dict[str, Any]) -> Explanation:
    return Explanation(_("It can be recorded: {name}.").format(name=facts["name"]), "")


def _capture(check: Check, facts: dict[str, Any]) -> Explanation:
    if check.finding == "heard":
        level = str(facts["peak"]).replace("-", "−")
        return Explanation(
            _("A second was recorded; the loudest sound was at {level} dB.").format(level=level), ""
        )
    return Explanation(
        _("A second was recorded, and nothing at all was heard in it."),
        _("Unmute the microphone, or allow this program to use it in the system's privacy settings."),
    )


def _provider(check: Check, facts: dict[str, Any]) -> Explanation:
    if check.finding == "offline":
        return Explanation(_("Made on this machine; nothing is sent anywhere."), "")
    name = messages.provider_name(facts["provider"])
    return Explanation(_("{provider} answers.").format(provider=name), "")


def _keyring(check: Check, facts: dict[str, Any]) -> Explanation:
    if check.finding == "kept":
        return Explanation(_("Keys are kept in {name}.").format(name=facts["name"]), "")
    return Explanation(
        _("This system has no keyring, so a key lasts until the program ends."),
        _("Set MISTRAL_API_KEY, or install a keyring such as GNOME Keyring or KWallet."),
    )


def _processor(check: Check, facts: dict[str, Any]) -> Explanation:
    cores = ngettext("{name}, {count} core", "{name}, {count} cores", facts["cores"])
    text = cores.format(name=facts["name"], count=facts["cores"])
    if facts["features"]:
        text += f" ({' '.join(facts['features'])})"
    if check.finding == "slow":
        return Explanation(
            text, _("It lacks AVX2, so that transcription is slow: choose a small speech model.")
        )
    return Explanation(text, "")


def _graphics(check: Check, facts: dict[str, Any]) -> Explanation:
    if check.finding == "used":
        return Explanation(_("Used for transcription ({types}).").format(types=", ".join(facts["types"])), "")
    todo = {
        "driver": _("Install the newest driver of your NVIDIA graphics card to transcribe faster."),
        "libraries": _("Install cuBLAS for CUDA 12 to transcribe faster."),
    }
    why = _("Not used. {reason}.").format(reason=messages.no_graphics_processor(facts["why"]))
    return Explanation(why, todo.get(facts["why"], ""))


def _versions(_check: Check, facts: dict[str, Any]) -> Explanation:
    return Explanation(f"{facts['program']} · Python {facts['python']}", "")


_FOUND = {
    "database": _database,
    "audio": _audio,
    "disk": _disk,
    "folder": _folder,
    "model": _model,
    "microphone": _microphone,
    "system_sound": _system_sound,
    "capture": _capture,
    "provider": _provider,
    "keyring": _keyring,
    "processor": _processor,
    "graphics": _graphics,
    "versions": _versions,
}


def line(check: Check) -> str:
    """A part with what was found in it, on one line."""
    return messages.named(part(check.part), explain(check))


def report(health: Health, machine: Diagnostics | None = None) -> str:
    """All that was found, a line each, to be handed to whoever helps: no key and nothing of any meeting."""
    lines = [f"{messages.day_and_time(health.at)} · {verdict(health)}", ""]
    lines += [f"{condition(check.condition)} · {line(check)}" for check in health.checks]
    if machine:
        lines += ["", messages.diagnostics(machine)]
    return "\n".join(lines)


def as_json(health: Health) -> dict[str, Any]:
    """What was found, as the terminal and the local interface tell it: keys for programs, sentences for people."""
    return {
        "condition": health.condition,
        "verdict": verdict(health),
        "at": health.at,
        "checks": [_check_as_json(check) for check in health.checks],
    }


def _check_as_json(check: Check) -> dict[str, Any]:
    said = explain(check)
    return {
        "part": check.part,
        "condition": check.condition,
        "finding": check.finding,
        "what": said.what,
        "do": said.do,
        "details": check.details,
    }
