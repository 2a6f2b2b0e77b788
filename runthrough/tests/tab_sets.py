"""A set of tabs for pages that are tried."""

from __future__ import annotations


def tab_set(*labels: str) -> str:
    """Write a set of tabs, each with a command that makes a folder of its name."""
    tabs = (
        f"   .. tab-item:: {label}\n\n      .. code-block:: console\n\n"
        f"         $ mkdir {label.lower()}"
        for label in labels
    )
    return ".. tab-set::\n\n" + "\n\n".join(tabs)
