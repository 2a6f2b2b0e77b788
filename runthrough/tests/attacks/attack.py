"""One attack: a page, or a hand from outside, that does its worst; and a look at what is left."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.living import PATIENCE, below, living

SEGMENTS = Path("/proc/sysvipc/shm")
FOLLOWED = "PASSED docs/zz.rst::$ echo next"
"""How the report tells that another page was followed in spite of all."""
CONF = 'runthrough_directory = "/home/somebody-with-a-long-name/dev"\n'
GREEN = "^ran [0-9]+ pages"
"""What is said of an attack that does no harm."""
DATABASE = 'runthrough_database = "postgresql://ada:grey@localhost:5432/shop"\n'


@dataclass
class Run:
    """A run of pytest that is under attack."""

    process: subprocess.Popen[bytes]
    folder: Path

    def wait_for(self, name: str) -> None:
        """Wait until the page has made the file of this name in the folder of the attack."""
        deadline = time.monotonic() + PATIENCE
        while not (self.folder / name).exists() and self.process.poll() is None:
            assert time.monotonic() < deadline, f"{name} is not there"
            time.sleep(0.01)

    def send(self, *numbers: signal.Signals, after: str = "ready") -> None:
        """Send signals to pytest, once the page is at its command that waits."""
        self.wait_for(after)
        for number in numbers:
            self.process.send_signal(number)
            time.sleep(0.05)

    def note_keys(self) -> None:
        """Note the keys of the server's shared memory: the number of its data folder."""
        data = (self.folder / "t").glob("*/cluster/data")
        (self.folder / "keys").write_text(" ".join(str(one.stat().st_ino) for one in data))

    def below(self, part: str) -> list[psutil.Process]:
        """Return the processes that the run has started and whose command line holds a text."""
        return below(self.process.pid, part)


@dataclass(frozen=True)
class Attack:
    """What is tried, and what the report has to say."""

    name: str
    page: str
    """The commands; {tmp} is a folder outside of the run."""
    said: str
    """A regular expression that the output matches."""
    limit: float = 20
    more: str = ""
    """What follows the block with the commands on the page."""
    conf: str = ""
    arguments: tuple[str, ...] = ()
    prepare: Callable[[Path], None] | None = None
    """Gets the folder before the run begins."""
    meanwhile: Callable[[Run], None] | None = None
    shell: str = "exec"
    """Starts pytest, in bash: with a limit, say."""
    environment: dict[str, str] = field(default_factory=dict)
    follows: bool = True
    """Whether the other page is followed all the same."""
    left: str = ""
    """A regular expression for what may be left, since it is named."""
    root: bool | None = None
    """Whether it is for root alone, or for ordinary users alone."""
    slow: bool = False
    """Whether it is tried by hand alone."""

    @property
    def docname(self) -> str:
        """The name of its page, where it is tried together with others."""
        return re.sub(r"\W+", "-", self.name)

    @property
    def is_for_us(self) -> bool:
        """Return whether the user of this run can try it."""
        return self.root is None or self.root == (os.geteuid() == 0)

    @property
    def needs_own_run(self) -> bool:
        """Return whether no other attack can be another page of the same run."""
        given = (self.conf, self.arguments, self.prepare, self.meanwhile, self.environment)
        return any(given) or self.shell != "exec" or not self.follows or self.left != ""


@dataclass(frozen=True)
class Verdict:
    """What became of an attack."""

    status: int | None
    output: str
    wrong: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def place(self) -> str:
        """Return the first line of the report that names a place, or says what is left."""
        lines = self.output.splitlines()
        told = [line for line in lines if re.match(r"(docs/\S+:\d+: |could|ERROR|E  )", line)]
        return (told or ["(green)" if self.status == 0 else "(no report)"])[0]


def heed_signals() -> None:
    """Undo that our caller ignores signals, as nohup and a shell's background jobs do."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def try_attack(attack: Attack) -> Verdict:
    """Try an attack in a folder of its own, and clean up after it."""
    folder = Path(tempfile.mkdtemp(prefix="rta", dir="/tmp"))
    try:
        write(attack, folder)
        status, output = follow(attack, folder)
        left = what_is_left(folder, attack.left)
        wrong = (*problems(attack, output), *problems_of_run(attack, status, output, left))
        return Verdict(status, output, wrong, left)
    finally:
        clear(folder)


def try_together(attacks: Sequence[Attack]) -> Verdict:
    """Try attacks that need no run of their own as pages of one, which follows each of them."""
    whole = Attack("together", "", "^ran")
    folder = Path(tempfile.mkdtemp(prefix="rta", dir="/tmp"))
    try:
        write(whole, folder)
        (folder / "docs" / "index.rst").write_text("Attacks\n=======\n")
        for attack in attacks:
            write_page(attack, folder, attack.docname)
        status, output = follow(whole, folder, PATIENCE * len(attacks))
        left = what_is_left(folder, "")
        wrong = [
            f"{attack.name}: {one}"
            for attack in attacks
            for one in problems(attack, output, attack.docname)
        ]
        return Verdict(
            status, output, (*wrong, *problems_of_run(whole, status, output, left)), left
        )
    finally:
        clear(folder)


def write(attack: Attack, folder: Path) -> None:
    """Make the two pages, and a temporary folder."""
    (folder / "t").mkdir()
    docs = folder / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text(CONF + attack.conf.replace("{tmp}", str(folder)))
    write_page(attack, folder, "index")
    (docs / "zz.rst").write_text(
        "Next\n====\n\n.. code-block:: console\n\n   $ echo next\n   next\n"
    )
    if attack.prepare is not None:
        attack.prepare(folder)


def write_page(attack: Attack, folder: Path, docname: str) -> None:
    """Make the page of an attack."""
    body = attack.page.replace("{tmp}", str(folder)).strip("\n")
    block = "".join(f"   {line}\n" for line in body.split("\n"))
    head = f".. code-block:: console\n   :timeout: {attack.limit}\n\n"
    text = f"Page\n====\n\n{head}{block}\n{attack.more}"
    (folder / "docs" / f"{docname}.rst").write_text(text)


def follow(attack: Attack, folder: Path, patience: float = PATIENCE) -> tuple[int | None, str]:
    """Run pytest, with its temporary folder below `folder`, and lay hands on it meanwhile."""
    pytest = [sys.executable, "-m", "pytest", "--runthrough", "-rA", "-p", "no:hypothesispytest"]
    script = f'echo $$ > {folder}/pid; {attack.shell} "$@"'
    output = folder / "output"
    with output.open("wb") as said:
        process = subprocess.Popen(
            ["bash", "-c", script, "bash", *pytest, *attack.arguments, "docs"],
            cwd=folder,
            env={
                **os.environ,
                "TMPDIR": str(folder / "t"),
                "PYTEST_ADDOPTS": "",
                "DATABASE_URL": "",
            }
            | attack.environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            preexec_fn=heed_signals,
        )
        try:
            if attack.meanwhile is not None:
                attack.meanwhile(Run(process, folder))
            status: int | None = process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            status = None
    return status, output.read_text(errors="replace")


def problems(attack: Attack, output: str, docname: str = "index") -> Iterator[str]:
    """Yield what the report of an attack lacks, on the page that it was tried on."""
    said = attack.said.replace("{tmp}", "/tmp/rta\\w+").replace("docs/index", f"docs/{docname}")
    if not re.search(said, output, re.MULTILINE):
        yield f"the report lacks {said!r}"
    failed = re.search(rf"^FAILED docs/{docname}\.rst::", output, re.MULTILINE)
    passed = re.search(rf"^PASSED docs/{docname}\.rst::", output, re.MULTILINE)
    if attack.follows and not (failed or passed):
        yield "its page is not reported"
    if attack.said == GREEN and failed:
        yield "its page is red"


def problems_of_run(
    attack: Attack, status: int | None, output: str, left: Iterable[str]
) -> Iterator[str]:
    """Yield what is not as it has to be, whatever was tried."""
    if status is None:
        yield "the run does not end"
    if attack.follows and FOLLOWED not in output:
        yield "the other page is not reported"
    if "Traceback (most recent" in output or "INTERNALERROR" in output or "\nE   " in output:
        yield "there is an internal traceback"
    for one in left:
        if not attack.left or not re.search(attack.left, one):
            yield f"left: {one}"


def what_is_left(folder: Path, may_be_left: str) -> tuple[str, ...]:
    """List processes, files and shared memory that are left, once all others are gone."""
    deadline = time.monotonic() + PATIENCE
    while True:
        files = [str(one.relative_to(folder / "t")) for one in sorted((folder / "t").iterdir())]
        files = [one for one in files if not one.startswith("pytest-")]
        owned = [f"segment {one}" for one in sorted(segments(folder))]
        left = (*processes(folder), *files, *owned)
        others = [one for one in left if not may_be_left or not re.search(may_be_left, one)]
        if not others or time.monotonic() >= deadline:
            return left
        time.sleep(0.1)


def processes(folder: Path) -> list[str]:
    """List the living processes that know the folder."""

    def knows_it(process: psutil.Process) -> bool:
        return any(str(folder) in one for one in (*process.cmdline(), *process.environ().values()))

    return [f"process {one.pid}" for one in living(knows_it)]


def segments(folder: Path) -> set[int]:
    """Return the keys of shared memory that is left of the server whose keys were noted.

    Other servers on this machine start and stop as they like (sysvipc(7)).
    """
    noted = folder / "keys"
    if not noted.exists() or not SEGMENTS.exists():
        return set()
    rows = [line.split() for line in SEGMENTS.read_text().splitlines()[1:]]
    return {int(row[0]) for row in rows} & {int(key) for key in noted.read_text().split()}


def clear(folder: Path) -> None:
    """Remove the folder of an attack, and what was mounted or made immutable in it."""
    mounts = Path("/proc/self/mountinfo").read_text() if SEGMENTS.exists() else ""
    points = [line.split()[4] for line in mounts.splitlines()]
    for point in sorted((one for one in points if one.startswith(str(folder))), reverse=True):
        subprocess.run(["umount", "-l", point], check=False)
    if shutil.which("chattr"):
        subprocess.run(["chattr", "-R", "-i", str(folder)], check=False, capture_output=True)
    for path, folders, _ in os.walk(folder):
        for one in folders:
            inner = Path(path, one)
            if not inner.is_symlink():
                inner.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
