"""Who can write minutes besides this machine: where they are, whether text may be sent there, and what that takes."""

from __future__ import annotations

import dataclasses
from functools import partial

from core import credentials, errors
from core.meetings.library import Library
from core.settings import Settings, price_of
from core.summary import addresses, breaker, context, mistral, reach
from core.values import Estimate, LocalServer, MeetingId, SummaryOptions


def server_of(library: Library, options: SummaryOptions) -> mistral.Server:
    """Whom these options ask. Raises `AddressMissing` or `KeyMissing`."""
    settings = library.settings
    if options.provider == "server":
        if not settings.provider_address or not options.model:
            raise errors.AddressMissing
        address = settings.provider_address
        key = credentials.server_key(address)
        return mistral.Server(options.model, key, address, settings.provider_context)
    key = credentials.mistral_key()
    if not key:
        raise errors.KeyMissing(options.provider)
    return mistral.Server(options.model or mistral.DEFAULT_MODEL, key, "", settings.provider_context)


def place_of(library: Library, provider: str) -> str:
    """Where text goes that this provider gets: 'mistral', an address, or '' where it stays on this machine."""
    if provider == "server":
        address = library.settings.provider_address
        return "" if addresses.is_here(address) else address
    return "" if provider == "offline" else provider


def name_of(library: Library, provider: str) -> str:
    """What a provider is called: its own name, or where the server of the settings is."""
    return addresses.host(library.settings.provider_address) if provider == "server" else provider


def needs_consent(library: Library, provider: str) -> bool:
    """Whether the person has still to be asked before anything is sent to this provider."""
    place = place_of(library, provider)
    return bool(place) and place not in library.settings.consents


def consent(library: Library, provider: str) -> None:
    """Notes that the person lets text be sent there from now on."""
    if needs_consent(library, provider):
        places = (*library.settings.consents, place_of(library, provider))
        library.change_settings(dataclasses.replace(library.settings, consents=places))


def conversation(
    library: Library, options: SummaryOptions, meeting_id: MeetingId | None = None
) -> mistral.Conversation:
    """A way to ask the provider of these options; what it answers is kept for a next time with the meeting, if given.

    Raises `AddressMissing`, `KeyMissing`, `NotAgreed` or `RemotePaused`: nothing was sent.
    """
    server = server_of(library, options)
    if needs_consent(library, options.provider):
        raise errors.NotAgreed(server.name)
    breaker.share(library.places.breakers)
    usual = mistral.AT_HOME if server.address else mistral.Patience()
    settings = library.settings
    longer = max(1, settings.provider_minutes) / Settings().provider_minutes
    patience = dataclasses.replace(
        usual,
        tries=max(1, settings.provider_tries),
        factor=max(1.0, settings.provider_factor),
        time_limit=usual.time_limit * longer,
        each_part=usual.each_part * longer,
    )
    if meeting_id is None:
        return mistral.Conversation(server, patience)
    store = library.store
    return mistral.Conversation(
        server, patience, partial(store.kept_part, meeting_id), partial(store.keep_part, meeting_id)
    )


def estimate(library: Library, meeting_id: MeetingId, options: SummaryOptions) -> Estimate:
    """What minutes with these options would send and get back; parts that are known already are not sent again.

    Nothing where all stays on this machine.
    """
    from core.meetings.minutes import request_of
    from core.summary import remote

    transcript = library.store.transcript(meeting_id)
    if transcript is None or not place_of(library, options.provider):
        return Estimate(0, 0)
    request = request_of(library, library.store.meeting(meeting_id), transcript, options)
    return priced(library, options, remote.estimate(request, size_of(library, options)))


def priced(library: Library, options: SummaryOptions, found: Estimate) -> Estimate:
    """`found` with what it costs, where the person said what the model of these options takes."""
    price = price_of(library.settings, options.model or mistral.DEFAULT_MODEL)
    if price is None:
        return found
    return dataclasses.replace(found, cost=(found.tokens * price[0] + found.answer * price[1]) / 1_000_000)


def size_of(library: Library, options: SummaryOptions) -> int:
    """The tokens that the model of these options takes at once, as far as is known before it is asked."""
    usual = context.UNKNOWN if options.provider == "server" else context.of_mistral(options.model)
    return max(library.settings.provider_context or usual, context.SMALLEST)


def estimate_of_an_hour(library: Library, provider: str) -> Estimate:
    """What minutes of an hour of meeting send to a provider and get back; nothing where all stays on this machine."""
    from core.summary import remote

    if not place_of(library, provider):
        return Estimate(0, 0)
    return priced(library, library.summary_options(provider), remote.HOUR)


def models_of(library: Library, provider: str) -> tuple[str, ...]:
    """The models of a provider. Raises `AddressMissing`, `KeyMissing` or what `reach.models` raises."""
    settings = library.settings
    if provider == "server":
        if not settings.provider_address:
            raise errors.AddressMissing
        address = settings.provider_address
        return reach.models(addresses.host(address), address, credentials.server_key(address))
    key = credentials.mistral_key()
    if not key:
        raise errors.KeyMissing(provider)
    return reach.models(provider, "", key)


def servers_here() -> tuple[LocalServer, ...]:
    """The programs on this machine that have language models."""
    return reach.servers_here()


def choose_server(library: Library) -> tuple[LocalServer, ...]:
    """What was found where no server, or no model of it, is chosen yet; the only one is chosen."""
    settings = library.settings
    address = settings.provider_address
    if address and settings.server_model:
        return ()
    try:
        here = (
            (LocalServer(addresses.host(address), address, models_of(library, "server")),)
            if address
            else servers_here()
        )
    except errors.RemoteProblem:
        return ()
    found = tuple(one for one in here if one.models)
    if len(found) == 1:
        chosen = dataclasses.replace(
            settings, provider_address=found[0].address, server_model=found[0].models[0]
        )
        library.change_settings(chosen)
    return found
