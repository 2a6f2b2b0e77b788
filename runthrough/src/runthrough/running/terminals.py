"""Commands that keep running, in the first terminal of a page or in another one.

Each terminal of a page is a `Context`: it has a shell of its own, and shares the page's home,
services and values with the others.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from runthrough.matching.alignment import is_ellipsis, tidy
from runthrough.matching.outputs import STRICT, agrees, compare, ends, lacks, on_screen
from runthrough.matching.screen import overwrite
from runthrough.model.places import Place
from runthrough.model.results import Failure, StepFailed
from runthrough.model.steps import Command, FurtherOutput, Interrupt, Leniency, Line
from runthrough.model.suggestions import Suggestion
from runthrough.running.context import Context, Running
from runthrough.running.jobs import Jobs
from runthrough.running.printed import appears, decode, printed_before
from runthrough.shell.foreground import Foreground
from runthrough.shell.shell import CommandResult

PATIENCE = 10.0
"""Seconds that a command which keeps running has to print what the page shows of it."""
SETTLING = 0.5
"""Seconds in which it may print more, where what it has printed is already wrong."""
NOT_CONTINUED = " No page can continue from this one while something that it started still runs."
CTRL_C = "^C"
"""What a terminal shows for the key."""
INTERRUPTED = 130
"""Status of a command that Ctrl-C has ended (128 + SIGINT)."""
MEANT = frozenset({0, 124, 129, INTERRUPTED, 137, 141, 143})
"""Statuses of a command that is done, that `timeout` has ended (124), or that somebody has stopped
(128 + SIGHUP, SIGINT, SIGKILL, SIGPIPE or SIGTERM)."""


def terminal_of(context: Context, name: str) -> Context:
    """Return a terminal of the page, the first one for an empty name; it's opened if need be."""
    if not name:
        return context
    if name not in context.terminals:
        context.terminals[name] = dataclasses.replace(
            context,
            shell=context.open_shell(context.directory),
            jobs=Jobs(),
            started={},
            last=None,
            redirected=None,
            running=None,
            terminals={},
        )
    return context.terminals[name]


def terminals(context: Context) -> Iterator[Context]:
    """Yield each terminal of a page, the first one first."""
    yield context
    yield from context.terminals.values()


def named(name: str) -> str:
    """Return a terminal's name for the middle of a sentence."""
    return f"the terminal {name!r}" if name else "the first terminal"


def check_is_free(context: Context, command: Command) -> None:
    """Raise StepFailed if a command can't be typed, because another one runs."""
    running = context.running
    if running is None:
        return
    check_has_not_failed(context, command.place)
    if context.running is not None:
        raise StepFailed(
            Failure(
                command.place,
                f"nothing can be typed here: {running.command.first_line!r} (line "
                f"{running.command.place.line}) still runs in this terminal",
                "Stop it first, with a block that has ':interrupt:', or type the command in "
                "another terminal: ':terminal: name'.",
                command.text,
                suggestions=(
                    Suggestion("interrupt", at="after a block"),
                    Suggestion("terminal"),
                ),
            )
        )


def check_has_not_failed(context: Context, place: Place) -> None:
    """Raise StepFailed if what keeps running in a terminal has ended in a way nobody meant.

    Its reader sees that, even if nothing on the page needs it any more.
    """
    running = context.running
    ran = see_whether_it_ended(context)
    if running is not None and ran is not None and ran.status not in MEANT:
        raise StepFailed(ended_by_itself(context, running, ran, place))


def see_whether_it_ended(context: Context) -> CommandResult | None:
    """Look at what keeps running in a terminal; return its result if it has ended by itself."""
    running = context.running
    if running is None:
        return None
    ran = running.foreground.look()
    if not running.foreground.is_over:
        return None
    context.running = None
    context.printed += decoder(context, running.command)(ran.output)[running.compared :]
    return ran


def keep_running(
    context: Context,
    command: Command,
    until: str,
    start: Callable[[Callable[[bytes], bool]], tuple[CommandResult, Foreground | None]],
    limit: float,
    leniency: Leniency,
) -> CommandResult | None:
    """Start a command, go on once it has printed a line with a text, and compare what it printed.

    Up to that line, all that is printed has to be on the page. What the page shows after it is
    waited for. Returns the result where the command ended before, or could not be followed. Raises
    StepFailed if the text doesn't come, or if the output isn't what the page shows.
    """
    decoded = decoder(context, command)

    def line_with_text(lines: Sequence[str]) -> int | None:
        (text,) = context.placeholders.normalise([until])
        normal = context.placeholders.normalise(lines)
        return next((number for number, line in enumerate(normal, 1) if text in line), None)

    ran, foreground = start(lambda data: line_with_text(decoded(data)) is not None)
    earlier, context.last = context.last, command
    context.note_started(command)
    if foreground is None:
        return ran
    context.running = Running(command, foreground)
    if late := printed_before(context, ran):
        raise StepFailed(appears(earlier or command, late))
    lines = decoded(ran.output)
    if ran.ended == "timeout" or (reached := line_with_text(lines)) is None:
        raise StepFailed(
            Failure(
                command.place,
                f"{until!r} hasn't been printed after {limit:g} s, but the command still runs",
                "Give part of the line that it prints once it's ready. If it needs longer, add "
                "':timeout: seconds'.",
                command.text,
                printed=ends(lines),
                suggestions=(Suggestion("timeout"),),
            ),
            goes_on=False,
        )
    compare_further(context, command, at_least=reached, leniency=leniency)
    return None


def decoder(context: Context, command: Command) -> Callable[[bytes], list[str]]:
    """Return what makes lines with the page's values of all that a command has printed."""
    return lambda data: decode(context, command, CommandResult("running", data))


def run_further_output(context: Context, step: FurtherOutput) -> None:
    """Compare what a command has printed since it was looked at last; raises StepFailed."""
    terminal = terminal_of(context, step.terminal)
    context.show(step.title)
    running = in_terminal(terminal, step.terminal, step.place)
    command = dataclasses.replace(running.command, output=step.lines)
    compare_further(terminal, command)


def in_terminal(terminal: Context, name: str, place: Place) -> Running:
    """Return what runs in a terminal; raises StepFailed if nothing does."""
    running = terminal.running
    ran = see_whether_it_ended(terminal)
    if running is not None and ran is not None:
        raise StepFailed(ended_by_itself(terminal, running, ran, place))
    if running is None:
        raise StepFailed(
            Failure(
                place,
                f"nothing runs in {named(name)}",
                "Start what keeps running with a block that has ':until: text', and give the "
                "same terminal in both blocks.",
                suggestions=(Suggestion("until", at="another block"),),
            )
        )
    return running


def ended_by_itself(
    terminal: Context, running: Running, ran: CommandResult, place: Place
) -> Failure:
    """Return the failure of a command that should keep running, with what it printed."""
    lines = decoder(terminal, running.command)(ran.output)
    return Failure(
        place,
        f"{running.command.first_line!r} (line {running.command.place.line}) no longer runs: it "
        f"ended by itself, with status {ran.status}",
        "Fix it, or the step that ends it. What it printed may say why.",
        running.command.text,
        printed=ends(lines),
    )


def compare_further(
    context: Context, command: Command, at_least: int = 0, leniency: Leniency = STRICT
) -> None:
    """Compare what a running command prints with the page, which may take a moment to come.

    The page's lines have to be the next ones, `at_least` so many; what is printed after them is
    left for a later block. Raises StepFailed if they aren't.
    """
    assert context.running is not None
    running = context.running
    shown = on_screen(command)
    decoded = decoder(context, command)

    def is_decided(data: bytes) -> bool:
        lines = decoded(data)[running.compared :]
        if agreeing(context, command, lines, at_least, leniency) is not None:
            return True
        whole = lines if data.endswith(b"\n") else lines[:-1]
        may_come = any(map(is_ellipsis, shown)) or lacks(context.placeholders, shown, whole)
        return not may_come

    ran = running.foreground.look(is_decided, PATIENCE)
    printed = decoded(ran.output)[running.compared :]
    count = agreeing(context, command, printed, at_least, leniency)
    if count is None and not running.foreground.is_over:
        ran = running.foreground.look(lambda data: False, SETTLING)
        printed = decoded(ran.output)[running.compared :]
    if count is None:
        count = meant(context, command, printed, at_least, leniency)
    printed = printed[:count]
    running.compared += len(printed)
    check_output(context, command, printed, leniency)


def agreeing(
    context: Context, command: Command, printed: Sequence[str], at_least: int, leniency: Leniency
) -> int | None:
    """Return how many of the first printed lines are what the page shows; the fewest that are."""
    for count in range(at_least, len(printed) + 1):
        if agrees(context.placeholders, command, printed[:count], leniency):
            return count
    return None


def meant(
    context: Context, command: Command, printed: Sequence[str], at_least: int, leniency: Leniency
) -> int:
    """Return how many of the first printed lines to compare with a page that shows others.

    They end with the page's last line, if that's printed; else they are as many as the page's. All
    that follows belongs to later blocks, or to none.
    """
    shown = on_screen(command)
    if shown and not is_ellipsis(shown[-1]):
        number = max(n for n, line in enumerate(command.output) if line.text.strip())
        last = dataclasses.replace(command, output=command.output[number : number + 1])
        for count in range(max(at_least, 1), len(printed) + 1):
            if agrees(context.placeholders, last, printed[count - 1 : count], leniency):
                return count
    return len(printed) if any(map(is_ellipsis, shown)) else max(at_least, len(shown))


def check_output(
    context: Context, command: Command, printed: Sequence[str], leniency: Leniency = STRICT
) -> None:
    """Compare lines with the page, and note the difference.

    Raises StepFailed if the site stops at the first failure.
    """
    failure = compare(context.placeholders, context.settings.errors, command, printed, leniency)
    if failure is not None:
        context.note_output(failure, command, printed)
    context.printed += context.placeholders.lines_to_page(printed)


def run_interrupt(context: Context, step: Interrupt) -> None:
    """Press Ctrl-C, and compare what appears then.

    Lines before a `^C` of the page are what was printed before, and compared if there are any; so
    are those after it. Raises StepFailed if nothing runs, or what runs goes on.
    """
    terminal = terminal_of(context, step.terminal)
    context.show(step.title)
    running = in_terminal(terminal, step.terminal, step.place)
    at = next((n for n, one in enumerate(step.lines) if one.text.startswith(CTRL_C)), None)
    if at:
        compare_further(terminal, dataclasses.replace(running.command, output=step.lines[:at]))
    limit = step.timeout or context.settings.timeout
    ran, before = running.foreground.interrupt(limit)
    lines = decoder(terminal, running.command)(ran.output)
    if not running.foreground.is_over:
        raise StepFailed(
            Failure(
                step.place,
                f"{running.command.first_line!r} still runs {limit:g} s after Ctrl-C",
                "Fix it, or stop it as a reader can. If it needs longer, add ':timeout: seconds'.",
                running.command.text,
                printed=ends(lines),
                suggestions=(Suggestion("timeout"),),
            ),
            goes_on=False,
        )
    terminal.running = None
    context.printed += lines[running.compared :]
    ending = without_key(decoder(terminal, running.command)(ran.output[before:]))
    shown = lines_without_key(step.lines[at or 0 :])
    if shown:
        command = dataclasses.replace(running.command, output=shown, status=INTERRUPTED)
        check_output(terminal, command, ending)
        del context.printed[len(context.printed) - len(ending) :]


def without_key(printed: Sequence[str]) -> list[str]:
    """Return what was printed after the key, without what the terminal shows for it."""
    at = next((n for n, line in enumerate(printed) if line.startswith(CTRL_C)), None)
    if at is None:
        return list(printed)
    rest = printed[at].removeprefix(CTRL_C)
    return [*([rest] if rest else []), *printed[at + 1 :]]


def lines_without_key(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Do the same for lines of the page; blank ones at the end go, too."""
    if not tidy([overwrite(one.text) for one in lines]):
        return ()
    first, *others = lines
    rest = first.text.removeprefix(CTRL_C).rstrip()
    return tuple([*([dataclasses.replace(first, text=rest)] if rest else []), *others])


def check_nothing_runs(context: Context, *, continued: bool) -> None:
    """Raise StepFailed if a command keeps running in a terminal at the end of a page.

    Also if one has failed since the page looked at it last.
    """
    for terminal in terminals(context):
        running = terminal.running
        if running is None:
            continue
        check_has_not_failed(terminal, running.command.place)
        if terminal.running is None:
            continue
        name = next((name for name, one in context.terminals.items() if one is terminal), "")
        advice = "Press Ctrl-C on the page: add a block with ':interrupt:'"
        advice += f" and ':terminal: {name}'." if name else "."
        suggestions = [Suggestion("interrupt", at="after a block")]
        if name:
            suggestions.append(Suggestion("terminal", name, at="after a block"))
        if continued:
            advice += NOT_CONTINUED
        raise StepFailed(
            Failure(
                running.command.place,
                f"nothing stops {running.command.first_line!r}: it still runs in {named(name)} at "
                "the end of the page",
                advice,
                running.command.text,
                suggestions=tuple(suggestions),
            )
        )
