"""The folder in which the processes of a run keep what became of pages, and their states.

A record is a folder that gets its name when it is whole. One process at a time performs a page
that others continue from; those that wait for it read its record.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pickle
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from runthrough.outcomes import Blocked, Outcome
from runthrough.states.state import State

RECORD = "record"
NEW = ".new"
LOCK = ".lock"


@dataclass(frozen=True)
class Record:
    """What became of the steps of a page, and what is left at its end."""

    outcomes: tuple[Outcome, ...]
    blocked: Blocked | None
    """The failure that keeps others from continuing."""
    state: State | None
    performed: datetime
    run: str
    """Names the run that has performed the page."""
    key: str = ""
    """Stands for everything that led to it, where it may outlive the run."""


@dataclass(frozen=True)
class Store:
    """Records by page, in a folder that goes with the run or is kept for the next."""

    folder: Path

    def place(self, docname: str) -> Path:
        """Return where the record of a page is, or would be."""
        return self.folder / hashlib.sha256(docname.encode()).hexdigest()[:16]

    @contextmanager
    def lock(self, docname: str) -> Iterator[None]:
        """Keep other processes from performing a page; wait while one of them does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.place(docname)
        lock = os.open(place.with_name(place.name + LOCK), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def get(self, docname: str) -> Record | None:
        """Return the record of a page, if there is one."""
        try:
            data = (self.place(docname) / RECORD).read_bytes()
        except FileNotFoundError:
            return None
        return placed(pickle.loads(data), self.place(docname))

    def put(self, docname: str, make: Callable[[Path], Record]) -> Record:
        """Keep the record that `make` makes in a new folder; whole, or not at all."""
        place = self.place(docname)
        new = place.with_name(place.name + NEW)
        self.remove(docname)
        new.mkdir(parents=True)
        record = make(new)
        (new / RECORD).write_bytes(pickle.dumps(record))
        new.rename(place)
        return placed(record, place)

    def prune(self, docnames: Collection[str]) -> None:
        """Forget all pages but these."""
        known = {self.place(docname).name for docname in docnames}
        for place in self.folder.glob("*"):
            if place.is_dir() and place.name not in known:
                shutil.rmtree(place)

    def databases(self, docnames: Collection[str]) -> set[str]:
        """Return the names of the databases that belong to the states of these pages."""
        states = (record.state for name in docnames if (record := self.get(name)))
        return {one.database.address.dbname for one in states if one and one.database}

    def remove(self, docname: str) -> None:
        """Forget a page; the record goes first, so that the rest does not look whole."""
        place = self.place(docname)
        (place / RECORD).unlink(missing_ok=True)
        for folder in (place, place.with_name(place.name + NEW)):
            shutil.rmtree(folder, ignore_errors=True)


def placed(record: Record, place: Path) -> Record:
    """Tell a record where its state is: it was made under another name."""
    if record.state is None:
        return record
    return replace(record, state=replace(record.state, folder=place))
