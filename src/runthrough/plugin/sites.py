"""The sites of one run of pytest, and which file is which page of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from runthrough.converting import SettingsError
from runthrough.plugin.reading import read
from runthrough.plugin.sharing import Shared
from runthrough.reading.finding import find_confdir, may_be_page
from runthrough.reading.site import ReadingError, Site
from runthrough.steps import Page
from runthrough.walking.walk import Options
from runthrough.walking.walks import Walks


@dataclass
class Broken:
    """Why a site can't be read."""

    confdir: Path
    reason: str
    said: bool = False


@dataclass(frozen=True)
class Found:
    """A page, and what performs it."""

    page: Page
    walks: Walks


@dataclass
class Sites:
    """Reads each site once, when the first file that may be one of its pages is collected."""

    config: pytest.Config
    options: Options
    given: Mapping[Path, Shared]
    """Sites that another process has read, and what we share with it, by their folder."""
    known: dict[Path, Site | Broken] = field(default_factory=dict)
    """By the folder of conf.py, without symbolic links."""
    walks: dict[Path, Walks] = field(default_factory=dict)
    """By the same."""

    def find(self, file: Path) -> Found | Broken | None:
        """Return what a file is: a page, a part of a site that can't be read, or neither."""
        for way in dict.fromkeys([file, Path(os.path.realpath(file))]):
            confdir = find_confdir(way)
            if confdir is None or not may_be_page(way, confdir):
                continue
            real = Path(os.path.realpath(confdir))
            site = self.site(confdir, real)
            if isinstance(site, Broken):
                return site
            page = page_at(site, way.relative_to(confdir))
            if page is not None:
                return Found(page, self.walks[real])
        return None

    def site(self, confdir: Path, real: Path) -> Site | Broken:
        """Return a site, which is read at the first time."""
        if real not in self.known:
            shared = self.given.get(confdir)
            try:
                self.known[real] = site = shared.site if shared else read(self.config, confdir)
                self.walks[real] = Walks(site, self.options, shared.common if shared else None)
            except (ReadingError, SettingsError) as error:
                self.known[real] = Broken(confdir, str(error))
        return self.known[real]

    def read_at(self, confdir: Path) -> Site | Broken | None:
        """Return a site if it was read, whatever path leads to its folder."""
        return self.known.get(Path(os.path.realpath(confdir)))


def page_at(site: Site, relative: Path) -> Page | None:
    """Return the page whose file is at a path below the folder of conf.py."""
    return next((page for page in site.pages if page.file == site.confdir / relative), None)
