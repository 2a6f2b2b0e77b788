"""Write or compare the licences of every package that a lock file pins: `nox -s licences`.

The environment that runs this has these packages. One that isn't for this machine, such as colorama
for Windows, or that declares nothing keeps the licence that the file has for it.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PACKAGE = "runthrough"
EXTRAS = {"postgres", "screenshots"}
REFUSED = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public|SSPL|BUSL|Commons Clause|unknown", re.I)
"""What runthrough and its extras don't bring: each would ask more of those who install them."""
ACCEPTED = {"docutils": "the part under the GPL is a mode for Emacs, which its wheel doesn't have"}
ENVIRONMENTS = [
    {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.0", "sys_platform": system}
    for minor in range(11, 15)
    for system in ("linux", "darwin")
]
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]*\])?==", re.MULTILINE)
ROW = re.compile(r'^   "([^"]+)", "([^"]+)", "([^"]+)"$', re.MULTILINE)
HEAD = """\
Licences
========

What the sessions of ``noxfile.py`` install, as each package declares its licence. Those whose use
begins with "runthrough" are installed with it or with one of its extras. The others are only for
the docs, the tests and the checks of this repository. ``nox -s licences`` writes this file.

.. csv-table::
   :header: "Package", "Licence", "Used by"

"""


def licence_of(found: Distribution) -> str:
    """Return the licence that a package declares: an SPDX expression, or what it has instead."""
    data: Message = found.metadata  # type: ignore[assignment]  # its protocol has no get()
    classified = [
        line.rsplit(" :: ", 1)[-1]
        for line in data.get_all("Classifier", [])
        if line.startswith("License :: ") and not line.endswith(":: OSI Approved")
    ]
    declared = (data.get("License") or "").strip()
    brief = declared if len(declared) <= 60 and "\n" not in declared else ""
    return data.get("License-Expression") or "; ".join(classified) or brief or "unknown"


def needs(name: str, extras: Iterable[str]) -> Iterator[tuple[str, set[str]]]:
    """Yield what a package needs on any Python with these extras, with the extras asked of it."""
    asked = [{**place, "extra": one} for place in ENVIRONMENTS for one in ("", *extras)]
    for text in distribution(name).requires or []:
        need = Requirement(text)
        if not need.marker or any(need.marker.evaluate(environment) for environment in asked):
            yield canonicalize_name(need.name), need.extras


def uses() -> dict[str, str]:
    """Return which part of runthrough brings a package: itself first, then its extras."""
    found: dict[str, str] = {}
    for extra in ("", *sorted(EXTRAS)):
        use = f"{PACKAGE}[{extra}]" if extra else PACKAGE
        waiting = list(needs(PACKAGE, {extra} - {""}))
        while waiting:
            name, extras = waiting.pop()
            if name not in found:
                found[name] = use
                with suppress(PackageNotFoundError):  # it's for another Python
                    waiting += needs(name, extras)
    return found


def table(locks: Iterable[Path], known: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return package, licence and use for all that is pinned; `known` has the file's licences."""
    pinned = {
        canonicalize_name(name) for lock in locks for name in PINNED.findall(lock.read_text())
    }
    used = uses()
    rows = []
    for name in sorted(pinned | used.keys()):
        try:
            licence = licence_of(distribution(name))
        except PackageNotFoundError:
            licence = "unknown"
        if licence == "unknown" and name in known:
            licence = known[name]
        rows.append((name, licence, used.get(name, "docs, tests and checks")))
    return rows


def main(file: Path, *arguments: str) -> int:
    """Write the file, or with `--check` compare it; return the exit status."""
    before = file.read_text() if file.exists() else ""
    known = {name: licence for name, licence, _ in ROW.findall(before)}
    locks = [Path(one) for one in arguments if one != "--check"]
    rows = table(locks, known)
    text = HEAD + "".join(f'   "{name}", "{licence}", "{use}"\n' for name, licence, use in rows)
    refused = [
        f"{use} brings {name}, whose licence is {licence!r}"
        for name, licence, use in rows
        if use.startswith(PACKAGE) and name not in ACCEPTED and REFUSED.search(licence)
    ]
    unknown = [name for name, licence, _ in rows if licence == "unknown"]
    for line in refused:
        print(f"{line}: do without it, or name it, with a reason, in ACCEPTED of .ci/licences.py")
    if unknown:
        print(f"{file}: write the licence of {', '.join(unknown)}, which isn't known here")
    if "--check" not in arguments:
        file.write_text(text)
    elif text != before:
        lines = difflib.unified_diff(before.splitlines(), text.splitlines(), str(file), "now", n=0)
        print(*lines, f"{file} is out of date: nox -s licences", sep="\n")
        return 1
    return 1 if refused or unknown else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
