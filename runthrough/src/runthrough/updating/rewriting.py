"""Write the corrections of a run into their sources, unless they would be read otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runthrough.model.places import Place, shown
from runthrough.model.report import counted, indented, visible
from runthrough.model.results import Correction, Result
from runthrough.model.steps import Page
from runthrough.sources.replacing import ChangedError, replace
from runthrough.updating.conflicts import Key, conflicts, misread
from runthrough.updating.sources import Source

CHANGED = "the file was changed while the pages were run; run it again"
Noted = tuple[Key, Correction]
"""A correction, and the step that it belongs to."""


class ReadFailed(Exception):
    """The pages can no longer be read."""


@dataclass
class Update:
    """What happens to the corrections that the run of one site has noted."""

    pages: Sequence[Page]
    results: Mapping[Key, Result]
    asked: set[Key]
    """The steps of the pages that a person wants to be updated."""
    sources: Mapping[Path, Source]
    """Each file to be written, by its resolved path, as it was when it was reviewed."""
    reread: Callable[[], Sequence[Page]]
    """Reads the pages again; raises ReadFailed if that's impossible."""
    written: list[Correction] = field(default_factory=list)
    refused: list[tuple[Correction, str]] = field(default_factory=list)
    """What was not written, and why."""
    unrestored: list[tuple[Path, str]] = field(default_factory=list)
    """Files with lines of an attempt that couldn't be undone, and why."""

    def apply(self) -> None:
        """Write what can be written, and note why the rest can't."""
        chosen = list(self.agreed())
        while chosen and (wrong := self.attempt([one for _, one in chosen])):
            blamed = self.blamed(chosen, wrong)
            reason = next(iter(wrong.values()))
            self.refuse(((key, one) for key, one in chosen if one.place in blamed), reason)
            chosen = [(key, one) for key, one in chosen if one.place not in blamed]
        self.written = sorted({one for _, one in chosen}, key=lambda one: one.place)

    def blamed(self, chosen: Sequence[Noted], wrong: Mapping[Key, str]) -> set[Place]:
        """Return where corrections are made that have steps read wrongly.

        They belong to such a step, or to another of its page, or to some other page.
        """
        pages = {docname for docname, _ in wrong}
        return (
            {one.place for key, one in chosen if key in wrong}
            or {one.place for key, one in chosen if key[0] in pages}
            or {one.place for _, one in chosen}
        )

    def refuse(self, noted: Iterable[Noted], reason: str) -> None:
        """Note why some corrections are not written; each only once."""
        self.refused += {one: reason for _, one in noted}.items()

    def agreed(self) -> Iterator[Noted]:
        """Yield the corrections that nothing known by now rules out."""
        against = {
            (key, one.place): other for key, one, other in conflicts(self.pages, self.results)
        }
        places = {
            (page.docname, position): step.place
            for page in self.pages
            for position, step in enumerate(page.steps)
        }
        given = [path for page in self.pages for path in page.starts_with]
        for key, result in self.results.items():
            for one in result.corrections:
                target = one.place.file.resolve()
                if other := against.get((key, one.place)):
                    page = next(page for page in self.pages if page.docname == other[0])
                    reason = f"the step at {places[other]}, on {page.docname}, needs other lines"
                elif key not in self.asked:
                    reason = "the run wasn't asked for this step"
                elif any(target.is_relative_to(one) for one in given):
                    reason = "readers start with this file, and it was still right then"
                elif not is_unchanged(target, self.sources[target].data):
                    reason = CHANGED
                else:
                    yield key, one
                    continue
                self.refused.append((one, reason))

    def attempt(self, corrections: Sequence[Correction]) -> dict[Key, str]:
        """Write corrections, and read the pages again.

        Returns the steps that would be read otherwise, with the reason; the sources are as they
        were if there are any.
        """
        by_file: dict[Path, set[Correction]] = defaultdict(set)
        for one in corrections:
            by_file[one.place.file.resolve()].add(one)
        made: dict[Path, bytes] = {}
        held = False
        try:
            for file, ones in by_file.items():
                new = self.sources[file].rewritten(ones)
                replace(file, new, self.sources[file].data)
                made[file] = new
            steps = misread(self.pages, self.reread(), corrections)
            wrong = dict.fromkeys(steps, "written there, it would be read as something else")
            held = not wrong
        except (OSError, ReadFailed, ChangedError) as error:
            wrong = dict.fromkeys(self.results, reason_of(error))
        finally:
            if not held:
                self.restore(made)
        return wrong

    def restore(self, made: Mapping[Path, bytes]) -> None:
        """Write files as they were; one that a person has changed since then is left, and named."""
        for file, new in made.items():
            try:
                if new != self.sources[file].data:
                    replace(file, self.sources[file].data, new)
            except (OSError, ChangedError) as error:
                self.unrestored.append((file, reason_of(error)))


def reason_of(error: Exception) -> str:
    """Return why a source wasn't written; the names of files in an error are our own."""
    if isinstance(error, ChangedError):
        return CHANGED
    return getattr(error, "strerror", None) or str(error)


def is_unchanged(file: Path, data: bytes) -> bool:
    """Return whether a file still has the content that was reviewed."""
    try:
        return file.read_bytes() == data
    except OSError:
        return False


def changed_lines(correction: Correction) -> int:
    """Count the lines that a correction changes, adds or removes."""
    return max(len(correction.old), len(correction.new))


def rows(correction: Correction) -> list[str]:
    """Write a correction as the rows of a unified diff."""
    return [*(f"-{line}" for line in correction.old), *(f"+{line}" for line in correction.new)]


def told(
    written: Sequence[Correction],
    refused: Sequence[tuple[Correction, str]],
    unrestored: Sequence[tuple[Path, str]] = (),
) -> Iterator[str]:
    """Yield a few lines for each correction: where, what, and why if it was not written."""
    for file, reason in unrestored:
        yield visible(
            f"not restored {shown(file)}: {reason}. Lines that belong to this update are still "
            "in it: compare it with 'git diff'"
        )
    for one in written:
        yield f"rewritten {one.place}\n{indented(rows(one))}"
    for one, reason in refused:
        yield (
            visible(f"not rewritten {one.place}: {one.failure.what}; {reason}")
            + f"\n{indented(rows(one))}"
        )


def summed_up(written: Sequence[Correction]) -> str:
    """Return how many lines of how many files were rewritten."""
    lines = sum(map(changed_lines, written))
    files = len({one.place.file.resolve() for one in written})
    return f"rewrote {counted(lines, 'lines')} of {counted(files, 'files')}"
