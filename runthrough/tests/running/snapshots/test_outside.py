"""A key changes when anything outside the pages' home changes that a page names."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

from runthrough.model.contents import contents, portable
from runthrough.model.places import Place
from runthrough.model.steps import Command, Console, Line, Listing
from runthrough.running.snapshots import outside

HERE = Place(Path("page.rst"), 1)
HOME = "/home/reader"


def typed(*commands: str, path: tuple[Path, ...] = ()) -> list[str]:
    step = Console(HERE, tuple(Command(one, HERE) for one in commands))
    return list(outside.read_by([step], HOME, path))


def shown(*lines: str) -> list[str]:
    step = Listing(HERE, "run.py", HERE, tuple(Line(one, HERE) for one in lines), "create")
    return list(outside.read_by([step], HOME, ()))


@pytest.mark.parametrize(
    "command",
    [
        "cat {}/file",
        "cat <{}/file",
        "FILE={}/file ./run",
        "python3 -c \"print(open('{}/file').read())\"",
        "cat {}/fi*",
        "cat {}/{{file,other}}",
        "cat {}/link",
        "cat {}/folder-link/file",
        "ls -l {}",
        "git clone file://{} copy",
        "docker run -v {}/file:/x image",
        "cat {}/$NAME",
    ],
)
def test_a_file_that_a_command_names_counts(tmp_path: Path, command: str) -> None:
    file = tmp_path / "file"
    file.write_text("one\n")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "folder-link").symlink_to(".")
    command = command.format(tmp_path)
    before = typed(command)
    assert typed(command) == before
    file.write_text("two\n")
    assert typed(command) != before


def test_each_name_that_begins_like_a_pattern_counts(tmp_path: Path) -> None:
    (tmp_path / "tea").mkdir()
    command = f"cat {tmp_path}/tea*"
    before = typed(command)
    (tmp_path / "milk").write_text("one\n")
    assert typed(command) == before
    (tmp_path / "teapot").write_text("one\n")
    assert typed(command) != before


@pytest.mark.parametrize("name", ["a?", "a[", "a{b"])
def test_a_name_that_looks_like_a_pattern_counts(tmp_path: Path, name: str) -> None:
    command = f"cat {tmp_path}/a*"
    (tmp_path / name).write_text("one\n")
    before = typed(command)
    (tmp_path / name).write_text("two\n")
    assert typed(command) != before


def test_the_query_of_an_address_is_no_pattern_of_all_there_is() -> None:
    command = "psql 'postgresql://me@/shop?host=/nowhere'"
    assert typed(command) == typed(command)
    assert shown(f"URL = {command!r}") == shown(f"URL = {command!r}")


def test_a_file_that_appears_counts(tmp_path: Path) -> None:
    command = f"test -e {tmp_path}/file"
    before = typed(command)
    (tmp_path / "file").touch()
    assert typed(command) != before


def test_a_file_that_a_listing_names_counts(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("one\n")
    text = f'open("{tmp_path}/file")'
    before = shown(text)
    (tmp_path / "file").write_text("two\n")
    assert shown(text) != before


@pytest.mark.parametrize(
    "command", ["cat /proc/loadavg", "ls /sys/class", "du -s /", "ls /dev/sd*"]
)
def test_what_cannot_be_summed_up_is_never_the_same(command: str) -> None:
    assert typed(command) != typed(command)


@pytest.mark.parametrize(
    "command",
    [
        "make > /dev/null 2>&1",
        "cd /home/reader/dev",
        "curl https://example.org/etc",
        "psql postgresql://$USER@localhost/shop",
        "sed s/etc/x/ file",
        "cat dev/etc ./proc ~/sys ../dev",
    ],
)
def test_what_is_no_file_of_the_machine_does_not_count(command: str) -> None:
    assert typed(command) in ([], ["/dev/null"])


def test_code_with_a_division_or_a_route_can_be_the_same() -> None:
    text = ["x = a / b", '@app.get("/home")', "url = '/'"]
    assert shown(*text) == shown(*text)


def test_a_program_that_a_command_names_counts(tmp_path: Path) -> None:
    program = tmp_path / "brew-tea"
    program.write_text("echo tea\n")
    before = typed("echo | brew-tea -q", path=(tmp_path,))
    assert typed("echo | brew-tea -q", path=(tmp_path,)) == before
    program.write_text("echo coffee\n")
    assert typed("echo | brew-tea -q", path=(tmp_path,)) != before
    assert typed("echo", path=(tmp_path,)) == []


def environment(tmp_path: Path) -> tuple[Path, Path]:
    """Make what looks like a Python environment with a package installed as editable."""
    packages = tmp_path / "venv" / "lib" / "python3.11" / "site-packages"
    info, source = packages / "tea-1.0.dist-info", tmp_path / "project"
    for folder in (info, source / "tea", tmp_path / "venv" / "bin"):
        folder.mkdir(parents=True)
    (info / "RECORD").write_text("tea\n")
    url = f'{{"dir_info": {{"editable": true}}, "url": "file://{source}"}}'
    (info / "direct_url.json").write_text(url)
    (source / "tea" / "pot.py").write_text("pour = 1\n")
    (tmp_path / "venv" / "bin" / "tea").write_text("import tea\n")
    return tmp_path / "venv" / "bin", source


@pytest.mark.parametrize("changed", ["project/tea/pot.py", "venv/bin/tea", "project/tea/new.py"])
def test_the_source_of_a_program_of_ones_own_counts(tmp_path: Path, changed: str) -> None:
    programs, _ = environment(tmp_path)
    path = f"{programs}{os.pathsep}/usr/bin"
    before = list(outside.project(path))
    assert list(outside.project(path)) == before
    (tmp_path / changed).write_text("pour = 2, quite otherwise\n")
    assert list(outside.project(path)) != before


def test_an_installed_package_counts(tmp_path: Path) -> None:
    python = environment(tmp_path)[0] / "python3"
    python.touch()
    before = list(outside.installed(python))
    packages = next((tmp_path / "venv" / "lib").glob("*/site-packages"))
    (packages / "tea-1.0.dist-info").rename(packages / "tea-1.1.dist-info")
    after = list(outside.installed(python))
    assert after != before
    (packages / "more.pth").write_text("import tea\n")
    assert list(outside.installed(python)) != after


def test_another_build_of_the_same_version_of_a_package_counts(tmp_path: Path) -> None:
    info = tmp_path / "tea-1.0.dev0.dist-info"
    info.mkdir()
    record = info / "RECORD"
    record.write_text("tea.py,sha256=a,1\n../../../bin/tea,sha256=b,1\n")
    before = list(outside.packages(tmp_path))
    record.write_text("tea.py,sha256=a,1\n../../../bin/tea,sha256=c,1\n")  # its first line's path
    assert list(outside.packages(tmp_path)) == before
    record.write_text("tea.py,sha256=d,1\n../../../bin/tea,sha256=c,1\n")
    assert list(outside.packages(tmp_path)) != before


def test_what_a_machine_has_beside_its_packages_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tool" / "lib").mkdir(parents=True)
    (tmp_path / "brew").write_text("one\n")
    (tmp_path / "link").symlink_to("../Cellar/tea/1.0/bin/tea")
    manifest = tmp_path / "tool" / "package.json"
    manifest.write_text('{"version": "1.0.0"}\n')
    monkeypatch.setattr(outside, "LOCAL", (str(tmp_path), str(tmp_path / "none")))
    seen = [list(outside.system())]
    assert list(outside.system()) == seen[0]
    manifest.write_text('{"version": "1.0.1"}\n')
    seen.append(list(outside.system()))
    (tmp_path / "brew").write_text("one more\n")
    seen.append(list(outside.system()))
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("../Cellar/tea/1.1/bin/tea")
    seen.append(list(outside.system()))
    monkeypatch.setenv("ImageVersion", "20261101.1")
    seen.append(list(outside.system()))
    assert all(one != other for one, other in pairwise(seen))


@pytest.mark.parametrize("value", ["{}", "--data={}", "x:{}", "file://{}"])
def test_the_file_that_any_variable_names_counts_elsewhere(tmp_path: Path, value: str) -> None:
    file = tmp_path / "data"
    file.write_text("one\n")
    taken = {"DATA": value.format(file), "HTTP_PROXY": "http://proxy.example:3128"}
    before = list(outside.named_in_values(taken, portable))
    assert list(outside.named_in_values(taken, portable)) == before
    file.write_text("two\n")
    assert list(outside.named_in_values(taken, portable)) != before


def test_a_folder_that_a_link_leads_to_counts_in_a_folder(tmp_path: Path) -> None:
    named, there = tmp_path / "named", tmp_path / "there"
    for folder in (named, there):
        folder.mkdir()
    (there / "file").write_text("one\n")
    (named / "link").symlink_to("../there")
    before = typed(f"ls {named}")
    (there / "file").write_text("other\n")
    assert typed(f"ls {named}") != before
    (named / "circle").symlink_to(".")
    assert typed(f"ls {named}") == typed(f"ls {named}")


def test_the_file_that_a_variable_of_pip_names_counts(tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    taken = {"PIP_CONFIG_FILE": str(file), "PIP_FIND_LINKS": str(tmp_path)}
    before = list(outside.named_by(taken))
    file.write_text("[global]\n")
    assert list(outside.named_by(taken)) != before


def test_what_a_link_leads_to_counts(tmp_path: Path) -> None:
    given, there = tmp_path / "given", tmp_path / "there"
    for folder in (given, there / "deep"):
        folder.mkdir(parents=True)
    (there / "deep" / "file").write_text("one\n")
    (given / "folder").symlink_to("../there")
    (given / "circle").symlink_to(".")
    (given / "loop").symlink_to("loop")
    (given / "gone").symlink_to("nowhere")
    before = list(contents(given))
    assert list(contents(given)) == before
    (there / "deep" / "file").write_text("two\n")
    after = list(contents(given))
    assert after != before
    (tmp_path / "given" / "nowhere").write_text("it is there now\n")
    assert list(contents(given)) != after


def test_elsewhere_a_file_counts_by_what_it_holds_alone(tmp_path: Path) -> None:
    file = tmp_path / "pot"
    file.write_bytes(b"tea " * 2_000_000)  # too large to be read in a run on this machine
    step = Console(HERE, (Command(f"cat {file}", HERE),))
    before = list(outside.read_by([step], HOME, (), portable))
    os.utime(file, (1, 1))
    assert list(outside.read_by([step], HOME, (), portable)) == before
    file.write_bytes(b"tea " * 1_999_999 + b"tee ")
    os.utime(file, (1, 1))
    assert list(outside.read_by([step], HOME, (), portable)) != before


def test_elsewhere_mode_and_link_of_a_file_count(tmp_path: Path) -> None:
    file, link = tmp_path / "pot", tmp_path / "link"
    file.write_text("tea")
    link.symlink_to("pot")
    before = portable(file), portable(link)
    file.chmod(0o755)
    assert portable(file) != before[0]
    file.chmod(0o644)
    link.unlink()
    link.symlink_to(file)
    assert portable(link) != before[1]
