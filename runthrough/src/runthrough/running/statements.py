"""Type the statements of a page into Python, and compare what they print with the page."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Sequence

from runthrough.matching.outputs import compare, ends
from runthrough.matching.placeholders import UNKNOWN, PlaceholderError
from runthrough.model.results import Failure, StepFailed
from runthrough.model.steps import PROMPTS, Command, Console
from runthrough.model.suggestions import Suggestion
from runthrough.running.context import Context
from runthrough.running.printed import decode
from runthrough.running.project import advice_on_path
from runthrough.shell.interpreter import Interpreter, Ran
from runthrough.shell.shell import CommandResult

TRACEBACK = "Traceback (most recent call last):"
EXITS = ("exit", "quit", "SystemExit")
"""What ends Python where a page says so."""


def open_python(context: Context, command: Command) -> None:
    """Start the Python that a command of the page opens; raises StepFailed if it doesn't."""
    context.show(f"$ {command.text}")
    context.commands += 1
    start_python(context, command, shlex.join(shlex.split(command.text)))


def python_for(context: Context, command: Command) -> Interpreter:
    """Return the Python that waits for a statement, or start the one that its prompt speaks of."""
    python = context.python
    if command.read_by == "python":
        return python or start_python(context, command)
    if python is not None and python.is_ipython:
        return python
    return start_python(context, command, "ipython")


def start_python(context: Context, command: Command, program: str = "") -> Interpreter:
    """Start a Python in the shell's folder; raises StepFailed if there's none."""
    context.end_python()
    python = Interpreter(context.shell, program, context.settings.columns)
    if python.started.ended == "done":
        context.python = python
        return python
    python.end()
    printed = printed_by(context, command, python.started)
    raise StepFailed(
        Failure(
            command.place,
            f"Python doesn't start here (status {python.started.status})",
            "Install it on the page, or run the page on a machine that has it. "
            f"{advice_on_path(context, printed) or ''}".strip(),
            command.text,
            printed=ends(printed),
        )
    )


def as_typed(command: Command) -> str:
    """Return a statement as a reader sees it while it's typed."""
    further = "... " if command.read_by == "python" else "...: "
    return f"{PROMPTS[command.read_by]} " + command.text.replace("\n", f"\n{further}")


def run_statement(context: Context, step: Console, command: Command) -> None:
    """Type a statement to the page's Python, and compare what it prints with the page."""
    for line in as_typed(command).split("\n"):
        context.show(line)
    try:
        text = context.placeholders.to_run(command.text)
    except PlaceholderError as error:
        context.note_failure(Failure(command.place, str(error), UNKNOWN, as_typed(command)))
        return
    python = python_for(context, command)
    limit = step.timeout or context.settings.timeout
    ran = python.run(text, limit)
    context.commands += 1
    printed = printed_by(context, command, ran)
    if ran.ended in ("gone", "input", "timeout"):
        context.end_python()
    if (failure := unfinished(command, ran, limit, printed)) is not None:
        context.note_failure(failure)
        return
    output, compared = list(command.output), list(printed)
    del output[stack_in([line.text for line in output])], compared[stack_in(printed)]
    shown = dataclasses.replace(command, output=tuple(output))
    difference = compare(
        context.placeholders, context.settings.errors, shown, compared, step.leniency
    )
    if ran.ended == "failed" and not command.output:
        context.note_failure(
            Failure(
                command.place,
                "this statement raises an error, but the page shows none",
                "Fix the statement, or what should have happened before it. If a reader is meant "
                "to see the error, show it.",
                as_typed(command),
                printed=ends(printed),
            )
        )
    elif difference is not None:
        failure = dataclasses.replace(difference, command=as_typed(command))
        context.note_output(failure, shown, compared)
    context.printed += context.placeholders.lines_to_page(printed)


def printed_by(context: Context, command: Command, ran: Ran) -> list[str]:
    """Return the lines that a statement has printed, with the page's values."""
    return decode(context, command, CommandResult("done", ran.output))


def unfinished(command: Command, ran: Ran, limit: float, printed: Sequence[str]) -> Failure | None:
    """Return why a statement hasn't ended; None if it has."""
    if ran.ended == "gone" and ran.status == 0 and any(one in command.text for one in EXITS):
        return None
    status = "" if ran.status is None else f" (status {ran.status})"
    said = {
        "gone": (f"this statement ended Python{status}", "Find out why.", ()),
        "input": (
            "this statement waits for input, but a page can't type any into Python",
            "Remove the part that asks for it.",
            (),
        ),
        "timeout": (
            f"this statement hasn't ended after {limit:g} s",
            "If it needs longer, add ':timeout: seconds'.",
            (Suggestion("timeout"),),
        ),
        "open": (
            "this statement isn't complete: Python waits for more",
            "Write '... ' before its other lines.",
            (),
        ),
    }
    if ran.ended not in said:
        return None
    what, advice, suggestions = said[ran.ended]
    return Failure(
        command.place,
        what,
        advice,
        as_typed(command),
        printed=ends(printed),
        suggestions=suggestions,
    )


def stack_in(texts: Sequence[str]) -> slice:
    """Find the calls in a traceback, which doctest doesn't compare: pages show some, or none."""
    if TRACEBACK not in texts:
        return slice(0, 0)
    start = end = texts.index(TRACEBACK) + 1
    while end < len(texts) and (not texts[end].strip() or texts[end][0] in " \t."):
        end += 1
    return slice(start, end)
