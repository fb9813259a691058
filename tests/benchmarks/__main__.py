"""Measures the program: `python -m tests.benchmarks [--files]`."""

from __future__ import annotations

import argparse
import sys

from tests.benchmarks import word_error_rate


def main() -> int:
    """Runs every benchmark; 0 when all reach what they must."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=word_error_rate.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--files", action="store_true", help="also one row for each file")
    return word_error_rate.run(each_file=parser.parse_args().files)


if __name__ == "__main__":
    sys.exit(main())
