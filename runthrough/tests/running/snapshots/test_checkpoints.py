"""The reader's files at the end of a page are offered to those who begin with the next."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.running.snapshots.projects import Project

CONF = """
runthrough_captures = {"id": "[0-9a-f]{12}"}
runthrough_checkpoints = {
    "[fst]*": {"folder": "work", "begin": ["cd work", "touch .venv"]},
}
"""
WORK = """\
.. code-block:: console

   $ mkdir -p work/.venv work/__pycache__ work/empty/one; touch work/.venv/x work/__pycache__/y
   $ head -c 6 /dev/urandom | od -An -tx1 | tr -d ' \\n' > work/id; cat work/id; echo
   1975ea83b712
   $ echo "$PWD/work" > work/$(cat work/id).txt
   $ head -c 20 /dev/zero > work/binary; printf '\\377' >> work/binary
   $ echo true > work/tool; chmod 755 work/tool
"""
FILES = ["work/1975ea83b712.txt", "work/binary", "work/empty/one/", "work/id", "work/tool"]


@pytest.fixture
def offering(project: Project) -> Project:
    """A project of which every page but one packs the reader's files, from its second page on."""
    project.edit("conf.py", 'project = "x"\n', f'project = "x"\n{CONF}')
    project.edit("second.rst", "   $ echo two > file\n", f"   $ echo two > file\n\n{WORK}")
    project.edit(
        "second.rst", ":continues: first\n", ":continues: first\n:catch-up: echo 1; echo 2\n"
    )
    return project


def archive(project: Project, docname: str) -> Path:
    return project.docs / "_build" / "runthrough" / "checkpoints" / f"{docname}.zip"


def build(project: Project, builder: str = "html") -> Path:
    """Build the site as its author does; only what has changed is written again."""
    html = project.pytester.path / builder
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-D", "extensions=runthrough"]
    subprocess.run([*command, "-b", builder, str(project.docs), str(html)], check=True)
    return html


def test_the_files_are_packed_with_the_pages_values(offering: Project) -> None:
    offering.run("docs", passed=14)
    with zipfile.ZipFile(archive(offering, "second")) as packed:
        assert packed.namelist() == FILES
        assert packed.read("work/id") == b"1975ea83b712"
        assert packed.read("work/1975ea83b712.txt") == b"/home/reader/dev/work\n"
        assert packed.read("work/binary") == bytes(20) + b"\xff"
        assert packed.getinfo("work/tool").external_attr >> 16 & 0o777 == 0o755


def test_a_link_is_packed_as_a_link(offering: Project) -> None:
    links = "ln -s /etc/hostname work/out; ln -s id work/in; ln -s .. work/up; mkfifo work/pipe"
    offering.edit(
        "second.rst", "   $ echo true > work/tool", f"   $ {links}\n   $ echo true > work/tool"
    )
    offering.run("docs", passed=14)
    with zipfile.ZipFile(archive(offering, "second")) as packed:
        assert packed.namelist() == sorted([*FILES, "work/in", "work/out", "work/up"])
        for name, target in (("out", b"/etc/hostname"), ("in", b"id"), ("up", b"..")):
            assert packed.getinfo(f"work/{name}").external_attr >> 16 & 0o170000 == 0o120000
            assert packed.read(f"work/{name}") == target


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("truncate -s 40G work/large", "work/large can't be packed: it has 42,949,672,960 bytes"),
        (
            "mv work moved; ln -s moved work",
            "work can't be packed: it's reached through a symbolic link",
        ),
    ],
)
def test_what_cannot_be_packed_is_red(offering: Project, command: str, said: str) -> None:
    offering.edit("second.rst", "; chmod 755 work/tool", f"; chmod 755 work/tool\n   $ {command}")
    result = offering.run("docs")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"*{said}*"])
    assert not archive(offering, "second").exists()
    assert list(archive(offering, "second").parent.glob("*.zip.*")) == []


def test_a_page_before_there_is_a_folder_packs_nothing(offering: Project) -> None:
    offering.run("docs")
    assert not archive(offering, "first").exists()


def test_pages_that_nobody_continues_from_are_packed_too(offering: Project) -> None:
    offering.run("docs")
    assert archive(offering, "third").exists()
    assert not archive(offering, "alone").exists()  # no pattern names it


def test_what_is_reused_is_packed_as_well(offering: Project) -> None:
    offering.run("--runthrough-reuse", "docs")
    before = archive(offering, "second").read_bytes()
    archive(offering, "second").unlink()
    offering.run("--runthrough-reuse", "docs")
    assert offering.ran == []
    assert archive(offering, "second").read_bytes() == before


def test_a_page_that_fails_packs_nothing(offering: Project) -> None:
    offering.edit("second.rst", "   data\n", "   date\n")
    offering.run("docs", failed=1, passed=8, skipped=5)
    assert not archive(offering, "second").exists()


def test_a_build_offers_what_was_packed(offering: Project) -> None:
    before = build(offering)
    assert "after-second.zip" not in (before / "third.html").read_text()
    offering.run("docs")
    html = build(offering)
    head = (html / "third.html").read_text()
    assert 'href="_downloads/checkpoints/after-second.zip"' in head
    _, _, rest = head.partition("<details")
    box, _, end = rest.partition("</details>")
    assert [box.find(typed) > 0 for typed in ("cd", "touch", "echo", "Download")] == [True] * 4
    assert "after-third.zip" in end
    assert "after-second.zip" in (html / "second.html").read_text()
    assert "Start here instead" not in (html / "second.html").read_text()
    copied = html / "_downloads" / "checkpoints" / "after-second.zip"
    assert copied.read_bytes() == archive(offering, "second").read_bytes()


def test_a_build_with_a_folder_for_each_page_offers_it_as_well(offering: Project) -> None:
    offering.run("docs")
    html = build(offering, "dirhtml")
    link = "../_downloads/checkpoints/after-second.zip"
    assert f'href="{link}"' in (html / "third" / "index.html").read_text()
    assert (html / "third" / link).resolve().read_bytes() == (
        archive(offering, "second").read_bytes()
    )


def test_pages_whose_names_look_alike_have_downloads_of_their_own(offering: Project) -> None:
    for docname in ("s/one", "s-one"):
        page = offering.docs / f"{docname}.rst"
        page.parent.mkdir(exist_ok=True)
        made = f"   $ mkdir work; echo {docname} > work/name"
        page.write_text(f":orphan:\n\nOne\n===\n\n.. code-block:: console\n\n{made}\n")
    offering.run("docs")
    html = build(offering)
    for docname, link in (
        ("s/one", "../_downloads/checkpoints/s/after-s-one.zip"),
        ("s-one", "_downloads/checkpoints/after-s-one.zip"),
    ):
        page = html / f"{docname}.html"
        assert f'href="{link}"' in page.read_text()
        with zipfile.ZipFile((page.parent / link).resolve()) as packed:
            assert packed.read("work/name").decode() == f"{docname}\n"


def test_what_somebody_types_who_begins_there_is_no_step(offering: Project) -> None:
    offering.run("docs", passed=14)
    offering.run("docs", passed=14)


def test_a_setting_that_makes_no_sense_is_named(offering: Project) -> None:
    offering.edit("conf.py", '"begin": ["cd work", "touch .venv"]', '"start": []')
    result = offering.run("docs")
    result.stdout.fnmatch_lines(
        ["conf.py: runthrough_checkpoints*; expected 'folder' and 'begin', *"]
    )
