from __future__ import annotations

import pytest

from runthrough.services.postgresql import Address

PAGE = "postgresql://gino:secret@localhost:5432/gino_tutorial"


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        "postgresql://",
        "postgresql:///only_a_name",
        "postgresql://localhost",
        "postgresql://gino@localhost/x",
        "postgresql://g%40no:p%3A%2F%3F%23w@localhost:1/n%20me?sslmode=require&a=b",
        "postgresql://gino:secret@[::1]:5432/x",
        "postgresql://%2Fvar%2Frun%2Fpostgresql/x",
    ],
)
def test_an_address_is_written_as_it_was_read(url: str) -> None:
    assert Address.parse(url).url == url


def test_each_part_is_decoded() -> None:
    address = Address.parse("postgresql://g%40no:p%3Aw%25@db.example:99/n%20me?sslmode=require")
    parts = ("db.example", 99, "g@no", "p:w%", "n me", "sslmode=require")
    assert address == Address(*parts)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql+asyncpg", "postgres+psycopg2"])
def test_the_scheme_becomes_libpqs(scheme: str) -> None:
    assert Address.parse(PAGE.replace("postgresql", scheme)).url == PAGE


def test_neither_repr_nor_endpoint_shows_the_password() -> None:
    address = Address.parse(f"{PAGE}?password=hidden")
    shown = f"{address!r} {address} {address.endpoint}"
    assert "secret" not in shown
    assert "hidden" not in shown
    assert address.endpoint == "localhost:5432"


def test_the_endpoint_of_an_ipv6_host_has_brackets() -> None:
    assert Address.parse("postgresql://[::1]").endpoint == "[::1]:5432"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("mysql://gino:secret@localhost/x", "the scheme 'mysql'"),
        ("gino:secret@localhost", "no '://'"),
        ("postgresql://gino:secret@localhost:port/x", "a port that isn't a number"),
        ("postgresql://gino:secret@localhost:65536/x", "a port that isn't a number"),
        ("postgresql://gino:secret@one:1,two:2/x", "a port that isn't a number"),
        ("postgresql://gino:secret/not encoded@localhost/x", "a port that isn't a number"),
    ],
)
def test_what_is_no_address_is_refused_without_showing_the_password(url: str, found: str) -> None:
    with pytest.raises(ValueError, match=found) as caught:
        Address.parse(url)
    assert "secret" not in str(caught.value)
