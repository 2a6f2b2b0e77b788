"""The walks of one run: which one performs a page, and what became of every step."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from runthrough.database import Address, DatabaseError, Server, open_server
from runthrough.outcomes import Outcome
from runthrough.processes import rundir
from runthrough.processes.supervised import SupervisionError
from runthrough.reading.site import Site
from runthrough.shell.bash import BashError
from runthrough.steps import Page
from runthrough.walking.walk import Options, Walk
from runthrough.walking.workspace import WorkspaceError

CANNOT_BEGIN = (BashError, DatabaseError, SupervisionError, WorkspaceError)
"""Why no walk can begin at all."""


@dataclass
class Walks:
    """Performs the steps of a site on demand, each after all that its reader does before it."""

    site: Site
    options: Options
    live: list[Walk] = field(default_factory=list)
    """Walks that other pages may still continue."""
    server: Server | None = None
    outcomes: dict[tuple[str, int], Outcome] = field(default_factory=dict)
    """What became of each step that was performed: by page and position."""
    run: rundir.RunDirectory | None = None
    obstacle: Exception | None = None
    """Why no walk can begin, once that is known."""
    resources: ExitStack = field(default_factory=ExitStack)

    def outcome(self, page: Page, position: int) -> Outcome:
        """Return what became of a step; it and what comes before it are performed if need be.

        Raises one of CANNOT_BEGIN where no walk can begin, and the same again for what follows.
        """
        if self.obstacle is not None:
            raise self.obstacle
        if (page.docname, position) not in self.outcomes:
            try:
                self.advance(page, position)
            except CANNOT_BEGIN as error:
                self.obstacle = error
                raise
        return self.outcomes[page.docname, position]

    def advance(self, page: Page, position: int) -> None:
        """Perform what a reader of the page does, up to and with the step."""
        chain = self.site.chain(page)
        walk = next((one for one in self.live if one.leads_to(chain)), None) or self.start()
        for one in chain:
            last = position if one is page else len(one.steps) - 1
            for number, outcome in walk.perform_up_to(one, last):
                self.outcomes.setdefault((one.docname, number), outcome)
        if position == len(page.steps) - 1 and not self.is_continued(page):
            self.live.remove(walk)
            walk.end()

    def is_continued(self, page: Page) -> bool:
        """Tell whether another page begins where this one ends."""
        return any(one.continues == page.docname for one in self.site.pages)

    def start(self) -> Walk:
        """Begin a walk, with nothing but an empty database where the site uses one."""
        if self.run is None:
            temporary = Path(tempfile.gettempdir())
            rundir.sweep([temporary])
            self.run = rundir.create(temporary)
        address = None
        path: tuple[Path, ...] = ()
        if self.site.settings.database is not None:
            like = Address.parse(self.site.settings.database)
            if self.server is None:
                self.server = self.resources.enter_context(open_server(like))
            address = self.server.create_database(like).address
            path = (self.server.bindir,) if self.server.bindir else ()
        walk = Walk(self.site.settings, self.options, address, path, self.run)
        self.live.append(walk)
        return walk

    def end(self) -> None:
        """End every walk, then drop their databases and stop the server."""
        while self.live:
            self.live.pop().end()
        if self.server is not None and not self.options.keep:
            self.server.drop_all()
        self.resources.close()
        self.server = None
        if self.run is not None:
            self.run.remove()
            self.run = None
