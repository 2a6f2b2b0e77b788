"""What reading uses of Sphinx, docutils and MyST that isn't part of their documented APIs.

Everything here is known to work with Sphinx 7.4.7 and 9.0.4, docutils 0.21.2 and 0.22.4, and
myst-parser 4.0.1 and 5.1.0, unless a docstring says otherwise. When a new release breaks reading,
look here first.
"""

from __future__ import annotations

import os
import pickle
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst import directives as registry
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.directives.code import LiteralIncludeReader
from sphinx.environment import BuildEnvironment
from sphinx.events import EventListener

# docutils: directives


def known_directives() -> dict[str, Any]:
    """Return the directives that were registered, or used before, by name.

    `directives._directives` is what `register_directive` writes; there's no way to read it.
    """
    known: dict[str, Any] = registry._directives  # type: ignore[attr-defined]
    return known


def is_directive(name: str) -> bool:
    """Return whether a directive of this name is known, docutils' own included.

    `directives.directive()` would say it too, but reports what it doesn't find as an error.
    """
    return name in known_directives() or name in registry._directive_registry  # type: ignore[attr-defined]


# MyST


LOST_IN_MYST = re.compile(
    r"\[myst\.(?:directive_unknown|role_unknown|substitution)\]$"
    r"|none permitted \[myst\.directive_parse\]$"
)
"""Warnings of MyST after which something is missing from the page; others only inform."""
REFUSED_IN_MYST = re.compile(
    r"['\u2018](?P<directive>[\w-]+)['\u2019]: "
    r"(?:Invalid option value for ['\u2018](?P<wrong>[\w-]+)['\u2019]"
    r"|Unknown option keys: \[(?P<unknown>[^\]]*)\]"
    r"|(?P<unreadable>Invalid options format)).* \[myst\.directive_option\]",
    re.DOTALL,
)
"""Warnings of MyST after which a directive goes on without an option, or without all of them.

Sphinx may have made their quotes typographic.
"""


def is_in_markdown(directive: Directive) -> bool:
    """Return whether MyST runs a directive, which counts the lines of its content from 0.

    It has no public mark. Its mock of docutils' state is known by its module.
    """
    return type(directive.state).__module__.startswith("myst_parser")


# Sphinx: conf.py


def names_given(config: Config) -> set[str]:
    """Return what conf.py assigns, but for functions and modules, and what `-D` gives.

    Sphinx keeps both in private attributes; its public values are those of known settings.
    """
    assigned = config._raw_config.items()
    values = {
        name
        for name, value in assigned
        if not callable(value) and not isinstance(value, ModuleType)
    }
    return values | config._overrides.keys()


def with_own_suffixes(app: Sphinx, config: Config) -> None:
    """Keep the suffixes that an extension adds from the next site of the same process.

    Sphinx 7.4 adds them to the default that all sites share; 9.0 doesn't.
    """
    if isinstance(config.source_suffix, dict):
        config.source_suffix = dict(config.source_suffix)


# Sphinx: the environment


def save(env: BuildEnvironment, cache: Path) -> None:
    """Keep what was read, whole or not at all, where the next run's Sphinx looks for it.

    Sphinx does the same in `Builder.read`'s caller, but not before all pages are written.
    """
    unfinished = cache / f"environment.pickle.{os.getpid()}"
    with unfinished.open("wb") as stream:
        pickle.dump(env, stream, pickle.HIGHEST_PROTOCOL)
    unfinished.replace(cache / "environment.pickle")


def forget_doctree(env: BuildEnvironment, docname: str) -> None:
    """Have a page's doctree loaded from its file again, once it was read again.

    Sphinx keeps what it has loaded once, and expects no page to be read twice.
    """
    env._pickled_doctree_cache.pop(docname, None)


def resolved(app: Sphinx, docname: str, tags: Sequence[str] = ()) -> nodes.document:
    """Return a page's doctree as the builder sees it: `only` applied, languages filled in.

    `tags` are set besides those of the application. Sphinx 9 wants the tags to be given; Sphinx 8
    doesn't know the argument.
    """
    resolve = app.env.get_and_resolve_doctree
    with tagged(app, tags):
        is_wanted = "tags" in signature(resolve).parameters
        extra: dict[str, Any] = {"tags": app.tags} if is_wanted else {}
        return resolve(docname, app.builder, **extra)


@contextmanager
def tagged(app: Sphinx, tags: Sequence[str]) -> Iterator[None]:
    """Set further tags for a while.

    Sphinx 9 remembers what each condition comes to, and the builder has a reference of its own, so
    both get other tags instead of more.
    """
    before = app.tags
    app.tags = app.builder.tags = type(before)([*before, *tags])
    try:
        yield
    finally:
        app.tags = app.builder.tags = before


# Extensions: tabs

TabSet = list[tuple[str, nodes.Element]]
"""The label of each tab of a set, and the node with what the tab shows."""


def tab_sets(doctree: nodes.document) -> Iterator[TabSet]:
    """Yield the sets of tabs on a page that was resolved for HTML.

    Each extension has nodes of its own, none of which it documents. Seen in sphinx-design 0.7.0,
    sphinx-inline-tabs 2025.12.21.14 and sphinx-tabs 3.5.0.
    """
    for node in doctree.findall(nodes.container):
        if node.get("design_component") == "tab-set" or "tab-set" in node["classes"]:
            found = list(tabs_in_turn(node))
        elif "sphinx-tabs" in node["classes"]:
            found = list(tabs_by_id(node))
        else:
            continue
        if found:
            yield found


def tabs_in_turn(tab_set: nodes.Element) -> Iterator[tuple[str, nodes.Element]]:
    """Yield the tabs of sphinx-design and sphinx-inline-tabs, whose labels come before them."""
    label = ""
    for child in tab_set.children:
        if type(child).__name__ in ("sd_tab_label", "TabLabel"):
            label = " ".join(child.astext().split())
        elif isinstance(child, nodes.container):
            yield label, child


def tabs_by_id(tab_set: nodes.Element) -> Iterator[tuple[str, nodes.Element]]:
    """Yield the tabs of sphinx-tabs, which has a list of all labels above the first of them."""
    parts = [one for one in tab_set.children if isinstance(one, nodes.Element)]
    labels = {
        name: " ".join(button.astext().split())
        for part in parts
        if part.get("role") == "tablist"
        for button in part.children
        if isinstance(button, nodes.Element)
        for name in button["ids"]
    }
    for part in parts:
        if part.get("role") == "tabpanel":
            yield labels.get(str(part.get("aria-labelledby")), ""), part


# Sphinx: reading a page


def read_with(app: Sphinx, read_doc: Callable[..., None]) -> None:
    """Have the builder read each page by this function, in place of its own `read_doc`."""
    app.builder.read_doc = read_doc  # type: ignore[misc, method-assign]


@contextmanager
def reading_instead(
    app: Sphinx, file: Path, is_kept: Callable[[Callable[..., Any]], bool]
) -> Iterator[None]:
    """Let Sphinx read a file for any page, and call only those handlers of events that are kept.

    `doc2path` returns a text before Sphinx 8, and then a path that also is one.
    """
    listeners = app.events.listeners
    kept: defaultdict[str, list[EventListener]] = defaultdict(list)
    for event, connected in listeners.items():
        kept[event] = [listener for listener in connected if is_kept(listener.handler)]
    path: Callable[[Path], Any] = type(app.env.doc2path(app.config.root_doc))
    app.events.listeners = kept
    app.env.doc2path = lambda *_, **__: path(file)  # type: ignore[method-assign]
    try:
        yield
    finally:
        app.events.listeners = listeners
        del app.env.doc2path


# Sphinx: literalinclude


NUMBER = re.compile("\0([0-9]+)\0")
"""How a line carries its number through Sphinx's own selection."""


class NumberedReader(LiteralIncludeReader):
    """Sphinx's own selection of lines, from a file in which each line ends with its number.

    It relies on `read` applying its filters, whatever their order, to what `read_file` returns.
    """

    def read_file(self, filename: str | os.PathLike[str], location: Any = None) -> list[str]:
        lines = super().read_file(filename, location)
        numbered, number = [], 1
        for line in lines:
            text = line.rstrip("\r\n")
            numbered.append(f"{text}\0{number}\0{line[len(text) :]}")
            number += line.endswith("\n")
        return numbered


def line_numbers(filename: str, options: dict[str, Any], config: Config) -> list[int | None]:
    """Return, for each line that these options of a `literalinclude` select, its number.

    None for a line that isn't in the file, but added by an option.
    """
    text, _ = NumberedReader(filename, options, config).read()
    marks = map(NUMBER.search, text.removesuffix("\n").split("\n"))
    return [int(mark[1]) if mark else None for mark in marks]
