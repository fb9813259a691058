"""Run first in the application: programs of the system that it starts get their own libraries, not the application's.

PyInstaller's loader names its folder in LD_LIBRARY_PATH, which this process has read by now, and keeps what was there.
"""

import os

_before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
if _before is not None:
    os.environ["LD_LIBRARY_PATH"] = _before
else:
    os.environ.pop("LD_LIBRARY_PATH", None)
