"""Which function runs each kind of step: a new kind is one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from runthrough.model.custom import CustomStep
from runthrough.model.steps import (
    Console,
    EndCheck,
    Excerpt,
    Export,
    InlineValues,
    Listing,
    Patch,
    Step,
)
from runthrough.running.checks import check_excerpt, check_inline_values, check_page_end
from runthrough.running.commands import run_console
from runthrough.running.context import Context
from runthrough.running.exporting import run_export
from runthrough.running.files import run_listing, run_patch

KINDS: dict[type[Step], Callable[[Context, Any], None]] = {
    Console: run_console,
    Listing: run_listing,
    Patch: run_patch,
    Excerpt: check_excerpt,
    InlineValues: check_inline_values,
    Export: run_export,
    EndCheck: check_page_end,
}
"""Each function raises StepFailed where a reader would get stuck."""


def run(context: Context, step: Step) -> None:
    """Do what a step asks.

    Raises StepFailed where a reader would get stuck, TypeError for a kind that nothing runs.
    """
    if isinstance(step, CustomStep):
        context.show(step.title)
        step.run(context)
        return
    if type(step) not in KINDS:
        raise TypeError(f"nothing runs a step of the kind {type(step).__name__}")
    KINDS[type(step)](context, step)
