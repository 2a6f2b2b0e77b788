"""Check what a page says beside its commands and files: excerpts, values, leftovers."""

from __future__ import annotations

import time

from runthrough.matching.alignment import search, tidy
from runthrough.matching.screen import overwrite
from runthrough.model.results import Failure, StepFailed
from runthrough.model.steps import Command, Ending, Excerpt, Mentions, Mistake
from runthrough.processes.supervised import Living
from runthrough.running.context import Stage
from runthrough.running.jobs import unfolded
from runthrough.running.printed import appears, decode

STOPPING = 5.0
"""Seconds that a process which the page has told to stop may take for it."""
PAUSE = 0.02
"""Seconds between two looks at whether it has."""


def perform_excerpt(stage: Stage, step: Excerpt) -> None:
    """Find an excerpt, line after line, in what was printed so far, whatever its indentation.

    Raises StepFailed where nothing printed it.
    """
    for line in step.lines:
        stage.check_known(line.text, line.place)
    shown = stage.story.mask(
        [line.strip() for line in tidy([overwrite(one.text) for one in step.lines])]
    )
    printed = stage.story.mask([line.strip() for line in stage.printed])
    _, length = search(shown, printed, 0)
    if length == len(shown) or (len(shown) == 1 and any(shown[0] in line for line in printed)):
        return
    raise StepFailed(
        Failure(
            step.lines[length].place,
            f"nothing has printed this line so far: {step.lines[length].text.strip()!r}",
            "Quote what a command of this walk has printed, as it was printed.",
        ),
        goes_on=stage.update,
    )


def perform_mentions(stage: Stage, step: Mentions) -> None:
    """Check that every value named in the text was introduced by an output."""
    for line in step.lines:
        stage.check_known(line.text, line.place)


def failure_of(step: Mistake) -> Failure:
    """Say what was found when the page was read."""
    return Failure(step.place, step.what, step.advice)


def perform_ending(stage: Stage, step: Ending) -> None:
    """Check that nothing that the page started is still running; raises StepFailed where it is."""
    deadline = time.monotonic() + STOPPING
    while others := left_running(stage, step):
        if time.monotonic() >= deadline:
            break
        time.sleep(PAUSE)
    else:
        check_terminal(stage)
        return
    named = "; ".join(f"process {one.pid}, {stage.story.to_page(one.command)}" for one in others)
    by = next((stage.started[one.pid] for one in others if one.pid in stage.started), None)
    advice = "Have the page stop what it has started."
    if step.continued:
        advice += " Nobody can continue from a page while something that it started still runs."
    raise StepFailed(
        Failure(
            by.place if by else step.place,
            f"still alive at the end of the walk: {named}",
            advice,
            by.text if by else None,
        )
    )


def left_running(stage: Stage, step: Ending) -> list[Living]:
    """List what still runs, but for what belongs to the session that the page ends in.

    That is a bash, which waits for its reader, and what shows the shell's output. Of a page that
    others continue, they count too, since these go on without them.
    """
    others, shell = stage.shell.process.others(), stage.shell
    if step.continued:
        return others
    return [
        one
        for one in others
        if not shell.prompts.follow(one.pid) and not shell.copies_output(one.pid)
    ]


def after_enter(stage: Stage, last: Command) -> list[str]:
    """Press Enter, and return what appears; nothing is left running that could print it late."""
    return stage.jobs.folded(decode(stage, last, stage.shell.run("")))


def check_terminal(stage: Stage) -> None:
    """Check what is on the terminal after the last command, by pressing Enter once more.

    Raises StepFailed where that is more than the page shows, or where the shell has no output.
    """
    last, redirected = stage.last, stage.redirected
    if last is None:
        return
    said = list(stage.jobs.take_note(after_enter(stage, last)))
    if said and (again := after_enter(stage, last)) and said[-len(again) :] == again:
        del said[-len(again) :]  # what PROMPT_COMMAND prints before each prompt
    if said:
        raise StepFailed(appears(last, unfolded(said)))
    if redirected is not None:
        raise StepFailed(
            Failure(
                redirected.place,
                "from this command on, the shell's own output doesn't come to the terminal: a "
                "reader no longer sees what commands print",
                "Redirect single commands, or bring the output back: 'exec > /dev/tty'.",
                redirected.text,
            )
        )
