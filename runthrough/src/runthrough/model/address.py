"""The address of a PostgreSQL database, as a URL writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, unquote

EXPECTED = "expected postgresql://user:password@host:port/dbname"
SCHEMES = ("postgresql", "postgres")


@dataclass(frozen=True)
class Address:
    """The parts of a PostgreSQL URL, decoded; a part that the URL leaves out is empty or None.

    Neither `repr` nor `endpoint` shows the password, nor the query, which can hold one.
    """

    host: str = ""
    port: int | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    dbname: str = ""
    query: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read `url`, whose scheme may name a driver or be `postgres`.

        Raises ValueError, whose message never contains the password.
        """
        scheme, separator, rest = url.partition("://")
        if not separator or scheme.partition("+")[0].lower() not in SCHEMES:
            found = f"the scheme {scheme!r}" if separator else "no '://'"
            raise ValueError(f"{EXPECTED}, found {found}")
        path, _, query = rest.partition("?")
        authority, _, dbname = path.partition("/")
        userinfo, _, server = authority.rpartition("@")
        user, _, password = userinfo.partition(":")
        host, port = _split(server)
        return cls(
            host=unquote(host),
            port=port,
            user=unquote(user),
            password=unquote(password),
            dbname=unquote(dbname),
            query=query,
        )

    @property
    def url(self) -> str:
        """The address as a URL, including the password."""
        password = f":{_quote(self.password)}" if self.password else ""
        login = f"{_quote(self.user)}{password}@" if self.user or password else ""
        port = f":{self.port}" if self.port is not None else ""
        path = f"/{_quote(self.dbname)}" if self.dbname or self.query else ""
        query = f"?{self.query}" if self.query else ""
        return f"postgresql://{login}{_bracketed(self.host)}{port}{path}{query}"

    @property
    def endpoint(self) -> str:
        """The server as messages name it: `host:port`."""
        return f"{_bracketed(self.host) or 'the default host'}:{self.port or 5432}"


def _quote(part: str) -> str:
    return quote(part, safe="")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else _quote(host)


def _split(server: str) -> tuple[str, int | None]:
    """Split `host:port`, where an IPv6 host is in brackets."""
    bracketed, _, port = server.rpartition("]")
    if bracketed:
        host = bracketed.removeprefix("[")
        port = port.removeprefix(":")
    else:
        host, _, port = server.partition(":")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        # It isn't shown, because it can be part of a password that isn't encoded.
        raise ValueError(f"{EXPECTED}, found a port that isn't a number from 1 to 65535")
    return host, int(port) if port else None
