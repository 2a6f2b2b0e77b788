"""Whatever is in an exported folder that git doesn't hold survives an export and an update."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from runthrough.model.site import Site
from runthrough.running.exports import below

CONF = """\
runthrough_exports = {
    "../sample": {
        "page": "index",
        "folder": "project",
        "own": ["README", "own", "deep/own", "notes-*"],
        "without": [".venv", "*.cache"],
    },
}
"""
PAGE = """\
Page
====

.. code-block:: console

   $ mkdir -p project/deep project/grown; cd project; mkdir .venv
   $ for one in clean dirty staged ignored deep/clean grown/new; do echo new > $one; done
   $ for one in linked same missing tool; do echo new > $one; done
   $ echo new > README; echo new > .venv/python; chmod +x tool; ln -s clean link
   $ mkdir folder; echo new > folder/file; git init -q; echo 2
   2
"""
COMMITTED = {
    "clean": "old\n",
    "deep/clean": "old\n",
    "dirty": "old\n",
    "staged": "old\n",
    "same": "new\n",
    "README": "by hand\n",
    "grown": "a file, but the run leaves a folder\n",
    "folder/file": "old\n",
    "surplus": "old\n",
    "gone/surplus": "old\n",
    "gone/deep/surplus": "old\n",
    "surplus-dirty": "old\n",
}
LOOSE = {
    "dirty": "an hour of work\n",
    "staged": "another hour\n",
    "ignored": "mine\n",
    "untracked": "mine\n",
    "gone/untracked": "mine\n",
    "surplus-dirty": "mine\n",
    "ignored-too": "mine\n",
    "own/file": "mine\n",
    "deep/own/file": "mine\n",
    "notes-of-ada": "mine\n",
    ".venv/pip": "mine\n",
    "deep/page.cache": "mine\n",
    ".git-is-not": "mine\n",
}
EMPTY = ("empty", "own/empty/one", "deep/own/empty", ".venv/empty", "gone/empty")


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    command = ["git", *who, *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def listing(folder: Path) -> dict[str, str]:
    """Return each file, link and folder below a folder, and what it holds."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        else:
            found[name] = path.read_text() if path.is_file() else "/"
    return found


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.fixture
def clone(pytester: pytest.Pytester, samples: Site) -> Path:
    """A clone with a site and an exported folder, both committed."""
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text(CONF)
    (docs / "index.rst").write_text(PAGE)
    write(pytester.mkdir("sample"), COMMITTED)
    (pytester.path / "outside").write_text("outside\n")
    (pytester.path / "sample" / "linked").symlink_to("../outside")
    (pytester.path / ".gitignore").write_text("ignored*\n_build\n")
    git(pytester.path, "init")
    git(pytester.path, "add", ".")
    git(pytester.path, "commit", "-m", "Begin")
    return pytester.path


@pytest.fixture
def dirty(clone: Path) -> Path:
    """The same clone, after an hour of work that nobody has committed."""
    write(clone / "sample", LOOSE)
    git(clone, "add", "sample/staged")
    for name in EMPTY:
        (clone / "sample" / name).mkdir(parents=True)
    return clone


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess("--runthrough", *options, "docs")


@pytest.mark.parametrize(
    "option", ["--runthrough-export", "--runthrough-update", "--runthrough-update-anyway"]
)
def test_nothing_that_git_does_not_hold_is_lost(
    pytester: pytest.Pytester, dirty: Path, option: str
) -> None:
    sample = dirty / "sample"
    before = listing(sample)
    print("before:", git(dirty, "status", "--porcelain", "--ignored"), *before, sep="\n  ")
    if option != "--runthrough-export":
        (dirty / "docs" / "index.rst").write_text(PAGE.replace("   2\n", "   1\n"))
        git(dirty, "commit", "-m", "Spoil", "docs/index.rst")
    result = run(pytester, option)
    after = listing(sample)
    print("after:", git(dirty, "status", "--porcelain", "--ignored"), *after, sep="\n  ")
    written = {
        "clean": "new\n",
        "deep/clean": "new\n",
        "folder/file": "new\n",
        "missing": "new\n",
        "tool": "new\n",
        "link": "-> clean",
        "grown": "/",
        "grown/new": "new\n",
    }
    removed = {"surplus", "gone/surplus", "gone/deep", "gone/deep/surplus"}
    expected = {name: text for name, text in before.items() if name not in removed} | written
    assert after == expected
    assert os.access(sample / "tool", os.X_OK)
    assert (dirty / "outside").read_text() == "outside\n"
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    said = result.stdout.str()
    assert set(re.findall(r"^left as it is: sample/(.*?): ", said, re.M)) == {
        *("dirty", "staged", "ignored", "linked", "untracked", "gone/untracked"),
        *("surplus-dirty", "ignored-too", ".git-is-not"),
    }
    assert set(re.findall(r"^removed sample/(.*)$", said, re.M)) == {
        *("surplus", "gone/surplus", "gone/deep/surplus", "grown"),
    }
    result.stdout.fnmatch_lines(
        [
            "*couldn't be exported without a loss: sample/*",
            "exported sample: 7 files written, 4 removed",
            "left as it is: sample/dirty: it has uncommitted changes. Commit them, *",
        ]
    )


def test_an_export_of_a_clean_clone_is_green_and_complete(
    pytester: pytest.Pytester, clone: Path
) -> None:
    (clone / "sample" / "linked").unlink()
    git(clone, "commit", "-am", "Unlink")
    assert run(pytester, "--runthrough-export").ret == pytest.ExitCode.OK
    assert (clone / "sample" / "README").read_text() == "by hand\n"
    assert not (clone / "sample" / "gone").exists()
    assert run(pytester).ret == pytest.ExitCode.OK


def in_a_linked_folder(clone: Path) -> None:
    (clone / "sample" / "deep").rename(clone / "real")
    (clone / "sample" / "deep").symlink_to("../real")


def as_a_link(clone: Path) -> None:
    (clone / "sample").rename(clone / "real")
    (clone / "sample").symlink_to("real")


def on_a_dangling_link(clone: Path) -> None:
    (clone / "sample" / "missing").symlink_to("../real")


@pytest.mark.parametrize("link", [in_a_linked_folder, as_a_link, on_a_dangling_link])
def test_nothing_is_written_through_a_link(
    pytester: pytest.Pytester, clone: Path, link: Callable[[Path], None]
) -> None:
    link(clone)
    git(clone, "add", "-A")
    git(clone, "commit", "-m", "Link")
    before = listing(clone / "real") if (clone / "real").exists() else None
    result = run(pytester, "--runthrough-update")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["left as it is: sample/*"])
    assert (listing(clone / "real") if (clone / "real").exists() else None) == before


def test_a_folder_where_the_run_leaves_a_file_goes_if_git_holds_all_of_it(
    pytester: pytest.Pytester, clone: Path
) -> None:
    (clone / "sample" / "clean").unlink()
    write(clone / "sample", {"clean/one": "old\n", "dirty": "new\n"})
    (clone / "sample" / "same").unlink()
    write(clone / "sample", {"same/one": "old\n"})
    git(clone, "add", "-A")
    git(clone, "commit", "-m", "Folders")
    write(clone / "sample", {"same/mine": "mine\n"})
    result = run(pytester, "--runthrough-export")
    assert (clone / "sample" / "clean").read_text() == "new\n"
    assert listing(clone / "sample" / "same") == {"mine": "mine\n"}
    result.stdout.fnmatch_lines(
        ["left as it is: sample/same: a folder with this name already exists"]
    )


def test_a_first_export_into_a_new_folder_needs_no_git(
    pytester: pytest.Pytester, samples: Site
) -> None:
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text(CONF.replace("../sample", "../deep/new"))
    (docs / "index.rst").write_text(PAGE)
    assert run(pytester, "--runthrough-export").ret == pytest.ExitCode.OK
    new = pytester.path / "deep" / "new"
    assert (new / "clean").read_text() == "new\n"
    (new / "clean").write_text("mine\n")
    (new / "more").write_text("mine\n")
    result = run(pytester, "--runthrough-export")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "left as it is: deep/new/more: it isn't in a git repository. "
            "*'--runthrough-export-outside-git'"
        ]
    )
    assert (new / "clean").read_text() == (new / "more").read_text() == "mine\n"
    assert run(pytester, "--runthrough-export-outside-git").ret == pytest.ExitCode.OK
    assert (new / "clean").read_text() == "new\n"
    assert not (new / "more").exists()


def test_a_folder_that_git_ignores_is_left_alone_even_outside_git(
    pytester: pytest.Pytester, clone: Path
) -> None:
    conf = clone / "docs" / "conf.py"
    conf.write_text(CONF.replace("../sample", "../ignored-sample"))
    git(clone, "commit", "-am", "Elsewhere")
    write(clone / "ignored-sample", {"clean": "mine\n"})
    result = run(pytester, "--runthrough-export-outside-git", "--runthrough-update")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["left as it is: ignored-sample/clean: git ignores it*"])
    assert (clone / "ignored-sample" / "clean").read_text() == "mine\n"
    assert (clone / "ignored-sample" / "deep" / "clean").read_text() == "new\n"


LEAVES = {
    "a link out of it": (
        "ln -s /etc/hostname project/out",
        "points outside of its folder: /etc/hostname",
    ),
    "a link up": ("ln -s ../../up project/deep/up", "points outside of its folder: ../../up"),
    "a large file": ("truncate -s 40G project/large", "can't be exported: it has 42,949,672,960"),
}


@pytest.mark.parametrize("what", LEAVES)
def test_what_cannot_be_exported_is_named(
    pytester: pytest.Pytester, clone: Path, what: str
) -> None:
    command, said = LEAVES[what]
    page = clone / "docs" / "index.rst"
    page.write_text(PAGE + f"   $ cd ..; {command}\n")
    result = run(pytester, "--runthrough-export")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"*{said}*"])


def test_names_of_any_bytes_are_exported(pytester: pytest.Pytester, clone: Path) -> None:
    page = clone / "docs" / "index.rst"
    odd = r"printf 1 > $'a\nb'; printf 2 > $'\377'; printf 3 > ':(top)c'; printf 4 > \"d"
    page.write_text(PAGE + f"   $ {odd}\n")
    names = ["a\nb", os.fsdecode(b"\xff"), ":(top)c", '"d']
    (clone / "sample" / "linked").unlink()
    for name in names:
        (clone / "sample" / name).write_text("old")
    git(clone, "add", "-A")
    git(clone, "commit", "-m", "Odd names")
    assert run(pytester, "--runthrough-export").ret == pytest.ExitCode.OK
    assert [(clone / "sample" / name).read_text() for name in names] == ["1", "2", "3", "4"]


@pytest.mark.ordinary_user
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_cannot_be_read_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir(mode=0)
    with pytest.raises(PermissionError):
        below(tmp_path, ())
    assert below(tmp_path, ("secret",)) == []
    (tmp_path / "secret").chmod(0o700)
