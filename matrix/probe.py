"""What a project with GINO and Alembic does, tried step by step: `python probe.py URL`.

It runs in the environment that is being tried, in an empty folder, on an empty database, with
nothing of ours and nothing that Python 3.9 lacks. Each step prints one line of JSON. The first
step that fails and that others need is the last.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

MODELS = """\
from gino import Gino
from sqlalchemy.dialects.postgresql import JSONB

db = Gino()


class User(db.Model):
    __tablename__ = "users"

    id = db.Column(db.Integer(), primary_key=True)
    nickname = db.Column(db.Unicode(), default="noname")
    profile = db.Column(JSONB(), server_default="{}")

    city = db.StringProperty()
"""
NOISE = ("(Background on this error", "[SQL: ", "[parameters: ")
"""Lines that SQLAlchemy prints below an error."""


class CommandError(Exception):
    """A command has failed; the message is the last line of what it printed."""


def say(step: str, error: str | None = None) -> None:
    """Print what became of a step."""
    print(json.dumps({"step": step, "error": error}), flush=True)


def attempt(step: str, action: Callable[[], Any]) -> bool:
    """Take a step, and return whether it worked."""
    try:
        action()
    except Exception as error:
        told = traceback.format_exception_only(type(error), error)
        say(step, str(error) if isinstance(error, CommandError) else last_line("".join(told)))
        return False
    say(step)
    return True


def last_line(text: str) -> str:
    """Return the last line of an error that says what is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(NOISE)]
    return (telling or lines or ["nothing was printed"])[-1]


def import_all() -> None:
    """Import the packages, and a model."""
    for name in ("sqlalchemy", "asyncpg", "psycopg2", "gino", "alembic.command", "models"):
        __import__(name)


def run_async(url: str, *actions: Callable[[Any], Any]) -> None:
    """Act on the models while GINO is connected."""
    models = __import__("models")

    async def connected() -> None:
        async with models.db.with_bind(url):
            for action in actions:
                await action(models)

    asyncio.run(connected())


async def crud(models: Any) -> None:
    """Create, read, update, iterate and delete."""
    user_class, db = models.User, models.db
    ada = await user_class.create(nickname="ada", city="London")
    await ada.update(nickname="Ada", city="Paris").apply()
    read = await user_class.get(ada.id)
    assert (read.nickname, read.city) == ("Ada", "Paris"), (read.nickname, read.city)
    async with db.transaction():
        names = [user.nickname async for user in user_class.query.gino.iterate()]
        assert names == ["Ada"], names
    await read.delete()
    left = await db.func.count(user_class.id).gino.scalar()
    assert left == 0, left


async def bulk_insert(models: Any) -> None:
    """Insert several rows with one call, which asyncpg calls executemany."""
    await models.User.insert().gino.all([{"nickname": "ada"}, {"nickname": "grace"}])
    count = await models.db.func.count(models.User.id).gino.scalar()
    assert count == 2, count


def shim() -> None:
    """Give asyncpg's call the argument that GINO 1.0.1 does not know of (the site shows this)."""
    protocol = __import__("asyncpg.protocol").protocol.Protocol
    original = protocol.bind_execute_many

    def bind_execute_many(
        self: Any, state: Any, args: Any, portal: str, timeout: Any, return_rows: bool = False
    ) -> Any:
        return original(self, state, args, portal, timeout, return_rows)

    protocol.bind_execute_many = bind_execute_many


def alembic(*arguments: str) -> str:
    """Run the command, and return what it prints; raises CommandError."""
    ran = subprocess.run(
        [Path(sys.executable).with_name("alembic"), *arguments],
        # An old Alembic does not look for models in the folder where it is started.
        env={**os.environ, "PYTHONPATH": "."},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if ran.returncode:
        raise CommandError(last_line(ran.stdout))
    return ran.stdout


def autogenerate(url: str) -> None:
    """Set Alembic up as the tutorial does, and generate a migration from the model."""
    alembic("init", "migrations")
    replace("alembic.ini", "driver://user:pass@localhost/dbname", url.replace("%", "%%"))
    replace(
        "migrations/env.py", "target_metadata = None", "from models import db as target_metadata"
    )
    alembic("revision", "--autogenerate", "-m", "first")
    (made,) = Path("migrations/versions").glob("*_first.py")
    assert "op.create_table('users'" in made.read_text(), made.read_text()


def replace(path: str, old: str, new: str) -> None:
    """Change a file in the one place that has a text."""
    text = Path(path).read_text()
    assert text.count(old) == 1, f"{old!r} is not in {path} once"
    Path(path).write_text(text.replace(old, new))


def upgrade(url: str) -> None:
    """Apply the migration, and use the table that it has made."""
    alembic("upgrade", "head")
    assert "(head)" in alembic("current")
    run_async(url, crud)


def downgrade(url: str) -> None:
    """Take the migration back, and see that the table is gone."""
    alembic("downgrade", "base")

    async def gone(models: Any) -> None:
        assert await models.db.scalar("SELECT to_regclass('users')") is None

    run_async(url, gone)


def offline() -> None:
    """Write the migration as SQL."""
    assert "CREATE TABLE users" in alembic("upgrade", "head", "--sql")


def main(url: str) -> None:
    """Take every step that can still be taken."""
    Path("models.py").write_text(MODELS)
    sys.path.insert(0, "")
    if not attempt("import", import_all):
        return
    if not attempt("async work", lambda: run_async(url, lambda m: m.db.gino.create_all(), crud)):
        return
    if not attempt("bulk insert", lambda: run_async(url, bulk_insert)):
        shim()
        attempt("bulk insert with the shim", lambda: run_async(url, bulk_insert))
    if not attempt("drop tables", lambda: run_async(url, lambda m: m.db.gino.drop_all())):
        return
    if not all(attempt(step.__name__, partial(step, url)) for step in (autogenerate, upgrade)):
        return
    attempt("check", lambda: alembic("check"))
    attempt("downgrade", lambda: downgrade(url))
    attempt("offline SQL", offline)
    say("end")


if __name__ == "__main__":
    main(sys.argv[1])
