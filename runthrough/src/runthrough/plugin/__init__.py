"""The pytest plugin: one item for each step of each page."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options; running pages is opt-in, since pages are commands."""
    group = parser.getgroup("runthrough", "follow the pages of a Sphinx project")
    group.addoption(
        "--runthrough",
        action="store_true",
        help="collect Sphinx pages and do what they ask of their reader: this runs their "
        "commands on this machine",
    )
    group.addoption(
        "--runthrough-show-steps", action="store_true", help="print each step as it is run"
    )
    group.addoption(
        "--runthrough-keep",
        action="store_true",
        help="keep the folders that runs leave, and say where",
    )
    group.addoption(
        "--runthrough-export",
        action="store_true",
        help="write the folders that conf.py's runthrough_exports names, from what runs leave. "
        "Files that git holds no copy of are left as they are",
    )
    group.addoption(
        "--runthrough-export-outside-git",
        action="store_true",
        help="the same, and files that are in no git repository are replaced and removed, too",
    )
    group.addoption(
        "--runthrough-reuse",
        action="store_true",
        help="reuse what an earlier run has kept, where everything that led to it is the same "
        "and no older than a day",
    )
    group.addoption(
        "--runthrough-update",
        action="store_true",
        help="rewrite, in the sources, the outputs and shown listings that differ; this implies "
        "--runthrough-export. Files with uncommitted changes are left as they are",
    )
    group.addoption(
        "--runthrough-update-anyway",
        action="store_true",
        help="the same, and files with uncommitted changes are rewritten, too",
    )
    group.addoption(
        "--runthrough-results",
        metavar="FILE",
        help="write what becomes of each step to a JSON file, from which the site can show it; "
        "pages that this run leaves out stay in it as they are",
    )
    group.addoption(
        "--runthrough-set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="set a variable in the environment of every page, in place of the value that a page "
        "has otherwise; may be given several times",
    )
    parser.addini("runthrough", "the same as --runthrough", type="bool", default=False)
    parser.addini(
        "runthrough_allow_empty",
        "let a run be green that has pages and runs nothing of them",
        type="bool",
        default=False,
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register what keeps the run's sites and runners, where pages are to be run."""
    update = config.getoption("runthrough_update") or config.getoption("runthrough_update_anyway")
    if config.getoption("runthrough") or config.getini("runthrough"):
        export = config.getoption("runthrough_export") or config.getoption(
            "runthrough_export_outside_git"
        )
        if config.getoption("runthrough_reuse") and (export or update):
            raise pytest.UsageError(
                "--runthrough-export and --runthrough-update write what a whole run finds, so "
                "they go with no --runthrough-reuse. "
                "Leave --runthrough-reuse out."
            )
        if config.getoption("runthrough_reuse") and config.getoption("runthrough_set"):
            raise pytest.UsageError(
                "--runthrough-set changes the environment of pages, and what --runthrough-reuse "
                "keeps has "
                "been made in another. Leave one of them out."
            )
        # Every run of pytest loads this module; Sphinx is imported only where pages are run.
        from runthrough.plugin.recording import register
        from runthrough.plugin.run import Run
        from runthrough.plugin.sites import Controller

        register(config)
        if not hasattr(config, "workerinput"):
            config.pluginmanager.register(Controller(config), "runthrough-controller")
        if not update:
            config.pluginmanager.register(Run(config), "runthrough-run")
            return
        from runthrough.plugin.updates import Updates, refuse_workers
        from runthrough.updating.corrections import settle_with
        from runthrough.updating.sources import Reviewer

        refuse_workers(config)
        reviewer = Reviewer(anyway=bool(config.getoption("runthrough_update_anyway")))
        run = Run(config, settle_with(reviewer))
        config.pluginmanager.register(run, "runthrough-run")
        config.pluginmanager.register(Updates(run, reviewer), "runthrough-updates")
    elif update:
        raise pytest.UsageError(
            "--runthrough-update rewrites pages as they are run: add --runthrough"
        )
