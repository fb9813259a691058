"""Says why tests were skipped, and fails when this machine could have run one of them.

usage: python scripts/skips.py REPORT.xml        (what `pytest --junitxml=REPORT.xml` wrote)
"""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

HERE = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, "Linux")
ALLOWED = {
    rf"^only on (?!{HERE})(Linux|macOS|Windows)": "another system",
    r"^needs an NVIDIA GPU": "another machine",
    r"^needs MISTRAL_API_KEY": "a paid account",
    r"^root may write anywhere": "another user",
}
"""The reasons that this machine cannot help, as patterns, and what each would need."""


def skips(report: str) -> Counter[str]:
    """How many tests of a JUnit `report` were skipped or expected to fail, by reason."""
    return Counter(
        skipped.get("message") or "no reason given" for skipped in ET.fromstring(report).iter("skipped")
    )


def forbidden(counts: Counter[str]) -> list[str]:
    """The reasons among `counts` that no pattern of `ALLOWED` covers."""
    return [reason for reason in counts if not any(re.search(pattern, reason) for pattern in ALLOWED)]


def main(report: Path) -> int:
    """Prints the count of each reason; 1 when one of them is forbidden, else 0."""
    counts = skips(report.read_text(encoding="utf-8"))
    wrong = forbidden(counts)
    print(f"Skipped tests: {counts.total()}")
    for reason, count in counts.most_common():
        print(f"  {count} × {reason}{'   <- could have run here' if reason in wrong else ''}")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
