"""The Sphinx extension: settings, directives, and what the pages say about themselves."""

from __future__ import annotations

import zlib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst import directives as registry
from docutils.parsers.rst.directives import body, images
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.directives import patches
from sphinx.errors import ConfigError, ExtensionError
from sphinx.transforms import SphinxTransform

from runthrough._version import __version__
from runthrough.model.converting import PREFIX, SettingsError
from runthrough.model.settings import SETTINGS, refuse_unknown
from runthrough.reading import _compat, captions, comments, directives, options, starting
from runthrough.reading._compat import (
    LOST_IN_MYST,
    REFUSED_IN_MYST,
    known_directives,
    names_given,
)
from runthrough.reading.side_file import side_file_of

ERRORS = "runthrough_errors"
CHANGED = "runthrough_changed"
"""Whether an extension has changed the text of a page before it was read."""
SERIOUS = 3
"""docutils' level for an error: the markup it's about is missing from the page."""
ALIKE = 0.75
"""How much an option that doesn't exist has to be like one of ours to be a slip for it."""


class KeepErrors(SphinxTransform):
    """Keeps a page's errors with the page, so that an unchanged page still has them."""

    default_priority = 998  # Sphinx drops the messages at 999

    def apply(self, **kwargs: Any) -> None:
        self.document[CHANGED] = bool(self.env.temp_data.get(CHANGED))
        self.document[ERRORS] = [
            (message.get("source"), message.get("line"), message[0].astext())
            for message in self.document.findall(nodes.system_message)
            if message["level"] >= SERIOUS or is_loss_in_myst(message[0].astext())
        ]


def is_loss_in_myst(warning: str) -> bool:
    """Return whether a warning of MyST means that a run would miss what an author has written.

    MyST goes on without an option that it refuses. Only one of ours, or one that looks like a
    slip for it, changes what is run.
    """
    found = REFUSED_IN_MYST.fullmatch(warning)
    if found is None:
        return LOST_IN_MYST.search(warning) is not None
    if found["directive"] not in (*directives.BLOCKS, *directives.SKIPPABLE, *directives.PICTURES):
        return False
    if found["unknown"] is None:
        return found["unreadable"] is not None or found["wrong"] in options.OPTIONS
    unknown = (name.strip("'\" \u2018\u2019") for name in found["unknown"].split(","))
    return any(get_close_matches(name, options.OPTIONS, n=1, cutoff=ALIKE) for name in unknown)


def note_change(app: Sphinx, docname: str, source: list[str]) -> None:
    """Note a page whose text isn't that of its file: its lines may have moved."""
    file = Path(app.env.doc2path(docname))
    written = file.read_text(encoding=app.config.source_encoding, errors="replace")
    app.env.temp_data[CHANGED] = source[0].splitlines() != written.splitlines()


def extend_directives(app: Sphinx) -> None:
    """Add our options to the block directives, whichever extension they come from."""
    known = known_directives()
    known.setdefault("parsed-literal", body.ParsedLiteral)
    known.setdefault("image", images.Image)
    known.setdefault("figure", patches.Figure)
    for name in (*directives.BLOCKS, *directives.SKIPPABLE, *directives.PICTURES):
        active = known.get(name, directives.BLOCKS.get(name))
        if active is None or (isinstance(active, type) and issubclass(active, directives.OURS)):
            continue
        if not isinstance(active, type) or not issubclass(active, Directive):
            if name in directives.SKIPPABLE:
                continue
            raise ExtensionError(
                f"runthrough: another extension has replaced the directive {name!r} with "
                f"{active!r}. It isn't a class, so runthrough can't add its options to it, and "
                "would miss its blocks. Leave one of the two extensions out."
            )
        registry.register_directive(name, directives.extended(name, active))


def leave_out_todos(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Leave out what `todo` says where the site doesn't show it, as writers do later on."""
    if "sphinx.ext.todo" not in app.extensions or app.config.todo_include_todos:
        return
    for node in [one for one in doctree.findall(nodes.Element) if is_todo(one)]:
        node.parent.remove(node)


def is_todo(node: nodes.Node) -> bool:
    """Return whether sphinx.ext.todo has made a node."""
    return type(node).__name__ == "todo_node"


def check_settings(app: Sphinx, config: Config) -> None:
    """Raise ConfigError for a wrong value, a setting that doesn't exist and a wrong side file."""
    try:
        refuse_unknown(sorted(names_given(config)), config.values)
        starting.settings_of(app)
        side_file_of(app)
    except SettingsError as error:
        raise ConfigError(str(error)) from error


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the settings, the directives and the notes at a page's head."""
    for name, setting in SETTINGS.items():
        app.add_config_value(PREFIX + name, setting.default, setting.rebuild, setting.types)
    app.add_directive("skip", directives.SkipDirective)
    app.add_transform(KeepErrors)
    app.connect("config-inited", check_settings, priority=100)  # before anyone uses them
    app.add_transform(comments.ReadOptions)
    app.connect("builder-inited", extend_directives, priority=1000)
    app.connect("source-read", note_change, priority=1000)
    app.connect("doctree-read", starting.say_where_it_starts, priority=800)
    app.connect("env-get-outdated", starting.find_changed)
    app.connect("doctree-resolved", leave_out_todos)
    app.connect("doctree-resolved", starting.offer_checkpoints)
    app.connect("build-finished", starting.copy_checkpoints)
    return {
        "version": __version__,
        "env_version": fingerprint(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def fingerprint() -> int:
    """Number what makes the doctrees, so that a change of it has every page read again."""
    made_by = (_compat, captions, comments, directives, options, starting)
    files = [str(one.__file__) for one in made_by]
    return zlib.crc32(b"".join(Path(one).read_bytes() for one in (*files, __file__)))
