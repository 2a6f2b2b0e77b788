"""A link leads to a page's source where somebody knows the repository, and nothing breaks else."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from edit_link import PLACES, links, theme_context, where
from sphinx.testing.util import SphinxTestApp

Link = Callable[[str], str | None]
FORGE = "https://github.com/someone/guide"


@pytest.fixture(autouse=True)
def nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["READTHEDOCS_VERSION_TYPE"]
    for server, path, revisions in PLACES:
        names += [server, path, *revisions]
    for name in filter(None, names):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def link(tmp_path: Path) -> Link:
    """Build a small site and return the link of one of its pages."""
    docs = tmp_path / "clone" / "docs"
    (docs / "sub").mkdir(parents=True)
    conf = "html_theme = 'sphinx_rtd_theme'\nextensions = ['edit_link']\nhtml_copy_source = False\n"
    (docs / "conf.py").write_text(conf)
    (docs / "index.rst").write_text("Title\n=====\n\n.. toctree::\n\n   sub/page\n")
    (docs / "sub" / "page.rst").write_text("Page\n====\n")
    (docs / "gone.rst").write_text(":orphan:\n\nGone\n====\n")

    def build(page: str) -> str | None:
        app = SphinxTestApp("html", srcdir=docs)
        app.build()
        assert "WARNING" not in app.warning.getvalue()
        html = (app.outdir / f"{page}.html").read_text()
        app.cleanup()
        found = re.search(r'<li class="wy-breadcrumbs-aside">\s*<a href="([^"]*)"', html)
        return found[1] if found else None

    return build


def clone(tmp_path: Path, address: str) -> None:
    """Let the folder of the pages be a clone of an address."""
    for arguments in (["init", "-q"], ["remote", "add", "origin", address]):
        subprocess.run(["git", *arguments], cwd=tmp_path / "clone", check=True)


def test_read_the_docs_knows(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READTHEDOCS_GIT_CLONE_URL", f"{FORGE}.git")
    monkeypatch.setenv("READTHEDOCS_GIT_IDENTIFIER", "v1/fine")
    assert link("sub/page") == f"{FORGE}/blob/v1/fine/docs/sub/page.rst"


@pytest.mark.parametrize("page", ["genindex", "search", "gone"])
def test_what_nobody_edits_has_no_link(
    link: Link, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setenv("READTHEDOCS_GIT_CLONE_URL", FORGE)
    assert link("index") == f"{FORGE}/blob/HEAD/docs/index.rst"
    assert link(page) is None


def test_a_clone_knows(link: Link, tmp_path: Path) -> None:
    clone(tmp_path, "git@github.com:someone/guide.git")
    assert link("index") == f"{FORGE}/blob/HEAD/docs/index.rst"


def test_a_clone_of_no_forge_and_no_clone_at_all_have_no_link(link: Link, tmp_path: Path) -> None:
    assert link("index") is None
    clone(tmp_path, "/srv/guide")
    assert link("index") is None


def test_a_build_goes_on_without_git(
    link: Link, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone(tmp_path, FORGE)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert link("index") is None


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        (
            {
                "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_REPOSITORY": "someone/guide",
                "GITHUB_REF_NAME": "main",
            },
            (FORGE, "main"),
        ),
        (
            {
                "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_REPOSITORY": "someone/guide",
                "GITHUB_REF_NAME": "12/merge",
            },
            (FORGE, "HEAD"),
        ),
        (
            {
                "READTHEDOCS_GIT_CLONE_URL": FORGE,
                "READTHEDOCS_GIT_IDENTIFIER": "12",
                "READTHEDOCS_VERSION_TYPE": "external",
            },
            (FORGE, "HEAD"),
        ),
        (
            {"CI_PROJECT_URL": "https://gitlab.com/a/b/c", "CI_COMMIT_REF_NAME": "v1"},
            ("https://gitlab.com/a/b/c", "v1"),
        ),
        (
            {"BITBUCKET_GIT_HTTP_ORIGIN": "http://bitbucket.org/a/b", "BITBUCKET_TAG": "v2"},
            ("http://bitbucket.org/a/b", "v2"),
        ),
        ({"GITHUB_SERVER_URL": "https://github.com"}, ("", "HEAD")),
    ],
)
def test_the_environment_comes_before_the_clone(
    tmp_path: Path, environment: dict[str, str], found: tuple[str, str]
) -> None:
    assert where(environment, tmp_path) == found


@pytest.mark.parametrize(
    ("address", "kind", "host", "user"),
    [
        ("https://github.com/a/b", "github", "github.com", "a"),
        ("https://reader:secret@github.com/a/b.git", "github", "github.com", "a"),
        ("ssh://git@github.com:22/a/b.git", "github", "github.com", "a"),
        ("git@GitLab.com:a/group/b.git", "gitlab", "gitlab.com", "a/group"),
        ("https://gitlab.example.org/a/b/", "gitlab", "gitlab.example.org", "a"),
        ("git@bitbucket.org:a/b.git", "bitbucket", "bitbucket.org", "a"),
    ],
)
def test_the_addresses_of_forges(address: str, kind: str, host: str, user: str) -> None:
    context = theme_context(address, "main", "docs")
    assert context == {
        f"display_{kind}": True,
        f"{kind}_host": host,
        f"{kind}_user": user,
        f"{kind}_repo": "b",
        f"{kind}_version": "main",
        "conf_py_path": "/docs/",
    }


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/srv/git/a/b",
        "../b",
        "file:///srv/a/b",
        "https://example.org/a/b",
        "https://notgithub.com/a/b",
        "https://github.com/a",
        "https://github.com/a/b/c",
        'https://github.com/a/b"onclick="',
        "https://[broken/a/b",
        "C:\\clones\\b",
    ],
)
def test_other_addresses_make_no_link(address: str) -> None:
    assert theme_context(address, "main", "docs") == {}


def test_the_name_of_a_branch_cannot_leave_its_attribute() -> None:
    context = theme_context(FORGE, 'a"><b', "docs")
    assert context["github_version"] == "a%22%3E%3Cb"


@pytest.mark.parametrize(
    ("address", "source", "form"),
    [
        ("https://github.com/some/guide", "blob/main", "issues/new?title="),
        ("https://gitlab.com/some/guide", "blob/main", "issues/new?issue%5Btitle%5D="),
        ("https://bitbucket.org/some/guide", "src/main", "issues/new?title="),
    ],
)
def test_a_page_leads_to_its_source_and_to_a_form(address: str, source: str, form: str) -> None:
    context = theme_context(address, "main", "docs") | {"page_source_suffix": ".rst"}
    assert links(context, "how-to/rename") == (
        f"{address}/{source}/docs/how-to/rename.rst",
        f"{address}/{form}how-to/rename%3A%20",
    )


def test_a_page_of_no_forge_leads_nowhere() -> None:
    assert links({}, "how-to/rename") == ("", "")
