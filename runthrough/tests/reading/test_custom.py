"""A project's own directives ask for steps of its own kinds."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from docutils import nodes

from runthrough.model.custom import CustomStep, StepContext
from runthrough.model.digests import keys_of
from runthrough.model.places import Place
from runthrough.model.steps import Page
from runthrough.reading.custom import add_step

EXTENSION = """\
import json
from dataclasses import dataclass

from docutils import nodes
from runthrough import CustomStep, add_step, fail, place_of
from sphinx.util.docutils import SphinxDirective


@dataclass(frozen=True)
class ValidJson(CustomStep):
    path: str

    @property
    def title(self):
        return f"{self.path} is valid JSON"

    @property
    def counts(self):
        return {"JSON files": 1}

    def run(self, context):
        file = context.locate(self.path, self.place)
        try:
            json.loads(file.read_text())
        except ValueError as error:
            name = context.to_page(str(file))
            raise fail(self.place, f"{name} isn't valid JSON: {error}", "Fix the file.")


class ValidJsonDirective(SphinxDirective):
    required_arguments = 1

    def run(self):
        path = self.arguments[0]
        paragraph = nodes.paragraph("", f"{path} is valid JSON now.")
        add_step(paragraph, ValidJson(place_of(self), path))
        return [paragraph]


def setup(app):
    app.add_directive("valid-json", ValidJsonDirective)
    return {"parallel_read_safe": True}
"""
CONF = """\
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).parent / "_ext"))
extensions = ["runthrough", "valid_json"]
"""
PAGE = """\
Page
====

.. code-block:: text
   :caption: ok.json
   :create:

   {"sugar": 2}

.. valid-json:: ok.json

.. code-block:: console

   $ echo '{sugar}' > wrong.json

.. valid-json:: {name}

.. code-block:: console

   $ echo done
   done
"""


def write_site(folder: Path, name: str = "ok.json", *, extension: str = EXTENSION) -> None:
    """Write a site with a kind of step of its own."""
    docs = folder / "docs"
    (docs / "_ext").mkdir(parents=True, exist_ok=True)
    (docs / "_ext/valid_json.py").write_text(extension)
    (docs / "conf.py").write_text(CONF)
    (docs / "index.rst").write_text(PAGE.replace("{name}", name))


def test_a_step_of_its_own_is_run_and_counted(pytester: pytest.Pytester) -> None:
    write_site(pytester.path)
    result = pytester.runpytest_inprocess("--runthrough", "--runthrough-show-steps", "docs", "-s")
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(
        ["*ok.json is valid JSON*", "*6 steps, 2 commands, 1 file, 0 edits, 2 JSON files in *"]
    )


def test_it_fails_at_the_line_of_its_directive(pytester: pytest.Pytester) -> None:
    write_site(pytester.path, "wrong.json")
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(
        ["docs/index.rst:16: /home/*/wrong.json isn't valid JSON: Expecting property name*"]
    )


def test_workers_run_it_too(pytester: pytest.Pytester) -> None:
    write_site(pytester.path)
    pytester.runpytest_subprocess("--runthrough", "docs", "-n2").assert_outcomes(passed=6)


def test_what_its_code_raises_is_no_fault_of_ours(pytester: pytest.Pytester) -> None:
    write_site(pytester.path, "none.json")
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(
        [
            "docs/index.rst:16: the step's own code, valid_json.ValidJson.run, raised "
            "FileNotFoundError: *",
            "*valid_json.py:* in run: json.loads(file.read_text())",
        ]
    )
    result.stdout.no_fnmatch_line("*report it*")


def test_a_directive_can_be_skipped(pytester: pytest.Pytester) -> None:
    write_site(pytester.path)
    page = pytester.path / "docs/index.rst"
    skip = ".. skip:: it's wrong\n\n   .. valid-json:: wrong.json\n"
    page.write_text(page.read_text().replace(".. valid-json:: ok.json\n", skip, 1))
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.assert_outcomes(passed=5, skipped=1)


def test_its_badge_is_below_its_node(pytester: pytest.Pytester) -> None:
    write_site(pytester.path, "wrong.json")
    with pytester.path.joinpath("docs/conf.py").open("a") as conf:
        conf.write('runthrough_results = "results.json"\n')
    pytester.runpytest_subprocess("--runthrough", "docs", "--runthrough-results=docs/results.json")
    pytester.run(sys.executable, "-m", "sphinx", "docs", "built")
    page = pytester.path.joinpath("built/index.html").read_text()
    right, wrong = (
        page.index(f"<p>{name}.json is valid JSON now.</p>") for name in ("ok", "wrong")
    )
    assert "Checked</p>" in page[right:wrong]
    assert "Failed</p>" in page[wrong:]


def test_a_page_with_nothing_else_has_something_to_do(pytester: pytest.Pytester) -> None:
    write_site(pytester.path)
    pytester.path.joinpath("docs/index.rst").write_text("Page\n====\n\n.. valid-json:: a.json\n")
    with pytester.path.joinpath("docs/conf.py").open("a") as conf:
        conf.write('runthrough_must_have_steps = ["index"]\n')
    result = pytester.runpytest_inprocess("--runthrough", "docs")
    result.stdout.fnmatch_lines(["docs/index.rst:4: the step's own code*"])
    result.assert_outcomes(failed=1, passed=1)


@dataclass(frozen=True)
class Known(CustomStep):
    """A kind of step that other processes can load."""

    path: str = ""

    @property
    def title(self) -> str:
        return self.path

    def run(self, context: StepContext) -> None:
        pass


class NoData(Known):
    """A kind whose own fields wouldn't be known."""


PLACE = Place(Path("page.rst"), 1)


def test_a_node_takes_a_step() -> None:
    node = nodes.paragraph()
    add_step(node, Known(PLACE))
    assert node["runthrough_step"] == Known(PLACE)


def test_a_kind_is_a_frozen_dataclass() -> None:
    with pytest.raises(TypeError, match="NoData isn't a frozen dataclass"):
        add_step(nodes.paragraph(), NoData(PLACE))


def test_a_kind_is_one_that_other_processes_can_load() -> None:
    @dataclass(frozen=True)
    class Local(Known):
        pass

    with pytest.raises(TypeError, match="Local can't be loaded by other processes"):
        add_step(nodes.paragraph(), Local(PLACE))


def test_a_result_is_bound_to_its_fields_and_its_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = """
from dataclasses import dataclass
from runthrough.model.custom import CustomStep

@dataclass(frozen=True)
class Named(CustomStep):
    title: str = ""
    def run(self, context): pass
"""
    module = tmp_path / "named_step.py"
    module.write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    named = importlib.import_module("named_step").Named

    def digest(title: str) -> str:
        (key,) = keys_of([Page("page", PLACE.file, (named(PLACE, title),))])
        return key.digest

    before = digest("a")
    assert before == digest("a") != digest("b")
    module.write_text(code.replace("pass", "return"))
    assert digest("a") != before
