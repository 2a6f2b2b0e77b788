"""What pytest collects: a file for each page, an item for each step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from _pytest.outcomes import Skipped

from runthrough.outcomes import StepFailed
from runthrough.plugin.closing import Said, said_of
from runthrough.report import blocked_by, explain
from runthrough.steps import Page, Step
from runthrough.walking.walks import CANNOT_BEGIN, Walks


@dataclass
class Broken:
    """Why a site cannot be read."""

    reason: str
    said: bool = False


class BrokenSite(pytest.File):
    """A file of a site that cannot be read; the first that is asked for says why."""

    def __init__(self, *, broken: Broken, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.broken = broken

    def collect(self) -> Iterator[pytest.Item]:
        if not self.broken.said:
            self.broken.said = True
            raise self.CollectError(self.broken.reason)
        return iter(())


class PageFile(pytest.File):
    """A page of a site."""

    def __init__(self, *, page: Page, walks: Walks, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.page, self.walks = page, walks

    def collect(self) -> Iterator[pytest.Item]:
        for position, title in enumerate(self.page.titles):
            name = title.replace("::", ":")  # '::' separates the parts of a node's name
            yield StepItem.from_parent(
                self, name=name, page=self.page, position=position, walks=self.walks
            )


class StepItem(pytest.Item):
    """A step of a page."""

    def __init__(self, *, page: Page, position: int, walks: Walks, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.page, self.position, self.walks = page, position, walks
        self.said: Said | None = None
        """What became of the step, once it was performed."""

    @property
    def step(self) -> Step:
        return self.page.steps[self.position]

    @property
    def order(self) -> tuple[int, int]:
        """Where the step comes in reading order."""
        return self.walks.site.pages.index(self.page), self.position

    def runtest(self) -> None:
        if self.walks.obstacle is not None:
            raise skipped("blocked: no walk can begin")
        outcome = self.walks.outcome(self.page, self.position)
        self.said = said_of(self.page, self.step, outcome, self.walks)
        self.user_properties.append(("place", self.said["place"]))
        self.user_properties.append(("verdict", outcome.verdict))
        if outcome.failure is not None:
            raise StepFailed(outcome.failure)
        if outcome.verdict == "waived":
            self.walks.options.show(f"  {self.step.title}")
            raise skipped(f"waived: {getattr(self.step, 'reason', '')}")
        if outcome.verdict == "unchecked":
            raise skipped("neither a step nor waived")
        if outcome.blocked is not None:
            if not self.is_reported(outcome.blocked.docname, outcome.blocked.position):
                raise StepFailed(outcome.blocked.failure)
            raise skipped(blocked_by(outcome.blocked.failure.place))

    def is_reported(self, docname: str, position: int) -> bool:
        """Tell whether the step that blocks this one is red by itself in this run."""
        failed = self.walks.outcomes.get((docname, position))
        return (
            failed is not None
            and failed.verdict == "failed"
            and any(
                isinstance(item, StepItem)
                and item.walks is self.walks
                and (item.page.docname, item.position) == (docname, position)
                for item in self.session.items
            )
        )

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, StepFailed):
            return explain(excinfo.value.failure, self.page.file)
        if isinstance(excinfo.value, CANNOT_BEGIN):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.step.place.file, self.step.place.line - 1, self.name


def skipped(reason: str) -> Skipped:
    """Make the exception that says that a step was not performed, at the step's own place."""
    return Skipped(reason, _use_item_location=True)
