"""What a reader has at the end of a page: files and tables, with the page's values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from runthrough.running.context import Context
from runthrough.services.postgresql import Database
from runthrough.services.postgresql.connecting import connect, identifier

VOLATILE = {".venv", "__pycache__", ".cache", ".local", ".bash_history", ".python_history"}
"""Names of what installers, interpreters and shells leave, which says nothing of the page."""
HEADING = "\1"
"""What begins a line that names a file or a table: no such line is in a file that people write."""
SCHEMA = (
    "SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default "
    "FROM information_schema.columns WHERE table_schema !~ '^(pg_|information_schema)' "
    "ORDER BY 1, 2, 3",
    "SELECT indexdef FROM pg_indexes WHERE schemaname !~ '^(pg_|information_schema)' ORDER BY 1",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1, 2",
    "SELECT enumtypid::regtype::text, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder",
)
TABLES = (
    "SELECT schemaname, tablename FROM pg_tables "
    "WHERE schemaname !~ '^(pg_|information_schema)' ORDER BY 1, 2"
)


def ending(context: Context) -> dict[str, str]:
    """Return what a page leaves: the name of each file and table, and a digest of its lines."""
    lines = [*files(context.workspace.home)]
    if context.database is not None:
        lines += tables(context.database)
    left: dict[str, list[str]] = {}
    for line in context.placeholders.normalise(context.placeholders.lines_to_page(lines)):
        if line.startswith(HEADING):
            here = left.setdefault(line, [])
        else:
            here.append(line)
    return {name: digest("\n".join(lines)) for name, lines in left.items()}


def digest(text: str) -> str:
    """Return a short text that stands for a long one."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def unstable(left: Mapping[str, str], again: Mapping[str, str]) -> frozenset[str]:
    """Return the names of what two runs of the same page leave differently."""
    return frozenset(name for name in {*left, *again} if left.get(name) != again.get(name))


def same_but(left: Mapping[str, str], other: Mapping[str, str], ignored: frozenset[str]) -> bool:
    """Return whether two runs leave the same, apart from what is ignored."""
    return unstable(left, other) <= ignored


def files(home: Path) -> Iterator[str]:
    """Yield the name and the lines of each file below a home that pages write themselves."""
    for file in sorted(home.rglob("*")):
        if file.is_file() and not VOLATILE & set(file.relative_to(home).parts):
            yield f"{HEADING}file {file}"
            yield from file.read_bytes().decode("utf-8", "backslashreplace").split("\n")


def tables(database: Database) -> Iterator[str]:
    """Yield the definitions and the rows of everything in a database."""
    yield f"{HEADING}definitions"
    with connect(database.address) as connection:
        for query in SCHEMA:
            yield from (repr(row) for row in connection.execute(query))
        for schema, table in connection.execute(TABLES).fetchall():
            name = f"{identifier(schema)}.{identifier(table)}"
            yield f"{HEADING}table {name}"
            rows = connection.execute(f"SELECT t::text FROM {name} t ORDER BY 1")
            yield from (row[0] for row in rows)
