"""Measures the program: `python -m tests.benchmarks [NAME …]`, without names everything.

Each benchmark is a module here whose `run()` prints its figures and returns 0 when they reach what they must.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

NAMES = (
    "word_error_rate",
    "presets",
    "speakers",
    "voice_memory",
    "speakers_three_hours",
    "long_recording",
    "alignment",
    "echo",
    "invented",
    "live",
    "window",
    "load",
    "api_load",
    "two_doors",
    "kills",
    "rouge",
    "recall",
    "remote_faults",
    "hostile_media",
    "exports",
    "three_hours",
    "time_left",
    "transcription_kills",
    "window_transcript",
)


def main() -> int:
    """Runs the benchmarks asked for; 0 when all reach what they must."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(NAMES)}")
    failed = []
    for name in parser.parse_args().names or NAMES:
        print(f"\n=== {name}", flush=True)
        if import_module(f"tests.benchmarks.{name}").run():
            failed.append(name)
    print(f"\nNot reached: {', '.join(failed)}" if failed else "\nAll figures reach what they must.")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
