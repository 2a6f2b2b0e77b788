"""The file that keeps what became of steps: by page, one receipt for each step."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Any, get_args

from runthrough.model.digests import Key
from runthrough.model.places import shown
from runthrough.model.report import shortened
from runthrough.model.results import Verdict

FORMAT = "runthrough outcomes 1"
"""What the file says of itself, so that no other file is taken for one, or overwritten."""

RECEIPT: Mapping[str, type | UnionType] = {
    **dict.fromkeys(("digest", "chain", "verdict", "when", "python"), str),
    **dict.fromkeys(("position", "line"), int),
    "server": str | None,
}
STUMBLE: Mapping[str, type | UnionType] = {
    **dict.fromkeys(("file", "what", "advice"), str),
    "line": int,
    "command": str | None,
}
"""What the fields of a receipt and of a stumble may hold, beside those that are checked apart."""

Pages = Mapping[str, tuple["Receipt", ...]]
"""Receipts by the name of their page, in reading order."""


class NotOutcomes(Exception):
    """A file is there, and does not hold outcomes."""


@dataclass(frozen=True)
class Stumble:
    """Where a reader stumbles, over what, and what the author can do."""

    file: str
    """Seen from the folder of conf.py."""
    line: int | None
    """None where only the file is known."""
    what: str
    advice: str
    command: str | None = None
    difference: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """What became of a step, bound to what it asks and to all that comes before it."""

    position: int
    """Among the steps of its page."""
    digest: str
    chain: str
    verdict: Verdict
    when: str
    """When it was performed, in the form of ISO 8601."""
    python: str
    server: str | None
    """The version of PostgreSQL, where there is one."""
    line: int | None
    """Where the step stood; None where only the file is known."""
    packages: tuple[tuple[str, str], ...] = ()
    """At the end of a page, name and version of what it was performed with."""
    stumble: Stumble | None = None
    """Its own, or that of the step that blocks it."""

    @property
    def key(self) -> Key:
        return Key(self.digest, self.chain)


def read(file: Path) -> Pages:
    """Read all receipts; none where there is no file.

    Raises NotOutcomes where the file holds something else, is damaged, or can't be read.
    """
    if file.exists() and not file.is_file() and not file.is_dir():
        # A device or a pipe may have no end.
        raise NotOutcomes(f"{shown(file)} isn't a regular file. Name another file.")
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["format"] != FORMAT:
            raise ValueError(f"its format is {kept['format']!r}")
        return {page: tuple(map(receipt_of, said)) for page, said in kept["pages"].items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise NotOutcomes(
            f"{shown(file)} can't be read: {error.strerror}. Name another file, or make this one "
            "readable."
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotOutcomes(
            f"{shown(file)} is there, and is no file of outcomes "
            f"({type(error).__name__}: {shortened(str(error))}); expected one ({FORMAT!r}) that "
            "'pytest --runthrough --outcomes' has written. Name another file, or remove this one."
        ) from error


def receipt_of(said: dict[str, Any]) -> Receipt:
    """Read one receipt.

    Raises TypeError, ValueError or KeyError where a value is missing, or is none of its kind.
    """
    stumble = said.get("stumble")
    packages = tuple((name, version) for name, version in said.get("packages", ()))
    receipt = Receipt(
        **{
            **said,
            "stumble": None if stumble is None else stumble_of(stumble),
            "packages": packages,
        }
    )
    check_kinds(receipt, RECEIPT)
    if not all(isinstance(word, str) for both in packages for word in both):
        raise TypeError("a package is no pair of texts")
    if receipt.verdict not in get_args(Verdict):
        raise ValueError(f"there is no verdict {receipt.verdict!r}")
    if receipt.position < 0:
        raise ValueError(f"there is no position {receipt.position}")
    if datetime.fromisoformat(receipt.when).tzinfo is None:
        raise ValueError(f"the time {receipt.when!r} names no zone")
    return receipt


def stumble_of(said: dict[str, Any]) -> Stumble:
    """Read where a reader stumbles, as `receipt_of` does."""
    rows = {name: tuple(said[name]) for name in ("difference", "printed")}
    stumble = Stumble(**{**said, **rows})
    check_kinds(stumble, STUMBLE)
    if not all(isinstance(row, str) for row in (*stumble.difference, *stumble.printed)):
        raise TypeError("a row is no text")
    return stumble


def check_kinds(value: object, kinds: Mapping[str, type | UnionType]) -> None:
    """Raise TypeError where a field of `value` holds something of another kind than it should."""
    for name, kind in kinds.items():
        found = getattr(value, name)
        if not isinstance(found, kind) or isinstance(found, bool):
            raise TypeError(f"{name} is {found!r}")


def merge(
    known: Pages, new: Mapping[str, Mapping[int, Receipt]], sizes: Mapping[str, int]
) -> Pages:
    """Put new receipts, by page and position, in the place of those that are known.

    `sizes` tells how many steps the pages of the new ones have by now.
    """
    merged = dict(known)
    for page, receipts in new.items():
        both = {one.position: one for one in known.get(page, ())} | dict(receipts)
        merged[page] = tuple(both[number] for number in sorted(both) if number < sizes[page])
    return merged


def write(file: Path, pages: Pages) -> None:
    """Keep all receipts: whole or not at all, and only where they differ from what is there."""
    said = {page: [asdict(one) for one in pages[page]] for page in sorted(pages)}
    text = json.dumps({"format": FORMAT, "pages": said}, indent=1, ensure_ascii=False) + "\n"
    if file.is_file() and file.read_bytes() == text.encode():
        return  # who watches the file would build the site again for nothing
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(file)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
