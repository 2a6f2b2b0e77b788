"""Read a diff block, and apply it to the lines of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from runthrough.model.places import Place
from runthrough.model.steps import Line
from runthrough.model.suggestions import Suggestion

Hunk = tuple[Line, ...]

GIT_HEADERS = ("diff ", "index ", "new file mode ", "deleted file mode ")
NO_LINE_END = "\\ No newline at end of file"
"""What git and diff write below the last line of a file that ends without a line end."""


class PatchError(Exception):
    """A diff block can't be read, or doesn't fit the file."""

    def __init__(self, place: Place, what: str, advice: str, *suggestions: Suggestion) -> None:
        super().__init__(what)
        self.place, self.what, self.advice = place, what, advice
        self.suggestions = suggestions


def read_hunks(lines: Sequence[Line]) -> tuple[Hunk, ...]:
    """Split a diff block at its `@@` lines; file headers and notes on line ends are skipped.

    Raises PatchError at a line that is neither context nor removed nor added, for a hunk that
    changes nothing or gives no line to find its place by, and for a diff that creates or deletes
    the file.
    """
    hunks: list[list[Line]] = [[]]
    for line in without_headers(lines):
        if line.text.startswith("@@"):
            hunks.append([])
        elif line.text.rstrip() == NO_LINE_END:
            continue
        elif line.text and line.text[0] not in " +-":
            raise PatchError(
                line.place,
                f"this line of a diff begins with {line.text[0]!r}",
                "Begin it with ' ' (kept), '-' (removed) or '+' (added).",
            )
        else:
            hunks[-1].append(line)
    filled = [tuple(hunk) for hunk in hunks if hunk]
    if not filled:
        raise changes_nothing(lines[0].place)
    for hunk in filled:
        check_hunk(hunk)
    return tuple(filled)


def without_headers(lines: Sequence[Line]) -> Sequence[Line]:
    """Skip a diff's file headers; `---` and `+++` are headers only one after the other.

    A removed comment of SQL looks like the first of them. Raises PatchError if a header says that
    the diff creates or deletes the file.
    """
    start = 0
    while start < len(lines) and lines[start].text.startswith(GIT_HEADERS):
        start += 1
    pair = lines[start : start + 2]
    if [line.text[:4] for line in pair] != ["--- ", "+++ "]:
        return lines[start:]
    before, after = (line.text[4:].split("\t")[0].strip() for line in pair)
    if before == "/dev/null":
        raise PatchError(
            pair[0].place,
            "this diff creates a file, but a diff block only changes lines of a file",
            "Show the file's lines in a block with ':create:'.",
            Suggestion("create", at="another block"),
        )
    if after == "/dev/null":
        raise PatchError(
            pair[1].place,
            "this diff deletes its file, but a diff block only changes lines of a file",
            "Show the command that deletes the file, such as 'rm'.",
        )
    return lines[start + 2 :]


def check_hunk(hunk: Hunk) -> None:
    """Refuse a hunk that changes nothing, or that could go anywhere."""
    if not any(line.text[:1] in ("+", "-") for line in hunk):
        raise changes_nothing(hunk[0].place)
    if all(line.text[:1] == "+" for line in hunk):
        raise PatchError(
            hunk[0].place,
            "this diff only adds lines, so it's not clear where they go",
            "Show a line before or after them, or show them in a block with ':append:'.",
            Suggestion("append", at="another block"),
        )


def changes_nothing(place: Place) -> PatchError:
    """Return the error for a diff, or a hunk of it, that has no changed line."""
    return PatchError(
        place,
        "this diff changes nothing",
        "Begin added lines with '+' and removed ones with '-'.",
    )


def old_lines(hunk: Hunk) -> tuple[Line, ...]:
    """Return the lines that a hunk expects in the file: those that it keeps or removes."""
    return tuple(bare(line) for line in hunk if not line.text.startswith("+"))


def changed(hunk: Hunk, found: Sequence[str], typed: Callable[[Line], str]) -> Iterator[str]:
    """Yield the new lines of the file, where `found` are its lines for the old ones.

    Lines that the hunk keeps stay as they are in the file, with blanks at their ends that no reader
    sees. Added lines end like the first one found, as an editor does it.
    """
    line_end = "\r" if found[0].endswith("\r") else ""
    left = iter(found)
    for line in hunk:
        if line.text.startswith("+"):
            yield typed(bare(line)) + line_end
            continue
        held = next(left)
        if not line.text.startswith("-"):
            yield held


def bare(line: Line) -> Line:
    """Return a line of a diff without its sign."""
    return Line(line.text[1:], line.place)
