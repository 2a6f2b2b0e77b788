"""Steps that a project's own directives ask for, besides those of blocks."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from runthrough.model.custom import CustomStep
from runthrough.model.places import Place

if TYPE_CHECKING:
    from docutils import nodes
    from docutils.parsers.rst import Directive

STEP = "runthrough_step"
"""Where a node keeps the step that it asks for."""


def add_step(node: nodes.Element, step: CustomStep) -> None:
    """Attach a step to a node of a page: it's run in its turn, and its badge goes below the node.

    Raises TypeError for a kind of step that other processes can't load.
    """
    kind = type(step)
    if "__dataclass_params__" not in vars(kind) or not vars(kind)["__dataclass_params__"].frozen:
        raise TypeError(f"{kind.__qualname__} isn't a frozen dataclass: @dataclass(frozen=True)")
    if getattr(sys.modules.get(kind.__module__), kind.__qualname__, None) is not kind:
        raise TypeError(
            f"{kind.__qualname__} can't be loaded by other processes: define it at the top of a "
            "module that conf.py loads as an extension, not in conf.py itself"
        )
    node[STEP] = step


def place_of(directive: Directive) -> Place:
    """Return the file and the line in which a directive is written."""
    source, line = directive.state_machine.get_source_and_line(directive.lineno)
    return Place(Path(os.path.abspath(source or directive.state.document["source"])), line)
