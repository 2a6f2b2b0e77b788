"""Small sites, written and read by one test each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from runthrough.model.steps import EndCheck, Step
from runthrough.reading.site import read_site

Steps = Callable[..., list[Step]]


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steps:
    """Write a site, read it, and return what its pages ask; places are seen from its folder."""
    monkeypatch.chdir(tmp_path)

    def read(
        page: str, files: Mapping[str, str] | None = None, conf: str = "", name: str = "index.rst"
    ) -> list[Step]:
        written = {"conf.py": f'extensions = ["runthrough"]\n{conf}', name: page, **(files or {})}
        for path, text in written.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        confdir = next(file.parent for file in sorted(tmp_path.rglob("conf.py")))
        site = read_site(confdir, tmp_path / ".doctrees")
        return [step for one in site.pages for step in one.steps if not isinstance(step, EndCheck)]

    return read
