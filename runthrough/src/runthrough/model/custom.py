"""Kinds of step that a project defines itself."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from runthrough.model.places import Place
from runthrough.model.steps import Step


class StepContext(Protocol):
    """What a project's own step runs with: the reader's state at this point of the page."""

    @property
    def directory(self) -> Path:
        """The reader's current folder."""

    def locate(self, path: str, place: Place) -> Path:
        """Return the file that a path on the page means; raises StepFailed if it's elsewhere."""

    def to_run(self, text: str, place: Place) -> str:
        """Return a text from the page with the run's values for those that differ in every run.

        Raises StepFailed if the page hasn't shown a value before.
        """

    def to_page(self, text: str) -> str:
        """Return a text from the run as the page would show it, with the page's values."""


@dataclass(frozen=True)
class CustomStep(Step):
    """Base class of a project's own kinds of step: frozen dataclasses in a module of their own.

    The fields say what the step asks. If one of them changes, or the module does, recorded results
    and snapshots become invalid.
    """

    @abstractmethod
    def run(self, context: StepContext) -> None:
        """Do what the step asks; raise StepFailed (see `fail`) where a reader would get stuck."""
