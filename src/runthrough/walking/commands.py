"""Type the commands of a console block, and compare what they print with the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from runthrough.matching.story import StoryError
from runthrough.outcomes import Failure, StepFailed
from runthrough.processes.supervised import SupervisionError
from runthrough.shell.capture import KEPT
from runthrough.shell.shell import LONGEST_LINE, Ran
from runthrough.steps import Command, Console
from runthrough.updating.outputs import note_output
from runthrough.walking.comparing import compare, ends, on_screen
from runthrough.walking.faults import failure_of
from runthrough.walking.printed import decode
from runthrough.walking.stage import UNKNOWN, Stage

CLOSED_PIPE = 141
"""Status of a program whose reader went away (128 + SIGPIPE), as in `yes | head`."""


def perform_console(stage: Stage, step: Console) -> None:
    """Type each command in turn; raises StepFailed at the first that is not as the page says."""
    for command in step.commands:
        stage.typing = command
        perform_command(stage, step, command)
    stage.typing = None
    if stage.notes is not None:
        stage.notes.fail_if_uncorrected()


def perform_command(stage: Stage, step: Console, command: Command) -> None:
    """Type one command, and hold its status and its output against the page."""
    for number, line in enumerate(command.text.split("\n")):
        stage.show(f"  {line}" if number else f"$ {line}")
    try:
        text = stage.jobs.to_run(stage.story.command_to_run(command.text))
    except StoryError as error:
        raise StepFailed(Failure(command.place, str(error), UNKNOWN, command.text)) from error
    answers = [stage.to_run(answer, command.place) for answer in step.answers]
    try:
        ran = stage.shell.run(text, answers, step.timeout or stage.settings.timeout)
        stage.shell.process.check()
    except SupervisionError as error:
        lost = failure_of(error, command.place, "the command was cut off")
        raise StepFailed(dataclasses.replace(lost, command=command.text)) from error
    stage.commands += 1
    stage.note_started(command)
    printed = decode(stage, command, ran)
    check_end(stage, step, command, ran, printed)
    printed = with_jobs(stage, command, ran, printed)
    failure = compare(stage, command, printed, fails=step.status != 0)
    wrong = status_failure(step, command, ran, printed, failure)
    if failure is not None and wrong is None and stage.notes is not None:
        note_output(stage, stage.notes, step, command, printed, failure)
        failure = None
    if wrong is not None or failure is not None:
        raise StepFailed(wrong or failure)  # type: ignore[arg-type]
    # The page's values, also of what this output has introduced.
    stage.printed += stage.story.lines_to_page(printed)


def with_jobs(stage: Stage, command: Command, ran: Ran, printed: Sequence[str]) -> list[str]:
    """Tell what a command printed as the page tells it, where bash speaks of background jobs."""
    shown = on_screen(command)

    def look() -> tuple[list[str], set[int]]:
        alive = {one.pid for one in stage.shell.process.others()}
        return decode(stage, command, stage.shell.run("")), alive

    stage.jobs.learn(command.text, printed, shown, ran.background)
    return stage.jobs.to_page(printed, shown, look)


def check_end(
    stage: Stage, step: Console, command: Command, ran: Ran, printed: Sequence[str]
) -> None:
    """Raise StepFailed for a command that has not come to its own end."""
    if ran.ended == "done" and not ran.left_out:
        return
    what, advice = words(stage, step, ran)[ran.ended]
    raise StepFailed(Failure(command.place, what, advice, command.text, printed=ends(printed)))


def words(stage: Stage, step: Console, ran: Ran) -> dict[str, tuple[str, str]]:
    """Write what each end that is none of a command's own says, and what to do about it."""
    limit = step.timeout or stage.settings.timeout
    waiting = stage.story.to_page(ran.waiting.command) if ran.waiting else ""
    return {
        "done": (
            f"the command printed {(len(ran.output) + ran.left_out) / 1e6:.1f} MB; "
            f"no page shows more than {2 * KEPT / 1e6:g} MB",
            "Have it print less, or send its output into a file.",
        ),
        "timeout": (
            f"the command has not ended after {limit:g} s",
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
            f"the command ended the shell (status {ran.status}), and with it the reader's session"
            + ("; 'set -e' is on, so whatever fails does that" if ran.errexit else ""),
            "Run what exits in a shell of its own: ( ... ) or bash -c '...'."
            + (" Switch 'set -e' off before, with 'set +e'." if ran.errexit else ""),
        ),
    }


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
