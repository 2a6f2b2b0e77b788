"""What an author can do with the options of a block to make a page right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Suggestion:
    """An option of a block that an advice has an author give, change or remove.

    The advice names it as it's written on a page. A side file has other words for it.
    """

    option: str
    value: str = ""
    """What to give; empty if it has no value, or if the author has to choose it."""
    at: Literal["block", "another block", "after a block", "given"] = "block"
    """Where: at the block of the failure, at another one, at something that the reader does after
    the block, or at the block that has it already, where it's changed or removed."""
