"""What pytest collects: a file for each page, an item for each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, assert_never

import pytest

from runthrough.model.places import Place, shown
from runthrough.model.report import blocked_by, explain_all, visible
from runthrough.model.results import Failure, Result, StepFailed
from runthrough.model.steps import SIDE_FILE, Page, Step
from runthrough.plugin import _compat
from runthrough.plugin.markers import ExpectedFailure, expected_failure, markers_of
from runthrough.plugin.sites import Broken
from runthrough.reading.side_entry import with_entry
from runthrough.running.runner import CANNOT_BEGIN, Runner


class BrokenSite(pytest.File):
    """A file of a site that can't be read; the first that is asked for says why."""

    def __init__(self, *, broken: Broken, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.broken = broken

    def collect(self) -> Iterator[pytest.Item]:
        if not self.broken.said:
            self.broken.said = True
            raise self.CollectError("\n".join(map(visible, self.broken.reason.split("\n"))))
        return iter(())


class PageFile(pytest.Module):
    """A page of a site: a module for pytest, so that fixtures with that scope hold for a page."""

    obj = None
    """It isn't backed by a Python module."""

    def __init__(self, *, page: Page, runner: Runner, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.page, self.runner = page, runner
        self.advised: dict[str, Place] = {}
        """What reports on the page have advised, and where first."""
        markers = markers_of(self.session, page)
        self.expected_failure = expected_failure(self.config, markers)
        for marker in markers:
            if marker.name != "xfail":  # pytest's own would hold for each step of the page
                self.add_marker(marker)

    def collect(self) -> Iterator[pytest.Item]:
        for position, name in enumerate(names(self.page.titles, self.page.path)):
            yield StepItem.from_parent(
                self,
                name=name,
                page=self.page,
                position=position,
                runner=self.runner,
                expected=self.expected_failure,
            )


def names(titles: Iterable[str], path: str = "") -> Iterator[str]:
    """Make the name of a test from the title of each step, each unlike all others.

    A name has no '::', which separates the parts of a test's id, and nothing that a terminal would
    act on. On a path through the site that isn't the ordinary one, it ends with its name.
    """
    end = f" [{path}]" if path else ""
    seen: Counter[str] = Counter()
    for title in titles:
        plain = visible(title)
        while "::" in plain:
            plain = plain.replace("::", ":")
        seen[plain] += 1
        yield (plain if seen[plain] == 1 else f"{plain} ({seen[plain]})") + end


class StepItem(_compat.ItemWithFixtures):
    """A step of a page."""

    def __init__(
        self,
        *,
        page: Page,
        position: int,
        runner: Runner,
        expected: ExpectedFailure | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.page, self.position, self.runner = page, position, runner
        self.expected_failure = expected
        self.judged: Result | None = None
        """The result of the step, once it was run."""

    @property
    def step(self) -> Step:
        return self.page.steps[self.position]

    @property
    def order(self) -> tuple[int, int]:
        """Where the step comes in reading order."""
        return self.runner.site.positions[self.page.docname], self.position

    def runtest(self) -> None:
        if self.runner.obstacle is not None:
            raise pytest.skip.Exception("blocked: no run can begin")
        result = self.with_entries(self.against_expectation(self.result()))
        self.judged = result
        place = result.failure.place if result.failure else self.step.place
        self.user_properties += [
            ("place", str(place)),
            ("file", shown(place.file)),
            *([] if place.line is None else [("line", place.line)]),
            ("verdict", result.verdict),
        ]
        if result.failure is not None:
            raise StepFailed(result.failure)
        match result.verdict:
            case "passed" | "failed":
                pass
            case "skipped":
                self.runner.options.show(f"  {self.step.title}")
                raise pytest.skip.Exception(
                    visible(f"skipped: {getattr(result.step, 'reason', '')}")
                )
            case "unchecked":
                raise pytest.skip.Exception("neither a step nor skipped")
            case "elsewhere":
                label = getattr(self.step, "label", "")
                raise pytest.skip.Exception(visible(f"on another path: in the tab {label!r}"))
            case "blocked":
                self.raise_blocked(result)
            case _:
                assert_never(result.verdict)

    def result(self) -> Result:
        """Run the step, and what comes before it, unless that was done already.

        A plugin may end a test from outside, as pytest-timeout does: that is the failure of the
        step which was being run. It isn't run again, nor is what comes after it.
        """
        try:
            return self.runner.result(self.page, self.position)
        except pytest.fail.Exception:
            if not self.runner.is_cut_off:
                raise
            return self.runner.result(self.page, self.position)

    def with_entries(self, result: Result) -> Result:
        """Return the result with what to write in the side file, if it has failed."""
        if result.failure is None:
            return result
        first, *further = self.with_entry(result.failures, self.page, result.step)
        return replace(result, failure=first, further=tuple(further))

    def with_entry(
        self, failures: tuple[Failure, ...], page: Page, step: Step
    ) -> tuple[Failure, ...]:
        """Return the failures of a step with what to write in the side file, if there's one."""
        has_side_file = (self.runner.site.confdir / SIDE_FILE).is_file()
        return with_entry(failures, step, page) if has_side_file else failures

    def against_expectation(self, result: Result) -> Result:
        """Return the result, or a failure if the page should have failed by its end and hasn't.

        A failure that is expected of the page gets pytest's marker, with its reason.
        """
        expected = self.expected_failure
        if expected is None:
            return result
        if result.failure is not None:
            self.add_marker(pytest.mark.xfail(reason=expected.reason))
            return result
        is_last = self.position == len(self.page.steps) - 1
        if not (is_last and expected.strict) or self.verdicts() & {"failed", "blocked"}:
            return result
        what = f"this page is expected to fail ({expected.reason}), but a reader gets through"
        advice = "Remove the xfail marker that conftest.py gives this page, or add strict=False."
        place = replace(self.step.place, line=None)
        return replace(result, verdict="failed", failure=Failure(place, what, advice))

    def verdicts(self) -> set[str]:
        """The verdicts of the steps of this page that were run."""
        return {
            result.verdict
            for (docname, _), result in self.runner.results.items()
            if docname == self.page.docname
        }

    def raise_blocked(self, result: Result) -> None:
        """Skip a step that an earlier failure blocks; show the failure if nobody else does."""
        if result.blocked is None:
            raise AssertionError(f"{self.nodeid}: blocked, but by nothing")
        page = self.runner.site.page(result.blocked.docname)
        is_known = self.is_reported(page.docname, result.blocked.position) or expected_failure(
            self.config, markers_of(self.session, page)
        )
        if not is_known:
            step = page.steps[result.blocked.position]
            (failure,) = self.with_entry((result.blocked.failure,), page, step)
            raise StepFailed(failure)
        raise pytest.skip.Exception(visible(blocked_by(result.blocked.failure.place)))

    def is_reported(self, docname: str, position: int) -> bool:
        """Return whether the step that blocks this one is red by itself in this run."""
        failed = self.runner.results.get((docname, position))
        return (
            failed is not None
            and failed.verdict == "failed"
            and any(
                isinstance(item, StepItem)
                and item.runner is self.runner
                and (item.page.docname, item.position) == (docname, position)
                for item in self.session.items
            )
        )

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, StepFailed):
            failure = excinfo.value.failure
            further = self.judged.further if self.judged and self.judged.failure is failure else ()
            said = explain_all(
                (failure, *further), self.page.file, getattr(self.parent, "advised", None)
            )
            if self.page.path:
                said += (
                    f"\n\nA reader gets here on the path {self.page.path!r} of runthrough_paths."
                )
            return self.failure_report(said, failure.place)
        if isinstance(excinfo.value, CANNOT_BEGIN):
            return self.failure_report(str(excinfo.value), self.step.place)
        return super().repr_failure(excinfo, style)

    @staticmethod
    def failure_report(text: str, place: Place) -> object:
        """Return what pytest prints of a failure at a place: one of a whole page is at line 1."""
        return _compat.failure_report(text, shown(place.file), place.line or 1)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        # Where an id ends with this text, 'pytest -v' writes '::' for each '.' in it, and prints
        # an id that doesn't exist. No id ends with a blank.
        place = self.step.place
        return place.file, None if place.line is None else place.line - 1, f"{self.name} "
