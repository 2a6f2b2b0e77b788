"""Try one cell after the other with what they share: interpreters, servers, environments."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from matrix import interpreters, probing, servers, tutorial
from matrix.environments import Environment
from matrix.installing import NotInstalledError
from matrix.interpreters import Interpreter
from matrix.plan import SERVERS
from matrix.results import Cell, Result
from runthrough import Binaries, Server, open_server


class NotHereError(Exception):
    """Something that a cell needs is not on this machine."""


@dataclass
class Trying:
    """What the cells of a run share; all of it goes with `resources` and the folder."""

    folder: Path
    resources: ExitStack
    pythons: dict[str, Interpreter | None] = field(default_factory=dict)
    postgresqls: dict[int, Binaries | None] = field(default_factory=dict)
    environments: dict[str, Environment] = field(default_factory=dict)
    live: Server | None = None

    def result(self, cell: Cell) -> Result:
        """Try a cell; what is not here is not tried, and no more."""
        folder = self.folder / "cell"
        folder.mkdir()
        try:
            interpreter = self.interpreter(cell.python)
            if cell.postgresql is None:
                return probing.probe(cell, interpreter, self.server(), folder)
            server = self.binaries(cell.postgresql)
            environment = self.environment(cell.python, interpreter)
            return tutorial.run_pages(cell, interpreter, environment, server, folder)
        except (NotHereError, NotInstalledError) as error:
            return Result("not tried", reason=str(error))
        finally:
            shutil.rmtree(folder)

    def interpreter(self, series: str) -> Interpreter:
        """Return a Python of a series; raises NotHereError where there is none."""
        if series not in self.pythons:
            self.pythons[series] = interpreters.find(series)
        found = self.pythons[series]
        if found is None:
            raise NotHereError(f"no Python {series} on the machine that tried")
        return found

    def binaries(self, major: int) -> Binaries:
        """Return a server of a major version; raises NotHereError where there is none."""
        if major not in self.postgresqls:
            self.postgresqls[major] = servers.find(major)
        found = self.postgresqls[major]
        if found is None:
            raise NotHereError(f"no PostgreSQL {major} on the machine that tried")
        return found

    def server(self) -> Server:
        """Return a live server of our own, the newest that can be had; it serves all probes."""
        if self.live is None:
            for major in sorted(SERVERS, reverse=True):
                try:
                    bindir = self.binaries(major).bindir
                    break
                except NotHereError:
                    continue
            else:
                raise NotHereError("no PostgreSQL on the machine that tried")
            environ = {"PG_BINDIR": str(bindir), "PATH": os.environ.get("PATH", "")}
            self.live = self.resources.enter_context(open_server(probing.LIKE, environ))
        return self.live

    def environment(self, series: str, interpreter: Interpreter) -> Environment:
        """Return an environment that holds the engine, for the runs with one Python."""
        if series not in self.environments:
            folder = self.folder / f"engine-{series}"
            self.environments[series] = tutorial.prepare(interpreter, folder)
        return self.environments[series]
