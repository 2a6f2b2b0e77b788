"""The pages' database address, and what stands in its place on the live server."""

from __future__ import annotations

from collections.abc import Iterator

from runthrough.database import Address

SHORTEST = 6
"""Characters that a password or a name has at least, to be looked for by itself in an output."""


def stand_ins(page: Address, run: Address) -> Iterator[tuple[str, str, bool]]:
    """Yield page's value, run's value, and whether a reader types it.

    A reader types the address in full; its parts are only put back in what is printed.
    """
    yield location(page), location(run), True
    yield endpoint(page), endpoint(run), False
    yield f"port {page.port or 5432}", f"port {run.port or 5432}", False
    words = {run.user, run.host, "postgres", "postgresql"}
    for one, other in ((page.dbname, run.dbname), (page.password, run.password)):
        if len(other) >= SHORTEST and other not in words:
            yield one, other, False


def location(address: Address) -> str:
    """Write what stands between the scheme and the query: `user:password@host:port/dbname`."""
    return address.url.partition("://")[2].partition("?")[0]


def endpoint(address: Address) -> str:
    """Write `host:port`."""
    return f"{address.host}:{address.port or 5432}"
