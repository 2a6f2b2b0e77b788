"""Hash each step's content, chained with the steps before it."""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from pathlib import Path

from runthrough._version import __version__
from runthrough.model.contents import contents
from runthrough.model.custom import CustomStep
from runthrough.model.places import Place
from runthrough.model.settings import SETTINGS, Settings
from runthrough.model.steps import Export, Line, Page, Screenshot, Step

LENGTH = 32
"""Hexadecimal digits of a digest."""


@dataclass(frozen=True)
class Key:
    """What a verdict is bound to: it counts for this step as long as both are the same."""

    digest: str
    """Of the step's text, options and picture, wherever on the page it is."""
    chain: str
    """Of the settings, and of all steps before it in its run."""


def keys_of(pages: Iterable[Page], before: str = "") -> tuple[Key, ...]:
    """Name the steps of the last of the pages that a reader follows one after the other.

    `before` says how the first of them is run: see `beginning`.
    """
    keys: tuple[Key, ...] = ()
    for page in pages:
        keys, before = keys_after(before, page)
    return keys


def fingerprint(pages: Iterable[Page]) -> str:
    """Return a digest of all that pages ask of a reader who follows them one after the other."""
    before, parts = "", []
    for page in pages:
        keys, before = keys_after(before, page)
        parts += [f"{page.docname} after {page.continues}", *(key.digest for key in keys)]
    return digest(before, *parts)


def beginning(settings: Settings) -> str:
    """Name what every page of a site is run with: the settings that can change a verdict."""
    named = {name: getattr(settings, name) for name, one in SETTINGS.items() if one.changes_results}
    return digest(*(f"{name} {without_places(value)!r}" for name, value in named.items()))


def keys_after(before: str, page: Page) -> tuple[tuple[Key, ...], str]:
    """Name the steps of a page that begins where `before` ends, and say where it ends itself."""
    given = [part for path in page.starts_with for part in contents(path)]
    chain = digest(before, *given)
    keys = []
    for step in page.steps:
        key = Key(digest(*asked(step)), chain)
        keys.append(key)
        # What compares and changes nothing leads to the same steps after it.
        if step.blocks:
            chain = digest(chain, key.digest)
    return tuple(keys), chain


def asked(step: Step) -> Iterator[str]:
    """Yield what a step asks; of a folder only its name, since it is elsewhere elsewhere."""
    if isinstance(step, Export):
        yield from ("Export", step.folder, step.target.name, *step.own, "", *step.without)
    else:
        yield repr(without_places(step))
    if isinstance(step, Screenshot):
        yield from contents(step.picture.file)
    if isinstance(step, CustomStep):
        yield Path(inspect.getfile(type(step))).read_text(encoding="utf-8")  # how it's run


def digest(*parts: str) -> str:
    """Return a short text that no other parts have."""
    joined = "\0".join(parts).encode("utf-8", "surrogateescape")
    return hashlib.sha256(joined).hexdigest()[:LENGTH]


PACKAGE = Path(__file__).parents[1]


@lru_cache(maxsize=1)
def engine() -> str:
    """Return the version of the engine, and what its source is right now."""
    sources = (path.read_bytes() for path in sorted(PACKAGE.rglob("*.py")))
    return f"{__version__} {hashlib.sha256(b''.join(sources)).hexdigest()}"


def without_places(value: object, *, ends: bool = True) -> object:
    """Write a value in full, but for places: a page that has moved by a line asks the same.

    Without `ends`, blanks at the end of a line are left out, too.
    """
    if isinstance(value, Place):
        return None
    if isinstance(value, Line) and not ends:
        return value.text.rstrip()
    if isinstance(value, re.Pattern):
        return value.pattern, value.flags  # its own repr is cut short
    if isinstance(value, tuple):
        return tuple(without_places(one, ends=ends) for one in value)
    if isinstance(value, Mapping):
        return [(name, without_places(one, ends=ends)) for name, one in sorted(value.items())]
    if is_dataclass(value):
        named = [
            (one.name, without_places(getattr(value, one.name), ends=ends)) for one in fields(value)
        ]
        return type(value).__name__, named
    return value
