"""Run one side of the calls: `python side.py gino|sqlalchemy URL < calls.json`.

It runs in the environment of that side, and needs nothing else. Each snippet runs as the body of
an async function, on tables that were made again for it. What it prints, and the rows that it
leaves, come back as one JSON document.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import io
import json
import sys
import textwrap
import traceback
import types
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TABLES = ("users", "notes", "cups")
ROWS = "SELECT coalesce(json_agg(t ORDER BY id), '[]')::text FROM {} AS t"
GINO = """
import asyncio
import gino
import sqlalchemy as sa
"""
SQLALCHEMY = """
import asyncio
import sqlalchemy as sa
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload
"""
LIMIT = 20
"""Seconds that a snippet has."""


def module(side: str, imports: str, url: str) -> dict[str, Any]:
    """Make the module that a snippet is in; return its names."""
    made = types.ModuleType("snippet")
    sys.modules["snippet"] = made  # where SQLAlchemy looks up annotations
    names = vars(made)
    execute((HERE / "models" / f"{side}.py").read_text(), names)
    execute(imports, names)
    names["url"] = url
    return names


def execute(code: str, names: dict[str, Any]) -> None:
    """Execute code without the future statement of this file."""
    exec(compile(code, "snippet", "exec", dont_inherit=True), names)


@contextlib.asynccontextmanager
async def gino_names(url: str) -> AsyncIterator[dict[str, Any]]:
    """Give what a snippet for GINO may name."""
    names = module("gino", GINO, url)
    async with names["db"].with_bind(url, min_size=1, max_size=4) as engine:
        names["engine"] = engine
        yield names


@contextlib.asynccontextmanager
async def sqlalchemy_names(url: str) -> AsyncIterator[dict[str, Any]]:
    """Give what a snippet for SQLAlchemy may name."""
    url = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    names = module("sqlalchemy", SQLALCHEMY, url)
    engine = names["create_async_engine"](url)
    names["Session"] = names["async_sessionmaker"](engine, expire_on_commit=False)
    try:
        async with names["Session"]() as session:
            names |= {"engine": engine, "session": session}
            yield names
    finally:
        await engine.dispose()


SIDES = {"gino": gino_names, "sqlalchemy": sqlalchemy_names}


async def run(side: str, url: str, code: str) -> tuple[str, set[types.CodeType]]:
    """Run a snippet; return what it printed, the error that ended it, and which code ran."""
    ran: set[types.CodeType] = set()

    def note(frame: types.FrameType, event: str, _: Any) -> None:
        if event == "call":
            ran.add(frame.f_code)

    printed = io.StringIO()
    async with SIDES[side](url) as names:
        body = textwrap.indent(code, "    ")
        execute(f"async def snippet():\n{body}\n", names)
        sys.setprofile(note)
        try:
            with contextlib.redirect_stdout(printed):
                await asyncio.wait_for(names["snippet"](), LIMIT)
        except Exception as error:
            lines = traceback.format_exception_only(type(error), error)
            printed.write(lines[0].splitlines()[0] + "\n")
        finally:
            sys.setprofile(None)
    return printed.getvalue().rstrip("\n"), ran


def find(name: str) -> Any:
    """Return what has this name, as its class or module keeps it."""
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            found = vars(found).get(part)
        return found
    return None


def own_code(found: Any) -> set[types.CodeType]:
    """Return the code of a function or property, or all that a class has."""
    every = vars(found).values() if isinstance(found, type) else [found]
    inner = [getattr(one, "fget", None) or getattr(one, "__func__", one) for one in every]
    codes = (getattr(one, "__code__", None) for one in inner)
    return {code for code in codes if isinstance(code, types.CodeType)}


def not_called(names: list[str], code: str, ran: set[types.CodeType]) -> list[str]:
    """Return the names that a snippet is said to show, and doesn't use.

    What has code has to be called. A class or a plain attribute may also be written.
    """
    missing = []
    for name in names:
        found, word = find(name), name.rpartition(".")[2]
        own = own_code(found)
        has_to_run = bool(own) and not isinstance(found, type)
        if not own & ran and (has_to_run or word not in code):
            missing.append(name)
    return missing


async def rows(connection: Any) -> list[str]:
    """Return the rows of the tables that are there."""
    query = "SELECT to_regclass($1)"
    there = [table for table in TABLES if await connection.fetchval(query, table)]
    return [f"{table}: {await connection.fetchval(ROWS.format(table))}" for table in there]


async def main(side: str, url: str) -> None:
    """Run every snippet of one side."""
    warnings.simplefilter("ignore")
    script = (HERE / "tables.sql").read_text()
    # The tables change from call to call, so no statement is kept.
    control = await importlib.import_module("asyncpg").connect(url, statement_cache_size=0)
    results = []
    for call in json.load(sys.stdin):
        await control.execute(script)
        printed, ran = await run(side, url, call[side])
        result = {"id": call["id"], "printed": printed, "rows": await rows(control)}
        if side == "gino":
            result["not called"] = not_called(call["names"], call["gino"], ran)
        results.append(result)
    await control.close()
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
