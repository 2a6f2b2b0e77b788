"""Marks the commands in sentences that a console block of this site runs as well.

A reader may copy them: `alembic check`, say. Anything else that looks like a command, such as the
name of one without what it needs, isn't marked.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector

from runthrough import PROMPT_TEXT

MARK = "reader-command"
NOT_TO_COPY = {"skip", "status"}
"""The options of blocks whose commands aren't run, or fail."""
COMMAND = re.compile(f"^(?:{PROMPT_TEXT})(?P<command>.+)$", re.MULTILINE)


class TypedCommands(EnvironmentCollector):
    """Keeps the commands that each page types, one line each."""

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        typed(env).pop(docname, None)

    def merge_other(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        docnames: AbstractSet[str],
        other: BuildEnvironment,
    ) -> None:
        typed(env).update({name: typed(other)[name] for name in docnames})

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        blocks = doctree.findall(is_typed)
        lines = [match["command"] for block in blocks for match in COMMAND.finditer(block.astext())]
        typed(app.env)[app.env.docname] = {line.strip() for line in lines}


def typed(env: BuildEnvironment) -> dict[str, set[str]]:
    """Return the commands of each page."""
    if not hasattr(env, "reader_typed_commands"):
        env.reader_typed_commands = {}  # type: ignore[attr-defined]
    commands: dict[str, set[str]] = env.reader_typed_commands  # type: ignore[attr-defined]
    return commands


def is_typed(node: nodes.Node) -> bool:
    """Return whether a node is a console block whose commands are run, and succeed."""
    if not isinstance(node, nodes.literal_block) or node.get("language") != "console":
        return False
    return not NOT_TO_COPY & node.get("runthrough", {}).keys()


def mark_commands(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark the literals of a page's sentences that are commands; a link leads elsewhere."""
    known = set().union(*typed(app.env).values())
    for literal in doctree.findall(nodes.literal):
        text = " ".join(literal.astext().split())
        if isinstance(literal.parent, nodes.paragraph) and " " in text and text in known:
            literal["classes"].append(MARK)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_env_collector(TypedCommands)
    app.connect("doctree-resolved", mark_commands)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
