"""Sound to text on this machine: which models there are, where speech is, what was said."""

import os

from core.speech.attribution import attributed
from core.speech.catalogue import CATALOGUE, MULTILINGUAL, STARTER, offer
from core.speech.download import SPARE, fetch, part_of
from core.speech.engine import WORKING_ROOM, Engine
from core.speech.languages import (
    FEWEST_WORDS,
    any_english,
    languages_in,
    pooled,
    sounds_english,
    stretches_wanted,
)
from core.speech.listener import Batch, Listener
from core.speech.models import (
    LANGUAGES,
    cached,
    check_loads,
    check_sum,
    find_model,
    in_folder,
    installed,
    own,
)
from core.speech.networks import PRINT
from core.speech.recognition import another_voice, are_two, recognise, same_voice
from core.speech.separation import Separated, Separator, VoiceTurn

# ONNX Runtime, which is loaded when it is first needed, else tells its maker about its use, over the network and by
# a file in the person's cache; a call to it would come too late.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__all__ = [
    "CATALOGUE",
    "FEWEST_WORDS",
    "LANGUAGES",
    "MULTILINGUAL",
    "PRINT",
    "SPARE",
    "STARTER",
    "WORKING_ROOM",
    "Batch",
    "Engine",
    "Listener",
    "Separated",
    "Separator",
    "VoiceTurn",
    "another_voice",
    "any_english",
    "are_two",
    "attributed",
    "cached",
    "check_loads",
    "check_sum",
    "fetch",
    "find_model",
    "in_folder",
    "installed",
    "languages_in",
    "offer",
    "own",
    "part_of",
    "pooled",
    "recognise",
    "same_voice",
    "sounds_english",
    "stretches_wanted",
]
