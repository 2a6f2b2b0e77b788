"""What a walk finds in the folder that it starts in."""

from __future__ import annotations

from pathlib import Path

from runthrough.walking.workspace import Workspace, copy_given


def test_what_python_compiles_beside_given_files_stays_behind(tmp_path: Path) -> None:
    given = tmp_path / "src"
    (given / "__pycache__").mkdir(parents=True)
    (given / "__pycache__" / "module.cpython-311.pyc").write_bytes(b"compiled")
    (given / "module.py").write_text("one = 1\n")
    directory = tmp_path / "home" / "dev"
    copy_given(Workspace(directory.parent, directory, "/home/reader", "/home/reader/dev"), [given])
    assert sorted(path.name for path in directory.rglob("*")) == ["module.py", "src"]
