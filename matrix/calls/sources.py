"""The calls as their authors wrote them: one TOML file for each group, and what has no call."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

HERE = Path(__file__).parent
ROWS = HERE / "rows"
INTERNAL = HERE / "internal.toml"


@dataclass(frozen=True)
class Call:
    """One call: the snippet for each side, the public names it shows, and what to know."""

    group: str
    call: str
    names: tuple[str, ...]
    gino: str
    sqlalchemy: str
    note: str = ""
    differs: str = ""
    """Why the two print something else; empty where they have to print the same."""
    index: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Name the call in the address of the page and on the command line."""
        call = re.sub(r"^(user|note|cup)\.", "instance-", self.call)
        words = re.sub(r"[^a-z0-9]+", "-", call.lower()).strip("-")
        return f"gino-call-{words}"


def calls() -> list[Call]:
    """Read all calls in the order of the page; raises ValueError where two have one id."""
    found: list[Call] = []
    for file in sorted(ROWS.glob("*.toml")):
        content = tomllib.loads(file.read_text())
        for one in content["call"]:
            call = Call(
                group=content["group"],
                call=one["call"],
                names=tuple(one["names"]),
                gino=one["gino"].strip("\n"),
                sqlalchemy=one["sqlalchemy"].strip("\n"),
                note=one.get("note", ""),
                differs=one.get("differs", ""),
                index=tuple(one.get("index", ())),
            )
            found.append(call)
    ids = [call.id for call in found]
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise ValueError(f"two calls have the same id: {', '.join(sorted(twice))}")
    return found


def internal() -> dict[str, str]:
    """Return the patterns of the names that have no call, each with the reason."""
    reasons: dict[str, str] = {}
    for one in tomllib.loads(INTERNAL.read_text())["internal"]:
        reasons |= dict.fromkeys(one["names"], " ".join(one["reason"].split()))
    return reasons


def faults(public: Iterable[str], found: Iterable[Call], reasons: Iterable[str]) -> list[str]:
    """Say which public names have no call, and which calls and reasons have no such name."""
    names, patterns = set(public), list(reasons)
    shown = {name for call in found for name in call.names}
    hidden = {pattern: {n for n in names if fnmatchcase(n, pattern)} for pattern in patterns}
    out_of_sight = set().union(*hidden.values())
    missing = sorted(names - shown - out_of_sight)
    return [
        *(f"{name} is public, but no call shows it and internal.toml has no reason why"
          for name in missing),
        *(f"{name} is in a call, but GINO has no such name" for name in sorted(shown - names)),
        *(f"{name} is in a call and in internal.toml" for name in sorted(shown & out_of_sight)),
        *(f"internal.toml: {pattern} matches no name" for pattern in patterns
          if not hidden[pattern]),
    ]  # fmt: skip


def digest() -> str:
    """Return a hash of everything that determines the results, besides the versions."""
    files = [*sorted(ROWS.glob("*.toml")), INTERNAL, HERE / "tables.sql", HERE / "side.py"]
    files += sorted((HERE / "models").glob("*.py"))
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file.relative_to(HERE).as_posix()}\n".encode() + file.read_bytes())
    return whole.hexdigest()
