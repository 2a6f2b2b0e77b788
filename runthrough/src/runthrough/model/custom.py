"""Kinds of step that a project defines by itself."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from runthrough.model.places import Place
from runthrough.model.steps import Step


class StepContext(Protocol):
    """What a step of a project's own is run with: the reader at this point of the page."""

    @property
    def directory(self) -> Path:
        """The folder that the reader is in."""

    def locate(self, path: str, place: Place) -> Path:
        """Return the file that a path of the page means; raises StepFailed for one elsewhere."""

    def to_run(self, text: str, place: Place) -> str:
        """Return a text of the page with the run's values for those that differ in every run.

        Raises StepFailed where the page has not shown a value before.
        """

    def to_page(self, text: str) -> str:
        """Return a text of the run as the page would write it, with the page's values."""


@dataclass(frozen=True)
class CustomStep(Step):
    """Base of the kinds of step that a project defines: frozen dataclasses in a module of its own.

    The fields are what the step asks. A change of one of them, or of the module, makes recorded
    results and snapshots invalid.
    """

    @abstractmethod
    def run(self, context: StepContext) -> None:
        """Do what the step asks; raise StepFailed (see `fail`) where a reader would get stuck."""
