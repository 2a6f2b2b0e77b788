"""A folder of the project is what a run leaves, or the run is red."""

from __future__ import annotations

from pathlib import Path

import pytest

from runthrough.model.site import Site

CONF = """\
runthrough_captures = {"revision": "[0-9a-f]{12}"}
runthrough_patterns = {"date": r"\\d{4}-\\d\\d-\\d\\d"}
runthrough_exports = {
    "../sample": {"page": "index", "folder": "project", "own": ["README.rst"]},
}
"""
PAGE = """\
Page
====

.. code-block:: console

   $ mkdir -p project/versions project/__pycache__; cd project
   $ head -c 6 /dev/urandom | od -An -tx1 | tr -d ' \\n' > id; cat id; echo
   1975ea83b712
   $ echo made $(date +%F) at $PWD > versions/$(cat id)_first.txt
   $ printf '\\377' > binary
   $ touch __pycache__/left-out

.. code-block:: text
   :caption: settings.ini
   :create:

   colour = red
"""
LEFT = {
    "README.rst",
    "binary",
    "id",
    "settings.ini",
    "versions/1975ea83b712_first.txt",
}


@pytest.fixture
def sample(pytester: pytest.Pytester, samples: Site) -> Path:
    """A folder that was written by a run, beside a file of its own."""
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text(CONF)
    (docs / "index.rst").write_text(PAGE)
    sample = pytester.mkdir("sample")
    (sample / "README.rst").write_text("Written by hand.\n")
    pytester.runpytest_inprocess("--runthrough", "--runthrough-export", "docs").assert_outcomes(
        passed=4
    )
    return sample


def files(folder: Path) -> set[str]:
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


def red(pytester: pytest.Pytester) -> str:
    """Run; the comparison is red, and nothing else. Return what its author is told."""
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.assert_outcomes(passed=3, failed=1)
    return result.stdout.str()


def test_it_is_written_with_the_pages_values(sample: Path) -> None:
    assert files(sample) == LEFT
    assert (sample / "id").read_text() == "1975ea83b712"
    assert (
        (sample / "versions/1975ea83b712_first.txt")
        .read_text()
        .endswith(" at /home/reader/dev/project\n")
    )
    assert (sample / "binary").read_bytes() == b"\xff"
    assert (sample / "README.rst").read_text() == "Written by hand.\n"


def test_another_day_and_another_id_leave_it_as_it_is(
    pytester: pytest.Pytester, sample: Path
) -> None:
    dated = sample / "versions/1975ea83b712_first.txt"
    dated.write_text("made 1999-01-01 at /home/reader/dev/project\n")
    pytester.runpytest_inprocess("--runthrough", "docs").assert_outcomes(passed=4)
    pytester.runpytest_inprocess("--runthrough", "--runthrough-export", "docs").assert_outcomes(
        passed=4
    )
    assert dated.read_text().startswith("made 1999-01-01")


def test_a_change_of_the_folder_alone_is_red(pytester: pytest.Pytester, sample: Path) -> None:
    (sample / "settings.ini").write_text("colour = blue\n")
    said = red(pytester)
    assert "sample doesn't match what the run leaves in project (different: settings.ini)" in said
    assert "    -colour = blue\n    +colour = red\n" in said
    assert "--runthrough-export" in said


def test_a_change_of_the_page_alone_is_red(pytester: pytest.Pytester, sample: Path) -> None:
    page = pytester.path / "docs" / "index.rst"
    page.write_text(page.read_text().replace("colour = red", "colour = green"))
    assert "(different: settings.ini)" in red(pytester)


@pytest.mark.parametrize("name", sorted(LEFT - {"README.rst"}))
def test_a_missing_file_is_red(pytester: pytest.Pytester, sample: Path, name: str) -> None:
    (sample / name).unlink()
    assert f"(missing: {name})" in red(pytester)


def test_a_file_too_many_is_red_and_goes_with_the_next_export(
    pytester: pytest.Pytester, sample: Path
) -> None:
    (sample / "old").mkdir()
    (sample / "old" / "left.txt").write_text("old\n")
    assert "(extra: old/left.txt)" in red(pytester)
    pytester.runpytest_inprocess("--runthrough", "--runthrough-export-outside-git", "docs")
    assert files(sample) == LEFT
    assert not (sample / "old").exists()


def test_a_changed_binary_is_red(pytester: pytest.Pytester, sample: Path) -> None:
    (sample / "binary").write_bytes(b"\xfe")
    assert "(different: binary)" in red(pytester)


@pytest.mark.parametrize(("mode", "kind"), [(0o755, "executable"), (0o644, "not executable")])
def test_a_file_that_can_or_cannot_be_executed(
    pytester: pytest.Pytester, sample: Path, mode: int, kind: str
) -> None:
    if mode == 0o644:
        page = pytester.path / "docs" / "index.rst"
        page.write_text(page.read_text().replace("touch __", "chmod +x binary; touch __"))
    (sample / "binary").chmod(mode)
    assert f"in project ({kind}: binary)" in red(pytester)
    options = ("--runthrough", "--runthrough-export", "--runthrough-export-outside-git")
    pytester.runpytest_inprocess(*options, "docs").assert_outcomes(passed=4)
    assert (sample / "binary").stat().st_mode & 0o777 == mode ^ 0o111


def test_a_folder_that_no_run_makes_is_named(pytester: pytest.Pytester, sample: Path) -> None:
    conf = pytester.path / "docs" / "conf.py"
    conf.write_text(conf.read_text().replace('"project"', '"projekt"'))
    assert "the run leaves no folder projekt to compare sample with" in red(pytester)
    assert files(sample) == LEFT
