"""The verb for speech models."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core import messages
from core.messages import _
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import fields, print_json
from core.terminal.progress import follow
from core.values import Model, Offer

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `models`."""
    models = verbs.add("models", _models, help=_("list, get, add and remove speech models"))
    doing = models.add_mutually_exclusive_group()
    doing.add_argument("--get", metavar=_("NAME"), help=_("download a published model"))
    doing.add_argument("--add", metavar=_("FOLDER"), help=_("add the model in this folder"))
    doing.add_argument(
        "--remove", metavar=_("NAME"), help=_("remove a model, or what was downloaded of one so far")
    )


def _models(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    if given.get is not None:
        follow(meetings.fetch_model(library, given.get))
    elif given.add is not None:
        follow(meetings.add_model(library, given.add))
    elif given.remove is not None:
        meetings.remove_model(library, given.remove)
    known = meetings.known_models(library)
    groups: tuple[tuple[str, str, tuple[Model | Offer, ...]], ...] = (
        ("installed", _("installed"), known.here),
        ("cached", _("found on this machine"), known.cached),
        ("offered", _("can be downloaded"), known.offered),
    )
    if given.json:
        print_json(
            {
                group: [
                    fields(model)
                    | fields(known.costs[model.name])
                    | ({"received": known.begun.get(model.name, 0)} if isinstance(model, Offer) else {})
                    for model in models
                ]
                for group, _state, models in groups
            }
        )
        return DONE
    for _group, state, models in groups:
        for model in models:
            languages, cost = messages.model_languages(model.languages), known.costs[model.name]
            words = [state, messages.model_cost(cost)]
            if isinstance(model, Offer):
                words.insert(1, messages.model_quality(model.quality))
                if model.name in known.begun:
                    words.insert(1, messages.begun(known.begun[model.name]))
            elif model.damaged:
                words = [_("damaged"), messages.model_damaged(model)]
            print(f"{model.name:<18}  {messages.size(model.size):>8}  {languages}  {' · '.join(words)}")
    return DONE
