"""The diagrams, one module each: a title, a text that says the same, and the drawings.

`narrow` fits a phone: 340 units. `wide` is shown where there are 630 pixels; a diagram without one
looks the same everywhere.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def find(name: str) -> ModuleType:
    """Return the module of a diagram, or raise ImportError."""
    return import_module(f"{__name__}.{name.replace('-', '_')}")
