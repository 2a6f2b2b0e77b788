"""Find out whether a correction may be written into its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from runthrough.git import Git, Obstacle
from runthrough.outcomes import Correction
from runthrough.places import shown
from runthrough.updating.writing import Source, SourceError

ANYWAY = "--update-anyway"


@dataclass
class Reviewer:
    """Reviews the corrections of a run, and keeps the sources as they were then."""

    anyway: bool = False
    """Whether files with uncommitted changes may be rewritten."""
    sources: dict[Path, Source] = field(default_factory=dict)
    """By the resolved path."""
    git: Git = field(default_factory=Git)
    obstacles: dict[Path, Obstacle | None] = field(default_factory=dict)

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
            if (link := link_on_way(file)) is not None:
                return (
                    f"{shown(file)}: {shown(link)} is a symbolic link, and an update writes "
                    f"through none. Change {shown(target)} yourself, or use '{ANYWAY}'"
                )
            if target not in self.obstacles:
                self.obstacles[target] = self.git.obstacle(target)
            if (obstacle := self.obstacles[target]) is not None:
                return f"{shown(file)}: {obstacle.what}. {obstacle.advice} first, or use '{ANYWAY}'"
        return None


def link_on_way(file: Path) -> Path | None:
    """Return the symbolic link that a file is, or is reached through, within its repository."""
    for path in (file, *file.parents):
        if path.is_symlink():
            return path
        if (path / ".git").exists():
            break
    return None
