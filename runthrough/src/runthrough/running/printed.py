"""Turn the bytes that a command printed into lines with the page's values."""

from __future__ import annotations

from collections.abc import Sequence

from runthrough.matching.alignment import tidy
from runthrough.matching.outputs import ENDS, ends
from runthrough.matching.screen import visible_lines
from runthrough.model.results import Failure, StepFailed
from runthrough.model.steps import Command
from runthrough.running.context import Context
from runthrough.shell.shell import CommandResult

SHOWN = 4000
"""Bytes at each end of an output too large to be kept that a report is made of."""


def decode(context: Context, command: Command, ran: CommandResult) -> list[str]:
    """Turn the bytes that a command printed into lines; of too many, only both ends.

    Raises StepFailed if they are not UTF-8.
    """
    if ran.left_out:
        return both_ends(context, ran)
    printed = ran.output.replace(b"\r\n", b"\n")
    # What was cut short by a time-out may end in the middle of a character.
    errors = "strict" if ran.ended == "done" else "backslashreplace"
    try:
        return [*printed_before(context, ran), *seen(context, printed.decode("utf-8", errors))]
    except UnicodeDecodeError as error:
        line = printed.count(b"\n", 0, error.start) + 1
        shown = seen(context, printed.decode("utf-8", "backslashreplace"))
        raise StepFailed(
            Failure(
                command.place,
                f"line {line} of the output isn't UTF-8: byte 0x{printed[error.start]:02x}",
                "Have the command print text, or send its output to a file.",
                command.text,
                printed=ends(shown),
            )
        ) from error


def printed_before(context: Context, ran: CommandResult) -> list[str]:
    """Return the lines that something in the background printed before a command was typed."""
    return seen(context, ran.before.replace(b"\r\n", b"\n").decode("utf-8", "backslashreplace"))


def appears(command: Command, late: Sequence[str]) -> Failure:
    """Return the failure if more appears on the terminal after a command than the page shows."""
    return Failure(
        command.place,
        "after this command, more appears on the terminal than the page shows: something that is "
        "still running printed it",
        "Show it under the command that starts what prints it, or send it to a file. If it's an "
        "error, fix the command.",
        command.text,
        printed=ends(late),
    )


def seen(context: Context, text: str) -> list[str]:
    """Return the lines that a reader sees, with the page's values."""
    return tidy(context.placeholders.lines_to_page(visible_lines(text, context.settings.columns)))


def both_ends(context: Context, ran: CommandResult) -> list[str]:
    """Return the first and the last lines of an output, and say how much is left out."""
    first, last = (
        seen(context, part.replace(b"\r\n", b"\n").decode("utf-8", "replace"))
        for part in (ran.output[:SHOWN], ran.output[-SHOWN:])
    )
    shown = [*first[:ENDS], *last[-ENDS:]]
    left_out = len(ran.output) + ran.left_out - sum(len(line) + 1 for line in shown)
    return [*first[:ENDS], f"... about {left_out / 1e6:.1f} MB left out ...", *last[-ENDS:]]
