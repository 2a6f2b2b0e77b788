"""Own the processes of one run or one server, and end them when their owner is gone.

`main` runs in a process of its own: see `supervised` for the other end. The first line that it
reads orders what to start; it answers each line with one line of JSON. End of file on its input,
which is what any death of its owner looks like, ends all it owns.

There are two processes of it, since a page can kill or stop its own parent. The *keeper* is
started by the owner. It starts the *supervisor*, which starts and owns all else, and waits for
it. Whatever happens to the supervisor, its orphans come to the keeper, which ends them, removes
the folders, and says what is left. A supervisor whose keeper is gone does that itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from runthrough.processes.family import ProcessTree, handle_signals
from runthrough.processes.removal import remove
from runthrough.processes.segments import remove_segment

Reply = dict[str, Any]


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


def first_line() -> bytes:
    """Read the order; nothing follows it until it's answered."""
    read = b""
    while not read.endswith(b"\n"):
        data = os.read(0, 65536)
        if not data:
            return b"null"
        read += data
    return read


def reply(message: Reply) -> None:
    """Answer the owner, if there still is one."""
    with contextlib.suppress(BrokenPipeError):
        os.write(1, json.dumps(message).encode() + b"\n")


def supervise(order: dict[str, Any], keeper: int, main: int) -> None:
    """Start what the order says, own it, and end it; `main` is a pipe that takes its number."""
    process_tree = ProcessTree(order["end_signal"])
    try:
        process_tree.spawn(order)
    except (OSError, subprocess.SubprocessError, LookupError) as error:
        reply({"error": str(error)})
        return
    os.write(main, str(process_tree.main).encode())
    reply({"pid": process_tree.main, "supervisor": os.getpid()})
    for question in lines(idle=process_tree.reap):
        process_tree.reap()
        if question == b"processes":
            reply({"processes": process_tree.others()})
        else:
            reply({"status": process_tree.status})
    left = process_tree.end()
    reply({"status": process_tree.status})
    if os.getppid() != keeper:
        reply({"lost": "ended", "left": left + removed(order)})
    else:
        os.kill(keeper, signal.SIGCONT)  # it may have been stopped


def keep(
    order: dict[str, Any], process_tree: ProcessTree, owner: int, supervisor: int, main: int
) -> None:
    """Wait for the supervisor, end what it hasn't ended, and remove the folders.

    If the owner is gone, the folders that it would have removed are removed as well.

    A supervisor that was stopped is killed, or it would hold up its owner forever.
    """
    lost = None
    while True:
        pid, status = os.waitpid(-1, os.WUNTRACED)
        if pid == supervisor and not os.WIFSTOPPED(status):
            break
        if pid == supervisor:
            lost = "stopped"
            os.kill(supervisor, signal.SIGKILL)
    if lost is None and status != 0:
        lost = "ended"
    if lost and process_tree.reap():
        process_tree.adopt(int(os.read(main, 20) or 0))
    left = process_tree.end() + removed(order)
    if os.getppid() != owner and not left:
        for folder in order["orphaned"]:
            remove(Path(folder))
    reply({"lost": lost, "left": left})


def removed(order: dict[str, Any]) -> list[str]:
    """Remove the folders and the server's shared memory; say what is left of the folders."""
    if order["pid_file"]:
        remove_segment(Path(order["pid_file"]))
    return [said for folder in order["remove"] for said in remove(Path(folder))]


def main() -> None:
    """Become the keeper, start the supervisor, and leave nothing behind."""
    owner = os.getppid()
    os.setsid()
    handle_signals(signal.SIG_IGN)
    order = json.loads(first_line())
    if order is None:
        return
    process_tree = ProcessTree(
        order["end_signal"]
    )  # before the fork: orphans need a process to go to
    keeper = os.getpid()
    told, telling = os.pipe()
    try:
        supervisor = os.fork()
    except OSError as error:
        reply({"error": str(error)})
        return
    if supervisor == 0:
        os.close(told)
        supervise(order, keeper, telling)
        return
    os.close(telling)
    os.close(0)  # else the last process to hold it never sees its end
    if order["tty"] is not None:
        os.close(order["tty"])
    keep(order, process_tree, owner, supervisor, told)
