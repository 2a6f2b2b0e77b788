"""The pytest plugin: one item for each step of each page."""

from __future__ import annotations

import pytest

from runthrough.plugin import hookspecs, options


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options; running pages is opt-in, since pages are commands."""
    options.add(parser)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hooks that a conftest.py can define."""
    pluginmanager.add_hookspecs(hookspecs)


def pytest_configure(config: pytest.Config) -> None:
    """Register what keeps the run's sites and runners, where pages are to be run."""
    options.check(config)
    if not options.runs_pages(config):
        return
    # Every run of pytest loads this module; Sphinx is imported only where pages are run.
    from runthrough.shell.bash import BashError, check_system

    try:
        check_system()
    except BashError as error:
        raise pytest.UsageError(str(error)) from None
    from runthrough.plugin import _compat, batching, markers, report_page
    from runthrough.plugin.caching import use_cache
    from runthrough.plugin.recording import register
    from runthrough.plugin.run import Run
    from runthrough.plugin.sites import Controller

    markers.register(config)
    register(config)
    controller = None if _compat.is_worker(config) else Controller(config)
    if controller is not None:
        config.pluginmanager.register(controller, "runthrough-controller")
    if not options.updates(config):
        run = Run(config)
        use_cache(config, run, controller)
        config.pluginmanager.register(run, "runthrough-run")
        report_page.register(config, run.closing)
        batching.register(config, run)
        return
    from runthrough.plugin.updates import Updates, refuse_workers
    from runthrough.updating.corrections import settle_with
    from runthrough.updating.sources import Reviewer

    refuse_workers(config)
    reviewer = Reviewer(anyway=bool(config.getoption("runthrough_update_anyway")))
    run = Run(config, settle_with(reviewer))
    config.pluginmanager.register(run, "runthrough-run")
    report_page.register(config, run.closing)
    config.pluginmanager.register(Updates(run, reviewer), "runthrough-updates")
