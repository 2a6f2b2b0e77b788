"""Which function runs each kind of step: a new kind is one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from runthrough.model.custom import CustomStep
from runthrough.model.results import Failure, StepFailed
from runthrough.model.steps import (
    Console,
    EndCheck,
    Excerpt,
    Export,
    FurtherOutput,
    InlineValues,
    Interrupt,
    Listing,
    Patch,
    Request,
    Screenshot,
    Step,
)
from runthrough.running.checks import check_excerpt, check_inline_values, check_page_end
from runthrough.running.commands import run_console
from runthrough.running.context import Context
from runthrough.running.exporting import run_export
from runthrough.running.faults import last_calls
from runthrough.running.files import run_listing, run_patch
from runthrough.running.requests import run_request
from runthrough.running.screenshots import run_screenshot
from runthrough.running.terminals import run_further_output, run_interrupt

KINDS: dict[type[Step], Callable[[Context, Any], None]] = {
    Console: run_console,
    Listing: run_listing,
    Patch: run_patch,
    Excerpt: check_excerpt,
    FurtherOutput: run_further_output,
    Interrupt: run_interrupt,
    Request: run_request,
    Screenshot: run_screenshot,
    InlineValues: check_inline_values,
    Export: run_export,
    EndCheck: check_page_end,
}
"""Each function raises StepFailed where a reader would get stuck."""


def run(context: Context, step: Step) -> None:
    """Do what a step asks.

    Raises StepFailed if a reader would get stuck, TypeError for an unknown kind.
    """
    if isinstance(step, CustomStep):
        run_custom(context, step)
        return
    if type(step) not in KINDS:
        raise TypeError(f"nothing runs a step of the kind {type(step).__name__}")
    KINDS[type(step)](context, step)


def run_custom(context: Context, step: CustomStep) -> None:
    """Run a step of a project's own kind; errors in its code are reported as the project's."""
    context.show(step.title)
    try:
        step.run(context)
    except StepFailed:
        raise
    except Exception as error:
        kind = f"{type(step).__module__}.{type(step).__qualname__}"
        raised = context.to_page(f"{type(error).__name__}: {error}")
        raise StepFailed(
            Failure(
                step.place,
                f"the step's own code, {kind}.run, raised {raised}",
                "Fix that code. Where a reader would get stuck, it must raise what "
                "runthrough.fail returns.",
                printed=tuple(map(context.to_page, last_calls(error)[1:])),
            )
        ) from error
