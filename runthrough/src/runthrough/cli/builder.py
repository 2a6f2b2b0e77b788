"""The Sphinx builder `runthrough`: `sphinx-build -b runthrough docs out` runs the pages.

It's for people who know `-b doctest` and `-b linkcheck`. Sphinx finds it by an entry point, loads
this module only for that builder, and adds the extension as if conf.py named it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence, Set
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util import logging

from runthrough.model.converting import PREFIX
from runthrough.model.paths import document_of
from runthrough.model.recorded import RecordedResult, ReportedFailure
from runthrough.model.report import INSTEAD, MARGIN, counted, visible
from runthrough.pages import results_file
from runthrough.processes.interrupting import interrupted_by_signals, started_run

logger = logging.getLogger(__name__)

TESTS_FAILED = 1
"""pytest's exit status for a run that came to its end, with failures."""


class RunthroughBuilder(Builder):
    """Runs pages, reports failures at file:line, and keeps results in the output folder."""

    name = "runthrough"
    epilog = "The results are in %(outdir)s/output.txt and %(outdir)s/results.json."

    def __init__(self, app: Sphinx, env: BuildEnvironment) -> None:
        super().__init__(app, env)
        self.application = app
        self.named: list[str] = []
        """The pages to run."""
        app.connect("write-started", leave_out_contents)

    def get_outdated_docs(self) -> Set[str]:
        """Return all pages: a page can turn wrong while nobody changes it."""
        return self.env.found_docs

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return ""

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Note which pages Sphinx asks for: all, or those whose files the command names."""
        self.named = sorted(docnames)

    def write_documents(self, docnames: Set[str]) -> None:
        """Write nothing: there's no output for each page."""

    def write_doc(self, docname: str, doctree: object) -> None:
        """Write nothing; Sphinx before 8.1 calls this for each page."""

    def finish(self) -> None:
        """Run the pages, and report each step that fails."""
        self.refuse_what_cannot_be_run()
        logger.info("running %s...", counted(len(self.named), "pages"))
        output, results = Path(self.outdir, "output.txt"), Path(self.outdir, "results.json")
        status, printed = run_pages(self.paths(), results, output)
        if status == 0:
            return
        self.application.statuscode = 1
        failures = list(self.failures(results)) if status == TESTS_FAILED else []
        with output.open("a", encoding="utf-8") as file:
            for failure in failures:
                place = str(self.srcdir / failure.file)
                if failure.line is not None:
                    place += f":{failure.line}"
                text = described(failure)
                logger.error("%s", text, location=place, type="runthrough")
                file.write(f"\n{place}: {text}\n")
        if not failures:
            last = "\n".join(printed)
            logger.error("the pages weren't run (pytest ended with status %d):\n%s", status, last)

    def refuse_what_cannot_be_run(self) -> None:
        """Raise SphinxError if pages can't be run as this build reads them."""
        confdir = self.application.confdir
        if Path(confdir) != Path(self.srcdir):
            raise SphinxError(
                "-b runthrough needs conf.py in the folder of the pages: leave '-c' out, and run "
                f"'sphinx-build -b runthrough' on the folder of conf.py ({confdir})"
            )
        if given := [name for name in self.config.overrides if name.startswith(PREFIX)]:
            raise SphinxError(
                f"-b runthrough reads {given[0]} from conf.py only: set it there, not with '-D'"
            )
        if not self.named:
            raise SphinxError(
                "nothing was run: none of the given files is a page of this site. Give files of "
                "pages, or no files to run all pages"
            )

    def paths(self) -> list[str]:
        """Return what to run: the whole site, or the files of the pages that were given."""
        if set(self.named) >= self.env.found_docs:
            return [str(self.srcdir)]
        return [str(self.env.doc2path(docname)) for docname in self.named]

    def failures(self, results: Path) -> Iterator[ReportedFailure]:
        """Yield why steps of the pages have failed, or were blocked, each reason once."""
        pages = results_file.read(results)
        named = set(self.named)
        recorded = (one for name in pages if document_of(name) in named for one in pages[name])
        yield from dict.fromkeys(reasons(recorded))


def leave_out_contents(app: Sphinx, builder: Builder) -> None:
    """Have Sphinx not add the tables of contents that list a page to the pages to run."""
    app.env.files_to_rebuild.clear()


def reasons(recorded: Iterable[RecordedResult]) -> Iterator[ReportedFailure]:
    """Yield the failure behind each result that isn't right."""
    for result in recorded:
        if result.verdict in ("failed", "blocked") and result.reported_failure is not None:
            yield result.reported_failure


def described(failure: ReportedFailure) -> str:
    """Write what is wrong, what differs, and what the author can do."""
    command = failure.command.split("\n") if failure.command else []
    rows = [
        *(f"{MARGIN}{'$' if number == 0 else ' '} {line}" for number, line in enumerate(command)),
        *(f"{MARGIN}{row}" for row in failure.difference or failure.printed),
    ]
    entry = [INSTEAD, *(f"{MARGIN}{line}" for line in failure.entry)] if failure.entry else []
    advice = f"What to do: {failure.advice}"
    return "\n".join(map(visible, [failure.what, *rows, advice, *entry]))


def run_pages(paths: Sequence[str], results: Path, output: Path) -> tuple[int, list[str]]:
    """Run pages with pytest; return its exit status and the last lines that it printed.

    All lines are shown as they come, and kept in the file `output`.
    """
    pytest = ("--", "-q", "--tb=no", "--color=no")
    ours = ("--show-steps", f"--results={results}")
    command = [sys.executable, "-m", "runthrough", "run", *ours, *paths, *pytest]
    last: list[str] = []
    with (
        output.open("w", encoding="utf-8") as file,
        interrupted_by_signals(),
        started_run(command) as process,
    ):
        for line in process.stdout or ():
            file.write(line)
            logger.info("%s", line.rstrip("\n"))
            last = [*last[-9:], line.rstrip("\n")]
    return process.returncode, last


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the builder, and the extension where conf.py doesn't name it."""
    app.setup_extension("runthrough")
    app.add_builder(RunthroughBuilder)
    return {"parallel_read_safe": True}
