"""A process, everything that descends from it, and how they are ended."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import termios
import time
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
GRACE = 3.0
"""Seconds that the main process has to end after its end signal, before it is killed."""
KILLING = 5.0
"""Seconds after which a process that was killed, and is still there, is reported."""
SPARED = (
    *(signal.SIGKILL, signal.SIGSTOP, signal.SIGCONT, signal.SIGCHLD),
    *(signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT),
)
"""Signals that can't be ignored, or must not be; a supervisor outlives all others."""


def prctl(option: int, value: int) -> None:
    """Set an attribute of this process, on the one system that has these (Linux, prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def handle_signals(how: signal.Handlers) -> None:
    """Ignore every signal that can be ignored, or let each do again what it does by default."""
    for number in signal.valid_signals() - set(SPARED):
        signal.signal(number, how)


class ProcessTree:
    """The main process and everything that descends from it, orphans included."""

    def __init__(self, end_signal: str) -> None:
        self.end_signal = signal.Signals[end_signal]
        self.status: int | None = None
        self.main = 0
        prctl(PR_SET_CHILD_SUBREAPER, 1)

    def spawn(self, order: dict[str, Any]) -> None:
        """Start the main process in a session of its own, on its terminal where it has one."""
        tty: int | None = order["tty"]
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND) if order["log"] else -1

        def prepare() -> None:
            # The supervisor itself may be killed: then the kernel ends what it owns.
            prctl(PR_SET_PDEATHSIG, self.end_signal)
            # A reader's processes don't ignore or block what our caller does.
            handle_signals(signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
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
        self.main = child.pid

    def adopt(self, main: int) -> None:
        """Take over the main process of a supervisor that is gone, if it has come to us."""
        import psutil

        if main in {one.pid for one in psutil.Process().children()}:
            self.main = main

    def reap(self) -> bool:
        """Collect the children that have ended, and the main one's status; return if any is
        left."""
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
        """List pid and command of all of the family that hasn't ended, the main one included."""
        if not self.reap():
            return []  # without a child there's no descendant either: orphans come to us
        # Half of the time that a supervisor takes to start, and most never need it.
        import psutil

        alive = []
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if process.status() != psutil.STATUS_ZOMBIE:
                    alive.append((process.pid, command_of(process)))
        return alive

    def others(self) -> list[tuple[int, str]]:
        """List what lives besides the main process."""
        return [one for one in self.living() if one[0] != self.main]

    def end(self) -> list[str]:
        """Ask the main process to end, then kill what is left; return what can't be killed."""
        if self.reap() and self.status is None and self.main:
            self.ask_to_go()
        deadline = time.monotonic() + KILLING
        refused: dict[int, str] = {}
        while alive := self.living():
            if time.monotonic() >= deadline:
                why = "it was killed, but hasn't ended"
                return [f"couldn't end process {p} ({c}): {refused.get(p, why)}" for p, c in alive]
            # First, all are stopped, or a family that multiplies could be quicker than we are.
            for number in (signal.SIGSTOP, signal.SIGKILL):
                for pid, _ in alive:
                    try:
                        os.kill(pid, number)
                    except ProcessLookupError:
                        pass
                    except OSError as error:
                        refused[pid] = str(error.strerror).lower()
            time.sleep(0.002)
        self.reap()  # in a container, nobody else may do it
        return []

    def ask_to_go(self) -> None:
        """Send the main process its end signal, and give it time to obey."""
        with contextlib.suppress(PermissionError):
            os.kill(self.main, self.end_signal)
            os.kill(self.main, signal.SIGCONT)  # it may have been stopped
        deadline = time.monotonic() + GRACE
        while self.status is None and time.monotonic() < deadline:
            time.sleep(0.002)
            self.reap()


def command_of(process: Any) -> str:
    """Return a process's command line, or its name if it has none or if that is secret."""
    import psutil

    with contextlib.suppress(psutil.AccessDenied):
        if words := process.cmdline():
            return " ".join(words)
    return str(process.name())
