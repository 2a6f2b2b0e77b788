"""The folder in which the processes of a run keep the results of pages, and their snapshots.

A record is a folder that gets its name when it is whole. One process at a time runs a page that
others continue from; those that wait for it read its record. A record that is damaged, or that
another version has written, is ignored, and its page is run again.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pickle
import shutil
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import cast

from runthrough.model.digests import engine
from runthrough.model.results import Blocked, Result
from runthrough.running.snapshots.snapshot import Snapshot

RECORD = "record"
FORMAT = b"runthrough record 1"
"""What a record begins with: then come the engine that has written it, and its own digest."""
NEW = ".new"
LOCK = ".lock"


@dataclass(frozen=True)
class Record:
    """The results of a page's steps, and what is left at its end."""

    results: tuple[Result, ...]
    blocked: Blocked | None
    """The failure that keeps others from continuing."""
    snapshot: Snapshot | None
    run_at: datetime
    run: str
    """Names the run that has run the page."""
    key: str = ""
    """Cache key: a hash of everything that led to it, if it may outlive the run."""


@dataclass(frozen=True)
class Store:
    """Records by page, in a folder that goes with the run or is kept for the next."""

    folder: Path

    def place(self, docname: str) -> Path:
        """Return where the record of a page is, or would be."""
        return self.folder / hashlib.sha256(docname.encode()).hexdigest()[:16]

    def make(self) -> None:
        """Create the folder; a shell's memory contains everything in its environment."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def lock(self, docname: str) -> Iterator[None]:
        """Keep other processes from running a page; wait while one of them does."""
        self.make()
        place = self.place(docname)
        lock = os.open(place.with_name(place.name + LOCK), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def get(self, docname: str) -> Record | None:
        """Return the record of a page, if there is a whole one of this very engine."""
        try:
            data = (self.place(docname) / RECORD).read_bytes()
        except OSError:
            return None
        record = unpacked(data)
        return placed(record, self.place(docname)) if record else None

    def put(self, docname: str, make: Callable[[Path], Record]) -> Record:
        """Keep the record that `make` makes in a new folder; whole, or not at all."""
        place = self.place(docname)
        new = place.with_name(place.name + NEW)
        self.make()
        self.remove(docname)
        new.mkdir()
        record = make(new)
        (new / RECORD).write_bytes(packed(record))
        new.rename(place)
        return placed(record, place)

    def prune(self, docnames: Collection[str]) -> None:
        """Forget all pages but these."""
        known = {self.place(docname).name for docname in docnames}
        for place in self.folder.glob("*"):
            if place.is_dir() and place.name not in known:
                shutil.rmtree(place, ignore_errors=True)

    def instances(self, docnames: Collection[str], service: str) -> set[str]:
        """Return the names of a service's instances in the snapshots of these pages."""
        records = filter(None, map(self.get, docnames))
        snapshots = [record.snapshot for record in records if record.snapshot]
        return {one.instances[service].name for one in snapshots if service in one.instances}

    def remove(self, docname: str) -> None:
        """Forget a page; the record goes first, so that the rest does not look whole."""
        place = self.place(docname)
        with suppress(OSError):
            (place / RECORD).unlink(missing_ok=True)
        for folder in (place, place.with_name(place.name + NEW)):
            shutil.rmtree(folder, ignore_errors=True)


def packed(record: Record) -> bytes:
    """Serialise a record, after a head that is checked before the rest is read."""
    data = pickle.dumps(record)
    return b"\n".join((*head(data), data))


def unpacked(data: bytes) -> Record | None:
    """Read a record; None if it is cut short, changed, or of another engine.

    Nothing of it is unpickled then: a pickle can contain anything.
    """
    *found, data = data.split(b"\n", 3) if data.count(b"\n") >= 3 else (b"",)
    return cast(Record, pickle.loads(data)) if tuple(found) == head(data) else None


def head(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the lines above a record's data."""
    written_by = hashlib.sha256(f"{engine()} {sys.version}".encode()).hexdigest()
    return FORMAT, written_by.encode(), hashlib.sha256(data).hexdigest().encode()


def placed(record: Record, place: Path) -> Record:
    """Tell a record where its snapshot is: it was made under another name."""
    if record.snapshot is None:
        return record
    return replace(record, snapshot=replace(record.snapshot, folder=place))
