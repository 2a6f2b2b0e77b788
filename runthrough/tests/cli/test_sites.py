"""Which site a command is about, where it names none or one of its parts."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from runthrough.cli.arguments import site_of, split

pytestmark = pytest.mark.slow


@pytest.fixture
def parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog="runthrough run")


def make_site(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "conf.py").touch()
    (folder / "index.rst").write_text("Tea\n===\n")
    return folder


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (["docs"], "docs"),
        (["docs", "other/docs", "tests/samples"], "docs"),
        (["docs/source", "site"], "docs/source"),
        (["manual"], "manual"),
        (["packages/tea/docs"], "packages/tea/docs"),
        (["."], "."),
        (["docs", "docs/nested"], "docs"),
        (["manual", ".venv/docs", "node_modules/docs", "manual/_build/docs"], "manual"),
    ],
)
def test_the_one_site_below_is_found(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    parser: argparse.ArgumentParser,
    there: list[str],
    expected: str,
) -> None:
    for name in there:
        make_site(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert site_of(parser, []) == tmp_path / expected


def test_a_virtual_environment_is_not_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parser: argparse.ArgumentParser
) -> None:
    make_site(tmp_path / "env" / "share")
    (tmp_path / "env" / "pyvenv.cfg").touch()
    manual = make_site(tmp_path / "manual")
    monkeypatch.chdir(tmp_path)
    assert site_of(parser, []) == manual


def test_a_command_within_a_site_is_about_that_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parser: argparse.ArgumentParser
) -> None:
    site = make_site(tmp_path / "docs")
    (site / "tutorial").mkdir()
    monkeypatch.chdir(site / "tutorial")
    assert site_of(parser, []) == site


def test_no_site_is_an_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    parser: argparse.ArgumentParser,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="2"):
        site_of(parser, [])
    assert "there's no Sphinx project below the current folder" in capsys.readouterr().err


def test_several_sites_are_an_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    parser: argparse.ArgumentParser,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("one", "two"):
        make_site(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="2"):
        site_of(parser, [])
    assert (
        "below the current folder there are 2 Sphinx projects (one, two); choose one, for example "
        "'runthrough run one'\n"
    ) in capsys.readouterr().err


def test_paths_belong_to_one_site(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    parser: argparse.ArgumentParser,
    capsys: pytest.CaptureFixture[str],
) -> None:
    one, two = make_site(tmp_path / "one"), make_site(tmp_path / "two")
    monkeypatch.chdir(tmp_path)
    assert site_of(parser, [Path("one/index.rst"), Path("one")]) == one
    assert site_of(parser, [two]) == two
    with pytest.raises(SystemExit, match="2"):
        site_of(parser, [Path("one"), Path("two")])
    assert "these paths belong to 2 Sphinx projects (one, two)" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        site_of(parser, [Path()])
    assert "these paths belong to 2 Sphinx projects (one, two)" in capsys.readouterr().err


def test_a_folder_above_a_site_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parser: argparse.ArgumentParser
) -> None:
    site = make_site(tmp_path / "tea" / "docs")
    monkeypatch.chdir(tmp_path)
    assert site_of(parser, [Path("tea")]) == site


def test_what_follows_two_dashes_is_for_another_program() -> None:
    assert split(["docs", "--keep", "--", "-x", "--", "-q"]) == (
        ["docs", "--keep"],
        ["-x", "--", "-q"],
    )
    assert split(["docs"]) == (["docs"], [])
