"""What it costs to follow the tutorial, against bash that runs the same and looks at nothing."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from bench.figures import ROUNDS, Figure, compare
from bench.pages import hold
from runthrough import (
    Address,
    Console,
    EndCheck,
    Listing,
    Page,
    Patch,
    Place,
    Runner,
    Server,
    Site,
    open_server,
    read_site,
)

DOCS = Path(os.environ.get("RUNTHROUGH_BENCH_SITE", "docs")).resolve()
"""The folder of a site with a tutorial; each of its commands ends with status 0."""
LAST = os.environ.get("RUNTHROUGH_BENCH_PAGE", "")
"""The last page of the tutorial, without ".rst"; "" leaves these figures out."""
WORDS = re.compile(r"(\$ \S+) (?=\S)")
"""The first word of a command with more words."""
EDIT = """\
import pathlib, sys
file = pathlib.Path(sys.argv[1])
text = file.read_text()
assert text.count(sys.argv[2]) == 1, sys.argv
file.write_text(text.replace(sys.argv[2], sys.argv[3]))
"""


@contextmanager
def caches() -> Iterator[None]:
    """Let every pip of a measurement find what the first has fetched and built."""
    before = os.environ.get("PIP_CACHE_DIR")
    with tempfile.TemporaryDirectory(prefix="runthrough-bench-") as folder:
        os.environ["PIP_CACHE_DIR"] = folder
        try:
            yield
        finally:
            os.environ.pop("PIP_CACHE_DIR")
            if before is not None:
                os.environ["PIP_CACHE_DIR"] = before


def script_of(chain: tuple[Page, ...]) -> Iterator[str]:
    """Write as a script what a reader of these pages does."""
    for page in chain:
        for step in page.steps:
            match step:
                case Console():
                    yield from (command.text for command in step.commands)
                case Listing() if step.file_action != "show":
                    text = "".join(f"{line.text}\n" for line in step.lines)
                    file_action = ">>" if step.file_action == "append" else ">"
                    folder = shlex.quote(str(Path(step.path).parent))
                    yield f"mkdir -p {folder}"
                    yield f"printf %s {shlex.quote(text)} {file_action} {shlex.quote(step.path)}"
                case Patch():
                    yield from (
                        edit(step.path, [line.text for line in hunk]) for hunk in step.hunks
                    )


def edit(path: str, hunk: list[str]) -> str:
    """Write the command that changes the lines of a file that a hunk names."""
    old = "".join(f"{line[1:]}\n" for line in hunk if line[:1] != "+")
    new = "".join(f"{line[1:]}\n" for line in hunk if line[:1] != "-")
    return shlex.join(["python3", "-c", EDIT, path, old, new])


@contextmanager
def server_of(site: Site) -> Iterator[tuple[Server, Address]]:
    """Start a server that everything here runs on; yield it, and the address on the pages."""
    address = Address.parse(site.settings.database or "")
    with open_server(address) as server, caches():
        os.environ["DATABASE_URL"] = server.admin.url
        try:
            yield server, address
        finally:
            del os.environ["DATABASE_URL"]


def run_script(site: Site, server: Server, address: Address, text: str) -> None:
    """Have bash do the same in an empty home, with an empty database."""
    database = server.create_database(address)
    directory = PurePosixPath(site.settings.directory)
    with tempfile.TemporaryDirectory(prefix="runthrough-bench-") as home:
        tools = Path(home, ".tools")
        tools.mkdir()
        (tools / "python3").symlink_to(sys._base_executable)  # type: ignore[attr-defined]
        work = Path(home, directory.name)
        work.mkdir()
        text = text.replace(str(directory.parent), home)
        subprocess.run(
            ["bash", "-e"],
            input=text.replace(without_scheme(address), without_scheme(database.address)),
            cwd=work,
            env={**os.environ, "HOME": home, "PATH": f"{tools}:/usr/local/bin:/usr/bin:/bin"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
        )
    server.drop(database)


def without_scheme(address: Address) -> str:
    """Return what an address has in common in all of its spellings."""
    return address.url.partition("://")[2]


def against_bash() -> Figure:
    """Compare the run of the tutorial with `bash -e` of the same commands and edits.

    Both use one server that runs already.
    """
    site = read_site(DOCS)
    last = site.page(LAST)
    script = "\n".join(script_of(site.chain(last)))

    def ran() -> None:
        with Runner(site) as runner:
            runner.expect([LAST])
            hold(runner, last)

    with server_of(site) as (server, address):
        return compare(ran, lambda: run_script(site, server, address, script), rounds=2)


def process_against_bash() -> Figure:
    """Compare the tutorial's run as a whole process with `bash -e` of the same commands and edits.

    The process also reads the pages, and starts and ends a server of its own; bash finds one that
    runs already.
    """
    site = read_site(DOCS)
    chain = site.chain(site.page(LAST))
    script = "\n".join(script_of(chain))
    files = [str(page.file) for page in chain]
    command = [sys.executable, "-m", "pytest", "-q", "--runthrough", *files]

    def ran() -> None:
        own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        subprocess.run(command, cwd=DOCS.parent, env=own, check=True, stdout=subprocess.DEVNULL)

    with server_of(site) as (server, address):
        return compare(ran, lambda: run_script(site, server, address, script), rounds=2)


def edit_in_last_chapter() -> Figure:
    """Compare judging an edit in the last chapter, with --runthrough-reuse, with a whole run."""
    with tempfile.TemporaryDirectory() as folder, caches():
        project = Path(folder)
        shutil.copytree(DOCS, project / "docs", ignore=shutil.ignore_patterns("_build"))
        for exported in read_site(DOCS).settings.exports:
            shutil.copytree(exported.target, project / exported.target.relative_to(DOCS.parent))
        page = project / "docs" / f"{LAST}.rst"
        tutorial = str(Path("docs", LAST).parent)

        def run(*options: str) -> None:
            command = [sys.executable, "-m", "pytest", "-q", "--runthrough", *options, tutorial]
            subprocess.run(command, cwd=project, check=True, stdout=subprocess.DEVNULL)

        def edited() -> None:
            text = page.read_text(encoding="utf-8")
            page.write_text(WORDS.sub(r"\1  ", text, count=1), "utf-8")
            run("--runthrough-reuse")
            page.write_text(text, encoding="utf-8")

        run("--runthrough-reuse")
        return compare(edited, run, rounds=2)


def restoring() -> Figure:
    """Compare restoring the snapshot at the tutorial's end with beginning with nothing.

    Each round runs further pages that ask for nothing, of which half continue from the tutorial.
    """
    site = read_site(DOCS)
    end = EndCheck(Place(site.page(LAST).file, 1))
    further = [
        Page(f"{continues or 'nothing'}-{number}", end.place.file, (end,), continues)
        for number in range(ROUNDS + 1)
        for continues in (LAST, None)
    ]
    site = replace(site, pages=(*site.pages, *further))
    after = iter([page for page in further if page.continues])
    alone = iter([page for page in further if not page.continues])
    with server_of(site), Runner(site) as runner:
        hold(runner, site.page(LAST))
        return compare(lambda: hold(runner, next(after)), lambda: hold(runner, next(alone)))
