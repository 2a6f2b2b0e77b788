"""What it costs to follow the tutorial, against bash that runs the same and looks at nothing."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure, compare
from runthrough.model.site import Site
from runthrough.model.steps import Console, Listing, Page, Patch
from runthrough.reading.site import read_site
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner
from runthrough.running.start import PageFactory
from runthrough.running.workspace import make_environment

DOCS = Path("docs").resolve()
LAST = "tutorial/back-and-forth"
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


def run_pages(runner: Runner) -> None:
    """Follow the tutorial with everything that the engine looks at."""
    page = runner.site.page(LAST)
    for number in range(len(page.steps)):
        if runner.result(page, number).failure is not None:
            raise AssertionError(f"the tutorial does not hold: {runner.result(page, number)}")


def run_script(site: Site, page_factory: PageFactory, text: str) -> None:
    """Have bash do the same in an empty home, with an empty database."""
    context = page_factory.begin(None)
    context.shell.end()
    context.workspace.directory.mkdir(parents=True)
    context.workspace.tools.mkdir(parents=True)
    (context.workspace.tools / "python3").symlink_to(sys._base_executable)  # type: ignore[attr-defined]
    subprocess.run(
        ["bash", "-e"],
        input=context.placeholders.to_run(text),
        cwd=context.workspace.directory,
        env=make_environment(context.workspace, site.settings.columns),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    shutil.rmtree(context.workspace.home)


def against_bash() -> Figure:
    """Compare the run of the tutorial with `bash -e` of the same commands and edits.

    Both stand on one server that runs already.
    """
    with tempfile.TemporaryDirectory() as trees, caches():
        site = read_site(DOCS, Path(trees))
        script = "\n".join(script_of(site.chain(site.page(LAST))))
        options = Options(show=lambda said: None)
        base = Runner(site, options)
        shared = base.open().shared

        def ran() -> None:
            shared.store.prune(())
            runner = Runner(site, options, shared)
            run_pages(runner)
            runner.end()

        try:
            return compare(ran, lambda: run_script(site, base.open(), script), rounds=2)
        finally:
            base.end()


def edit_in_last_chapter() -> Figure:
    """Compare judging an edit in the last chapter, with --runthrough-reuse, with a whole run."""
    with tempfile.TemporaryDirectory() as folder, caches():
        project = Path(folder)
        shutil.copytree(DOCS, project / "docs", ignore=shutil.ignore_patterns("_build"))
        shutil.copytree(DOCS.parent / "alembic_sample", project / "alembic_sample")
        page = project / "docs" / f"{LAST}.rst"
        tutorial = "docs/tutorial"

        def run(*options: str) -> None:
            command = [sys.executable, "-m", "pytest", "-q", "--runthrough", *options, tutorial]
            subprocess.run(command, cwd=project, check=True, stdout=subprocess.DEVNULL)

        def edited() -> None:
            text = page.read_text(encoding="utf-8")
            page.write_text(text.replace("$ alembic history", "$ alembic  history"), "utf-8")
            run("--runthrough-reuse")
            page.write_text(text, encoding="utf-8")

        run("--runthrough-reuse")
        return compare(edited, run, rounds=2)


def restoring() -> Figure:
    """Compare restoring the snapshot at the tutorial's end with beginning with nothing."""
    with tempfile.TemporaryDirectory() as trees:
        runner = Runner(read_site(DOCS, Path(trees)), Options(show=lambda said: None))
        try:
            run_pages(runner)
            page_factory, snapshot = runner.open(), runner.records[LAST].snapshot
            return compare(
                lambda: page_factory.begin(snapshot).shell.end(),
                lambda: page_factory.begin(None).shell.end(),
            )
        finally:
            runner.end()
