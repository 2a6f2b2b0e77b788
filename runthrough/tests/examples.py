"""The projects in examples/, each tried in a folder of its own, as one who copied it would.

By hand, in an environment that has runthrough: `python -m tests.examples` from runthrough/.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.small_site import run

EXAMPLES = Path(__file__).parents[1] / "examples"
PROJECTS = sorted(folder.name for folder in EXAMPLES.iterdir() if folder.is_dir())


def try_example(name: str, folder: Path) -> None:
    """Run the pages of a copy of an example.

    Raises AssertionError, with all that was printed, where they aren't green.
    """
    project = folder / name
    shutil.copytree(EXAMPLES / name, project, ignore=shutil.ignore_patterns("__pycache__"))
    pages = "docs" if (project / "docs").is_dir() else "README.rst"
    status, printed = run(sys.executable, project, "pytest", "--runthrough", pages)
    assert status == 0, f"{name}:\n{printed}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        try:
            for name in PROJECTS:
                try_example(name, Path(folder))
                print(f"examples/{name}: passed", flush=True)
        except AssertionError as error:
            sys.exit(str(error))
