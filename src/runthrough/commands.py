"""Type the commands of a console block, and compare what they print with the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from runthrough.comparing import compare, ends, on_screen
from runthrough.matching import tidy
from runthrough.outcomes import Failure, StepFailed
from runthrough.screen import visible_lines
from runthrough.shell import LONGEST_LINE, Ran
from runthrough.stage import UNKNOWN, Stage
from runthrough.steps import Command, Console
from runthrough.story import StoryError

CLOSED_PIPE = 141
"""Status of a program whose reader went away (128 + SIGPIPE), as in `yes | head`."""


def perform_console(stage: Stage, step: Console) -> None:
    """Type each command in turn; raises StepFailed at the first that is not as the page says."""
    for command in step.commands:
        perform_command(stage, step, command)


def perform_command(stage: Stage, step: Console, command: Command) -> None:
    """Type one command, and hold its status and its output against the page."""
    for line in command.text.split("\n"):
        stage.show(f"$ {line}" if line is command.text.split("\n")[0] else f"  {line}")
    try:
        text = stage.jobs.to_run(stage.story.command_to_run(command.text))
    except StoryError as error:
        raise StepFailed(Failure(command.place, str(error), UNKNOWN, command.text)) from error
    answers = [stage.to_run(answer, command.place) for answer in step.answers]
    ran = stage.shell.run(text, answers, step.timeout or stage.settings.timeout)
    stage.commands += 1
    printed = decode(stage, command, ran)
    check_end(stage, step, command, ran, printed)
    shown = on_screen(command)
    stage.jobs.started(printed, shown, ran.background)
    printed = stage.jobs.to_page(
        printed, shown, enter=lambda: decode(stage, command, stage.shell.run(""))
    )
    failure = compare(stage, command, printed)
    wrong = status_failure(step, command, ran, printed, failure)
    if wrong is not None or failure is not None:
        raise StepFailed(wrong or failure)  # type: ignore[arg-type]
    stage.printed += printed


def decode(stage: Stage, command: Command, ran: Ran) -> list[str]:
    """Turn the bytes that a command printed into lines with the page's values.

    Raises StepFailed where they are not UTF-8.
    """
    try:
        text = ran.output.replace(b"\r\n", b"\n").decode("utf-8")
    except UnicodeDecodeError as error:
        if ran.left_out:  # a character may have been cut in two
            text = ran.output.replace(b"\r\n", b"\n").decode("utf-8", errors="replace")
        else:
            line = ran.output.count(b"\n", 0, error.start) + 1
            shown = ran.output.decode("utf-8", errors="backslashreplace").splitlines()
            raise StepFailed(
                Failure(
                    command.place,
                    f"line {line} of the output is not UTF-8: byte 0x{ran.output[error.start]:02x}",
                    "Have the command print text, or send its output into a file.",
                    command.text,
                    printed=ends(shown),
                )
            ) from error
    return tidy(stage.story.lines_to_page(visible_lines(text)))


def check_end(
    stage: Stage, step: Console, command: Command, ran: Ran, printed: Sequence[str]
) -> None:
    """Raise StepFailed for a command that has not come to its own end."""
    if ran.ended == "done" and not ran.left_out:
        return
    limit = step.timeout or stage.settings.timeout
    waiting = stage.story.to_page(ran.waiting.command) if ran.waiting else ""
    said = {
        "done": (
            f"the command printed {(len(ran.output) + ran.left_out) / 1e6:.1f} MB, of which "
            f"{ran.left_out / 1e6:.1f} MB in the middle were not kept; no page shows that",
            "Have it print less, or send its output into a file.",
        ),
        "timeout": (
            f"the command has not ended after {limit:g} seconds",
            "If it needs longer, add ':timeout: seconds'. If it runs until it is stopped, start "
            "it with ' &' and stop it on the page.",
        ),
        "input": (
            f"the command waits for input that the page does not give: {waiting!r} reads the "
            "terminal",
            "Give what the reader types with ':input:', or an option that makes it ask nothing.",
        ),
        "unfinished": (
            "the command is not complete: bash waits for more",
            "Close the quote, the bracket or the here-document.",
        ),
        "early": (
            "the first lines are a complete command by themselves, so bash ran them alone",
            "Write a prompt before each command.",
        ),
        "long": (
            f"a line of the command has more than {LONGEST_LINE} bytes; a terminal takes no more",
            "Break the line, or put the text into a file.",
        ),
        "gone": (
            f"the command ended the shell (status {ran.status}), and with it the reader's session",
            "Run what exits in a shell of its own: ( ... ) or bash -c '...'.",
        ),
    }
    what, advice = said[ran.ended]
    raise StepFailed(Failure(command.place, what, advice, command.text, printed=ends(printed)))


def status_failure(
    step: Console, command: Command, ran: Ran, printed: Sequence[str], other: Failure | None
) -> Failure | None:
    """Say what is wrong with a command's exit status; where its output differs, say both."""
    parts = ran.parts if len(ran.parts) > 1 and not command.text.lstrip().startswith("!") else ()
    bad = [status for status in parts[:-1] if status not in (0, CLOSED_PIPE, step.status)]
    if ran.status == step.status and not bad:
        return None
    if ran.status != step.status:
        what = f"the command ended with status {ran.status}; the page expects {step.status}"
    else:
        what = f"a part of the pipeline failed: its parts ended with {' | '.join(map(str, parts))}"
    advice = (
        "Mend the command, or what was to happen before it. If a reader is meant to see it "
        "fail, put it into a block of its own with ':status:'."
    )
    if step.status:
        advice = f"Mend the command, or ':status: {step.status}'."
    if other is not None:
        return dataclasses.replace(
            other, place=command.place, what=f"{what}, and {other.what}", advice=advice
        )
    return Failure(command.place, what, advice, command.text, printed=ends(printed))
