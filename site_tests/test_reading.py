"""A run doesn't read pages again that nobody has changed."""

from __future__ import annotations

from pathlib import Path

from runthrough import read_site

ROOT = Path(__file__).parent.parent


def test_an_unchanged_site_is_not_read_again(tmp_path: Path) -> None:
    read_site(ROOT / "docs", tmp_path)
    before = times(tmp_path)
    assert before
    read_site(ROOT / "docs", tmp_path)
    again = [name for name, time in times(tmp_path).items() if before.get(name) != time]
    assert not again, "an extension of the site says at each run that these pages are outdated"


def times(doctrees: Path) -> dict[str, int]:
    """Return when each page was read last, by the path of its doctree."""
    files = doctrees.rglob("*.doctree")
    return {str(file.relative_to(doctrees)): file.stat().st_mtime_ns for file in files}
