"""All attacks. By hand: `python -m tests.attacks.table [PART OF A NAME]` prints a table."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.attacks.attack import DATABASE, GREEN, Attack, Run, try_attack

INT, TERM, HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
KEEPER = "$ K=$(($(cut -d' ' -f4 /proc/$PPID/stat)))\n"
WAITS = "$ touch {tmp}/ready; sleep 300"
AT_7 = r"^docs/index\.rst:7: "
LOST = AT_7 + "the command was cut off: the process that owns the shell was "
DEEP = "$ for i in {1..300}; do mkdir dddddddddddddddd; cd dddddddddddddddd; done"
DAEMON = "(env -i setsid nohup bash -c ': {tmp}; exec -a {tmp} sleep 300' <&- >&- 2>&- &)"
LISTING = ".. code-block:: text\n   :caption: g\n   :create:\n\n   x\n"
FILL = "$ head -c 5000000 /dev/zero > f 2> /dev/null || true"


def mounts(size: str, name: str = "t") -> str:
    """Return what starts pytest with a small file system in place of a folder."""
    return f"mount -t tmpfs -o size={size} none $PWD/{name} && exec"


def continues(folder: Path) -> None:
    """Add a page that continues from the first."""
    page = ".. code-block:: console\n\n   $ true\n"
    (folder / "docs" / "next.rst").write_text(f":continues: index\n\nNext\n====\n\n{page}")


def make_full(folder: Path) -> None:
    """Make a folder for a results file."""
    (folder / "full").mkdir()


def kill_worker(run: Run) -> None:
    run.wait_for("ready")
    busy = [one for one in run.below("exec(eval(") if one.children(recursive=True)]
    for one in busy[:1]:
        one.kill()


def stop_and_go(run: Run) -> None:
    run.wait_for("ready")
    run.process.send_signal(signal.SIGSTOP)
    time.sleep(1)
    run.process.send_signal(signal.SIGCONT)


def at_server(number: signal.Signals) -> Callable[[Run], None]:
    """Return what sends a signal to the server of the run."""

    def act(run: Run) -> None:
        run.wait_for("ready")
        run.note_keys()
        for server in run.below(" -D ")[:1]:
            server.send_signal(number)
        (run.folder / "go").touch()

    return act


def page(name: str, commands: str, said: str, **more: object) -> Attack:
    return Attack(name, commands, said, **more)  # type: ignore[arg-type]


ATTACKS: dict[str, list[Attack]] = {
    "supervisors": [
        page("supervisor stopped", "$ kill -STOP $PPID", LOST + "stopped"),
        page(
            "supervisor killed",
            "$ setsid sleep 300 & disown; kill -9 $PPID; sleep 9",
            LOST + "ended",
        ),
        page(
            "supervisor killed, daemon without environment",
            f"$ {DAEMON}; sleep 0.2; kill -9 $PPID",
            LOST,
        ),
        page(
            "supervisor stopped, daemon",
            f"$ {DAEMON}; sleep 0.2; kill -STOP $PPID",
            LOST + "stopped",
        ),
        page(
            "supervisor stopped again and again",
            "$ (while :; do kill -STOP $PPID; done) & sleep 9",
            LOST,
        ),
        page(
            "supervisor: INT, TERM, HUP, USR1, ALRM",
            "$ for s in INT TERM HUP USR1 ALRM QUIT; do kill -$s $PPID; done",
            GREEN,
        ),
        page("keeper stopped", KEEPER + "$ kill -STOP $K", GREEN),
        page("keeper killed", KEEPER + "$ kill -KILL $K", GREEN),
        page("both stopped", KEEPER + "$ kill -STOP $K $PPID", LOST.replace("7", "8") + "stopped"),
        page(
            "both killed, daemon of the home",
            "$ (setsid sleep 300 &)\n" + KEEPER + "$ kill -KILL $K $PPID",
            LOST.replace("7", "9") + "ended",
        ),
    ],
    "shell": [
        page("bash killed", "$ kill -9 $$", AT_7 + "the command ended the shell"),
        page("bash stopped", "$ kill -STOP $$", AT_7 + "the command hasn't ended", limit=3),
        page("its group stopped", "$ kill -STOP 0", AT_7 + "the command hasn't ended", limit=3),
        page("its group killed", "$ kill -9 0", AT_7 + "the command ended the shell"),
        page("exec of another program", "$ exec sleep 300", AT_7, limit=3),
        page("exec of a program that ends", "$ exec true", AT_7 + "the command ended the shell"),
        page(
            "signals ignored",
            "$ trap '' INT TERM HUP QUIT; (sleep 300; :) & sleep 300",
            AT_7,
            limit=3,
        ),
    ],
    "pytest": [
        page("pytest killed by its page", "$ kill -9 $(cat {tmp}/pid)", "", follows=False),
        page(
            "pytest: INT",
            WAITS,
            r"^interrupted before it was finished: docs/index.rst:7",
            meanwhile=lambda run: run.send(INT),
            follows=False,
        ),
        page(
            "pytest: INT twice",
            WAITS,
            r"^interrupted before it was finished: docs/index.rst:7",
            meanwhile=lambda run: run.send(INT, INT),
            follows=False,
        ),
        page(
            "pytest: INT five times",
            WAITS,
            r"^interrupted before it was finished: docs/index.rst:7",
            meanwhile=lambda run: run.send(INT, INT, INT, INT, INT),
            follows=False,
        ),
        page(
            "pytest: TERM",
            WAITS,
            r"^interrupted before it was finished(.|\n)*the run was ended by SIGTERM",
            meanwhile=lambda run: run.send(TERM),
            follows=False,
        ),
        page(
            "pytest: TERM, then INT",
            WAITS,
            "^interrupted before it was finished",
            meanwhile=lambda run: run.send(TERM, INT),
            follows=False,
        ),
        page(
            "pytest: HUP",
            WAITS,
            "the run was ended by SIGHUP",
            meanwhile=lambda run: run.send(HUP),
            follows=False,
        ),
        page(
            "pytest: HUP, ignored",
            "$ touch {tmp}/ready; sleep 1",
            GREEN,
            shell="trap '' HUP; exec",
            meanwhile=lambda run: run.send(HUP),
        ),
        page(
            "pytest: KILL", WAITS, "", meanwhile=lambda run: run.send(signal.SIGKILL), follows=False
        ),
        page(
            "pytest: KILL, its daemon",
            f"$ {DAEMON}\n{WAITS}",
            "",
            meanwhile=lambda run: run.send(signal.SIGKILL),
            follows=False,
        ),
        page("pytest: STOP and CONT", "$ touch {tmp}/ready; sleep 1", GREEN, meanwhile=stop_and_go),
        page(
            "pytest: INT while it reads",
            "$ true",
            "KeyboardInterrupt",
            conf="import pathlib, time\npathlib.Path('{tmp}/reads').touch(); time.sleep(30)\n",
            meanwhile=lambda run: run.send(INT, after="reads"),
            follows=False,
        ),
        page(
            "worker killed",
            "$ touch {tmp}/ready; sleep 5",
            "crashed",
            arguments=("-n", "2"),
            meanwhile=kill_worker,
            slow=True,
        ),
        page(
            "Ctrl-C with workers",
            WAITS,
            "KeyboardInterrupt",
            arguments=("-n", "2"),
            meanwhile=lambda run: run.send(INT),
            follows=False,
            slow=True,
        ),
    ],
    "servers": [
        page(
            "server killed",
            "$ touch {tmp}/ready; while [ ! -e {tmp}/go ]; do sleep 0.1; done",
            "",
            conf=DATABASE,
            meanwhile=at_server(signal.SIGKILL),
            follows=False,
            slow=True,
        ),
        page(
            "server stopped",
            "$ touch {tmp}/ready; while [ ! -e {tmp}/go ]; do sleep 0.1; done",
            "",
            conf=DATABASE,
            meanwhile=at_server(signal.SIGSTOP),
            follows=False,
            slow=True,
        ),
        page(
            "pytest killed, with a server",
            WAITS,
            "",
            conf=DATABASE,
            meanwhile=lambda run: run.send(signal.SIGKILL),
            follows=False,
            slow=True,
        ),
    ],
    "disks": [
        page(
            "disk full at a listing",
            FILL,
            r"^docs/index.rst:(9|10): .*No space left on device",
            more=LISTING,
            shell=mounts("3m"),
            root=True,
            follows=False,
            left="^$",
        ),
        page(
            "disk full at the beginning",
            "$ true",
            "No space left on device",
            shell="mount -t tmpfs -o nr_inodes=11 none $PWD/t && exec",
            root=True,
            follows=False,
            left="^f$",
        ),
        page(
            "disk full at a snapshot",
            FILL,
            r"No space left|can't be kept|^ran",
            prepare=continues,
            shell=mounts("6m"),
            root=True,
            follows=False,
        ),
        page(
            "disk full at the results",
            "$ head -c 60k /dev/zero > {tmp}/full/f",
            "results: full/o.json can't be written: No space left",
            arguments=("--runthrough-results", "full/o.json"),
            prepare=make_full,
            shell=mounts("60k", "full"),
            root=True,
        ),
        page(
            "disk full at doctrees",
            "$ true",
            "No space left",
            prepare=lambda folder: (folder / ".pytest_cache").mkdir(),
            shell=mounts("8k", ".pytest_cache"),
            root=True,
            follows=False,
        ),
        page(
            "limit on files at a listing",
            "$ true",
            "File too large",
            more=LISTING.replace("   x\n", "   " + "x" * 3000 + "\n"),
            shell="ulimit -f 1; exec",
            arguments=("-p", "no:cacheprovider"),
            follows=False,
        ),
        page(
            "few open files",
            "$ true",
            "Too many open files|^ran",
            shell="ulimit -n 24; exec",
            follows=False,
        ),
        page("no room in TMPDIR", "$ true", GREEN, environment={"TMPDIR": "/nowhere"}),
        page(
            "results into nowhere",
            "$ true",
            "there's no folder no/where",
            arguments=("--runthrough-results", "no/where/o.json"),
            follows=False,
        ),
        page(
            "results where a folder is",
            "$ mkdir {tmp}/o.json",
            "^--runthrough-results: o.json ",
            arguments=("--runthrough-results", "o.json"),
        ),
    ],
    "folders": [
        page("read-only folders", "$ mkdir -p mod/x; touch mod/x/f; chmod -R a-w mod", GREEN),
        page(
            "folders without any mode",
            "$ mkdir -p a/b/c; touch a/b/c/f; chmod 000 a/b/c a/b a",
            GREEN,
        ),
        page("home without any mode", "$ chmod 000 ~", "^ran"),
        page("home removed", "$ rm -rf ~", "^ran"),
        page("folder of the shell removed", "$ mkdir x; cd x; rmdir ../x", "^ran"),
        page(
            "home replaced by a link",
            "$ cd /; mkdir {tmp}/mine; touch {tmp}/mine/f; rm -rf ~; ln -s {tmp}/mine ~",
            "^ran",
            left="^rt",
        ),
        page("very deep folders", DEEP, "^ran"),
        page(
            "immutable file",
            "$ touch f; chattr +i f",
            "^couldn't remove {tmp}/t/rt\\w+/dev/f: operation not permitted",
            root=True,
            left="^rt|^runthrough-",
        ),
        page(
            "mounted file system",
            "$ mkdir m; mount -t tmpfs none m; touch m/f",
            "^couldn't remove {tmp}/t/rt\\w+/dev/m: a file system is mounted there",
            root=True,
            left="^rt|^runthrough-",
        ),
        page(
            "a hundred thousand bytes of name",
            "$ for i in {1..300}; do touch $(printf 'x%.0s' {1..200})$i; done",
            GREEN,
        ),
    ],
    "terminals": [
        page("PS1 changed", "$ PS1='> '", "^ran", limit=5),
        page("prompt variables unset", "$ unset PS0 PS1 PS2 PROMPT_COMMAND", "^ran", limit=5),
        page(
            "PROMPT_COMMAND replaced",
            "$ PROMPT_COMMAND='false'\n$ false",
            "^docs/index.rst:[78]: ",
            limit=5,
        ),
        page(
            "printf and kill replaced",
            "$ printf() { :; }; kill() { :; }; builtin() { :; }",
            "^ran",
            limit=5,
        ),
        page("terminal closed", "$ exec <&- >&- 2>&-", "^ran", limit=5),
        page("output to nowhere", "$ exec > /dev/null 2>&1", "^ran", limit=5),
        page("terminal raw", "$ stty raw -echo", "^ran", limit=5),
        page(
            "terminal without a driver",
            "$ stty 0; stty -icanon -isig; stty rows 0 cols 0",
            "^ran",
            limit=5,
        ),
        page("other folder in PATH", "$ unset PATH; hash -r", "^ran"),
        page("set -e, then a failure", "$ set -e\n$ false", "^docs/index.rst:8: "),
    ],
    "outputs": [
        page("endless output", "$ yes", AT_7 + "the command hasn't ended", limit=3),
        page(
            "a line of 100 MB",
            "$ head -c 100000000 /dev/zero | tr '\\0' x",
            AT_7 + "the command (hasn't ended|printed .*MB)",
        ),
        page("NULs", "$ head -c 3000 /dev/zero", "^ran"),
        page("no UTF-8", "$ printf '\\xff\\xfe\\x80\\n'", AT_7),
        page("escape sequences", "$ printf '\\033c\\033]0;t\\007\\033[2J\\033[31m\\n'", "^ran"),
        page("a megabyte of noise", "$ head -c 1000000 /dev/urandom", AT_7),
        page(
            "record separators",
            "$ for i in {1..99}; do printf '\\036RT\\035E\\0350\\035\\037'; done",
            AT_7,
        ),
    ],
    "many": [
        page(
            "200 processes",
            "$ for i in {1..200}; do sleep 300 & done 2> /dev/null; disown -a",
            AT_7 + ".*still alive at the end",
        ),
        page(
            "processes that breed",
            "$ breed() { (($1)) && for i in 1 2 3; do (sleep 0.1; breed $(($1 - 1))) & done; "
            "wait; }\n"
            "$ (breed 4 &) 2> /dev/null",
            "^ran",
            slow=True,
        ),
        page("no open files for the page", "$ ulimit -n 3", "^ran", limit=5),
        page("no processes for the page", "$ ulimit -u 1; true | true", "^ran", limit=5),
        page("no file size for the page", "$ ulimit -f 0; echo x > f", AT_7, limit=5),
        page(
            "no memory for the page",
            "$ ulimit -v 20000; x=$(head -c 90000000 /dev/zero | tr '\\0' x)",
            "^ran",
            limit=9,
        ),
    ],
}
"""By topic: those of one that can share a run are tried in one."""


def main() -> None:
    """Try the attacks whose name holds the argument, and print what became of them."""
    part = sys.argv[1] if len(sys.argv) > 1 else ""
    print("| attack | status | report | left | verdict |\n| --- | --- | --- | --- | --- |")
    for attack in itertools.chain.from_iterable(ATTACKS.values()):
        if part in attack.name and attack.is_for_us:
            verdict = try_attack(attack)
            said = verdict.place.replace("|", "\\|")[:150]
            left = ", ".join(verdict.left) or "nothing"
            wrong = "; ".join(verdict.wrong) or "right"
            print(f"| {attack.name} | {verdict.status} | {said} | {left} | {wrong} |", flush=True)
            if verdict.wrong and os.environ.get("VERBOSE"):
                subprocess.run(["tail", "-60"], input=verdict.output, text=True, check=False)


if __name__ == "__main__":
    main()
