"""A folder of entries, one file for each page that passed, named after its key.

A file is written whole or not at all, so several runs can share a folder. A file that is damaged,
or that something else has written, is ignored, and its page is run again. The digest in a file
detects damage. It isn't a seal: anyone who can write to the folder can claim that any page has
passed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from runthrough.model.places import shown
from runthrough.model.results import Verdict
from runthrough.sources.replacing import written

FORMAT = "runthrough cache 1"
"""The first line of an entry, before the digest of the rest."""
SUFFIX = ".runthrough"
NAME = re.compile(rf"[0-9a-f]{{64}}{re.escape(SUFFIX)}")
MARKS = {
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# This folder can be recreated "
    "at any time.\n",
    ".gitignore": "*\n",
}
"""Files that make backup programs and git ignore the folder, if nothing else is in it."""
LARGEST = 64_000_000
"""Bytes of an entry, at most."""
KEPT: tuple[Verdict, ...] = ("passed", "skipped", "unchecked", "elsewhere")
"""Verdicts of the steps of a page that has passed."""
SKEW = timedelta(minutes=5)
"""How much later another machine's clock may be."""


class NoEntry(Exception):
    """A file can't be used as an entry; the message says why."""


@dataclass(frozen=True)
class CachedStep:
    """The result of a step."""

    digest: str
    verdict: Verdict
    whole: str | None = None
    """The file that the step has changed, as it is after that, with the page's values."""
    packages: tuple[tuple[str, str], ...] = ()
    """At the end of a page, name and version of what it was run with."""


@dataclass(frozen=True)
class Entry:
    """A page that has passed, when and where."""

    key: str
    page: str
    ran_at: datetime
    """With its time zone."""
    ran_on: str
    """Machine and commit."""
    steps: tuple[CachedStep, ...]
    archive: bytes | None = None
    """The archive for readers to download, packed at the end of the page."""


@dataclass(frozen=True)
class Cache:
    """A folder of entries that aren't too old."""

    folder: Path
    longest: timedelta
    say: Callable[[str], None]
    """Gets a line about each file that can't be used."""

    def place(self, key: str) -> Path:
        """Return the file of an entry."""
        return self.folder / f"{key}{SUFFIX}"

    def get(self, key: str, page: str) -> Entry | None:
        """Return the entry of a page, if there is one that can be used."""
        try:
            entry = unpacked(read(self.place(key)))
            if (entry.key, entry.page) != (key, page):
                raise NoEntry(
                    f"it's for another page, or for an older version of this one: {entry.page}"
                )
            self.check_age(entry)
        except FileNotFoundError:
            return None
        except OSError as error:
            self.say(f"{shown(self.place(key))} can't be read ({error.strerror}), so {page} is run")
            return None
        except NoEntry as error:
            self.say(f"{shown(self.place(key))} can't be used, so {page} is run: {error}")
            return None
        return entry

    def check_age(self, entry: Entry) -> None:
        """Raise NoEntry if an entry is too old, or is from the future."""
        age = datetime.now(UTC) - entry.ran_at
        if age >= self.longest:
            raise NoEntry(f"it's from {entry.ran_at:%Y-%m-%d %H:%M}, which is too long ago")
        if age < -SKEW:
            raise NoEntry(
                f"it's from the future ({entry.ran_at:%Y-%m-%d %H:%M}); check this machine's clock"
            )

    def put(self, entry: Entry) -> None:
        """Write an entry, whole or not at all; raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        names = [file.name for file in self.folder.iterdir()]
        if all(NAME.fullmatch(name) or name in MARKS for name in names):
            for name, text in MARKS.items():
                if not (mark := self.folder / name).exists():
                    mark.write_text(text, encoding="utf-8")
        with written(self.folder, packed(entry), mode=0o666) as new:
            new.replace(self.place(entry.key))

    def holds(self, key: str) -> bool:
        """Return whether there's an entry that can be used, without reporting why not."""
        try:
            entry = unpacked(read(self.place(key)))
            self.check_age(entry)
        except (OSError, NoEntry):
            return False
        return entry.key == key

    def remove(self, key: str) -> None:
        """Remove the entry of a page that no longer passes; raises OSError."""
        self.place(key).unlink(missing_ok=True)

    def prune(self) -> None:
        """Remove the entries that are too old to be used, going by the time of their files."""
        oldest = datetime.now(UTC) - self.longest
        with suppress(OSError):
            for file in self.folder.iterdir():
                if NAME.fullmatch(file.name):
                    with suppress(OSError):  # another run has removed it
                        if datetime.fromtimestamp(file.lstat().st_mtime, UTC) < oldest:
                            file.unlink()


def read(file: Path) -> bytes:
    """Read a regular file of a sensible size; raises OSError or NoEntry."""
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as opened:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise NoEntry("it isn't a regular file")
        if status.st_size > LARGEST:
            raise NoEntry(f"it has {status.st_size} bytes, but an entry has at most {LARGEST}")
        return opened.read(LARGEST)


def packed(entry: Entry) -> bytes:
    """Serialise an entry."""
    archive = entry.archive
    values = {
        **asdict(entry),
        "ran_at": entry.ran_at.isoformat(),
        "archive": None if archive is None else base64.b64encode(archive).decode(),
    }
    body = json.dumps(values, ensure_ascii=True).encode()
    return f"{FORMAT}\n{hashlib.sha256(body).hexdigest()}\n".encode() + body


def unpacked(data: bytes) -> Entry:
    """Read an entry; raises NoEntry if it is cut short, changed, or something else."""
    head, _, rest = data.partition(b"\n")
    if head != FORMAT.encode():
        raise NoEntry(f"it isn't an entry that this version can read ({FORMAT!r})")
    digest, _, body = rest.partition(b"\n")
    if digest != hashlib.sha256(body).hexdigest().encode():
        raise NoEntry("it's damaged: its digest doesn't match")
    try:
        return from_values(json.loads(body))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NoEntry(f"it isn't in the expected form ({type(error).__name__}: {error})") from error


def from_values(values: dict[str, Any]) -> Entry:
    """Read an entry from what JSON has; raises ValueError, TypeError or KeyError."""
    archive = values["archive"]
    entry = Entry(
        text(values["key"]),
        text(values["page"]),
        datetime.fromisoformat(values["ran_at"]),
        text(values["ran_on"]),
        tuple(map(step_from_values, values["steps"])),
        None if archive is None else base64.b64decode(archive, validate=True),
    )
    if entry.ran_at.tzinfo is None:
        raise ValueError("the time has no time zone")
    return entry


def step_from_values(values: dict[str, Any]) -> CachedStep:
    """Read the result of a step, as `from_values` does."""
    verdict, whole = values["verdict"], values["whole"]
    if verdict not in KEPT:
        raise ValueError(f"a page that passed has no step that is {verdict!r}")
    packages = tuple((text(name), text(version)) for name, version in values["packages"])
    return CachedStep(
        text(values["digest"]), verdict, None if whole is None else text(whole), packages
    )


def text(value: object) -> str:
    """Return a value that has to be a string; raises TypeError if it isn't."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} isn't a string")
    return value
