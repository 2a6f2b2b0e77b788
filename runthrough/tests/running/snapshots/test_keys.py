"""A key changes when anything does that leads to the end of its page, and not otherwise."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator

import pytest

from runthrough.cache.known import keys_of_pages
from runthrough.model import digests
from runthrough.reading.site import read_site
from runthrough.running import reuse
from runthrough.running.page_run import Options
from runthrough.running.runner import Runner
from runthrough.running.snapshots import keys, outside
from runthrough.shell import bash
from tests.running.snapshots.projects import Project

pytestmark = pytest.mark.slow

AFTER_FIRST = {"first", "second", "third", "side"}
ALL = {*AFTER_FIRST, "index", "alone"}


def keys_of(project: Project) -> tuple[dict[str, str], dict[str, str]]:
    """Return the key of each page as things are now: on this machine, and on every one."""
    site = read_site(project.docs, project.pytester.path / "doctrees")
    ran = Runner(site, Options(show=lambda said: None))
    shared = ran.open().shared
    portable = keys_of_pages(site, shared, {}, site.pages)
    found = {page.docname: ran.reuse_policy.key(page) for page in site.pages}
    ran.end()
    return found, portable


@pytest.fixture(autouse=True)
def forget_the_engine() -> Iterator[None]:
    """Have the engine's own sources read again, before and after."""
    digests.engine.cache_clear()
    yield
    digests.engine.cache_clear()


def edit_prose(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    project.edit("first.rst", "First\n=====\n", "First\n=====\n\nWe make a file.\n\n")
    return set()


def edit_first(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    project.edit("first.rst", "cat file", "cat  file")
    return AFTER_FIRST


def edit_option(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    option = ".. code-block:: console\n   :timeout: 7\n\n   $ echo two"
    project.edit("second.rst", ".. code-block:: console\n\n   $ echo two", option)
    return {"second", "third"}


def edit_included(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    project.edit("given.txt", "given", "given otherwise")
    return AFTER_FIRST


def edit_given(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    (project.docs / "data.txt").chmod(0o600)
    return {"second", "third"}


def change_setting(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    project.edit("conf.py", 'project = "x"', 'project = "x"\nrunthrough_columns = 81')
    return ALL


def change_environment(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    monkeypatch.setenv("COLOUR", "red")
    return ALL


def change_version(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    monkeypatch.setattr(digests, "__version__", "0.0.test")
    digests.engine.cache_clear()
    return ALL


def change_source(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    package = project.pytester.mkdir("engine")
    (package / "run.py").write_text("another = 1\n")
    monkeypatch.setattr(digests, "PACKAGE", package)
    digests.engine.cache_clear()
    return ALL


def change_bash(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    other = bash.Bash(bash.find_bash().path, (99, 9))
    monkeypatch.setattr(keys, "find_bash", lambda: other)
    return ALL


def change_interpreter(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    other = project.pytester.path / "python3"
    other.symlink_to("/usr/bin/env")
    monkeypatch.setattr(reuse, "base_python", lambda: other)
    return ALL


def edit_in_place(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    project.edit("data.txt", "data", "date")
    return {"second", "third"}


def edit_what_a_link_leads_to(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    (project.pytester.path / "outside.txt").write_text("otherwise\n")
    return {"second", "third"}


def edit_what_a_command_names(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    (project.pytester.path / "named.txt").write_text("otherwise\n")
    return {"third"}


def have_git_ignore_what_is_given(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    (project.pytester.path / ".gitignore").write_text("data.txt\n")
    return {"second", "third"}


def edit_conftest(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    (project.docs / "conftest.py").write_text("import os\n")
    return ALL


def change_system(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    release = project.pytester.path / "os-release"
    release.write_text("another system\n")
    monkeypatch.setattr(outside, "SYSTEM_FILES", (str(release),))
    return ALL


def change_kernel(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    kernel = platform.uname()._replace(release="99.9")
    monkeypatch.setattr(platform, "uname", lambda: kernel)
    return ALL


def change_user(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    monkeypatch.setattr(outside, "_umask", lambda: 0o7777)
    return ALL


def install_beside(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    packages = project.pytester.mkdir("more-packages")
    (packages / "tea-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(packages)
    return ALL


CHANGES = [
    *(
        have_git_ignore_what_is_given,
        edit_conftest,
        change_system,
        change_kernel,
        change_user,
        install_beside,
    ),
    *(edit_prose, edit_first, edit_option, edit_included, edit_given, edit_in_place),
    *(change_setting, change_environment, change_version, change_source, change_bash),
    *(change_interpreter, edit_what_a_link_leads_to, edit_what_a_command_names),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_is_one_of_the_pages_that_it_leads_to(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Project, pytest.MonkeyPatch], set[str]],
) -> None:
    project.pytester.run("git", "init", "-q")
    for name in ("outside.txt", "named.txt"):
        (project.pytester.path / name).write_text("one\n")
    given = project.pytester.mkdir("docs/given")
    (given / "link").symlink_to("../../outside.txt")
    project.edit("second.rst", ":starts-with: data.txt", ":starts-with: data.txt given")
    named = project.pytester.path / "named.txt"
    project.edit("third.rst", "   $ cat file", f"   $ test -e {named} && cat file")
    before = keys_of(project)
    assert keys_of(project) == before
    expected = change(project, monkeypatch)
    digests.engine.cache_clear()
    for old, new in zip(before, keys_of(project), strict=True):
        assert {name for name in old if old[name] != new[name]} == expected


def test_a_folder_that_a_page_is_compared_with_is_read(project: Project) -> None:
    sample = project.pytester.mkdir("sample")
    (sample / "file").write_text("one\n")
    setting = 'runthrough_exports = {"../sample": {"page": "third", "folder": "work"}}\n'
    project.edit("conf.py", 'project = "x"\n', setting)
    before = keys_of(project)
    (sample / "file").write_text("two\n")
    for old, new in zip(before, keys_of(project), strict=True):
        assert {name for name in old if old[name] != new[name]} == {"third"}


def test_a_long_pattern_is_told_from_another(project: Project) -> None:
    long = "a" * 300
    project.edit("conf.py", 'project = "x"\n', f'runthrough_patterns = {{"x": "{long}b"}}\n')
    before = keys_of(project)
    project.edit("conf.py", f"{long}b", f"{long}c")
    for old, new in zip(before, keys_of(project), strict=True):
        assert {name for name in old if old[name] != new[name]} == ALL


def test_a_copy_of_the_files_has_the_same_keys_elsewhere_only(project: Project) -> None:
    named = project.pytester.path / "named.txt"
    named.write_text("large\n" * 1_000_000)
    project.edit("third.rst", "   $ cat file", f"   $ test -e {named} && cat file")
    here, elsewhere = keys_of(project)
    named.unlink()
    named.write_text("large\n" * 1_000_000)
    os.utime(named, (1, 1))
    here_then, elsewhere_then = keys_of(project)
    assert {name for name in here if here[name] != here_then[name]} == {"third"}
    assert elsewhere_then == elsewhere


def test_a_variable_that_is_set_for_all_pages_counts(project: Project) -> None:
    site = read_site(project.docs, project.pytester.path / "doctrees")
    with Runner(site, Options(show=lambda said: None)) as ran:
        shared = ran.open().shared
        found = [
            keys_of_pages(site, shared, one, site.pages)
            for one in ({}, {"TZ": "UTC"}, {"TZ": "UTC+1"})
        ]
    for name in ALL:
        assert len({keys[name] for keys in found}) == 3
