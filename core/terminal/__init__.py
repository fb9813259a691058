"""The terminal door: verbs, progress on standard error, results on standard output, exit codes.

`entry` is where it begins. Each family of verbs is a module with a `register` that adds them to the parser; a new
family is one line in `entry.FAMILIES`, a new verb is one more `verbs.add` in its family.
"""

from core.terminal.codes import DONE, NO_MODEL, PROBLEM, REMOTE_FAILED, STOPPED, UNREADABLE, USAGE
from core.terminal.entry import run

__all__ = ["DONE", "NO_MODEL", "PROBLEM", "REMOTE_FAILED", "STOPPED", "UNREADABLE", "USAGE", "run"]
