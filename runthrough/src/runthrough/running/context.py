"""What a step is run with: the shell, the workspace, the values bound so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runthrough.matching.edits import Unsure, edits_of_output
from runthrough.matching.placeholders import UNKNOWN, PlaceholderError, Placeholders, check_known
from runthrough.model.places import Place
from runthrough.model.results import Difference, Edit, Failure, StepFailed, fail
from runthrough.model.settings import Settings
from runthrough.model.steps import Command, Line
from runthrough.running.jobs import Jobs
from runthrough.running.masking import Secrets
from runthrough.running.workspace import Workspace, WorkspaceError
from runthrough.services import Instances
from runthrough.shell.foreground import Foreground
from runthrough.shell.interpreter import Interpreter
from runthrough.shell.shell import Shell


@dataclass
class Running:
    """A command that keeps running in a terminal."""

    command: Command
    foreground: Foreground
    compared: int = 0
    """How many lines of its output the page has shown so far."""


def no_other_shell(directory: Path) -> Shell:
    """Refuse to open another terminal."""
    raise NotImplementedError(f"no other terminal can be opened in {directory}")


@dataclass
class Context:
    """Mutable state of one page's run."""

    settings: Settings
    workspace: Workspace
    shell: Shell
    placeholders: Placeholders
    show: Callable[[str], None]
    """Prints what is being run, if that was asked for."""
    instances: Instances = field(default_factory=dict)
    """What the page has of each service."""
    ports: Mapping[int, int] = field(default_factory=dict)
    """Port that the page shows -> the run's."""
    secrets: Secrets = field(default_factory=Secrets)
    """What must not be shown of the page's environment."""
    printed: list[str] = field(default_factory=list)
    """Every line printed so far, with the page's values."""
    jobs: Jobs = field(default_factory=Jobs)
    commands: int = 0
    remarks: list[str] = field(default_factory=list)
    """What the end of the run says of the step that is being run."""
    whole: str | None = None
    """The file that the step has changed, as it is after that."""
    typing: Command | None = None
    """The command that is being run."""
    started: dict[int, Command] = field(default_factory=dict)
    """Process ids, and the command after which each was first seen."""
    last: Command | None = None
    """The command that was run last."""
    redirected: Command | None = None
    """The command since which the shell's output goes elsewhere, if it does."""
    names_environments: bool = False
    """Whether the page's prompts say which virtual environment is active."""
    update: bool = False
    """Whether to rewrite the page's lines that differ from what was found."""
    update_anyway: bool = False
    """Whether that may replace pictures that git couldn't bring back."""
    export: bool = False
    """Whether to write folders of the project as the run leaves them."""
    export_outside_git: bool = False
    """Whether that may replace and remove files that aren't in a git repository."""
    differences: list[Difference] = field(default_factory=list)
    """What has differed in the step that is being run."""
    failures: list[Failure] = field(default_factory=list)
    """Where the step that is being run has gone on after a failure."""
    running: Running | None = None
    """What keeps running in the terminal."""
    python: Interpreter | None = None
    """To which the statements of a page are typed."""
    terminals: dict[str, Context] = field(default_factory=dict)
    """The other terminals of the page, by name."""
    open_shell: Callable[[Path], Shell] = no_other_shell
    """Starts a shell at another terminal, in a folder."""

    def end_python(self) -> None:
        """End the Python to which statements are typed."""
        if self.python is not None:
            self.python.end()
        self.python = None

    def end(self) -> None:
        """End every shell of the page, and all that was started from them."""
        self.end_python()
        self.end_terminals()
        self.shell.end()

    def end_terminals(self) -> None:
        """End the shells at the other terminals of the page."""
        while self.terminals:
            _, terminal = self.terminals.popitem()
            terminal.end()

    @property
    def directory(self) -> Path:
        """The folder that the reader is in."""
        return Path(self.shell.directory)

    def locate(self, path: str, place: Place, *, from_start: bool = False) -> Path:
        """Find the file that a path on the page means, from the folder that the reader is in.

        With `from_start`, the path counts from the folder in which the run starts. Raises
        StepFailed for a file outside of that folder.
        """
        folder = str(self.workspace.directory) if from_start else self.shell.directory
        try:
            return self.workspace.locate(self.to_run(path, place), folder)
        except WorkspaceError as error:
            raise fail(
                place,
                self.to_page(str(error)),
                "Name a file below the folder "
                + ("in which the run starts." if from_start else "that the reader is in."),
            ) from error

    def to_page(self, text: str) -> str:
        """Write a text of the run with the page's values."""
        return self.placeholders.to_page(text)

    def to_run(self, text: str, place: Place) -> str:
        """Put the run's values into a text of the page; fail at `place` where one is unknown."""
        try:
            return self.placeholders.to_run(text)
        except PlaceholderError as error:
            raise StepFailed(Failure(place, str(error), UNKNOWN)) from error

    def check_known(self, text: str, place: Place) -> None:
        """Fail at `place` if a text contains a capture that no output has introduced."""
        check_known(self.placeholders, text, place)

    @property
    def goes_on(self) -> bool:
        """Whether what comes after a failure is tried, where it can be."""
        return self.settings.after_failure == "continue"

    def note_failure(self, failure: Failure) -> None:
        """Remember a failure after which a reader could go on.

        Raises StepFailed if the site stops at the first one.
        """
        if not self.goes_on:
            raise StepFailed(failure)
        self.failures.append(failure)

    def note_difference(
        self,
        failure: Failure,
        expected: tuple[Line, ...],
        found: Sequence[str],
        find_edits: Callable[[], tuple[Edit, ...]],
        command: Command | None = None,
    ) -> None:
        """Remember what differs from the page; for an update, also how its lines have to change.

        `find_edits` raises Unsure if it's not clear how. It binds the values of the changed lines,
        so that what comes after can use them; what was found is written with the page's values
        after it.

        Raises StepFailed if the site stops at the first failure, and this isn't an update.
        """
        edits: tuple[Edit, ...] = ()
        unsure: str | None = ""
        if self.update or self.goes_on:
            try:
                edits, unsure = find_edits(), None
            except Unsure as error:
                unsure = str(error)
        lines = tuple(self.placeholders.lines_to_page(found))
        self.differences.append(Difference(failure, expected, lines, command, edits, unsure))
        if self.update:
            self.failures.append(failure)
        else:
            self.note_failure(failure)

    def note_output(self, failure: Failure, command: Command, printed: Sequence[str]) -> None:
        """Remember that a command printed something other than the page shows; see above."""
        errors = self.settings.errors
        self.note_difference(
            failure,
            command.output,
            printed,
            lambda: edits_of_output(self.placeholders, errors, command, printed),
            command,
        )

    def forget_noted(self) -> None:
        """Forget what was noted of the step that was run, for the next one."""
        self.failures.clear()
        self.differences.clear()
        self.remarks.clear()
        self.whole = None

    def note_redirection(self, command: Command) -> None:
        """Remember the command that has sent the shell's own output elsewhere (Linux)."""
        if self.shell.writes_to_terminal():
            self.redirected = None
        elif self.redirected is None:
            self.redirected = command

    def note_started(self, command: Command) -> None:
        """Remember which processes a command leaves running."""
        for pid in self.shell.process.children() or ():
            self.started.setdefault(pid, command)
