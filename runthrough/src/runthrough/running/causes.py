"""Distinguish a failure that follows from an earlier one from an independent failure.

A cause is named only if it's known: both failures are about the same file, or the error that a
command printed names something that a failed step should have made, such as a table or a package.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence

from runthrough.model.results import Failure, Result
from runthrough.model.steps import Console, Listing, Patch, Step

NAMED = re.compile(
    r"(?:No module named|[Pp]ackage) [\"'`\u2018\u201c]?(?P<module>[\w.]{2,})"
    r"|[\"'`\u2018\u201c](?P<quoted>[\w./:@-]{2,})[\"'`\u2019\u201d]"
    r"|(?P<before>[\w./@-]+): (?:command not found|No such file|not found)"
    r"|(?:No such file or directory|not found|cannot find|can't find): ?(?P<after>[\w./@-]+)"
)
"""The name that an error message is about."""
ERROR = re.compile(
    r"error|exception|no such|no module|not (?:found|exist|defined|import)|n't|cannot|can not"
    r"|could not|unknown|undefined|unable|missing|fail|invalid|unrecogni[sz]ed|\bno \w+ found",
    re.IGNORECASE,
)
"""What a line has that says what went wrong; any other line may quote what it likes."""
WORD = re.compile(r"[\w./@-]+")
MOST = 4
"""Names in an error that's about them; where there are more, it lists what there could be."""
SHORTEST = 3
"""Characters of a name that isn't in a text by chance."""


def with_cause(failure: Failure, step: Step, results: Sequence[Result]) -> Failure:
    """Return a failure of a step with the place of the one that it follows from, if any does.

    `results` are those of the page's earlier steps.
    """
    about = {name for name in subjects(failure, step) if len(name) >= SHORTEST}
    for result in results:
        differing = [difference.failure for difference in result.differences]
        for earlier in result.failures:
            if isinstance(result.step, Console) and earlier in differing:
                continue  # it printed something else, and did its work
            if about & set(made_by(result.step, earlier)):
                return dataclasses.replace(failure, follows=earlier.follows or earlier.place)
    return failure


def maker_of(step: Step, results: Sequence[Result]) -> int | None:
    """Return the position of the failed or blocked step that should have made a step's file."""
    if not isinstance(step, (Listing, Patch)):
        return None
    for position, result in enumerate(results):
        made = (name for failure in result.failures for name in made_by(result.step, failure))
        if step.path in made:
            return position
    return None


def subjects(failure: Failure, step: Step) -> Iterator[str]:
    """Yield the names of what a failure is about."""
    if isinstance(step, (Listing, Patch)):
        yield step.path
    lines = [row[1:] for row in failure.difference if row.startswith("+")]
    for line in filter(ERROR.search, (*lines, *failure.printed)):
        names = list(NAMED.finditer(line))
        for found in names if len(names) <= MOST else ():
            yield next(filter(None, found.groups()))
            if found["module"]:
                yield found["module"].split(".")[0]  # what is installed


def made_by(step: Step, failure: Failure) -> Iterator[str]:
    """Yield the names of what a step should have made when it failed, as its page writes them."""
    if isinstance(step, (Listing, Patch)):
        yield step.path
    elif isinstance(step, Console) and failure.command is not None:
        for word in WORD.findall(failure.command):
            yield word
            yield word.rstrip("/").rpartition("/")[2]
