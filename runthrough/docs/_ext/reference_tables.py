"""Tables of the reference that are made from the code: settings, and options of blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from runthrough.model.converting import PREFIX
from runthrough.model.errorlines import ERRORS
from runthrough.model.settings import SETTINGS, Setting
from runthrough.reading.options import OPTIONS, Kind, Option

KINDS: dict[Kind, str] = {
    "session": "commands",
    "listing": "files",
    "excerpt": "any block",
    "output": "any block",
    "interrupt": "any block",
    "answer": "any block",
    "skipped": "any block",
}
"""What an option stands on, in a word."""
TYPES: dict[type, str] = {str: "text", int: "number", dict: "dictionary", list: "list"}
"""What a reader writes in conf.py; other types are variants of these."""


class Table(SphinxDirective):
    """A table whose rows come from the code, as reStructuredText."""

    title: str
    widths: str
    head: Sequence[str]

    def rows(self) -> Iterable[Sequence[str]]:
        """Return the cells of each row."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        lines = [
            f".. list-table:: {self.title}",
            "   :header-rows: 1",
            f"   :widths: {self.widths}",
            "",
        ]
        for first, *others in (self.head, *self.rows()):
            lines += [f"   * - {first}", *(f"     - {cell}" for cell in others)]
        parent = nodes.Element()
        self.state.nested_parse(StringList(lines, "made from the code"), 0, parent)
        return parent.children


class BlockOptions(Table):
    """`block-options`: every option of a block."""

    title = "Every option"
    widths = "25 15 60"
    head = ("Option", "On", "What it says")

    def rows(self) -> Iterable[Sequence[str]]:
        for name, option in OPTIONS.items():
            yield f"``{written(name, option)}``", on(option), option.description


class Settings(Table):
    """`settings`: every setting, with an entry in the index; each links to `setting-NAME`."""

    title = "Every setting"
    widths = "30 15 15 40"
    head = ("Name", "Type", "Default", "What it says")

    def rows(self) -> Iterable[Sequence[str]]:
        for name, setting in SETTINGS.items():
            label = f"setting-{name.replace('_', '-')}"
            link = f":ref:`{PREFIX}{name} <{label}>`"
            types = [TYPES[one] for one in setting.types if one in TYPES]
            yield link, " or ".join(types), default(setting), setting.description

    def run(self) -> list[nodes.Node]:
        entries = [("single", f"{PREFIX}{name}", "settings", "", None) for name in SETTINGS]
        target = nodes.target("", "", ids=["settings"])
        return [addnodes.index(entries=entries), target, *super().run()]


def default(setting: Setting) -> str:
    """Write the default of a setting as conf.py would have it."""
    return "``ERRORS``" if setting.default == list(ERRORS) else f"``{setting.default!r}``"


def written(name: str, option: Option) -> str:
    """Write an option as it stands in a page."""
    return f":{name}: {option.value}".rstrip()


def on(option: Option) -> str:
    """Name the blocks that an option fits."""
    return " and ".join(dict.fromkeys(KINDS.get(kind, kind) for kind in option.kinds))


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives."""
    app.add_directive("block-options", BlockOptions)
    app.add_directive("settings", Settings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
