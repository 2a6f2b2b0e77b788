"""A directive that makes a table of what was tried together, from the file that keeps it.

`nox -s matrix` writes that file. Nothing is tried here, and nothing is fetched.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from version_words import days, errors, fix, in_words, reasons, tried_with

SIGNS = {"works": "✓", "partly": "!", "fails": "✗", "not tried": "?"}
"""What a cell begins with, so that colour isn't all that tells it from others."""


class VersionTable(SphinxDirective):
    """Show one table of the file: `.. version-table:: NAME`, with a line that says what it is."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the table, and below it what was printed where something failed."""
        name, file = self.env.relfn2path("versions.json")
        self.env.note_dependency(name)
        cells = read(Path(file), self.arguments[0])
        if not cells:
            raise self.error(f"{name} has no cell for a table {self.arguments[0]!r}")
        return [
            self.table(cells),
            *self.notes(cells),
            *(nodes.paragraph(text=sentence) for sentence in self.sentences(cells)),
        ]

    def table(self, cells: list[dict[str, Any]]) -> nodes.table:
        """Make a table with a heading for each row and each column."""
        rows = list(dict.fromkeys(cell["row"] for cell in cells))
        columns = list(dict.fromkeys(cell["column"] for cell in cells))
        found = {(cell["row"], cell["column"]): cell for cell in cells}
        group = nodes.tgroup(cols=len(columns) + 1)
        group += nodes.colspec(colwidth=1, stub=1)
        group += [nodes.colspec(colwidth=1) for _ in columns]
        head = [_entry(nodes.paragraph(text=text)) for text in ("Versions", *columns)]
        group += nodes.thead("", nodes.row("", *head))
        body = nodes.tbody()
        for row in rows:
            entries = [self.entry(found.get((row, column), {})) for column in columns]
            body += nodes.row("", _entry(nodes.paragraph(text=row)), *entries)
        group += body
        caption, _ = self.parse_inline(" ".join(self.content))
        return nodes.table("", nodes.title("", "", *caption), group, classes=["version-table"])

    def entry(self, cell: dict[str, Any]) -> nodes.entry:
        """Say in words what became of a cell, with a link to each fix."""
        verdict = cell.get("verdict", "not tried")
        paragraph = nodes.paragraph("", nodes.Text(f"{SIGNS[verdict]} "))
        for text, failure in in_words(cell):
            paragraph += self.link(text, fix(failure)) if failure else nodes.Text(text)
        return _entry(paragraph, classes=[f"version-{verdict.replace(' ', '-')}"])

    def notes(self, cells: list[dict[str, Any]]) -> list[nodes.Node]:
        """List what was printed, each error once, and why something was not tried."""
        notes: list[nodes.Node] = []
        for place, error in errors(cells):
            paragraph = nodes.paragraph("", nodes.Text(f"{place}: "), nodes.literal(text=error))
            notes.append(nodes.list_item("", paragraph))
        notes += [nodes.list_item("", nodes.paragraph(text=text)) for text in reasons(cells)]
        heading = nodes.paragraph(text="What was printed, and what was not tried:")
        return [heading, nodes.bullet_list("", *notes)] if notes else []

    def sentences(self, cells: list[dict[str, Any]]) -> list[str]:
        """Say when the cells were tried, and with which versions."""
        dates = sorted(date.fromisoformat(cell["date"]) for cell in cells if cell.get("versions"))
        return [f"{days(dates)} {tried_with(cells)}".strip()]

    def link(self, text: str, target: tuple[str, str]) -> nodes.Node:
        """Link to a section (`ref`) or a page (`doc`); Sphinx warns where it is not there."""
        kind, name = target
        label = nodes.inline(text, text, classes=["xref", "std", f"std-{kind}"])
        return addnodes.pending_xref(
            "",
            label,
            refdomain="std",
            reftype=kind,
            reftarget=name,
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )


def read(file: Path, table: str) -> list[dict[str, Any]]:
    """Return the cells of one table."""
    cells: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["table"] == table]


def _entry(*content: nodes.Node, classes: list[str] | None = None) -> nodes.entry:
    return nodes.entry("", *content, classes=classes or [])


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive and its style sheet."""
    app.add_directive("version-table", VersionTable)
    app.add_css_file("versions.css")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
