"""What it costs to read and run sites of many small pages, made for the purpose."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure, compare
from runthrough import read_site

STEPS = 20
BLOCK = """\
.. code-block:: console

   $ printf '%s\\n' {number} > file
   $ cat file
   {number}

"""


@contextmanager
def site(pages: int) -> Iterator[Path]:
    """Yield a folder with so many pages of 20 steps, each beginning with nothing."""
    with tempfile.TemporaryDirectory(prefix="runthrough-bench-") as folder:
        docs = Path(folder, "docs")
        docs.mkdir()
        (docs / "conf.py").write_text("project = 'bench'\n")
        names = [f"page{number:03}" for number in range(pages)]
        contents = "\n".join(f"   {name}" for name in names)
        (docs / "index.rst").write_text(f"Bench\n=====\n\n.. toctree::\n\n{contents}\n")
        for name in names:
            blocks = "".join(BLOCK.format(number=number) for number in range(STEPS - 1))
            (docs / f"{name}.rst").write_text(f"{name}\n=======\n\n{blocks}")
        yield docs


def run_pages(docs: Path, *options: str) -> None:
    """Run a site as its author does, in a process of its own."""
    command = [sys.executable, "-m", "pytest", "-q", "--runthrough", *options, str(docs)]
    subprocess.run(command, cwd=docs.parent, check=True, stdout=subprocess.DEVNULL)


def workers() -> Figure:
    """Compare a run without workers with one by two, over 200 pages of 20 steps."""
    with site(200) as docs:
        return compare(lambda: run_pages(docs), lambda: run_pages(docs, "-n", "2"), rounds=3)


def cached_edit() -> Figure:
    """Compare a run after one edit, with a CI cache, with one of all 200 pages without."""
    with site(200) as docs, site(200) as whole:
        cache = ("--runthrough-cache", "cache", "-p", "no:cacheprovider")
        run_pages(docs, *cache)
        page = docs / "page000.rst"
        edited = page.read_text()

        def edit() -> None:
            nonlocal edited
            edited = edited.replace("printf '", "printf  '", 1)
            page.write_text(edited)
            run_pages(docs, *cache)

        return compare(edit, lambda: run_pages(whole, "-p", "no:cacheprovider"), rounds=3)


def growth() -> Figure:
    """Compare 1,000 steps with 100, in one process, by the processor's and the wall's clock."""
    with site(5) as few, site(50) as many:
        return compare(lambda: run_pages(many), lambda: run_pages(few), rounds=3)


def start() -> Figure:
    """Compare the first run of one page of 20 steps with the second, which finds its doctree."""

    def cold() -> None:
        shutil.rmtree(docs.parent / ".pytest_cache", ignore_errors=True)
        run_pages(docs)

    with site(1) as docs:
        return compare(cold, lambda: run_pages(docs), rounds=3)


def reading() -> Figure:
    """Compare reading an unchanged site of 50 pages with reading it for the first time."""
    with site(50) as docs, tempfile.TemporaryDirectory() as folder:
        kept, new = Path(folder, "kept"), Path(folder, "new")

        def first() -> None:
            shutil.rmtree(new, ignore_errors=True)
            read_site(docs, new)

        read_site(docs, kept)
        return compare(lambda: read_site(docs, kept), first, rounds=3)


def reading_a_page() -> Figure:
    """Compare reading one page of a site of 600 with reading all of it, both unchanged."""
    with site(600) as docs, tempfile.TemporaryDirectory() as folder:
        kept = Path(folder)
        read_site(docs, kept)
        page = docs / "page300.rst"
        return compare(
            lambda: read_site(docs, kept, [page]), lambda: read_site(docs, kept), rounds=1
        )


def reading_a_page_first() -> Figure:
    """Compare reading one page of a site of 600 with reading all of it, both for the first time."""
    with site(600) as docs:
        page = docs / "page300.rst"
        return compare(lambda: read_site(docs, pages=[page]), lambda: read_site(docs), rounds=1)
