"""What a page prints of its caller's passwords gets into no report, file or built page."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from sphinx.cmd.build import build_main

from runthrough.running.workspace import TAKEN_OVER, Workspace, make_environment

PAGE = """\
Page
====

.. code-block:: console

   $ echo "$PIP_INDEX_URL" > index
   $ cat index >> all
   $ cat index
   ...

.. code-block:: console

   $ cat all
   nothing like this
"""
NEXT = """\
:continues: after

Next
====

.. code-block:: console

   $ echo "$HTTPS_PROXY $SHOP_TOKEN"
   nothing like this
"""
CONF = """\
extensions = ["runthrough"]
runthrough_environment = ["SHOP_TOKEN"]
runthrough_results = "results.json"
"""
PASSWORDS = ("geheim77", "v3rtraulich", "earl-grey-1")


@pytest.fixture
def site(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PIP_INDEX_URL", f"https://ada:{PASSWORDS[0]}@packages.invalid/simple")
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:{PASSWORDS[1]}@proxy.invalid:3128")
    monkeypatch.setenv("SHOP_TOKEN", PASSWORDS[2])
    temporary = pytester.mkdir("temporary")
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text(CONF)
    (docs / "index.rst").write_text(f"{PAGE}\n.. toctree::\n\n   next\n   after\n")
    (docs / "next.rst").write_text(NEXT)
    good = PAGE.replace("   nothing like this", "   ...").replace("Page\n====", "Go\n==")
    (docs / "after.rst").write_text(f"{good}\n")
    return pytester


def holding(folder: Path) -> list[str]:
    """Name the files that hold a password, but for those that the pages themselves have made."""
    return [
        str(file)
        for file in folder.rglob("*")
        if file.is_file() and file.parent.name != "dev" and file.name != "memory"
        if any(password.encode() in file.read_bytes() for password in PASSWORDS)
    ]


def test_no_report_holds_a_password(site: pytest.Pytester) -> None:
    more = [
        "--runthrough-results",
        "docs/results.json",
        "--junitxml",
        "junit.xml",
        "--runthrough-reuse",
        "-rA",
        "-vv",
    ]
    result = site.runpytest_inprocess("--runthrough", "--runthrough-show-steps", *more, "docs")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "*+https://ada:[*][*][*]@packages.invalid/simple",
            "*+http://ada:[*][*][*]@proxy.invalid:3128 [*][*][*]",
        ]
    )
    said = result.stdout.str() + result.stderr.str()
    assert [password for password in PASSWORDS if password in said] == []
    assert build_main(["-q", "docs", "built"]) == 0
    assert "packages.invalid" in (site.path / "built" / "index.html").read_text()
    for name in ("built", "docs", "temporary"):
        assert holding(site.path / name) == []
    assert holding(site.path) == []


def test_the_security_policy_names_what_gets_into_an_environment(tmp_path: Path) -> None:
    policy = (Path(__file__).parents[2] / "SECURITY.rst").read_text()
    section = policy.split("What gets into a page's environment\n---")[1].split("\n---")[0]
    named, rest = section.split("The rest of the environment is the same for everyone")
    assert variables(named) - {"runthrough_environment"} == set(TAKEN_OVER)
    made = make_environment(Workspace(tmp_path, tmp_path, "", ""), 80, caller={})
    assert variables(rest.split("passed on")[0]) - {"DATABASE_URL"} == set(made)


def variables(text: str) -> set[str]:
    return set(re.findall(r"``(\w+)``", text))
