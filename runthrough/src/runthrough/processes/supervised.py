"""Start a process that lives no longer than we do, whatever ends us."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from runthrough.processes import leftovers, strays
from runthrough.processes.keeper import Keeper, SupervisionError
from runthrough.processes.removal import remove

__all__ = ["ProcessInfo", "Supervised", "SupervisionError"]


@dataclass(frozen=True)
class ProcessInfo:
    """A process that is alive, as its supervisor sees it."""

    pid: int
    command: str


@dataclass
class Supervised:
    """A process, all that descends from it, and the supervisor that ends them."""

    keeper: Keeper
    pid: int
    supervisor: int
    folders: tuple[Path, ...] = ()
    """What is removed at the end."""
    status: int | None = None
    ended: bool = False
    seen: dict[int, psutil.Process] = field(default_factory=dict)
    """Descendants that outlived the command that had started them."""

    @classmethod
    def start(
        cls,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        log: Path | None = None,
        tty: int | None = None,
        user: str | None = None,
        group: str | None = None,
        end_signal: str = "SIGKILL",
        remove: Sequence[Path] = (),
        orphaned: Sequence[Path] = (),
        pid_file: Path | None = None,
        keep_open: Sequence[int] = (),
    ) -> Supervised:
        """Run `argv` under a supervisor of its own.

        `tty` is a terminal's descriptor, for all three standard streams; otherwise the output goes
        to the file `log`. `user` and `group` can be set by root alone. At the end, whatever ends
        it, the process gets `end_signal`, its descendants are killed and the folders `remove` are
        removed; so are the folders `orphaned` if we were killed and can't do it. `pid_file` is that
        of a PostgreSQL server, whose shared memory is removed. `keep_open` are descriptors that the
        supervisor keeps open until then (a lock that marks the run as alive).

        Raises SupervisionError if the process can't be started.
        """
        order = {
            "argv": list(argv),
            "env": dict(env),
            "cwd": str(cwd),
            "log": str(log) if log else None,
            "tty": tty,
            "user": user,
            "group": group,
            "end_signal": end_signal,
            "remove": [str(folder) for folder in remove],
            "pid_file": str(pid_file) if pid_file else None,
            "orphaned": [str(folder) for folder in orphaned],
        }
        return cls.launch(order, keep_open if tty is None else (tty, *keep_open))

    @classmethod
    def launch(cls, order: Mapping[str, Any], descriptors: Sequence[int]) -> Supervised:
        """Start a supervisor that keeps the descriptors open, and give it its order."""
        keeper = Keeper.start(descriptors)
        try:
            started = keeper.order(order)
        except BaseException:
            keeper.end()
            raise
        folders = tuple(map(Path, order["remove"]))
        return cls(keeper, started["pid"], started["supervisor"], folders)

    def check(self) -> None:
        """Raise SupervisionError if the supervisor was stopped or ended."""
        self.keeper.ask("status", "status")

    def poll(self) -> int | None:
        """Return the main process's status, negative for a signal; None while it lives."""
        if self.status is None and not self.ended:
            self.status = self.keeper.ask("status", "status")["status"]
        return self.status

    def others(self) -> list[ProcessInfo]:
        """List the living processes that descend from the main one."""
        if self.ended or self.children() == set():
            return []
        listed = self.keeper.ask("processes", "processes")["processes"]
        return [ProcessInfo(pid, command) for pid, command in listed]

    def children(self) -> set[int] | None:
        """Return the children of the main process, and the orphans that its supervisor took in.

        Much cheaper than `others`; None if the system doesn't list them (Linux does).
        """
        parents = (self.pid, self.supervisor, self.keeper.process.pid)
        try:
            listed = [
                Path(f"/proc/{pid}/task/{pid}/children").read_text().split() for pid in parents
            ]
        except OSError:
            return None
        found = {int(child) for one in listed for child in one} - set(parents)
        for pid in found - self.seen.keys():
            with contextlib.suppress(psutil.Error):
                self.seen[pid] = psutil.Process(pid)
        return found

    def end(self) -> None:
        """End the process and its descendants, and remove its folders; a second call does nothing.

        What can't be ended or removed is noted (see `leftovers`).
        """
        if self.ended:
            return
        self.ended = True
        status = self.keeper.end()
        self.status = self.status if status is None else status
        if not self.keeper.cleaned:  # it was killed as well, or doesn't answer
            leftovers.note(*strays.end(self.folders, self.seen.values()))
            for folder in self.folders:
                leftovers.note(*remove(folder))
