"""Own the processes of one walk or one server, and end them when their owner is gone.

This file is run as a script, in a process of its own: see `supervised` for the other end.
The first line that it reads orders what to start; it answers each line with one line of JSON.
End of file on its input, which is what any death of its owner looks like, ends all it owns.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
GRACE = 3.0
"""Seconds that the main process has to go after its end signal, before it is killed."""
IGNORED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE)
"""Signals that the supervisor outlives, and that it does not hand on as ignored."""

Reply = dict[str, Any]


def prctl(option: int, value: int) -> None:
    """Set an attribute of this process, on the one system that has these (Linux, prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


class Family:
    """The main process and everything that descends from it, orphans included."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.end_signal = signal.Signals[order["end_signal"]]
        self.status: int | None = None
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        self.main = self.spawn(order)

    def spawn(self, order: dict[str, Any]) -> int:
        """Start the main process in a session of its own, on its terminal where it has one."""
        tty: int | None = order["tty"]
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND) if order["log"] else -1

        def prepare() -> None:
            # The supervisor itself may be killed: then the kernel ends what it owns.
            prctl(PR_SET_PDEATHSIG, self.end_signal)
            for number in IGNORED:  # else nothing in the walk could be ended by `kill`
                signal.signal(number, signal.SIG_DFL)
            if tty is not None:
                fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        output = tty if tty is not None else log if log >= 0 else subprocess.DEVNULL
        child = subprocess.Popen(
            order["argv"],
            stdin=subprocess.DEVNULL if tty is None else tty,
            stdout=output,
            stderr=output,
            env=order["env"],
            cwd=order["cwd"],
            user=order["user"],
            group=order["group"],
            extra_groups=None if order["user"] is None else [],
            start_new_session=True,
            preexec_fn=prepare,
        )
        for descriptor in (tty, log):
            if descriptor is not None and descriptor >= 0:
                os.close(descriptor)
        child.returncode = 0  # reaped below, with everybody else's children
        return child.pid

    def reap(self) -> bool:
        """Collect every child that has ended, and the main one's status; tell if any is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self.main:
                self.status = os.waitstatus_to_exitcode(status)

    def living(self) -> list[tuple[int, str]]:
        """List pid and command of all of the family that has not ended, the main one included."""
        if not self.reap():
            return []  # who has no child has no descendant either: orphans come to us
        # Half of the time that a supervisor takes to start, and most never need it.
        import psutil

        alive = []
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if process.status() != psutil.STATUS_ZOMBIE:
                    alive.append((process.pid, " ".join(process.cmdline()) or process.name()))
        return alive

    def report(self) -> Reply:
        """Describe what lives besides the main process: pid and command line of each."""
        return {"processes": [one for one in self.living() if one[0] != self.main]}

    def end(self) -> None:
        """Ask the main process to go, then kill what is left until nothing is."""
        self.reap()
        if self.status is None:
            os.kill(self.main, self.end_signal)
            deadline = time.monotonic() + GRACE
            while self.status is None and time.monotonic() < deadline:
                time.sleep(0.002)
                self.reap()
        while alive := self.living():
            for pid, _ in alive:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.002)
        self.reap()  # a container may have nobody else who does


def lines(idle: Callable[[], object]) -> Iterator[bytes]:
    """Yield each line of the input until its end; call `idle` while there is none."""
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(0, selectors.EVENT_READ)
        while True:
            if not selector.select(timeout=0.5):
                idle()
                continue
            data = os.read(0, 65536)
            if not data:
                return
            *complete, pending = (pending + data).split(b"\n")
            yield from complete


def reply(message: Reply) -> None:
    """Answer the owner, where there still is one."""
    with contextlib.suppress(BrokenPipeError):
        os.write(1, json.dumps(message).encode() + b"\n")


def main() -> None:
    """Start what the first line orders, own it, and leave nothing behind."""
    os.setsid()
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)

    family: Family | None = None
    questions = lines(idle=lambda: family.reap() if family else None)
    order = json.loads(next(questions, b"null"))
    if order is None:
        return
    try:
        family = Family(order)
    except (OSError, subprocess.SubprocessError, LookupError) as error:
        reply({"error": str(error)})
    else:
        reply({"pid": family.main})
        for question in questions:
            family.reap()
            reply(family.report() if question == b"processes" else {"status": family.status})
        family.end()
        reply({"status": family.status})
    for folder in order["remove"]:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
