"""Serve a site that shows, while it is being written, which of its blocks hold.

The part after `--` goes to sphinx-autobuild.
"""

from __future__ import annotations

import argparse
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

from runthrough.dashes import split


def main(arguments: list[str]) -> None:
    """Build, serve and run until Ctrl-C."""
    if find_spec("sphinx_autobuild") is None:
        sys.exit(
            "python -m runthrough.pages: there is no sphinx-autobuild in this environment, which "
            "serves the pages. To fix this: pip install sphinx-autobuild"
        )
    # It comes with sphinx-autobuild.
    from runthrough.pages.live import Live

    own, builder = split(arguments)
    said = parser().parse_args(own)
    # However we are ended, what we have started is ended as well. Who starts us in the background
    # may have switched Ctrl-C off, for us and for all that we start.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        Live(said.pages, said.built, tuple(said.watch), tuple(builder)).run()
    except KeyboardInterrupt:
        sys.exit(130)


def parser() -> argparse.ArgumentParser:
    """Make what reads our own arguments."""
    made = argparse.ArgumentParser(prog="python -m runthrough.pages", description=__doc__)
    made.add_argument("pages", type=Path, help="the folder of conf.py")
    made.add_argument("built", type=Path, help="the folder to build the site in")
    made.add_argument(
        "--watch",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="a further folder that pages are made from",
    )
    return made


if __name__ == "__main__":
    main(sys.argv[1:])
