"""The folder of one server: its data, and the password of its superuser."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from runthrough.services.postgresql import names
from runthrough.services.postgresql.account import Account
from runthrough.services.postgresql.errors import DatabaseError


@dataclass(frozen=True)
class Cluster:
    """A folder that the server's account owns.

    `initdb` works in `new`; it becomes `data` when it is whole.
    """

    home: Path

    @property
    def data(self) -> Path:
        """The data of a server, whole."""
        return self.home / "data"

    @property
    def new(self) -> Path:
        """The data that initdb is making."""
        return self.home / "new"

    @property
    def alive(self) -> Path:
        """A pipe that initdb, and all that it runs, holds open."""
        return self.home / "alive"

    @property
    def password_file(self) -> Path:
        """The file that holds the superuser's password."""
        return self.home / "password"

    @property
    def is_new(self) -> bool:
        """Return whether there is no data yet."""
        return not self.data.exists()

    @property
    def password(self) -> str:
        """The superuser's password."""
        return self.password_file.read_text().strip()


def make(home: Path, owner: Account) -> Cluster:
    """Make the folder of a new server."""
    home.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(home)
    cluster.password_file.touch(mode=0o600)
    cluster.password_file.write_text(names.password(32) + "\n")
    for path in (cluster.password_file, home):
        owner.give(path)
    home.chmod(0o700)
    return cluster


def reopen(home: Path, owner: Account, major: int) -> Cluster:
    """Return the kept server in `home`, or a new one where the folder is empty or not there.

    Raises DatabaseError where the folder is not one of ours, or is of no use to this server.
    """
    cluster = Cluster(home.absolute())
    problem = _problem(cluster, owner, major)
    if problem:
        raise DatabaseError(
            f"the folder {home} cannot keep the data: {problem}.\n"
            "To fix this, either remove the folder, or name another."
        )
    if not cluster.password_file.exists():
        return make(cluster.home, owner)
    shutil.rmtree(cluster.new, ignore_errors=True)
    cluster.alive.unlink(missing_ok=True)
    return cluster


def _problem(cluster: Cluster, owner: Account, major: int) -> str:
    """Say why a folder cannot be used, or nothing."""
    above = next(path for path in cluster.home.parents if path.exists())
    if not owner.can_enter(above):
        return f"{owner.user}, who runs the server since root cannot, has no access to {above}"
    if not cluster.home.exists():
        return ""
    uid = cluster.home.stat().st_uid
    if uid not in (owner.uid, os.geteuid()):
        return f"it belongs to the user number {uid}, not {owner.uid}"
    if not any(cluster.home.iterdir()):
        return ""
    if not cluster.password_file.exists():
        return "it holds other files"
    version = cluster.data / "PG_VERSION"
    if version.exists() and version.read_text().strip() != str(major):
        return f"it holds data of PostgreSQL {version.read_text().strip()}, the server is {major}"
    return ""
