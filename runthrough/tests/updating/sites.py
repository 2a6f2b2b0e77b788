"""A site is written, run and updated in this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runthrough.model.results import Failure, Result
from runthrough.reading.site import read_site
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner
from runthrough.updating.corrections import settle_with
from runthrough.updating.rewriting import Update
from runthrough.updating.sources import Reviewer

CONF = """\
extensions = ["sphinx_design"]
exclude_patterns = ["included/*"]
runthrough_captures = {"revision": r"[0-9a-f]{12}"}
runthrough_patterns = {"date": r"\\d{4}-\\d\\d-\\d\\d", "duration": r"\\d+\\.\\d+s"}
"""


@dataclass(frozen=True)
class Updated:
    """What has become of a site."""

    docs: Path
    results: dict[tuple[str, int], Result]
    update: Update

    @property
    def failures(self) -> list[Failure]:
        return [one for result in self.results.values() for one in result.failures]

    @property
    def reasons(self) -> list[str]:
        return [reason for _, reason in self.update.refused]

    @property
    def written(self) -> int:
        return len(self.update.written)

    def text(self, name: str = "index.rst") -> str:
        return (self.docs / name).read_bytes().decode("utf-8")


def write_site(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files of a site below a folder that git knows nothing of."""
    docs = folder / "docs"
    for name, content in {"conf.py": CONF, **files}.items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return docs


def update_site(docs: Path, cache: Path) -> Updated:
    """Run all pages of a site, and update their sources."""
    site = read_site(docs, cache)
    reviewer = Reviewer(anyway=True)  # git knows nothing of these sites
    runner = Runner(site, Options(lambda said: None, settle=settle_with(reviewer)))
    try:
        for page in site.pages:
            for position in range(len(page.steps)):
                runner.result(page, position)
    finally:
        runner.end()
    update = Update(
        site.pages,
        runner.results,
        set(runner.results),
        reviewer.sources,
        lambda: read_site(docs, cache).pages,
    )
    update.apply()
    return Updated(docs, runner.results, update)
