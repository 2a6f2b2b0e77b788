"""Build and run a site whenever a file is saved: prose is shown at once, and verdicts follow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from watchfiles import DefaultFilter, watch

LOOK = 500
"""Milliseconds between two looks at whether a run has ended."""
SERVER_ENDS = 3.0
"""Seconds for a server that may wait for browsers; it has nothing to lose."""
RUN_ENDS = 25.0
"""Seconds for a run, which ends a database and removes what it has made."""


@dataclass(frozen=True)
class Live:
    """What is built and run, and the file that connects the two."""

    pages: Path
    built: Path
    also: tuple[Path, ...]
    """Folders that pages are built from, in addition to their own."""
    builder: tuple[str, ...]
    """Further arguments for sphinx-autobuild."""

    @property
    def doctrees(self) -> Path:
        return self.built.absolute().with_name("doctrees")

    @property
    def results(self) -> Path:
        return self.built.absolute().with_name("results") / "results.json"

    @property
    def serve(self) -> list[str]:
        """The command that builds the pages, serves them, and builds them again.

        It watches the results too, so that a verdict gets to the browser as an edit does.
        """
        watched = [f"--watch={path}" for path in (*self.also, self.results.parent)]
        places = ["-d", str(self.doctrees), str(self.pages), str(self.built)]
        setting = ["-D", f"runthrough_results={self.results}"]
        return [
            sys.executable,
            "-m",
            "sphinx_autobuild",
            *watched,
            *setting,
            *self.builder,
            *places,
        ]

    @property
    def run_pages(self) -> list[str]:
        """The command that runs what has changed, and reuses what hasn't."""
        kept = ["--runthrough-reuse", "--runthrough-results", str(self.results)]
        return [sys.executable, "-m", "pytest", "-q", "--runthrough", *kept, str(self.pages)]

    def run(self) -> int:
        """Serve and run until a person ends it; return the server's status if it ends by itself."""
        self.results.parent.mkdir(parents=True, exist_ok=True)
        with started(self.serve) as server, rerunning(self.run_pages) as rerunner:
            for saved, judged in self.changes():
                if server.poll() is not None:
                    break
                rerunner.go_on(saved=saved, judged=judged)
            return server.wait()

    def changes(self) -> Iterator[tuple[bool, bool]]:
        """Yield, again and again, whether a file was saved and whether a page was judged."""
        made = [self.built.absolute(), self.doctrees, self.results.parent]
        is_source = DefaultFilter(ignore_paths=made)
        looks = watch(
            *(self.pages, *self.also, self.results.parent),
            watch_filter=None,
            rust_timeout=LOOK,
            yield_on_timeout=True,
        )
        for found in looks:
            saved = any(is_source(change, path) for change, path in found)
            judged = any(Path(path) == self.results for _, path in found)
            yield saved, judged


class Rerunner:
    """One run after the other, never two at once."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = command
        self.current = start(command)
        self.is_stale = False
        """Whether a file was saved after the current run has begun."""

    def go_on(self, *, saved: bool, judged: bool) -> None:
        """Begin again after a save, as soon as the page that is being run is over.

        A page that is stopped halfway starts again, so an author who saves often would never see a
        long one finish.
        """
        self.is_stale = self.is_stale or saved
        if self.is_stale and judged:
            end(self.current, RUN_ENDS)
        if self.is_stale and self.current.poll() is not None:
            self.is_stale = False
            self.current = start(self.command)


@contextmanager
def rerunning(command: Sequence[str]) -> Iterator[Rerunner]:
    """Begin a run, and end the current one at the end."""
    rerunner = Rerunner(command)
    try:
        yield rerunner
    finally:
        end(rerunner.current, RUN_ENDS)


@contextmanager
def started(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start the server, and end it at the end."""
    server = start(command)
    try:
        yield server
    finally:
        end(server, SERVER_ENDS)


def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a program that Ctrl-C reaches only through us: twice would cut its ending off.

    What it prints is seen at once, through a pipe as well.
    """
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(command, env=environment, start_new_session=True)


def end(program: subprocess.Popen[bytes], patience: float) -> None:
    """Interrupt a program as a person does; kill it where that takes too long, in seconds.

    What it has started in its process group ends with it, such as the processes that
    sphinx-autobuild builds in.
    """
    if program.poll() is None:
        program.send_signal(signal.SIGINT)
    try:
        program.wait(patience)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
