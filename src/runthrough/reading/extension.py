"""The Sphinx extension: settings, directives, and what the pages say of themselves."""

from __future__ import annotations

import zlib
from pathlib import Path
from types import ModuleType
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives as registry
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError, ExtensionError
from sphinx.transforms import SphinxTransform

import runthrough
from runthrough.converting import PREFIX, SettingsError
from runthrough.reading import directives, numbered, starting
from runthrough.settings import DEFAULTS, refuse_unknown

ERRORS = "runthrough_errors"
SERIOUS = 3
"""docutils' level for an error: what it stands at is missing from the page."""


class KeepErrors(SphinxTransform):
    """Keeps a page's errors with the page, so that an unchanged page still has them."""

    default_priority = 998  # Sphinx drops the messages at 999

    def apply(self, **kwargs: Any) -> None:
        self.document[ERRORS] = [
            (message.get("source"), message.get("line"), message[0].astext())
            for message in self.document.findall(nodes.system_message)
            if message["level"] >= SERIOUS
        ]


def check_directives(app: Sphinx) -> None:
    """Refuse to go on where another extension has replaced one of our directives."""
    for name, ours in directives.BLOCKS.items():
        active = registry._directives.get(name)  # type: ignore[attr-defined]
        if active is not ours:
            raise ExtensionError(
                f"runthrough: the directive {name!r} is {active!r}, put there by another "
                "extension, so its blocks would be passed over. Load 'runthrough' after that "
                "extension in conf.py, or leave one of the two out."
            )


def check_settings(app: Sphinx, config: Config) -> None:
    """Raise ConfigError for a wrong value, and for a setting that doesn't exist.

    What conf.py holds beside settings, and what `sphinx-build -D` gives, Sphinx keeps in two
    private attributes (seen in 8.0 to 9.0).
    """
    written = {
        name
        for name, value in config._raw_config.items()
        if not callable(value) and not isinstance(value, ModuleType)
    }
    try:
        refuse_unknown(sorted(written | config._overrides.keys()), config.values)
        starting.settings_of(app)
    except SettingsError as error:
        raise ConfigError(str(error)) from error


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the settings, the directives and the notes at a page's head."""
    for name, default in DEFAULTS.items():
        app.add_config_value(PREFIX + name, default, "env")
    for name, directive in directives.BLOCKS.items():
        app.add_directive(name, directive, override=True)
    app.add_directive("waive", directives.Waive)
    app.add_transform(KeepErrors)
    app.connect("config-inited", check_settings, priority=100)  # before anyone uses them
    app.connect("builder-inited", check_directives)
    app.connect("doctree-read", starting.say_where_it_starts, priority=800)
    app.connect("env-get-outdated", starting.find_changed)
    app.connect("doctree-resolved", starting.offer_checkpoints)
    app.connect("build-finished", starting.copy_checkpoints)
    return {
        "version": runthrough.__version__,
        "env_version": fingerprint(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def fingerprint() -> int:
    """Number what makes the doctrees, so that a change of it has every page read again."""
    made_by = (directives.__file__, numbered.__file__, starting.__file__, __file__)
    return zlib.crc32(b"".join(Path(one).read_bytes() for one in made_by))
