"""What a person asks about minutes: by whom and how they are made, their lines and their versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl, Signal

from core import errors, messages
from core.messages import _
from core.settings import Settings
from core.tasks import Lane, Task
from core.values import Estimate, Line, MeetingId, Minutes, Origin, Stage, Template, Unkept
from desktop.commands.answers import Consent
from desktop.commands.edits import Edits, renamed
from desktop.commands.history import Edit, Step, both_ways
from desktop.commands.meetings import Earlier

if TYPE_CHECKING:
    from core.meetings import Library


QUESTION = "question"
"""Beside the providers: what a question about the meeting sends to the provider of the settings."""


class Minuting(Edits):
    """Minutes: asking for them, agreeing to what that sends, changing their lines, bringing versions back."""

    consent_wanted = Signal(object)  # Consent
    estimated = Signal(
        str, object
    )  # MeetingId, dict[str, Estimate] of what its minutes would send, by provider
    hour_estimated = Signal(str)  # what an hour of meeting sends to the provider, '' for nothing
    servers_found = Signal(object)  # tuple[LocalServer, ...]
    provider_models_found = Signal(str, object)  # the provider, tuple[str, ...] of its models
    templates_found = Signal(object)  # tuple[Template, ...]
    templates_broken = Signal(
        object
    )  # tuple[str, ...]: what is wrong with files of templates, and what to do
    template_kept = Signal(object)  # Template, with its key

    def make_minutes(self, meeting_id: MeetingId, **chosen: Any) -> None:
        """Makes the minutes again, with what was `chosen` (fields of `SummaryOptions`), else as the settings say.

        Where text would leave this machine for the first time, `consent_wanted` asks before anything is sent.
        """

        def ask(library: Library) -> Consent | None:
            from core.meetings import providers

            options = replace(library.summary_options(chosen.get("provider", "")), **chosen)
            if providers.needs_consent(library, options.provider):
                found = providers.estimate(library, meeting_id, options)
                about = messages.estimate(found, providers.name_of(library, options.provider))
                again = partial(self.make_minutes, meeting_id, **chosen)
                return self._consent(library, options.provider, again, about)
            library.store.ask(meeting_id, Stage.SUMMARISE, options)
            return None

        self._held.pop(meeting_id, None)
        self._ask(ask, partial(self._answered, partial(self._refresh, meeting_id, carry_on=True)))

    def choose_provider(self, provider: str) -> None:
        """Has this provider write new minutes; asks first where text would leave this machine for the first time."""

        def ask(library: Library) -> Consent | None:
            from core.meetings import providers

            if providers.needs_consent(library, provider):
                found = providers.estimate_of_an_hour(library, provider)
                about = messages.estimate_of_an_hour(found, providers.name_of(library, provider))
                return self._consent(library, provider, partial(self.choose_provider, provider), about)
            return None

        self._ask(ask, partial(self._answered, partial(self.change_settings, provider=provider)))

    def _consent(
        self, library: Library, provider: str, then: Callable[[], object], about: str = ""
    ) -> Consent:
        from core.meetings import providers

        place = providers.place_of(library, provider)
        sentence = messages.what_is_sent(place)

        def agree() -> None:
            self.change_settings(consents=(*self.settings.consents, place))
            then()

        return Consent(f"{sentence}\n\n{about}" if about else sentence, agree)

    def _answered(self, then: Callable[[], object], consent: Consent | None) -> None:
        if consent:
            self.consent_wanted.emit(consent)
        else:
            then()

    def foresee_minutes(self, meeting_id: MeetingId) -> None:
        """Finds out what minutes of a meeting would send, by each provider that there is and that is elsewhere, and
        what a `QUESTION` about it would."""
        there = {"mistral": self.has_key, "server": bool(self.settings.provider_address)}

        def found(library: Library) -> dict[str, Estimate]:
            from core import meetings
            from core.meetings import providers

            options = [library.summary_options(provider) for provider in there if there[provider]]
            sent = {one.provider: providers.estimate(library, meeting_id, one) for one in options}
            usual = library.summary_options()
            sent[QUESTION] = meetings.estimate_of_question(library, "", meeting_id, usual)
            return {provider: one for provider, one in sent.items() if one.parts}

        if any(there.values()):
            self._ask(found, partial(self.estimated.emit, meeting_id), lane=Lane.IO)

    def foresee_an_hour(self, provider: str) -> None:
        """Finds out what minutes of an hour of meeting send to a provider; `hour_estimated` tells it in a sentence."""

        def found(library: Library) -> str:
            from core.meetings import providers

            sent = providers.estimate_of_an_hour(library, provider)
            return (
                messages.estimate_of_an_hour(sent, providers.name_of(library, provider)) if sent.parts else ""
            )

        self._ask(found, self.hour_estimated.emit)

    def called(self, provider: str) -> str:
        """What a provider is called in a sentence: a server by where it is."""
        address = self.settings.provider_address
        return QUrl(address).authority() if provider == "server" and address else provider

    # --- what there is to choose from --------------------------------------------------------------

    def keep_address(self, text: str) -> str:
        """Has the server there write minutes from now on; why not, in words, where that is no address to be kept."""
        from core.summary import addresses

        try:
            address = addresses.read(text)
        except errors.AddressUnfit as problem:
            return str(messages.explain(problem))
        if address != self.settings.provider_address:
            self.change_settings(provider_address=address)
            self.look_for_key()
        return ""

    def look_for_servers(self) -> None:
        """Looks for programs on this machine that have language models."""

        def found(_library: Library) -> Any:
            from core.meetings import providers

            return providers.servers_here()

        self._ask(found, self.servers_found.emit, lane=Lane.IO)

    def look_for_provider_models(self, provider: str) -> None:
        """Lists the models of a provider; a failure is told."""

        def found(library: Library) -> tuple[str, ...]:
            from core.meetings import providers

            return providers.models_of(library, provider)

        self._ask(found, partial(self.provider_models_found.emit, provider), lane=Lane.IO)

    def look_for_templates(self) -> None:
        """Lists the templates of minutes, and what is wrong with files that should be some."""

        def found(library: Library) -> tuple[tuple[Template, ...], tuple[str, ...]]:
            from core.summary import templates

            known, broken = templates.read(library.places.minutes_templates)
            return known, tuple(str(messages.explain(one)) for one in broken)

        def tell(answer: tuple[tuple[Template, ...], tuple[str, ...]]) -> None:
            self.templates_found.emit(answer[0])
            self.templates_broken.emit(answer[1])

        self._ask(found, tell)

    def keep_template(self, template: Template) -> None:
        """Keeps a template of the person's, a new one where it has no key; `template_kept` tells that."""

        def keep(library: Library) -> Template:
            from core.summary import templates

            return templates.save(library.places.minutes_templates, template)

        def kept(template: Template) -> None:
            self.template_kept.emit(template)
            self.look_for_templates()

        self._store(keep, kept)

    def remove_template(self, template: Template) -> None:
        """Takes a template of the person's away; the toast brings it back."""

        def remove(library: Library) -> None:
            from core.summary import templates

            templates.remove(library.places.minutes_templates, template.key)

        self._ask(remove, lambda _none: self.look_for_templates())
        if self.settings.template == template.key:
            self.change_settings(template=Settings().template)
        self.said.emit(_("Template removed"), partial(self.keep_template, template))

    # --- lines and versions ------------------------------------------------------------------------

    def edit_line(self, meeting_id: MeetingId, before: Line, after: Line) -> None:
        """Changes a line of the minutes; what the person wrote is no longer doubted."""
        if after.text != before.text:
            after = replace(after, supported=True, unverified=())
        if after.owner != before.owner:
            after = replace(after, taken=None, called="")
        after = replace(after, edited=True)
        edit = both_ways(
            lambda library: library.store.edit_line(meeting_id, after),
            lambda library: library.store.edit_line(meeting_id, before),
        )
        self.change(meeting_id, _("Change a line"), edit, wrote=_written(meeting_id, after))

    def remove_line(self, meeting_id: MeetingId, line: Line) -> None:
        """Takes a line out of the minutes; it does not come back when they are made again."""
        edit = both_ways(
            lambda library: library.store.remove_line(meeting_id, line.id),
            lambda library: library.store.remove_line(meeting_id, line.id, removed=False),
        )
        self.change(meeting_id, _("Remove a line"), edit, _("Line removed"))

    def add_line(self, minutes: Minutes, line: Line) -> None:
        """Adds a line of the person's at the end of its section."""
        line = replace(line, edited=True, origin=Origin.PERSON)

        def edit(library: Library) -> Edit:
            added = library.store.add_line(minutes, line)
            return both_ways(
                lambda library: library.store.remove_line(minutes.meeting_id, added.id),
                lambda library: library.store.remove_line(minutes.meeting_id, added.id, removed=False),
            )

        wrote = _written(minutes.meeting_id, line)
        self.change(minutes.meeting_id, _("Add a line"), edit, wrote=wrote)

    def show_minutes(self, wanted: Minutes) -> None:
        """Brings another version of the minutes back."""
        told = _("Another version of the minutes is shown")
        edit = _version(wanted.meeting_id, wanted.id)
        self.change(wanted.meeting_id, _("Show another version"), edit, told)

    def _stage_ended(self, task: Task) -> None:
        super()._stage_ended(task)
        meeting_id, earlier = task.meeting_id, task.result
        if task.stage is not Stage.SUMMARISE or not isinstance(earlier, Earlier) or not meeting_id:
            return
        if earlier.minutes_id:
            back = _version(meeting_id, earlier.minutes_id)
            self._note_done(Step((meeting_id,), _("Make the minutes again"), back))
        elif earlier.title:
            back = renamed(meeting_id, earlier.title)
            self._note_done(Step((meeting_id,), _("Take the title of the minutes"), back))


def _written(meeting_id: MeetingId, line: Line) -> Unkept:
    due = line.due.isoformat() if line.due else line.due_said
    return Unkept(meeting_id, "line", line.id, (line.text, line.owner, due, line.section.value, line.part))


def _version(meeting_id: MeetingId, minutes_id: int) -> Edit:
    """An edit that shows another version of the minutes."""

    def edit(library: Library) -> Edit:
        shown = library.store.minutes(meeting_id)
        library.store.activate_minutes(meeting_id, minutes_id)
        return _version(meeting_id, shown.id if shown else minutes_id)

    return edit
