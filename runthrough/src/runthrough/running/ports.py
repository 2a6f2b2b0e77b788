"""The ports that a page shows, and those that its run uses instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from runthrough.model.results import fail
from runthrough.model.steps import Page, Request, Screenshot
from runthrough.processes import ports
from runthrough.running.page_run import PageStart

PATIENCE = 300.0
"""Seconds to wait for a port that another run uses: it's free at the end of that run's page."""


def claim_ports(
    page: Page, declared: Mapping[int, str], given: Mapping[int, int], start: PageStart
) -> None:
    """Claim the ports of a page until its end.

    `declared` are the ports that pages show, each with the variable from which a server learns it:
    a run uses free ones. `given` are those that the page before this one was told, so its files may
    hold them. What else a page opens is used as it is, so pages take turns.

    Raises StepFailed if a port isn't available.
    """
    try:
        claim_each(page, declared, given, start)
    except ports.PortError as error:
        raise fail(
            page.steps[0].place,
            f"the page can't begin: {error}",
            "Wait for the other run to end. If the pages show the ports in their commands, or "
            "servers take them from a variable, each run can use different ones: list them in "
            "runthrough_ports.",
        ) from error


def claim_each(
    page: Page, declared: Mapping[int, str], given: Mapping[int, int], start: PageStart
) -> None:
    """Do so; raises PortError.

    A port that this process holds already is that of a page whose steps come in turn with this
    page's: waiting for it would be waiting for ourselves.
    """
    for shown, variable in declared.items():
        like = given.get(shown)
        if like is None:
            port = ports.claim_free(shown)
            start.end.callback(port.release)
            like = port.number
        else:
            start.inherited_ports.add(like)
            if like not in ports.HELD:
                start.end.callback(ports.claim(like, PATIENCE).release)
        start.ports[shown] = like
        if variable:
            start.variables[variable] = str(like)
    for number in sorted(set(opened(page)) - set(declared) - ports.HELD):
        start.end.callback(ports.claim(number, PATIENCE).release)


def opened(page: Page) -> Iterator[int]:
    """Yield the port of each URL that a page opens."""
    for step in page.steps:
        if isinstance(step, (Request, Screenshot)):
            yield urlsplit(step.url).port or 80
