"""Check what a page says besides its commands and files: excerpts, values, leftovers."""

from __future__ import annotations

import time

from runthrough.matching.alignment import tidy
from runthrough.matching.comparison import is_part, search
from runthrough.matching.screen import overwrite
from runthrough.model.results import Failure, StepFailed
from runthrough.model.steps import Command, EndCheck, Excerpt, InlineValues
from runthrough.processes.supervised import ProcessInfo
from runthrough.running.context import Context
from runthrough.running.jobs import unfolded
from runthrough.running.printed import appears, decode
from runthrough.running.terminals import NOT_CONTINUED, check_nothing_runs, terminals

STOPPING = 5.0
"""Seconds that a process which the page has told to stop may take for it."""
PAUSE = 0.02
"""Seconds between two looks at whether it has."""


def check_excerpt(context: Context, step: Excerpt) -> None:
    """Find an excerpt, line after line, in what was printed so far, whatever its indentation.

    Raises StepFailed if nothing printed it.
    """
    for line in step.lines:
        context.check_known(line.text, line.place)
    shown = context.placeholders.normalise(
        [line.strip() for line in tidy([overwrite(one.text) for one in step.lines])]
    )
    printed = context.placeholders.normalise([line.strip() for line in context.printed])
    _, length = search(shown, printed, 0)
    if length == len(shown) or (
        len(shown) == 1 and any(is_part(shown[0], line) for line in printed)
    ):
        return
    place, text = step.lines[length].place, step.lines[length].text.strip()
    what = (
        f"this line hasn't been printed right after the one above it: {text!r}"
        if length and shown[length] in printed
        else f"nothing has printed this line so far: {text!r}"
    )
    raise StepFailed(
        Failure(
            place,
            what,
            "Quote what a command of this run has printed, as it was printed.",
        ),
        goes_on=context.update or None,
    )


def check_inline_values(context: Context, step: InlineValues) -> None:
    """Check that every value named in the text was introduced by an output."""
    for line in step.lines:
        context.check_known(line.text, line.place)


def check_page_end(context: Context, step: EndCheck) -> None:
    """Check that nothing that the page started is still running; raises StepFailed if it is."""
    context.end_python()
    check_nothing_runs(context, continued=step.continued)
    for terminal in terminals(context):
        check_terminal_end(terminal, step)
    context.end_terminals()


def check_terminal_end(context: Context, step: EndCheck) -> None:
    """Check that nothing is still running that was started in a terminal of the page."""
    deadline = time.monotonic() + STOPPING
    while others := left_running(context, step):
        if time.monotonic() >= deadline:
            break
        time.sleep(PAUSE)
    else:
        check_terminal(context)
        return
    named = "; ".join(
        f"process {one.pid}, {context.placeholders.to_page(one.command)}" for one in others
    )
    by = next((context.started[one.pid] for one in others if one.pid in context.started), None)
    advice = "Have the page stop what it started."
    if step.continued:
        advice += NOT_CONTINUED
    raise StepFailed(
        Failure(
            by.place if by else step.place,
            f"still alive at the end of the run: {named}",
            advice,
            by.text if by else None,
        ),
        goes_on=False,
    )


def left_running(context: Context, step: EndCheck) -> list[ProcessInfo]:
    """List what still runs, except for what belongs to the session that the page ends in.

    That is a bash, which waits for its reader, and what shows the shell's output. Of a page that
    others continue, they count too, since these go on without them.
    """
    others, shell = context.shell.process.others(), context.shell
    if step.continued:
        return others
    return [
        one
        for one in others
        if not shell.prompts.follow(one.pid) and not shell.copies_output(one.pid)
    ]


def after_enter(context: Context, last: Command) -> list[str]:
    """Press Enter, and return what appears; nothing is left running that could print it late."""
    return context.jobs.folded(decode(context, last, context.shell.run("")))


def check_terminal(context: Context) -> None:
    """Check what is on the terminal after the last command, by pressing Enter once more.

    Raises StepFailed if that is more than the page shows, or if the shell has no output.
    """
    last, redirected = context.last, context.redirected
    if last is None:
        return
    said = list(context.jobs.take_note(after_enter(context, last)))
    if said and (again := after_enter(context, last)) and said[-len(again) :] == again:
        del said[-len(again) :]  # what PROMPT_COMMAND prints before each prompt
    if said:
        raise StepFailed(appears(last, unfolded(said)))
    if redirected is not None:
        raise StepFailed(
            Failure(
                redirected.place,
                "from this command on, the shell's output no longer goes to the terminal, so a "
                "reader doesn't see what commands print",
                "Redirect single commands only, or send the output back to the terminal: 'exec > "
                "/dev/tty'.",
                redirected.text,
            ),
            goes_on=False,
        )
