"""The folder of one server, and the commands that make its data and run it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runthrough.services.postgresql import names
from runthrough.services.postgresql.account import Account
from runthrough.services.postgresql.errors import DatabaseError
from runthrough.services.programs import LOOPBACK

SUPERUSER = "rt_admin"

SETTINGS = {
    "listen_addresses": LOOPBACK,
    # Debian's default is a folder of its own; a long path can't name a socket anyway.
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # In the data folder: nothing is left in /dev/shm by a server that is killed.
    "dynamic_shared_memory_type": "mmap",
}
UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Settings that make a server quick if its data doesn't outlive it."""

MAKE = """\
mkfifo {alive}
stop() {{
    kill -KILL $!
    exec 3<>{alive} 4<{alive} 3>&-
    cat <&4
    set -- $(sed -n 7p {new}/postmaster.pid)
    ipcrm -m $2
    exit 1
}}
trap stop QUIT INT
{initdb} 3<>{alive} & wait $! || exit 1
trap - QUIT INT
rm {alive}
mv {new} {data}
"""
"""Makes the data and leaves nothing when it is stopped, not even a piece of shared memory.

A server process that is killed leaves one. So initdb is killed alone: what it runs sees the end
of its input and goes, and the pipe that all of them hold ends with the last. Where that one
failed in the middle of the catalogue, the memory is named on line 7 of its pid file.
"""


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
        """The file with the superuser's password."""
        return self.home / "password"

    @property
    def is_new(self) -> bool:
        """Return whether there's no data yet."""
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

    Raises DatabaseError if the folder isn't one of ours, or can't be used by this server.
    """
    cluster = Cluster(home.absolute())
    problem = _problem(cluster, owner, major)
    if problem:
        raise DatabaseError(
            f"the folder {home} can't be used for the data: {problem}.\nTo fix this, either "
            "remove the folder, or choose another."
        )
    if not cluster.password_file.exists():
        return make(cluster.home, owner)
    shutil.rmtree(cluster.new, ignore_errors=True)
    cluster.alive.unlink(missing_ok=True)
    return cluster


def _problem(cluster: Cluster, owner: Account, major: int) -> str:
    """Return why a folder can't be used; nothing if it can."""
    above = next(path for path in cluster.home.parents if path.exists())
    if not owner.can_enter(above):
        return f"{owner.user}, who runs the server because root can't, has no access to {above}"
    if not cluster.home.exists():
        return ""
    uid = cluster.home.stat().st_uid
    if uid not in (owner.uid, os.geteuid()):
        return f"it belongs to the user with id {uid}, not {owner.uid}"
    if not any(cluster.home.iterdir()):
        return ""
    if not cluster.password_file.exists():
        return "it contains other files"
    version = cluster.data / "PG_VERSION"
    if version.exists() and version.read_text().strip() != str(major):
        return f"it has data of PostgreSQL {version.read_text().strip()}, but the server is {major}"
    return ""


def script(bindir: Path, major: int, cluster: Cluster, port: int, *, safe: bool) -> str:
    """Return the script that makes the data if there is none, and becomes the server."""
    settings = {**SETTINGS, "port": str(port), **({} if safe else UNSAFE)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    postgres = [str(bindir / "postgres"), "-D", str(cluster.data), *options]
    start = f"exec {shlex.join(postgres)}\n"
    if not cluster.is_new:
        return start
    initdb = [str(bindir / "initdb"), *_initdb_options(major, cluster)]
    paths = {"new": cluster.new, "data": cluster.data, "alive": cluster.alive}
    quoted = {name: shlex.quote(str(path)) for name, path in paths.items()}
    return MAKE.format(initdb=shlex.join(initdb), **quoted) + start


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what the server inherits: no PG*, no locale, and where to find libraries."""
    passed = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    kept = {name: environ[name] for name in passed if name in environ}
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", **kept}


def _initdb_options(major: int, cluster: Cluster) -> list[str]:
    return [
        f"--pgdata={cluster.new}",
        f"--username={SUPERUSER}",
        f"--pwfile={cluster.password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-sync",
        *_locale_options(major),
    ]


def _locale_options(major: int) -> list[str]:
    """Sort by code point, with the letters of all languages: the same on every machine."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # Without it, lower('É') is 'É', and there's nothing better.
    return ["--locale=C.UTF-8"] if _system_has_c_utf8() else ["--locale=C"]


def _system_has_c_utf8() -> bool:
    """Ask the system: initdb stops at an unknown locale."""
    locale = shutil.which("locale")
    names = subprocess.run([locale, "-a"], capture_output=True).stdout.split() if locale else []
    return any(name.lower().replace(b"-", b"") == b"c.utf8" for name in names)
