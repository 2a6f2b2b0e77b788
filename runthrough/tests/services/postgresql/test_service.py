"""The live server's address stands in the place of the pages', and goes back in what is printed."""

from __future__ import annotations

from runthrough.matching.placeholders import Placeholders
from runthrough.services import Placeholder
from runthrough.services.postgresql import Address
from runthrough.services.postgresql.service import endpoint, location, placeholders_of

PAGE = Address.parse("postgresql://gino:secret@localhost:5432/gino_tutorial")
RUN = Address.parse("postgresql://postgres:k3t9x0aa@127.0.0.1:40123/rt_0a1b2c")


def told(page: Address, run: Address) -> Placeholders:
    """Make placeholders as a run does."""
    placeholders = Placeholders({}, {}, 80)
    for one in placeholders_of(page, run):
        placeholders.fix(one.page, one.run, typed=one.typed)
    return placeholders


def test_a_reader_types_the_address_in_full_whatever_its_scheme() -> None:
    placeholders = told(PAGE, RUN)
    for scheme in ("postgresql", "postgresql+asyncpg", "asyncpg"):
        assert placeholders.to_run(f"{scheme}://gino:secret@localhost:5432/gino_tutorial") == (
            f"{scheme}://postgres:k3t9x0aa@127.0.0.1:40123/rt_0a1b2c"
        )


def test_a_reader_types_no_part_of_it() -> None:
    text = "secret gino_tutorial localhost:5432 port 5432 gino"
    assert told(PAGE, RUN).to_run(text) == text


def test_the_address_and_its_parts_are_put_back() -> None:
    placeholders = told(PAGE, RUN)
    for page, run in (
        ("(postgresql://gino:secret@localhost:5432/gino_tutorial)", f"({RUN.url})"),
        ('database "gino_tutorial" does not exist', 'database "rt_0a1b2c" does not exist'),
        ("password=secret", "password=k3t9x0aa"),
        ("localhost:5432 - no response", "127.0.0.1:40123 - no response"),
        ('at "127.0.0.1", port 5432 failed', 'at "127.0.0.1", port 40123 failed'),
        ("localhost:5432/other", "127.0.0.1:40123/other"),
    ):
        assert placeholders.to_page(run) == page


def test_an_address_that_a_program_breaks_is_put_back() -> None:
    placeholders = told(PAGE, RUN)
    line = "x" * 52 + " " + RUN.url
    printed = [line[:80], "  " + line[80:]]
    said = "".join(one.strip() for one in placeholders.lines_to_page(printed))
    assert said.endswith(f" {PAGE.url}")
    for part in ("k3t9", "x0aa", "40123", "rt_0"):
        assert part not in said


def test_short_or_common_words_are_not_looked_for() -> None:
    run = Address.parse("postgresql://admin1:admin1@server:40123/short")
    values = [one.run for one in placeholders_of(PAGE, run)]
    assert values == [location(run), "server:40123", "port 40123"]
    run = Address.parse("postgresql://me:longenough@postgres:40123/postgres")
    values = [one.run for one in placeholders_of(PAGE, run)]
    assert values == [location(run), "postgres:40123", "port 40123", "longenough"]


def test_the_usual_port_need_not_be_written() -> None:
    run = Address.parse("postgresql://gino:secret@server/gino_tutorial")
    assert location(run) == "gino:secret@server/gino_tutorial"
    assert endpoint(run) == "server:5432"
    assert Placeholder("port 5432", "port 5432", typed=False) in list(placeholders_of(PAGE, run))


def test_what_follows_the_databases_name_is_no_part_of_the_location() -> None:
    run = Address.parse("postgresql://gino:secret@server:1/x?sslmode=require")
    assert location(run) == "gino:secret@server:1/x"


def test_an_address_may_be_the_pages_own() -> None:
    placeholders = told(PAGE, PAGE)
    assert placeholders.to_run(PAGE.url) == placeholders.to_page(PAGE.url) == PAGE.url
