"""`python -m runthrough` is the command `runthrough`."""

from __future__ import annotations

import sys

from runthrough.cli import main

if __name__ == "__main__":
    sys.exit(main())
