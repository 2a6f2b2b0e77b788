"""The table of GINO's calls names all that GINO has, and is what was run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sphinx.testing.util import SphinxTestApp

from matrix.calls import record, running, sources
from matrix.calls.names import public_names
from matrix.plan import ONE_PYTHON

ROOT = Path(__file__).parents[2]
SOURCE = '''\
"""A package."""
from elsewhere import other

LIMIT = 3


def connect(): ...


class Engine:
    pool = None

    def __init__(self):
        self.url = self._key = ""

    async def all(self):
        self.late = 1

    def __aenter__(self): ...
    def __repr__(self): ...
    def _run(self): ...


class _Hidden:
    def all(self): ...
'''
CALL = sources.Call("read", "User.get(1)", ("a.User.get",), "print(1)", "print(1)")
GIVEN = {"printed": "1", "rows": ["users: []"], "not called": []}


@pytest.fixture(autouse=True)
def in_the_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_public_names_are_those_that_a_user_may_write(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "__init__.py").write_text(SOURCE)
    (tmp_path / "small" / "__main__.py").write_text("def main(): ...\n")
    assert public_names(tmp_path / "small") == [
        "small.Engine",
        "small.Engine.__aenter__",
        "small.Engine.all",
        "small.Engine.pool",
        "small.Engine.url",
        "small.connect",
    ]


def test_the_file_is_what_the_sources_say() -> None:
    assert record.read()["sources"] == sources.digest(), (
        "the calls have changed since they were run: run nox -s calls"
    )


def test_the_file_names_every_public_name() -> None:
    kept = record.read()
    assert len(kept["public"]) > 300
    named = {name for call in kept["calls"] for name in call["names"]} | kept["internal"].keys()
    assert named == set(kept["public"])
    assert sources.faults(kept["public"], sources.calls(), sources.internal()) == []


@pytest.mark.slow
def test_the_public_names_are_those_of_gino(tmp_path: Path) -> None:
    pins = running.pins("gino", ONE_PYTHON)
    wanted = [f"{name}=={pins[name]}" for name in ("gino", "gino-starlette")]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"]
    subprocess.run([*pip, "--target", tmp_path, *wanted], check=True)
    found = [name for package in running.PACKAGES for name in public_names(tmp_path / package)]
    assert found == record.read()["public"]


@pytest.mark.parametrize("side", running.NEEDED)
def test_the_file_has_the_versions_of_the_pages(side: str) -> None:
    kept = record.read()["versions"][side]
    assert {**kept, **running.pins(side, ONE_PYTHON)} == kept, "run nox -s calls"


def test_a_call_that_goes_is_missed() -> None:
    public = record.read()["public"]
    left = [call for call in sources.calls() if call.call != "User.get(1)"]
    assert sources.faults(public, left, sources.internal()) == [
        "gino.crud.CRUDModel.get is public, but no call shows it and internal.toml has no reason"
        " why"
    ]


def test_names_and_reasons_of_nothing_are_faults() -> None:
    assert sources.faults(["a.User.get"], [replace(CALL, names=("a.User.got",))], ["b.*"]) == [
        "a.User.get is public, but no call shows it and internal.toml has no reason why",
        "a.User.got is in a call, but GINO has no such name",
        "internal.toml: b.* matches no name",
    ]
    assert sources.faults(["a.User.get"], [CALL], ["a.*"]) == [
        "a.User.get is in a call and in internal.toml"
    ]


@pytest.mark.parametrize(
    ("call", "other", "fault"),
    [
        (CALL, GIVEN, None),
        (CALL, {**GIVEN, "printed": "2"}, "the results differ"),
        (CALL, {**GIVEN, "rows": ["users: [1]"]}, "the results differ"),
        (replace(CALL, differs="It's 2."), {**GIVEN, "printed": "2"}, None),
        (replace(CALL, differs="It's 2."), GIVEN, "both give the same"),
        (CALL, {**GIVEN, "printed": ""}, "prints nothing"),
    ],
)
def test_results_are_compared(call: sources.Call, other: dict[str, Any], fault: str | None) -> None:
    found = running.compare(call, GIVEN, other)
    assert bool(found) == bool(fault)
    assert not fault or fault in "".join(found)


def test_a_snippet_that_does_not_call_what_it_is_listed_for_is_a_fault() -> None:
    found = running.compare(CALL, {**GIVEN, "not called": ["a.User.get"]}, GIVEN)
    assert found == ["User.get(1): its snippet for GINO doesn't use a.User.get"]


def test_the_page_shows_both_sides(tmp_path: Path) -> None:
    same = {"code": "print(1)", "printed": "1"}
    calls = [
        {"group": "read", "id": "gino-call-one", "call": "User.get(1)", "names": ["a.User.get"],
         "gino": same, "sqlalchemy": {**same, "code": "print(1 + 0)"}, "note": "With ``code``."},
        {"group": "read", "id": "gino-call-two", "call": "db.all()", "names": ["a.all"],
         "gino": same, "sqlalchemy": {"code": "print(2)", "printed": "2"}, "differs": "It's 2."},
    ]  # fmt: skip
    content = {
        "date": "2026-11-26",
        "versions": {side: {"python": "3.12.1"} for side in running.NEEDED},
        "public": ["a.User", "a.User.get", "a.all", "a.quiet"],
        "internal": {"a.quiet": "Nobody calls it."},
        "calls": calls,
    }
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text("extensions = ['gino_calls']\nsmartquotes = False\n")
    (docs / "gino-calls.json").write_text(json.dumps(content))
    directives = (
        ".. gino-run::\n\n.. gino-names::\n\n.. gino-internal::\n\nSee :ref:`gino-call-two`."
    )
    title = "Calls\n=====\n\n"
    (docs / "index.rst").write_text(f"{title}{directives}\n\nRead\n----\n\n.. gino-calls:: read\n")
    app = SphinxTestApp("html", srcdir=docs)
    app.build()
    page = (app.outdir / "index.html").read_text()
    warnings = app.warning.getvalue()
    app.cleanup()
    said = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert "WARNING" not in warnings
    assert page.count('class="gino-pair') == 2
    assert said.count("Both print:") == 1
    assert said.count("It prints:") == 2
    assert "The results differ. It's 2." in said
    assert "have 4 public names. The 2 calls below use 3 of them, and 1 aren't for apps." in said
    assert 'href="#gino-call-one">get</a>' in page
    assert "Nobody calls it. a.quiet" in said
