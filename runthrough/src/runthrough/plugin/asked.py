"""Explain why a run did nothing, or nothing for one of the command's arguments."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sphinx.util.matching import patmatch

from runthrough.model.places import shown
from runthrough.model.report import NOT_RUN, counted
from runthrough.model.site import Site
from runthrough.plugin import _compat
from runthrough.plugin.arguments import path_of
from runthrough.plugin.closing import Closing
from runthrough.plugin.sites import Broken, Sites, pages_at
from runthrough.reading.finding import ALONE, SUFFIXES, find_confdir

KEY = "runthrough_asked"
"""Where the controller of several workers finds what one of them has to say."""
EMPTY = "runthrough_allow_empty"
"""The setting of pytest with which a run that does nothing is green."""

ASKS_NOTHING = "this page asks nothing of its reader: it has no commands, no files and no diffs"


class Asked:
    """What the arguments of the command ask for, and what was collected for each."""

    def __init__(self, config: pytest.Config, sites: Sites) -> None:
        self.config, self.sites = config, sites
        self.paths = list(dict.fromkeys(path_of(config, one) for one in config.args))
        self.collected: set[Path] = set()
        """Files with a page, a test, or what may hold one."""
        self.has_pages = False
        self.said: list[str] = []
        """What a worker has found; the controller of workers collects nothing itself."""

    @property
    def is_explicit(self) -> bool:
        """Whether this very command asks for pages, and not the project's settings for each."""
        return "--runthrough" in self.config.invocation_params.args

    def is_named(self, file: Path) -> bool:
        """Return whether an argument names a file, or a folder that it's in.

        Pytest also collects what is next to the named files, and leaves it out later.
        """
        named = any(path == file or path in file.parents for path in self.paths)
        return named or bool(self.config.getoption("pyargs"))

    def note(self, file: Path, collectors: Sequence[pytest.Collector], is_page: bool) -> None:
        """Note that a file was collected."""
        self.has_pages |= is_page
        # A text file that was named has a collector for doctests, even if it contains none.
        if is_page or (collectors and file.suffix not in SUFFIXES):
            self.collected.add(file)

    def note_item(self, item: pytest.Item) -> None:
        """Note that a file contains a test."""
        self.collected.add(item.path)

    def hand_over(self, config: pytest.Config) -> None:
        """Give the controller what this worker has to say."""
        _compat.worker_output(config)[KEY] = {
            "said": list(self.unmet()),
            "has_pages": self.has_pages,
        }

    def take_over(self, output: Mapping[str, Any]) -> None:
        """Take in what a worker has to say; a worker that died says nothing."""
        found = output.get(KEY, {"said": [], "has_pages": False})
        self.said = list(dict.fromkeys([*self.said, *found["said"]]))
        self.has_pages |= found["has_pages"]

    def idle(self, closing: Closing) -> Iterator[str]:
        """Yield why nothing was run, if that is so and the project hasn't allowed it."""
        if self.config.getini(EMPTY):
            return
        if not closing.is_idle:
            return
        counts = closing.counts
        if closing.is_skipped:
            skipped = counted(counts["skipped"], "blocks")
            yield f"nothing was run: this run has {skipped}, skipped"
            return
        kinds = [
            "skipped",
            "unchecked",
            *(one for one in ("elsewhere", "unreached") if counts[one]),
        ]
        blocks = [f"{counted(counts[one], 'blocks')} {NOT_RUN[one]}" for one in kinds]
        yield (
            f"nothing was run: no command, file or edit was tried; {', '.join(blocks)}. "
            f"If that's right for this project, set {EMPTY} = true in pytest's settings."
        )

    def unmet(self) -> Iterator[str]:
        """Yield why there is nothing to run, for each argument without anything to run."""
        yield from self.said
        if self.config.getoption("numprocesses", None):
            return
        there = [path for path in self.paths if path.exists()]
        empty = [path for path in there if not self.is_met(path)]
        if not empty and self.is_explicit and not self.has_pages:
            empty = there
        for path in empty:
            if self.is_explicit or self.is_about_pages(path):
                reason = self.reason(path)
                if reason is not None:
                    yield f"{shown(path)}: nothing was run, because {reason}"

    def is_met(self, path: Path) -> bool:
        """Return whether anything was collected from a file or folder."""
        return any(path == file or path in file.parents for file in self.collected)

    def is_about_pages(self, path: Path) -> bool:
        """Return whether a path belongs to a site, or may be a page."""
        return (
            path.suffix in SUFFIXES
            or find_confdir(path) is not None
            or any(site.confdir.is_relative_to(path) for site in self.sites.known.values())
        )

    def reason(self, path: Path) -> str | None:
        """Return why there is nothing to run in a file or folder, and what to do.

        None if it was said already that the site can't be read.
        """
        if isinstance(site := self.sites.read_at(path), Broken):
            return None
        if path in self.sites.alone and site is not None:
            return ASKS_NOTHING
        ways = (path, Path(os.path.realpath(path)))
        confdir = next(filter(None, map(find_confdir, ways)), None)
        if confdir is None:
            return self.reason_without_project(path)
        known = self.sites.read_at(confdir)
        if isinstance(known, Broken):
            return None
        if known is None:
            return f"it contains no page. The pages of this site are below {shown(confdir)}"
        return reason_in(known, next(way for way in ways if way.is_relative_to(confdir)), confdir)

    def reason_without_project(self, path: Path) -> str | None:
        """Return why a path outside of Sphinx projects has no page."""
        below = [one for one in self.sites.known.values() if one.confdir.is_relative_to(path)]
        if any(isinstance(one, Broken) for one in below):
            return None
        if below:
            pages = sum(len(one.pages) for one in below if isinstance(one, Site))
            return f"none of the {counted(pages, 'pages')} below it asks anything of its reader"
        if (path / "conf.py").is_file():
            return (
                "its conf.py doesn't look like that of a Sphinx project: there's no first page, "
                "such as index.rst, next to it. Add one, or give the folder of your site"
            )
        if path.is_dir():
            return (
                "there's no Sphinx project in it: no folder in it, below it or above it has a "
                "conf.py and a first page, such as index.rst. Give the folder of your site"
            )
        suffixes = ", ".join(sorted(ALONE))
        return (
            "it isn't a page of a Sphinx project: no folder above it has a conf.py and a first "
            "page, such as index.rst. Give a page of your site, or a file that ends with one of "
            f"{suffixes}, which is read by itself"
        )


def reason_in(site: Site, path: Path, confdir: Path) -> str:
    """Return why a file or folder of a site has nothing to run.

    `confdir` is the folder of conf.py, as the path leads through it.
    """
    relative = path.relative_to(confdir)
    conf = shown(site.confdir / "conf.py")
    if pages_at(site, relative):
        return ASKS_NOTHING
    for part in (relative, *relative.parents):
        for pattern in site.patterns:
            if part.name and patmatch(part.as_posix(), pattern):
                return f"Sphinx leaves it out: exclude_patterns in {conf} has {pattern!r}"
    if path.is_dir():
        folder = site.confdir / relative
        pages = [one for one in site.pages if one.file.is_relative_to(folder)]
        if not pages:
            return f"it contains no page of {shown(site.confdir)}"
        return f"none of its {counted(len(pages), 'pages')} asks anything of its reader"
    if path.suffix not in site.suffixes:
        known = " or ".join(site.suffixes)
        return f"it isn't a page: pages of {shown(site.confdir)} end with {known} (source_suffix)"
    return f"Sphinx doesn't count it among the pages of {shown(site.confdir)}"
