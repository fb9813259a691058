"""Meeting Transcriber without its window: record, import, transcribe, summarise, keep, export.

Nothing in here imports Qt or `desktop`. `core.meetings` is the application: a handful of long jobs,
each a generator. The window, the terminal (`core.terminal`) and other programs are doors on it.
"""
