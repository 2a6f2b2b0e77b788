"""One session for each thing that a person does here; `nox -l` lists them."""

from __future__ import annotations

import functools
import itertools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2024.4.15"
nox.options.reuse_venv = "yes"
# uv makes an environment in seconds; without it the sessions do the same with pip.
nox.options.default_venv_backend = "uv|virtualenv"
# A Python that's missing is named, not fetched.
nox.options.download_python = "never"

LOCK = "requirements-docs.txt"
ENGINE = "runthrough"
"""The folder of the package that follows the pages."""
REFERENCE = f"{ENGINE}/docs"
"""The site of that package."""
README = f"{ENGINE}/README.rst"
GUIDE = "../../../../docs/_build/html/index.html"
"""The first page of this site, seen from the built site of that package, which names it."""
BROWSER_LOCK = "site_tests/requirements.txt"
LICENCES = "LICENCES.rst"
FORGES = {
    "vendor.github-workflows": ".github/workflows/*.yml",
    "vendor.github-actions": ".github/actions/*/action.yml",
    "vendor.dependabot": ".github/dependabot.yml",
    "vendor.gitlab-ci": f"{REFERENCE}/_listings/gitlab-ci.yml",
}
"""The files that a forge reads, under the name of the schema that they have to follow."""
CACHE = "RUNTHROUGH_CACHE"
"""The variable that names the folder in which CI keeps the results of pages between jobs."""
BUILD = Path("docs", "_build")
TESTED = [(3, 11), (3, 12), (3, 13)]
"""The Pythons that the tutorial's versions are made for."""
DECLARED = ["3.11", "3.12", "3.13", "3.14"]
"""The Pythons that runthrough is for."""
RESULTS = BUILD / "results" / "results.json"
RUN = ["--runthrough", "--runthrough-results", str(RESULTS)]
NO_RUN = "--no-run"
WORKERS = ["--numprocesses", "auto"]
# Pages wait for locks, servers and other pages, so one worker more than there are cores.
PAGE_WORKERS = ["--numprocesses", str((os.cpu_count() or 1) + 1)]
PYTESTS = ["pytest==8.0.*", "pytest==8.4.*", "pytest==9.0.*", "pytest"]
"""The releases on which runthrough is tried, from the lowest that it declares to the newest."""
PLUGIN_TESTS = [f"{ENGINE}/tests/plugin/test_{name}.py" for name in ("plugin", "collecting")] + [
    f"{ENGINE}/tests/reading/test_settings.py"
]
"""Tests of runthrough that depend most on the versions of pytest and Sphinx."""


NOTHING = ""
PYTEST = "pages or tests, and options of pytest"
PROGRAM = None
"""What a session takes after --, where it's a program that says so itself."""


def session(
    takes: str | None, **options: Any
) -> Callable[[Callable[[nox.Session], None]], Callable[[nox.Session], None]]:
    """Register a session that says what it takes after --, and refuses what it doesn't take."""

    def register(function: Callable[[nox.Session], None]) -> Callable[[nox.Session], None]:
        @functools.wraps(function)
        def run(session: nox.Session) -> None:
            if takes is not PROGRAM and {"-h", "--help"} & {*session.posargs}:
                session.log(f"{function.__doc__}\nAfter --: {takes or 'nothing'}.")
            elif takes == NOTHING and session.posargs:
                given = " ".join(session.posargs)
                session.error(f"{session.name} takes nothing after --, and was given: {given}")
            else:
                function(session)

        nox.session(**options)(run)
        return run

    return register


def install(session: nox.Session) -> None:
    """Install runthrough from this clone, and what it needs in the versions of the lock file."""
    # Python compiles what it imports; compiling all of it first doubles the time. Where a
    # machine forbids to keep what was compiled, every process of a test would compile it again.
    session.env["PYTHONDONTWRITEBYTECODE"] = ""
    # What uv makes has no pip, which the matrix and some tests call.
    session.install("--no-compile", "-r", LOCK, "pip")
    session.install("--no-deps", "--no-build-isolation", "-e", ENGINE)


def check_python(session: nox.Session) -> None:
    """Stop where the run's Python is one that the tutorial's versions are not made for."""
    if sys.version_info[:2] not in TESTED:
        names = ", ".join(f"{major}.{minor}" for major, minor in TESTED)
        session.error(
            f"The tutorial is for Python {names}; nox runs on {sys.version.split()[0]}, and so "
            "would the run. To fix this, start nox with one of those (with the commands of "
            f"README.rst: python{names.split()[-1]} -m venv --clear .venv, then go on as there)"
        )


def pages(session: nox.Session) -> list[str]:
    """Return the arguments after --, and all pages where these name none."""
    named = any(Path(argument).exists() for argument in session.posargs)
    return [*([] if named else ["docs"]), *session.posargs]


def run_tests(session: nox.Session, *arguments: str) -> None:
    """Run tests on all cores; what fails there has to pass when it's tried again, alone.

    The tests start servers, browsers and shells, and a machine that's busy with others of them
    fails one now and then. Both results are printed. Pages are never tried again.
    """
    try:
        session.run("pytest", "--cache-clear", *WORKERS, *arguments)
    except CommandFailed as failed:
        if failed.reason != "Returned code 1":
            raise
        session.warn("tests failed, and are tried once more, alone")
        again = ["--last-failed", "--last-failed-no-failures", "none"]
        session.run("pytest", *again, *arguments)


@session(PYTEST, default=False)
def tutorial(session: nox.Session) -> None:
    """Run the pages, or those named after --, on a live PostgreSQL, and show each step."""
    check_python(session)
    install(session)
    session.run("pytest", *RUN, "--runthrough-show-steps", *PAGE_WORKERS, *pages(session))


@session(PYTEST, default=False)
def update(session: nox.Session) -> None:
    """Run the pages, or those named after --, and rewrite the outputs and listings that differ."""
    check_python(session)
    install(session)
    session.run("pytest", "--runthrough", "--runthrough-update", *pages(session))


@session(PYTEST)
def tests(session: nox.Session) -> None:
    """Run all tests, run runthrough's pages and the tutorial; after -- only the tests named."""
    check_python(session)
    install(session)
    session.install("--no-compile", "-c", LOCK, "-r", BROWSER_LOCK)
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    run_tests(session, "--dist", "worksteal", f"{ENGINE}/tests")
    run_tests(session, "--dist", "worksteal", "tests")
    session.run("pytest", "--runthrough", *PAGE_WORKERS, REFERENCE, README, "docs/tutorial")


@session(PYTEST, default=False)
def lowest(session: nox.Session) -> None:
    """Run tests of runthrough with the lowest versions it declares; after -- only those named."""
    declared = [requirement.replace(">=", "==", 1) for requirement in requirements()]
    session.install("--no-compile", *declared, *needed_by_tests(), "-e", ENGINE)
    session.run("pytest", *(session.posargs or PLUGIN_TESTS))


@session(PYTEST, default=False, venv_backend="virtualenv")  # uv has no --upgrade-strategy
def newest(session: nox.Session) -> None:
    """Run tests of runthrough with the newest versions, without the lock file."""
    upgrade = ["--no-compile", "--upgrade", "--upgrade-strategy", "eager"]
    session.install(*upgrade, *requirements(), *needed_by_tests(), "-e", ENGINE)
    session.run("pytest", *(session.posargs or PLUGIN_TESTS))


@session(PYTEST, default=False, venv_backend="virtualenv")
def unpinned(session: nox.Session) -> None:
    """Run all pages, or those named after --, with the newest versions, without the lock file."""
    check_python(session)
    needed = f"{LOCK.removesuffix('txt')}in"
    upgrade = ["--no-compile", "--upgrade", "--upgrade-strategy", "eager"]
    session.install(*upgrade, "-r", needed, "-e", ENGINE)
    session.run("python", "-m", "pip", "list")
    session.run("pytest", "--runthrough", *PAGE_WORKERS, *pages(session))


def requirements() -> list[str]:
    """Return what runthrough declares that it needs, its database server included."""
    project = nox.project.load_toml(f"{ENGINE}/pyproject.toml")["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["postgres"]]


def needed_by_tests() -> list[str]:
    """Return what the tests of runthrough need beyond that."""
    return list(nox.project.load_toml(f"{ENGINE}/pyproject.toml")["dependency-groups"]["test"])


@session(NOTHING, python=DECLARED, default=False)
def versions(session: nox.Session) -> None:
    """Try a small site with each pytest and Sphinx; nox skips and names a missing Python."""
    (lowest_sphinx,) = (need for need in requirements() if need.startswith("sphinx>="))
    sphinxes = [lowest_sphinx.replace(">=", "=="), "sphinx"]
    session.install("--no-compile", "-e", ENGINE)
    rows, failed = [], False
    for pytest, sphinx in itertools.product(PYTESTS, sphinxes):
        session.install("--no-compile", "--upgrade", pytest, sphinx, "pytest-xdist")
        ask = "from importlib.metadata import version as v; print(v('pytest'), v('sphinx'))"
        found = session.run("python", "-c", ask, silent=True, log=False)
        assert isinstance(found, str)
        try:
            with session.chdir(ENGINE):
                session.run("python", "-m", "tests.small_site", log=False)
            verdict = "passed"
        except CommandFailed:
            verdict, failed = "FAILED", True
        rows.append("{:<10}{:<10}{}".format(*found.split(), verdict))
    table = "\n".join(["pytest    Sphinx    small site", *rows])
    session.log(f"On Python {session.python}:\n{table}")
    if failed:
        session.error("The small site isn't right everywhere; what was printed is above.")


@session(NOTHING)
def lint(session: nox.Session) -> None:
    """Check style, types, spelling and markup."""
    install(session)
    folders = (Path(), Path(ENGINE), Path("alembic_sample"))
    texts = [str(text) for folder in folders for text in sorted(folder.glob("*.rst"))]
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    with session.chdir(ENGINE):
        session.run("mypy")
    session.run("sphinx-lint", "--ignore", "_build", "docs", REFERENCE, *texts)
    # Not the tests: they misspell on purpose.
    ours = ("docs", "matrix", "site_tests", "noxfile.py")
    engines = [f"{ENGINE}/{folder}" for folder in ("src", "bench", "docs")]
    session.run("codespell", *ours, *engines, *texts)
    for text in texts:
        # What a forge renders is plain docutils, without Sphinx's directives.
        session.run("docutils", "--strict", text, os.devnull, silent=True)
    session.run("zizmor", "--offline", "--quiet", ".github")
    for schema, pattern in FORGES.items():
        files = map(str, sorted(Path().glob(pattern)))
        transform = ["--data-transform", "gitlab-ci"] if "gitlab" in schema else []
        session.run("check-jsonschema", "--builtin-schema", schema, *transform, *files)


@session(f"{NO_RUN}, and options of sphinx-build")
def docs(session: nox.Session) -> None:
    """Run the pages and build the site with what came of it; `-- --no-run` builds alone."""
    install(session)
    if NO_RUN not in session.posargs:
        check_python(session)
        kept = os.environ.get(CACHE)
        known = ["--runthrough-cache", kept] if kept else ["--runthrough-reuse"]
        session.run("pytest", *RUN, *known, *PAGE_WORKERS, "docs")
    options = [option for option in session.posargs if option != NO_RUN]
    build_reference(session, *options)
    built = build(session, "html", *options)
    build(session, "epub", *options)
    build(session, "singlehtml", *options)  # what Read the Docs packs for download
    session.log(f"The site is ready: open {Path(built, 'index.html').resolve().as_uri()}")


@session(PYTEST, default=False)
def site(session: nox.Session) -> None:
    """Build the site and try it in a browser of this machine; arguments after -- go to pytest."""
    install(session)
    session.install("--no-compile", "-c", LOCK, "-r", BROWSER_LOCK)
    build_reference(session)
    build(session, "html")
    named = any(argument.startswith("site_tests") for argument in session.posargs)
    files = [] if named else ["site_tests"]
    run_tests(session, "-rs", "--dist", "loadscope", *files, *session.posargs)


@session(PROGRAM, default=False)
def lighthouse(session: nox.Session) -> None:
    """Build the site and print Lighthouse's scores of its kinds of pages; needs Node.js."""
    install(session)
    session.install("--no-compile", "-c", LOCK, "-r", BROWSER_LOCK)
    built = build(session, "html")
    session.run("python", "-m", "site_tests.lighthouse", "--site", str(built), *session.posargs)


@session("options of sphinx-autobuild", name="docs-live", default=False)
def docs_live(session: nox.Session) -> None:
    """Serve the site, build and run what a save has changed, and show which blocks hold."""
    check_python(session)
    install(session)
    session.env["RUNTHROUGH_DOCS_URL"] = ""  # what is served is this site alone
    serve = ["serve", "docs", str(BUILD / "html")]
    watched = ["--watch", "alembic_sample", "--watch", f"{ENGINE}/src"]
    command = ["runthrough", *serve, *watched, "--", *session.posargs]
    serve_until_stopped(session, *command, patience=30)


@session("options of sphinx-build", default=False)
def linkcheck(session: nox.Session) -> None:
    """Check the links to other sites; this needs the network."""
    install(session)
    build(session, "linkcheck", *session.posargs)


def build(session: nox.Session, builder: str, *options: str, source: str = "docs") -> Path:
    """Build a site with one of Sphinx's builders, and return where the result is.

    A warning is an error.
    """
    result = Path(source, "_build", builder)
    strict = ["-W", "--keep-going", "-n"]
    places = ["-d", str(result.with_name("doctrees")), source, str(result)]
    session.run("sphinx-build", *strict, "-b", builder, *options, *places)
    return result


def build_reference(session: nox.Session, *options: str) -> None:
    """Build the site of runthrough, with a link to this one as an example."""
    title = "this guide to Alembic migrations for GINO"
    session.env["RUNTHROUGH_EXAMPLE_TITLE"] = title
    session.env["RUNTHROUGH_EXAMPLE_URL"] = GUIDE
    build(session, "html", *options, source=REFERENCE)


@session(PROGRAM, default=False)
def postgres(session: nox.Session) -> None:
    """Serve the database that the tutorial's pages name, until Ctrl-C; `-- --keep DIR` keeps it."""
    install(session)
    address = "postgresql://gino:secret@localhost:5432/gino_tutorial"
    serve = ["postgres", "--like", address, *session.posargs]
    serve_until_stopped(session, "runthrough", *serve, patience=10)


def serve_until_stopped(session: nox.Session, *command: str, patience: int) -> None:
    """Run a server until Ctrl-C, and let SIGTERM do the same: nox alone would leave it running.

    After `patience` seconds, a server that hasn't ended is told again, and then killed.
    """

    def interrupt(number: int, frame: object) -> None:
        if os.getpgrp() != os.getpid():
            raise KeyboardInterrupt  # others of this group are not ours
        os.killpg(0, signal.SIGINT)

    signal.signal(signal.SIGTERM, interrupt)
    session.run(*command, interrupt_timeout=patience, terminate_timeout=5)


@session(PYTEST, default=False)
def coverage(session: nox.Session) -> None:
    """Show what runthrough's tests leave out; all of them together have to reach the floor."""
    install(session)
    # Processes that the tests start in other folders are counted too.
    session.env["COVERAGE_FILE"] = str(Path(ENGINE, ".coverage").resolve())
    every = [*WORKERS, "--dist", "worksteal", "tests"]
    with session.chdir(ENGINE):
        session.run("coverage", "erase")
        session.run("coverage", "run", "-m", "pytest", *(session.posargs or every))
        session.run("coverage", "combine", "--quiet")
        floor = ["--fail-under", "0"] if session.posargs else []
        session.run("coverage", "report", *floor)


@session(PROGRAM, default=False)
def bench(session: nox.Session) -> None:
    """Measure what the engine costs, as ratios; they are also written to bench.json."""
    install(session)
    session.env["RUNTHROUGH_BENCH_SITE"] = str(Path("docs").resolve())
    session.env["RUNTHROUGH_BENCH_PAGE"] = "tutorial/back-and-forth"
    with session.chdir(ENGINE):
        session.run("python", "-m", "bench", "bench.json", *session.posargs)


@session(PROGRAM, default=False)
def mutants(session: nox.Session) -> None:
    """Spoil pages in small ways, and count the changes that a run catches; `-- --seed 2`."""
    check_python(session)
    install(session)
    session.run("runthrough", "mutants", "docs", *session.posargs)


@session("pages, and after another -- options of pytest", default=False)
def twice(session: nox.Session) -> None:
    """Run the pages again elsewhere: another time zone, locale, user, clock; name differences."""
    check_python(session)
    install(session)
    paths, _, options = " ".join(session.posargs).partition("--")
    workers = options.split() or PAGE_WORKERS
    session.run("runthrough", "twice", *(paths.split() or ["docs"]), "--", *workers)


@session(PROGRAM, default=False)
def matrix(session: nox.Session) -> None:
    """Try which versions work together, all or `-- --only PART`; an hour; needs the network."""
    install(session)
    session.run("python", "-m", "matrix", *session.posargs, interrupt_timeout=20)


@session(PROGRAM, default=False)
def calls(session: nox.Session) -> None:
    """Run GINO's calls and SQLAlchemy 2's, write what they give; `-- --check` writes nothing."""
    install(session)
    session.run("python", "-m", "matrix.calls", *session.posargs, interrupt_timeout=20)


@session("--check", default=False)
def release(session: nox.Session) -> None:
    """Say how runthrough is published; `-- --check` builds, checks and tries what would be."""
    if session.posargs != ["--check"]:
        if session.posargs:
            session.error(f"release takes --check, and was given: {' '.join(session.posargs)}")
        session.log(
            "A tag runthrough-vVERSION starts .github/workflows/release.yml, which uploads. To try "
            "all but the upload: nox -s release -- --check"
        )
        return
    groups = nox.project.load_toml(f"{ENGINE}/pyproject.toml")["dependency-groups"]
    session.install("--no-compile", *groups["release"])
    built = Path(ENGINE, "dist")
    for old in built.glob("runthrough-*"):
        old.unlink()
    session.run("python", "-m", "build", "--outdir", str(built), ENGINE)
    (wheel,), (source,) = built.glob("*.whl"), built.glob("*.tar.gz")
    session.run("twine", "check", "--strict", str(wheel), str(source))
    session.run("check-wheel-contents", str(wheel))
    session.run("validate-pyproject", f"{ENGINE}/pyproject.toml")
    # Of its ten points, two are for a public address and a mail address.
    session.run("pyroma", "--min", "8", str(source))
    tried = [python for python in map(python_named, DECLARED) if python]
    if not tried:
        session.error("None of the Pythons that runthrough is for was found to try the wheel on.")
    for python in tried:
        place = Path(session.create_tmp(), f"from-wheel-{Path(python).name}").resolve()
        session.run(python, "-m", "venv", "--clear", str(place), external=True)
        fresh = str(place / "bin" / "python")
        needed = [f"{wheel.resolve()}[postgres]", "myst-parser", "pytest-xdist"]
        quiet = ["--quiet", "--disable-pip-version-check", "--no-compile"]
        session.run(fresh, "-m", "pip", "install", *quiet, *needed, external=True)
        with session.chdir(ENGINE):
            session.run(fresh, "-m", "tests.small_site", external=True)
            session.run(fresh, "-m", "tests.examples", external=True)
    names = ", ".join(tried)
    session.log(f"{source.name} and {wheel.name} are ready in {built}, tried on {names}.")


def python_named(version: str) -> str | None:
    """Return the name of a Python of this machine, or None where it can't be started."""
    name = f"python{version}"
    found = shutil.which(name)
    works = found and subprocess.run([found, "-c", ""], capture_output=True, check=False)
    return name if works and works.returncode == 0 else None


@session("--check", default=False)
def licences(session: nox.Session) -> None:
    """Write the licences of all dependencies to LICENCES.rst; `-- --check` only compares."""
    if session.posargs not in ([], ["--check"]):
        session.error(f"licences takes --check, and was given: {' '.join(session.posargs)}")
    install(session)
    session.install("--no-compile", "-c", LOCK, "-r", BROWSER_LOCK)
    locks = [LOCK, BROWSER_LOCK]
    session.run("python", ".ci/licences.py", LICENCES, *locks, *session.posargs)


@session("options of uv pip compile", default=False)
def lock(session: nox.Session) -> None:
    """Compile requirements-docs.in, and what site adds; `-- --upgrade` takes newer versions."""
    session.install("uv>=0.10")
    compile_lock(session, LOCK)
    compile_lock(session, BROWSER_LOCK, "--constraints", LOCK)


def compile_lock(session: nox.Session, lock: str, *options: str) -> None:
    """Write a lock file from the file beside it that says what is needed."""
    session.run(
        *("uv", "pip", "compile", lock.removesuffix("txt") + "in", "--output-file", lock),
        *options,
        # One version of each package for every Python from 3.11 on, on every platform.
        *("--universal", "--python-version", "3.11", "--fork-strategy", "fewest"),
        # A release that was tampered with is mostly found out and withdrawn within days.
        *("--exclude-newer", "14 days"),
        *("--custom-compile-command", "nox -s lock"),
        *session.posargs,
        silent=True,
    )
