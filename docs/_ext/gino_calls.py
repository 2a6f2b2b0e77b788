"""Directives that show GINO's calls beside SQLAlchemy 2's, from the file that keeps what was run.

`nox -s calls` writes that file. Nothing is run here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator
from version_words import NAMES, written_day

SIDES = {"gino": "GINO", "sqlalchemy": "SQLAlchemy 2"}
OTHERS = {"gino-starlette": "gino-starlette", "greenlet": "greenlet", "starlette": "Starlette"}


class Listing(nodes.General, nodes.TextElement):
    """A listing that `nox -s calls` has run, so that runthrough doesn't take it for a step."""


class FromFile(SphinxDirective):
    """What the directives share: the file beside the page."""

    def content_of_file(self) -> dict[str, Any]:
        """Read the file, and let the page be read again when it changes."""
        name, file = self.env.relfn2path("gino-calls.json")
        self.env.note_dependency(name)
        content: dict[str, Any] = json.loads(Path(file).read_text(encoding="utf-8"))
        return content

    def prose(self, text: str, lead: str = "") -> nodes.paragraph:
        """Make a paragraph of text with inline markup, and bold words in front."""
        paragraph = nodes.paragraph()
        if lead:
            paragraph += [nodes.strong(text=lead), nodes.Text(" ")]
        found, messages = self.parse_inline(text)
        paragraph += [*found, *messages]
        return paragraph


class GinoCalls(FromFile):
    """Show the calls of one group, each as a section: `.. gino-calls:: GROUP`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the sections."""
        calls = self.content_of_file()["calls"]
        chosen = [one for one in calls if one["group"] == self.arguments[0]]
        if not chosen:
            raise self.error(f"gino-calls.json has no call in a group {self.arguments[0]!r}")
        return [self.section(one) for one in chosen]

    def section(self, call: dict[str, Any]) -> nodes.section:
        """Make the section of one call."""
        section = nodes.section(ids=[call["id"]], names=[call["id"]], classes=["gino-call"])
        self.set_source_info(section)
        self.state.document.note_explicit_target(section, section)
        title = call["call"]
        is_code = " " not in title.replace("await ", "").replace(", ", ",").replace(" + ", "+")
        words = nodes.literal(text=title) if is_code else nodes.Text(title)
        section += nodes.title("", "", words)
        entries = [("single", title, call["id"], "main", None)]
        entries += [("single", entry, call["id"], "", None) for entry in call.get("index", ())]
        section += addnodes.index(entries=entries)
        printed = [call[side]["printed"] for side in SIDES]
        same = printed[0] == printed[1]
        section += nodes.container("", *sides(call, same), classes=["gino-pair"])
        if same:
            section += output("Both print:", printed[0])
        if "differs" in call:
            section += self.prose(call["differs"], "The results differ.")
        if "note" in call:
            section += self.prose(call["note"])
        return section


def sides(call: dict[str, Any], same: bool) -> Iterator[nodes.Node]:
    """Make the two listings, and below each what it prints if the other prints something else."""
    for side, name in SIDES.items():
        code = call[side]["code"]
        yield nodes.container(
            "",
            nodes.paragraph("", "", nodes.strong(text=name), classes=["gino-side"]),
            Listing(code, code, language="python"),
            *([] if same else output("It prints:", call[side]["printed"])),
        )


def output(lead: str, printed: str) -> list[nodes.Node]:
    """Make a listing that nobody copies."""
    return [
        nodes.paragraph(text=lead, classes=["gino-side"]),
        Listing(printed, printed, language="none", classes=["no-copy"]),
    ]


class GinoNames(FromFile):
    """List every public name of GINO with a link to its call, or the reason why it has none."""

    def run(self) -> list[nodes.Node]:
        """Make a list of classes and modules, and below it the names without a call."""
        content = self.content_of_file()
        shown: dict[str, str] = {}
        for call in content["calls"]:
            shown |= {name: call["id"] for name in call["names"] if name not in shown}
        owners: dict[str, list[str]] = {}
        for name in (name for name in content["public"] if name in shown):
            owner, _, word = name.rpartition(".")
            is_class = word[:1].isupper() and owner.rpartition(".")[2].islower()
            owners.setdefault(name if is_class else owner, []).append(name)
        listed = nodes.bullet_list()
        for owner, names in owners.items():
            paragraph = nodes.paragraph("", "", nodes.literal(text=owner), nodes.Text(": "))
            for position, name in enumerate(names):
                paragraph += nodes.Text(", " if position else "")
                word = "the class" if name == owner else name.rpartition(".")[2]
                paragraph += nodes.reference("", word, refid=shown[name], internal=True)
            listed += nodes.list_item("", paragraph)
        return [listed]


class GinoModels(FromFile):
    """Show the models of one side: `.. gino-models:: gino`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make a listing."""
        return [
            Listing(text=self.content_of_file()["models"][self.arguments[0]], language="python")
        ]


class GinoInternal(FromFile):
    """List the public names that an app doesn't use, below the reason."""

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        reasons: dict[str, list[str]] = {}
        for name, reason in self.content_of_file()["internal"].items():
            reasons.setdefault(reason, []).append(name)
        listed = nodes.bullet_list()
        for reason, names in reasons.items():
            paragraph = self.prose(reason)
            for position, name in enumerate(names):
                paragraph += [nodes.Text(", " if position else " "), nodes.literal(text=name)]
            listed += nodes.list_item("", paragraph)
        return [listed]


class GinoRun(FromFile):
    """Say when the calls were run, on which versions, and how many there are."""

    def run(self) -> list[nodes.Node]:
        """Make a paragraph."""
        content = self.content_of_file()
        calls, public, internal = (len(content[key]) for key in ("calls", "public", "internal"))
        differ = sum("differs" in call for call in content["calls"])
        day = written_day(date.fromisoformat(content["date"]))
        versions = "; ".join(
            f"{SIDES[side]}'s side with {named(content['versions'][side])}" for side in SIDES
        )
        return [
            nodes.paragraph(
                text=f"GINO and its extension for Starlette have {public} public names. The "
                f"{calls} calls below use {public - internal} of them, and {internal} aren't for "
                f"apps. {calls - differ} calls give the same result on both sides; where the "
                f"results differ, a sentence says how. Run on {day}: {versions}."
            )
        ]


def named(versions: dict[str, str]) -> str:
    """Name versions as their packages write their own names."""
    names = {**NAMES, **OTHERS}
    return ", ".join(f"{names[key]} {version}" for key, version in versions.items())


def write_listing(writer: HTML5Translator, node: Listing) -> None:
    """Write a listing as Sphinx writes a literal block."""
    text = node.astext()
    writer.visit_literal_block(nodes.literal_block(text, text, **node.attributes))


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives and their style sheet."""
    app.add_directive("gino-calls", GinoCalls)
    app.add_directive("gino-names", GinoNames)
    app.add_directive("gino-models", GinoModels)
    app.add_directive("gino-internal", GinoInternal)
    app.add_directive("gino-run", GinoRun)
    app.add_css_file("gino-calls.css")
    app.add_node(Listing, html=(write_listing, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
