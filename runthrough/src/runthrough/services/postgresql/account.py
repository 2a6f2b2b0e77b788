"""The user that our server runs as: PostgreSQL refuses root, so we become `nobody`."""

from __future__ import annotations

import grp
import os
import pwd
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from runthrough.services.postgresql.errors import DatabaseError

NAME = "nobody"


@dataclass(frozen=True)
class Account:
    """A user and group, or those that we already run as if the names are None."""

    uid: int
    gid: int
    user: str | None = None
    group: str | None = None

    @property
    def is_another(self) -> bool:
        """Return whether the server runs as another user than we do."""
        return self.user is not None

    def can_enter(self, folder: Path) -> bool:
        """Return whether the account can reach `folder`, by the permissions for others if it isn't
        ours."""
        way = (folder.resolve(), *folder.resolve().parents)
        return not self.is_another or all(part.stat().st_mode & 0o001 for part in way)

    def can_read(self, path: Path) -> bool:
        """Return whether the account can enter and list the folder, or read the file, `path`."""
        if not self.is_another:
            return True
        readable = bool(path.stat().st_mode & 0o004)
        return readable and self.can_enter(path if path.is_dir() else path.parent)

    def give(self, path: Path) -> None:
        """Make a file or folder of ours the account's own."""
        if self.is_another:
            os.chown(path, self.uid, self.gid)

    def let_in(self, folder: Path) -> None:
        """Let only the account pass through a folder of ours."""
        if self.is_another:
            os.chown(folder, -1, self.gid)
            folder.chmod(0o710)


def account() -> Account:
    """Return the account that our server runs as."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam(NAME)
        group = grp.getgrgid(entry.pw_gid)
    except KeyError as error:
        raise DatabaseError(
            f"PostgreSQL doesn't run as root, and there's no user {NAME!r} to run it as: {error}\n"
            "To fix this, either run as a user other than root, or set DATABASE_URL."
        ) from error
    return Account(entry.pw_uid, entry.pw_gid, NAME, group.gr_name)


def temporary_folders(owner: Account) -> Iterator[Path]:
    """Yield the temporary folders that the account can reach: the system's own choice first."""
    for folder in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):
        path = Path(folder)
        if path.is_dir() and os.access(path, os.W_OK | os.X_OK) and owner.can_enter(path):
            yield path


def temporary_folder(owner: Account) -> Path:
    """Return the first of these folders."""
    folder = next(temporary_folders(owner), None)
    if folder is None:
        raise DatabaseError(
            f"there's no temporary folder that {owner.user or 'this user'} can reach.\nTo fix "
            "this, set TMPDIR to a folder that this user can enter and write to."
        )
    return folder
