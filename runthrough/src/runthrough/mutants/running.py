"""Run many mutants at once: each worker process has its own copy of the project."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import FrameType

from runthrough.mutants.judging import Control, Copied, Judge, Judgement
from runthrough.mutants.mutations import Mutant
from runthrough.reading.site import open_site
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner
from runthrough.running.shared import Shared

INTERRUPTING = (signal.SIGINT, signal.SIGHUP)
"""Signals that a terminal sends to a program and to all that it has started."""
LEFT_OUT = shutil.ignore_patterns(".git", ".nox", ".venv", "__pycache__", "_build", ".*_cache")
"""What a copy of a project without git does not need."""

Task = tuple[Mutant, Control] | str
"""A mutant and the result of its unchanged page, or the name of a page to run unchanged."""
Result = Judgement | Control
"""The result of a mutant, or of a page."""


@dataclass(frozen=True)
class Project:
    """The folder with everything that the pages of a site are built from."""

    root: Path
    confdir: Path
    follow: int
    """Pages to run after one that a mutant passes on, at most."""

    @classmethod
    def of(cls, confdir: Path, follow: int) -> Project:
        """Find the project of a site: its git work tree, or the folder above conf.py's."""
        asked = ["git", "-C", str(confdir), "rev-parse", "--show-toplevel"]
        try:
            said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
            root = Path(said.rstrip("\n")).resolve()
        except (OSError, subprocess.CalledProcessError):
            root = confdir.resolve().parent
        return cls(root, confdir.resolve(), follow)

    def copy_to(self, folder: Path) -> Project:
        """Copy the project to a folder, and return the copy."""
        shutil.copytree(self.root, folder, symlinks=True, ignore=LEFT_OUT, dirs_exist_ok=True)
        confdir = folder / self.confdir.relative_to(self.root)
        return Project(folder, confdir, self.follow)


def run_all(
    tasks: Sequence[Task], project: Project, shared: Shared, processes: int
) -> Iterator[tuple[Task, Result]]:
    """Hand the tasks out to worker processes, and yield each with its result as it comes.

    Raises RuntimeError if a worker ends before its work does.
    """
    todo = list(reversed(tasks))
    with workers(project, shared, min(processes, len(tasks))) as connections:
        busy: dict[Connection, Task] = {}
        for connection in connections:
            busy[connection] = todo.pop()
            connection.send(busy[connection])
        while busy:
            for ready in wait(list(busy)):
                assert isinstance(ready, Connection)
                task = busy.pop(ready)
                try:
                    result = ready.recv()
                except EOFError:
                    raise RuntimeError(f"the process that ran {task} ended") from None
                yield task, result
                if todo:
                    busy[ready] = todo.pop()
                    ready.send(busy[ready])


@contextmanager
def workers(project: Project, shared: Shared, number: int) -> Iterator[list[Connection]]:
    """Start worker processes; at the end of the block each ends what it has started.

    If the block is interrupted, they end what they do as well.
    """
    context = multiprocessing.get_context("spawn")
    pairs = [context.Pipe() for _ in range(number)]
    started = [context.Process(target=work, args=(theirs, project, shared)) for _, theirs in pairs]
    for process in started:
        process.start()
    for _, theirs in pairs:
        theirs.close()
    try:
        yield [ours for ours, _ in pairs]
    except BaseException:
        for process in started:
            process.terminate()
        raise
    finally:
        for ours, _ in pairs:
            ours.close()
        for process in started:
            process.join()


def work(tasks: Connection, project: Project, shared: Shared) -> None:
    """Do what comes through a connection until its other side is closed, or ends us."""
    heed_parent_only()
    with suppress(KeyboardInterrupt):
        work_through(tasks, project, shared)


def heed_parent_only() -> None:
    """Let the first SIGTERM, which our parent sends, interrupt us, and no other signal.

    Ctrl-C at a terminal reaches our parent, too. A second interruption would cut our ending off.
    """
    for number in INTERRUPTING:
        signal.signal(number, signal.SIG_IGN)

    def interrupt(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


def work_through(tasks: Connection, project: Project, shared: Shared) -> None:
    """Do what comes through a connection until its other side is closed."""
    with tempfile.TemporaryDirectory(prefix="runthrough-mutants-") as folder:
        copy = project.copy_to(Path(folder, "project"))
        with open_site(copy.confdir, Path(folder, "doctrees")) as opened:
            runner = Runner(opened.site, Options(show=lambda said: None), shared)
            copied = Copied(project.root, copy.root)
            judge = Judge(opened, runner, copied, project.follow, Path(folder, "snapshots"))
            try:
                while True:
                    task = tasks.recv()
                    if isinstance(task, str):
                        tasks.send(judge.check(task))
                    else:
                        tasks.send(judge.judge(*task))
            except (EOFError, BrokenPipeError):
                pass
            finally:
                runner.end()
