"""Run a PostgreSQL server of our own on which a page's address is true."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from runthrough.model.address import Address
from runthrough.services.postgresql.errors import DatabaseError
from runthrough.services.postgresql.serving import serve


def main() -> int:
    """Serve until Ctrl-C or SIGTERM; return the exit status."""
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        serve(options.like, options.keep, lambda text: print(text, flush=True))
    except KeyboardInterrupt:
        print("\nstopped")
        return 0
    except DatabaseError as error:
        print(error, file=sys.stderr)
    return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m runthrough.services.postgresql", description=__doc__
    )
    parser.add_argument(
        "--like", metavar="URL", type=_address, required=True, help="the address on the page"
    )
    parser.add_argument(
        "--keep", metavar="DIR", type=Path, help="keep the data in this folder for the next time"
    )
    return parser.parse_args()


def _address(url: str) -> Address:
    try:
        return Address.parse(url)
    except ValueError as error:
        # argparse shows the message of this exception, and of no other.
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
