"""The file that keeps what the calls gave, from which the site makes its page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from matrix.calls.sources import HERE, Call, digest, internal

FILE = Path("docs", "reference", "gino-calls.json")


def written(
    calls: list[Call],
    public: list[str],
    versions: Mapping[str, Mapping[str, str]],
    results: Mapping[str, Mapping[str, Mapping[str, Any]]],
) -> dict[str, Any]:
    """Put together what the file holds."""
    reasons = internal()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "sources": digest(),
        "versions": versions,
        "models": {
            side: (HERE / "models" / f"{side}.py").read_text() for side in ("gino", "sqlalchemy")
        },
        "public": public,
        "internal": {
            name: reason
            for name in public
            for pattern, reason in reasons.items()
            if fnmatchcase(name, pattern)
        },
        "calls": [_call(call, results) for call in calls],
    }


def _call(call: Call, results: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Any]:
    both = {side: results[side][call.id] for side in ("gino", "sqlalchemy")}
    entry = {
        "group": call.group,
        "id": call.id,
        "call": call.call,
        "names": list(call.names),
        "index": list(call.index),
        "gino": {"code": call.gino, "printed": both["gino"]["printed"]},
        "sqlalchemy": {"code": call.sqlalchemy, "printed": both["sqlalchemy"]["printed"]},
        "same rows": both["gino"]["rows"] == both["sqlalchemy"]["rows"],
        "differs": call.differs,
        "note": call.note,
    }
    return {key: value for key, value in entry.items() if value not in ("", [])}


def write(content: Mapping[str, Any], file: Path = FILE) -> None:
    """Write the file."""
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def read(file: Path = FILE) -> dict[str, Any]:
    """Read the file."""
    content: dict[str, Any] = json.loads(file.read_text())
    return content


def changes(content: Mapping[str, Any], file: Path = FILE) -> list[str]:
    """Say what the file holds otherwise than what was run now; days and versions may differ."""
    kept = read(file)
    found = [f"{file}: {key} has changed" for key in ("public", "internal", "models")
             if kept[key] != content[key]]  # fmt: skip
    before = {one["id"]: one for one in kept["calls"]}
    for one in content["calls"]:
        if before.pop(one["id"], None) != one:
            found.append(f"{file}: {one['call']} isn't what was run")
    return [*found, *(f"{file}: {one['call']} wasn't run" for one in before.values())]
