"""Follow a site's pages as a reader would, and fail where a reader would get stuck.

Add `runthrough` to the extensions in conf.py, and the options of a page's code blocks can say what
each block asks of the reader. `runthrough run docs`, or `pytest --runthrough docs`, then does what
the pages ask, in a live shell and database.

The names in `__all__` are for other programs. Each is loaded when it's first used, so a build that
only imports `runthrough` loads nothing else. Everything else in this package is internal, and can
change in any version.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from runthrough._version import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from runthrough.model.address import Address
    from runthrough.model.converting import SettingsError
    from runthrough.model.custom import CustomStep, StepContext
    from runthrough.model.dialects import COMMON, STRICT, TERMINAL, Dialect, DialectError
    from runthrough.model.errorlines import ERRORS
    from runthrough.model.places import Place
    from runthrough.model.prompts import PROMPT_TEXT
    from runthrough.model.report import explain
    from runthrough.model.results import (
        Blocked,
        Difference,
        Failure,
        Result,
        StepFailed,
        Verdict,
        fail,
    )
    from runthrough.model.settings import Settings
    from runthrough.model.site import ReadingError, Site
    from runthrough.model.steps import (
        Command,
        Console,
        EndCheck,
        Excerpt,
        Export,
        InlineValues,
        Leniency,
        Line,
        Listing,
        OtherTab,
        Page,
        PageProblem,
        Patch,
        Skip,
        Step,
        Unchecked,
    )
    from runthrough.reading.custom import add_step, place_of
    from runthrough.reading.session import read_session
    from runthrough.reading.site import read_site
    from runthrough.running.page_run import Options, PageStart
    from runthrough.running.runner import Runner
    from runthrough.services import (
        Instance,
        Launch,
        Placeholder,
        RunningService,
        Service,
        ServiceError,
    )
    from runthrough.services.postgresql.binaries import Binaries, find_binaries
    from runthrough.services.postgresql.errors import DatabaseError
    from runthrough.services.postgresql.opening import open_server
    from runthrough.services.postgresql.server import Database, Server
    from runthrough.services.programs import port_for, run_program

__all__ = [
    "COMMON",
    "ERRORS",
    "PROMPT_TEXT",
    "STRICT",
    "TERMINAL",
    "Address",
    "Binaries",
    "Blocked",
    "Command",
    "Console",
    "CustomStep",
    "Database",
    "DatabaseError",
    "Dialect",
    "DialectError",
    "Difference",
    "EndCheck",
    "Excerpt",
    "Export",
    "Failure",
    "InlineValues",
    "Instance",
    "Launch",
    "Leniency",
    "Line",
    "Listing",
    "Options",
    "OtherTab",
    "Page",
    "PageProblem",
    "PageStart",
    "Patch",
    "Place",
    "Placeholder",
    "ReadingError",
    "Result",
    "Runner",
    "RunningService",
    "Server",
    "Service",
    "ServiceError",
    "Settings",
    "SettingsError",
    "Site",
    "Skip",
    "Step",
    "StepContext",
    "StepFailed",
    "Unchecked",
    "Verdict",
    "__version__",
    "add_step",
    "explain",
    "fail",
    "find_binaries",
    "open_server",
    "place_of",
    "port_for",
    "read_session",
    "read_site",
    "run_program",
    "setup",
]

HOMES = {
    "model.address": ("Address",),
    "model.converting": ("SettingsError",),
    "model.custom": ("CustomStep", "StepContext"),
    "model.dialects": ("COMMON", "STRICT", "TERMINAL", "Dialect", "DialectError"),
    "model.errorlines": ("ERRORS",),
    "model.places": ("Place",),
    "model.prompts": ("PROMPT_TEXT",),
    "model.report": ("explain",),
    "model.results": (
        *("Blocked", "Difference", "Failure", "Result", "StepFailed", "Verdict", "fail"),
    ),
    "model.settings": ("Settings",),
    "model.site": ("ReadingError", "Site"),
    "model.steps": (
        *("Command", "Console", "EndCheck", "Excerpt", "Export", "InlineValues"),
        *("Leniency", "Line"),
        *("Listing", "OtherTab", "Page", "PageProblem", "Patch", "Skip", "Step", "Unchecked"),
    ),
    "reading.custom": ("add_step", "place_of"),
    "reading.session": ("read_session",),
    "reading.site": ("read_site",),
    "running.page_run": ("Options", "PageStart"),
    "running.runner": ("Runner",),
    "services": (
        *("Instance", "Launch", "Placeholder", "RunningService", "Service", "ServiceError"),
    ),
    "services.postgresql.binaries": ("Binaries", "find_binaries"),
    "services.postgresql.errors": ("DatabaseError",),
    "services.postgresql.opening": ("open_server",),
    "services.postgresql.server": ("Database", "Server"),
    "services.programs": ("port_for", "run_program"),
}
"""The module of each public name that is loaded when it's first used."""


def __getattr__(name: str) -> Any:
    """Load a public name."""
    for module, names in HOMES.items():
        if name in names:
            value = getattr(import_module(f"runthrough.{module}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'runthrough' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, those included that aren't loaded yet."""
    return sorted({*globals(), *__all__})


def setup(app: Sphinx) -> dict[str, Any]:
    """Let Sphinx load the package by its plain name."""
    from runthrough.pages import extension as badges
    from runthrough.reading import extension

    badges.setup(app)
    return extension.setup(app)
