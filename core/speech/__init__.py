"""Sound to text on this machine: which models there are, where speech is, what was said."""

from core.speech.decode import Batch, transcribe
from core.speech.models import LANGUAGES, find_model, installed

__all__ = ["LANGUAGES", "Batch", "find_model", "installed", "transcribe"]
