"""The pages of the guide as its toctrees order them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sphinx import addnodes
from sphinx.environment import BuildEnvironment


@dataclass(frozen=True)
class Section:
    """Pages under one heading."""

    title: str
    docnames: tuple[str, ...]


def sections(env: BuildEnvironment) -> list[Section]:
    """Divide the guide: a page with pages below it is a section, others share a caption's."""
    found: list[Section] = []
    for toctree in env.tocs[env.config.root_doc].findall(addnodes.toctree):
        alone: list[str] = []
        for docname in (name for name in toctree["includefiles"] if name in env.titles):
            below = tuple(subpages(env, docname))
            if len(below) == 1:
                alone.append(docname)
            else:
                found += caption(toctree, env, alone)
                found.append(Section(env.titles[docname].astext(), below))
                alone = []
        found += caption(toctree, env, alone)
    return found


def caption(toctree: addnodes.toctree, env: BuildEnvironment, docnames: list[str]) -> list[Section]:
    """Put pages that have none below them under their toctree's caption, if there are any."""
    title = toctree.get("caption") or str(env.config.project)
    return [Section(title, tuple(docnames))] if docnames else []


def subpages(env: BuildEnvironment, docname: str, above: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield a page and all below it, in order."""
    yield docname
    for one in env.toctree_includes.get(docname, ()):
        if one not in above:
            yield from subpages(env, one, (*above, docname))
