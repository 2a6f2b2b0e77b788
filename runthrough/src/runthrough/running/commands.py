"""Type the commands of a console block, and compare what they print with the page."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import PurePath
from typing import assert_never

from runthrough.matching.outputs import agrees, compare, ends, lacks, on_screen
from runthrough.matching.placeholders import UNKNOWN, PlaceholderError
from runthrough.model.prompts import NAME
from runthrough.model.results import Failure, StepFailed
from runthrough.model.steps import Command, Console
from runthrough.model.suggestions import Suggestion
from runthrough.processes.supervised import SupervisionError
from runthrough.running import virtualenv
from runthrough.running.context import Context
from runthrough.running.faults import failure_of
from runthrough.running.jobs import unfolded
from runthrough.running.printed import appears, decode, printed_before
from runthrough.running.project import advice_on_path, not_found_in
from runthrough.running.statements import open_python, run_statement
from runthrough.running.terminals import check_is_free, keep_running, terminal_of
from runthrough.shell.shell import LONGEST_LINE, CommandResult
from runthrough.shell.terminal import KEPT

NOT_FOUND = 127
"""Status of a command that bash hasn't found."""
CLOSED_PIPE = 141
"""Status of a program whose output is no longer read (128 + SIGPIPE), as in `yes | head`."""
ENVIRONMENTS = re.compile(rf"\(({NAME})\) ")
"""Where a prompt names the environments that are active."""
SHELLS = ("sh", "dash", "zsh", "fish", "ksh", "csh", "tcsh", "pwsh")
ANOTHER_SHELL = (
    " Only bash is followed into a nested shell: give what is typed into any other shell with "
    "':input:', too."
)
OWN_TERMINAL = (
    " If it has started a shell, as the last line suggests, that shell has a terminal of its own, "
    "which a run can't type into: skip it with ':skip: reason'."
)
PROMPT_LIKE = re.compile(r".*(?<![\d#=-])[$#%>\u276f]\s*")
"""The last line of a program that waits at a prompt, and not a progress bar."""
FIX = "Fix the command, or what should have happened before it."
SET_E_IS_ON = "; 'set -e' is on, so any failure does that"
SET_E_OFF = " Switch 'set -e' off first, with 'set +e'."
BEFORE = (
    " Something that an earlier command left running printed the first of these lines, before "
    "this command was typed: show it where it appears, or send it to a file."
)


def run_console(context: Context, step: Console) -> None:
    """Type each command in turn.

    Raises StepFailed at the first that is not as the page says, where the site stops there, and
    at one after which nothing can be typed.
    """
    terminal = terminal_of(context, step.terminal)
    for command, after in zip_longest(step.commands, step.commands[1:]):
        context.typing = command
        if command.read_by != "shell":
            run_statement(context, step, command)
        elif after is not None and after.read_by != "shell":
            open_python(context, command)
        else:
            run_command(terminal, step, command)
    context.typing = None


def run_command(context: Context, step: Console, command: Command) -> None:
    """Type one command, and compare its status and its output with the page."""
    for number, line in enumerate(command.text.split("\n")):
        context.show(f"  {line}" if number else f"$ {line}")
    check_is_free(context, command)
    check_prompt(context, command)
    try:
        text = context.jobs.to_run(context.placeholders.command_to_run(command.text))
    except PlaceholderError as error:
        context.note_failure(Failure(command.place, str(error), UNKNOWN, command.text))
        return
    answers = [context.to_run(answer, command.place) for answer in answers_to(step, command)]
    if step.until and command == step.commands[-1]:
        start_command(context, step, command, text, answers)
        return
    try:
        ran = context.shell.run(text, answers, step.timeout or context.settings.timeout)
        context.shell.process.check()
    except SupervisionError as error:
        lost = failure_of(error, command.place, "the command was cut off")
        lost = dataclasses.replace(lost, command=command.text)
        raise StepFailed(lost, goes_on=False) from error
    context.commands += 1
    earlier, context.last = context.last, command
    context.note_started(command)
    printed = decode(context, command, ran)
    check_end(context, step, command, ran, printed)
    context.note_redirection(command)
    printed = with_jobs(context, command, ran, printed)
    failure = compare(
        context.placeholders, context.settings.errors, command, printed, step.leniency
    )
    if failure is not None and is_expanded(printed):
        what, advice = EXPANDED
        failure = dataclasses.replace(failure, place=command.place, what=what, advice=advice)
    late = printed_before(context, ran) if failure is not None else []
    if late and agrees(context.placeholders, command, printed[len(late) :], step.leniency):
        context.note_failure(appears(earlier or command, late))
        failure, printed = None, printed[len(late) :]
    elif failure is not None and late:
        failure = dataclasses.replace(failure, advice=f"{failure.advice}{BEFORE}")
    wrong = status_failure(step, command, ran, printed, failure)
    if wrong is not None:
        if advice := advice_on_path(context, printed):
            wrong = dataclasses.replace(wrong, advice=f"{wrong.advice} {advice}")
        context.note_failure(wrong)
    elif failure is not None:
        context.note_output(failure, command, printed)
    # The page's values, also of what this output has introduced.
    context.printed += context.placeholders.lines_to_page(printed)


def answers_to(step: Console, command: Command) -> tuple[str, ...]:
    """Return the answers to a command: those of its block belong to the last one there."""
    return step.answers if command == step.commands[-1] else ()


def start_command(
    context: Context, step: Console, command: Command, text: str, answers: Sequence[str]
) -> None:
    """Type a command that keeps running; raises StepFailed if it doesn't, or isn't ready."""
    context.commands += 1
    limit = step.timeout or context.settings.timeout
    ran = keep_running(
        context,
        command,
        step.until,
        lambda reached: context.shell.start(text, answers, limit, reached),
        limit,
        step.leniency,
    )
    if ran is None:
        return
    printed = decode(context, command, ran)
    check_end(context, step, command, ran, printed)
    raise StepFailed(
        Failure(
            command.place,
            f"the command doesn't keep running: it ended with status {ran.status}, "
            f"{'after' if any(step.until in line for line in printed) else 'before'} it printed "
            f"{step.until!r}",
            "Fix the command. If it isn't meant to keep running, remove ':until:'.",
            command.text,
            printed=ends(printed),
            suggestions=(Suggestion("until", at="given"),),
        ),
        goes_on=False,
    )


def check_prompt(context: Context, command: Command) -> None:
    """Check that the environment in the page's prompt is the one that is active.

    Notes a failure where it isn't. A page whose prompts name no environment leaves it open, and
    that of `runthrough_virtualenv` may have any name or none.
    """
    if command.environment is None:
        return
    shell, named = context.shell, command.environment
    shown = ENVIRONMENTS.findall(shell.prompt)
    active = PurePath(shell.virtual_env).name
    if PurePath(shell.virtual_env) == virtualenv.folder(context.workspace.home):
        return
    if named:
        if named in shown or named == active:
            return
        what = f"the page's prompt says that the environment {named!r} is active, but it isn't"
        advice = "Show the command that activates it first, or write '$ '."
    else:
        if not (context.names_environments and active and shown):
            return
        what = f"the environment {shown[-1]!r} is active, but the page's prompt doesn't say so"
        advice = f"Write '({shown[-1]}) $ ', as this page does elsewhere, or deactivate it first."
    line = shell.prompt.rpartition("\n")[2].strip()
    advice = f"{advice} A reader's prompt is {line!r} here." if line else advice
    context.note_failure(Failure(command.place, what, advice, command.text))


def with_jobs(
    context: Context, command: Command, ran: CommandResult, printed: Sequence[str]
) -> list[str]:
    """Return what a command printed, with bash's notices of jobs where the page has them."""
    shown = on_screen(command)

    def look() -> tuple[list[str], set[int]]:
        alive = {one.pid for one in context.shell.process.others()}
        return context.jobs.folded(decode(context, command, context.shell.run(""))), alive

    context.jobs.learn(command.text, printed, shown, ran.background)
    shown = context.jobs.folded(shown)
    body = unfolded(shown[: len(shown) - len(context.jobs.trailing(shown))])

    def is_less(lines: Sequence[str]) -> bool:
        return lacks(context.placeholders, body, unfolded(lines))

    return unfolded(context.jobs.to_page(context.jobs.folded(printed), shown, look, is_less))


NO_SUCH_EVENT = ": event not found"
"""How bash's message ends if there's no such command in the history."""
EXPANDED = (
    "bash reads the '!' as a command from its history, as it does on a reader's terminal, and "
    "runs nothing of this line",
    "Put the text in single quotes, where '!' is an ordinary character, or leave it out.",
)


def is_expanded(printed: Sequence[str]) -> bool:
    """Return whether bash has read a '!' as a command from its history, and found none."""
    return any(line.startswith("bash: ") and line.endswith(NO_SUCH_EVENT) for line in printed)


def check_end(
    context: Context, step: Console, command: Command, ran: CommandResult, printed: Sequence[str]
) -> None:
    """Raise StepFailed for a command that hasn't ended by itself."""
    if ran.ended == "done" and not ran.left_out:
        return
    failure = not_ended(context, step, command, ran, printed)
    raise StepFailed(failure, goes_on=None if ran.ended in ("done", "long") else False)


def not_ended(
    context: Context, step: Console, command: Command, ran: CommandResult, printed: Sequence[str]
) -> Failure:
    """Return the failure of a command that hasn't ended by itself, or has printed too much."""
    limit = step.timeout or context.settings.timeout

    def failure(what: str, advice: str, *suggestions: Suggestion) -> Failure:
        return Failure(
            command.place,
            what,
            advice,
            command.text,
            printed=ends(printed),
            suggestions=suggestions,
        )

    match ran.ended:
        case "done":
            return failure(
                f"the command printed {(len(ran.output) + ran.left_out) / 1e6:.1f} MB; "
                f"no page shows more than {2 * KEPT / 1e6:g} MB",
                "Have it print less, or send its output to a file.",
            )
        case "timeout" | "running":
            also = f", and {unasked(step, ran)}" if step.answers and ran.unsaid else ""
            asks = bool(printed) and PROMPT_LIKE.fullmatch(printed[-1]) is not None
            return failure(
                f"the command hasn't ended after {limit:g} s{also}",
                "If it needs longer, add ':timeout: seconds'. If it runs until it's stopped, add "
                "':until: text' and stop it with ':interrupt:', or start it with ' &' and stop it "
                f"on the page.{OWN_TERMINAL if asks else ''}",
                Suggestion("timeout"),
                Suggestion("until"),
                Suggestion("interrupt", at="after a block"),
                *((Suggestion("skip"),) if asks else ()),
            )
        case "input":
            waiting = context.placeholders.to_page(ran.waiting.command) if ran.waiting else ""
            is_shell = PurePath(waiting.split(" ")[0]).name in SHELLS
            return failure(
                f"the command waits for input that the page doesn't give: {waiting!r} reads the "
                "terminal",
                "Give what the reader types with ':input:', or use an option that stops the "
                f"command from asking.{ANOTHER_SHELL if is_shell else ''}",
                Suggestion("input"),
            )
        case "lost":
            return failure(
                "after this command, bash no longer reports the end of a command: the page has "
                "replaced what its prompts or its builtins are made of, and runthrough can't put "
                "its own part back",
                "Leave 'builtin', /dev/tty and PROMPT_COMMAND as they are, or run the command in "
                "a shell of its own: ( ... ) or bash -c '...'.",
            )
        case "unheard":
            return failure(
                f"bash has ended the command, but hasn't come back to its prompt after {limit:g} s",
                "Check what the page puts into PS1 and PROMPT_COMMAND, which run before each "
                "prompt.",
            )
        case "unfinished" if is_expanded(printed):
            return failure(*EXPANDED)
        case "unfinished":
            return failure(
                "the command isn't complete: bash waits for more",
                "Close the quote, the bracket or the here-document.",
            )
        case "early":
            return failure(
                "the first lines are a complete command by themselves, so bash ran them alone",
                "Write a prompt before each command.",
            )
        case "long":
            return failure(
                f"a line of the command has more than {LONGEST_LINE} bytes, which is the most "
                "that a terminal takes",
                "Break the line, or put the text in a file.",
            )
        case "gone":
            errexit = "errexit" in ran.options
            return failure(
                f"the command ended the shell (status {ran.status}) and, with it, the reader's "
                f"session{SET_E_IS_ON if errexit else ''}",
                "Run what exits in a shell of its own: ( ... ) or bash -c '...'."
                f"{SET_E_OFF if errexit else ''}",
            )
        case _:
            assert_never(ran.ended)


def status_failure(
    step: Console,
    command: Command,
    ran: CommandResult,
    printed: Sequence[str],
    other: Failure | None,
) -> Failure | None:
    """Return what is wrong with a command's status or its answers, and how its output differs."""
    parts = ran.parts if len(ran.parts) > 1 and not command.text.lstrip().startswith("!") else ()
    expected = command.status
    bad = [status for status in parts[:-1] if status not in (0, CLOSED_PIPE, expected)]
    what = ""
    if step.leniency.status and command.output and other is None:
        pass  # it shows what it prints, so a reader sees that it's meant
    elif expected not in (ran.status, status_without_closed_pipes(ran)):
        what = f"the command ended with status {ran.status}; the page expects {expected}"
    elif bad:
        what = f"a part of the pipeline failed: its parts ended with {' | '.join(map(str, parts))}"
    missing = "" if what or other is not None else missing_program(command, printed)
    if missing:
        what = f"bash hasn't found {missing!r}, although the command ended with status {ran.status}"
    if ran.unsaid:
        what += f"{', and ' if what else ''}{unasked(step, ran)}"
    if not what:
        return None
    if ran.unsaid:
        advice = (
            "An answer is only typed when something reads the terminal. Remove it from ':input:', "
            "or find out why the command no longer asks."
        )
        suggestion = Suggestion("input", at="given")
    elif expected:
        advice = f"Fix the command, or correct ':status: {expected}'."
        suggestion = Suggestion("status", at="given")
    elif ran.status == NOT_FOUND or missing:
        advice = f"{FIX} If a run can't have this command, skip it with ':skip: reason'."
        suggestion = Suggestion("skip")
    else:
        number = "" if bad else str(ran.status)  # that of a part isn't that of the command
        advice = f"{FIX} If a reader is meant to see it fail, put it in a block of its own with "
        advice += f"':status: {number}'." if number else "':status:'."
        suggestion = Suggestion("status", number, at="block" if number else "given")
    if other is not None:
        return dataclasses.replace(
            other,
            place=command.place,
            what=f"{what}, and {other.what}",
            advice=advice,
            suggestions=(suggestion,),
        )
    return Failure(
        command.place,
        what,
        advice,
        command.text,
        printed=ends(printed),
        suggestions=(suggestion,),
    )


def missing_program(command: Command, printed: Sequence[str]) -> str:
    """Return the program that a reader is told is missing, by a page that shows no output.

    `echo "$(brew)"` ends with status 0 even so. After `||`, a page says what to do then; one that
    gives another status expects a failure.
    """
    if command.output or command.status or "||" in command.text:
        return ""
    return next(filter(None, map(not_found_in, printed)), "")


def status_without_closed_pipes(ran: CommandResult) -> int | None:
    """Return the status that a command has without `set -o pipefail`, if that makes it 141.

    The last part has then ended well, and a part before it only because nothing reads any more.
    """
    closed = ran.status == CLOSED_PIPE and "pipefail" in ran.options
    return ran.parts[-1] if closed and len(ran.parts) > 1 else ran.status


def unasked(step: Console, ran: CommandResult) -> str:
    """Return which answers of the page nothing has asked for."""
    asked = len(step.answers) - ran.unsaid
    left = step.answers[asked]
    if asked:
        return f"the command asked for {asked} of {len(step.answers)} answers, but not for {left!r}"
    return f"nothing asked for the answer {left!r}"
