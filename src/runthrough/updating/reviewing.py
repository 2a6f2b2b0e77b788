"""Find out whether a correction may be written into its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from runthrough.outcomes import Correction
from runthrough.places import shown
from runthrough.updating.committed import uncommitted
from runthrough.updating.writing import Source, SourceError

ANYWAY = "--update-anyway"


@dataclass
class Reviewer:
    """Reviews the corrections of a run, and keeps the sources as they were then."""

    anyway: bool = False
    """Whether files with uncommitted changes may be rewritten."""
    sources: dict[Path, Source] = field(default_factory=dict)
    """By the resolved path: what a link leads to is rewritten, not the link."""
    obstacles: dict[Path, str | None] = field(default_factory=dict)

    def __call__(self, correction: Correction) -> str | None:
        """Tell why a correction must not be written; None where it may be."""
        file = correction.place.file
        target = file.resolve()
        try:
            if target not in self.sources:
                self.sources[target] = Source.read(target)
            self.sources[target].margin(correction)
        except SourceError as error:
            return f"{shown(file)}: {error}"
        if not self.anyway:
            if target not in self.obstacles:
                self.obstacles[target] = uncommitted(target)
            if (obstacle := self.obstacles[target]) is not None:
                return f"{shown(file)}: {obstacle}, or use '{ANYWAY}'"
        return None
