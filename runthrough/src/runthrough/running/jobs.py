"""Background jobs: their process ids on the page and in the run, and bash's notices of their
end."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from runthrough.matching import comparison
from runthrough.matching.placeholders import Substitution

STARTED = re.compile(r"\[(?P<job>\d+)\] (?P<pid>\d+)")
ENDED = re.compile(
    r"\[(?P<job>\d+)\][ +-] +(?:Done|Terminated|(?P<other>Exit \d+|Killed|Hangup|Interrupt)) +"
    r"(?P<command>.*?)(?:  \(wd: .*\))?|\(wd now: .*\)",
    re.DOTALL,
)
"""bash's notice that a job has ended. Where `other` matches, the job may have failed."""
KILLS = re.compile(r"\b(?:kill(?! -[0l]\b)|pkill|killall)\b")
"""A command that tells jobs to end: the way they then end isn't a failure."""
BREATH = 0.3
"""Seconds that a job gets before the next command: readers don't type faster than that."""
PATIENCE = 10.0
"""Seconds that a job has to end or to print something, where the page shows that it does."""
PAUSE = 0.02
"""Seconds between two looks at whether it has."""

Look = Callable[[], tuple[Sequence[str], set[int]]]
"""Presses the Enter key, as a reader does to see whether a job has ended.

Returns what is on the terminal by then, and the process ids of what was alive right before.
"""
Lacks = Callable[[Sequence[str]], bool]
"""Says whether the page shows more lines than these, and agrees with all of them."""


@dataclass(frozen=True)
class Job:
    """A command in the background."""

    pid: int
    command: str
    """What the page types to start it, and perhaps more."""


@dataclass
class Jobs:
    """What a run knows of the jobs that its page has started."""

    last: int | None = None
    """Process id of the job started last, in the run."""
    started: dict[str, Job] = field(default_factory=dict)
    """The latest job of each job number."""
    pids: dict[str, str] = field(default_factory=dict)
    """Page's process id -> the run's."""
    stopped: set[str] = field(default_factory=set)
    """Numbers of the jobs that a command may have told to end."""
    ended: dict[str, str] = field(default_factory=dict)
    """Job number -> what bash has said of its end, until the page shows it."""
    late: list[str] = field(default_factory=list)
    """What jobs have printed after the output of the command that is being compared."""

    def to_run(self, command: str) -> str:
        """Put the run's process ids into a command."""
        return Substitution(self.pids).text(command)

    def learn(
        self, command: str, printed: Sequence[str], shown: Sequence[str], last: int | None
    ) -> None:
        """Take note of the jobs that a command has started, the last of them with the id `last`.

        What bash says then is `[1] 4242`; R prints its numbers in the same way.
        """
        if KILLS.search(command):
            self.stopped.update(self.started)
        if last is None or last == self.last:
            return
        self.last = last
        said = [match for line in printed if (match := STARTED.fullmatch(line))]
        ours = next((n for n, match in enumerate(said) if match["pid"] == str(last)), -1) + 1
        on_page = [match for line in shown if (match := STARTED.fullmatch(line))]
        for run in said[:ours]:
            self.started[run["job"]] = Job(int(run["pid"]), command)
            self.ended.pop(run["job"], None)
            self.stopped.discard(run["job"])
        for page, run in zip(on_page, said[:ours], strict=False):
            self.pids[page["pid"]] = run["pid"]
        time.sleep(BREATH)

    def to_page(
        self, printed: Sequence[str], shown: Sequence[str], look: Look, lacks: Lacks
    ) -> list[str]:
        """Return what a command printed, with process ids and notices as the page has them.

        A job ends when it ends. So bash gives its notice with this command or a later one, as
        chance has it, or keeps it to itself where the page says `wait`. The page may show it at
        any of them, or leave it out. What a job prints a moment later is waited for if the page
        shows it.
        """
        notices = self.trailing(shown)
        if self.last is not None:
            printed = self.without_early(printed, shown[: len(shown) - len(notices)])
        if len(printed) < len(shown):
            printed = self.complete(printed, shown[: len(shown) - len(notices)], look, lacks)
        if self.last is None:
            return list(printed)
        printed = self.take_note(printed)
        self.late.clear()
        said = [*filter(None, (self.notice(line, look) for line in notices))]
        return [*self.named([*printed, *self.late], shown), *said]

    def complete(
        self, printed: Sequence[str], shown: Sequence[str], look: Look, lacks: Lacks
    ) -> Sequence[str]:
        """Wait for what the page shows and has not been printed yet, as long as anything runs."""
        deadline = time.monotonic() + PATIENCE
        notices = self.trailing(printed)
        lines = [*printed[: len(printed) - len(notices)]]
        while lacks(self.named(lines, shown)) and time.monotonic() < deadline:
            said, alive = look()
            notices = [*notices, *self.trailing(said)]
            lines += said[: len(said) - len(self.trailing(said))]
            if not alive and not said:
                break
            time.sleep(PAUSE)
        return [*lines, *notices]

    def folded(self, lines: Sequence[str]) -> list[str]:
        """Make one line of each notice; bash repeats a loop over several lines."""
        folded: list[str] = []
        command = ""
        """The command of the notice that comes last, and perhaps goes on."""
        for line in lines:
            more = ENDED.fullmatch(f"{folded[-1]}\n{line}") if command and line else None
            if more and bare(more["command"]) in command:
                folded[-1] += f"\n{line}"
                continue
            found = ENDED.fullmatch(line)
            job = self.started.get(found["job"] or "") if found else None
            command = bare(job.command) if job else ""
            folded.append(line)
        return folded

    def without_early(self, printed: Sequence[str], body: Sequence[str]) -> list[str]:
        """Keep the notices that `wait` gives before an output that the page shows without them."""
        on_page = [essence(line) for line in body]
        kept = []
        for line in printed:
            found = ENDED.fullmatch(line)
            job = self.started.get(found["job"] or "") if found else None
            if (
                not found
                or not job
                or bare(found["command"]) not in bare(job.command)
                or not self.trailing([line])
                or any(comparison.same_line(shown, essence(line)) for shown in on_page)
            ):
                kept.append(line)
            else:
                self.ended[found["job"]] = line
        return kept

    def trailing(self, lines: Sequence[str]) -> Sequence[str]:
        """Return the notices at the end of an output that aren't failures."""
        start = len(lines)
        while start and (found := ENDED.fullmatch(lines[start - 1])):
            if found["other"] and found["job"] not in self.stopped:
                break
            start -= 1
        return lines[start:]

    def named(self, lines: Sequence[str], shown: Sequence[str]) -> list[str]:
        """Put the page's process ids into the lines that the page then shows."""
        substitution = Substitution({run: page for page, run in self.pids.items()})

        def name(line: str) -> str:
            named = substitution.text(line)
            if named == line or not any(comparison.same_line(other, named) for other in shown):
                return line
            return named

        return [name(line) for line in lines]

    def take_note(self, said: Sequence[str]) -> Sequence[str]:
        """Keep the notices at the end of what was said, and return the lines before them."""
        notices = self.trailing(said)
        for line in notices:
            if (notice := ENDED.fullmatch(line)) and notice["job"]:
                self.ended[notice["job"]] = line
        return said[: len(said) - len(notices)]

    def notice(self, line: str, look: Look) -> str | None:
        """Return a notice that the page shows where it is true, and what bash says where not.

        None if bash says nothing and the job hasn't ended.
        """
        shown = ENDED.fullmatch(line)
        if shown is None or shown["job"] is None:
            return line  # which folder the shell is in: later commands will show that
        job = self.started.get(shown["job"])
        deadline = time.monotonic() + PATIENCE
        while True:
            given = self.ended.pop(shown["job"], None)
            if given is not None:
                same = comparison.same_line(essence(line), essence(given))
                return line if same else given
            if time.monotonic() >= deadline:
                return None
            said, alive = look()
            self.late += self.take_note(said)
            if shown["job"] not in self.ended:
                if job is not None and job.pid not in alive:
                    return line if bare(shown["command"]) in bare(job.command) else None
                time.sleep(PAUSE)


def essence(notice: str) -> str:
    """Leave out the mark of the current job, and how far apart the columns are."""
    return " ".join(re.sub(r"\A(\[\d+\])[ +-]", r"\1 ", notice).split())


def bare(command: str) -> str:
    """Leave out what bash writes in its own way when it repeats a command."""
    return re.sub(r"\\\n|[\s;]", "", command)


def unfolded(lines: Sequence[str]) -> list[str]:
    """Take notices of several lines apart again."""
    return [part for line in lines for part in line.split("\n")]
