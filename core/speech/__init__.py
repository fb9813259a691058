"""Sound to text on this machine: which models there are, where speech is, what was said."""

from core.speech.decode import Batch, Listener
from core.speech.models import LANGUAGES, find_model, installed

__all__ = ["LANGUAGES", "Batch", "Listener", "find_model", "installed"]
