"""Which files, folders and sites the arguments of a command name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from runthrough.reading.finding import find_confdir, is_alone, may_be_page


def named_sites(config: pytest.Config) -> Iterator[Path]:
    """Yield the folders of the sites that the arguments lie in, or hold at their top.

    For a file that's read by itself, yield the file.
    """
    found: dict[Path, Path] = {}
    for argument in config.args:
        path = path_of(config, argument)
        if not path.exists():
            continue
        own = find_confdir(path) or find_confdir(Path(os.path.realpath(path)))
        if is_alone(path):
            confdirs = [path]
        elif own is not None:
            confdirs = [own] if path.is_dir() or may_be_page(path, own) else []
        else:
            below = (conf.parent for conf in sorted(path.glob("*/conf.py")))
            confdirs = [folder for folder in below if find_confdir(folder) == folder]
        for confdir in confdirs:
            found.setdefault(Path(os.path.realpath(confdir)), confdir)
    yield from found.values()


def path_of(config: pytest.Config, argument: str) -> Path:
    """Return the path of an argument, absolute and as it was written, links and all."""
    written = argument.partition("::")[0]
    return Path(os.path.abspath(config.invocation_params.dir / written))


def assignment(given: str) -> tuple[str, str]:
    """Read NAME=VALUE; raise UsageError if it is something else."""
    name, equals, value = given.partition("=")
    if not equals or not re.fullmatch(r"[A-Za-z_]\w*", name):
        raise pytest.UsageError(
            f"--runthrough-set {given!r}: expected NAME=VALUE, such as TZ=Asia/Kathmandu"
        )
    return name, value
