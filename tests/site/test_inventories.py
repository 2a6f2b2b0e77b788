"""A site refers to other projects: inventories in files are read, and no other is asked for."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from sphinx.util.inventory import InventoryFile

from runthrough import InlineValues, read_site

INVENTORIES = Path(__file__).parents[2] / "docs" / "_inventories"
NAMES = zlib.compress(b"near.go py:function 1 page.html#$ -\n")
NEAR = b"# Sphinx inventory version 2\n# Project: Near\n# Version: 1\n# zlib\n" + NAMES
CONF = """
extensions = ["sphinx.ext.intersphinx"]
intersphinx_mapping = {
    "near": ("https://near.invalid/", "near.inv"),
    "both": ("https://both.invalid/", ("both.inv", None)),
    "far": ("ADDRESS", None),
}
runthrough_captures = {"revision": "[0-9a-f]{12}"}
"""
PAGE = """
A page
======

.. code-block:: console

   $ true

See :external+near:py:func:`c9f371d33812 <near.go>`, :external+both:py:func:`6d9aa2101b39 <near.go>`
and :external+far:py:func:`557e2332f086 <far.go>`.
"""


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a server, and what it is asked for."""
    paths: list[str] = []

    class Note(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

    with HTTPServer(("localhost", 0), Note) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/", paths
        server.shutdown()


def test_only_inventories_in_files_are_read(tmp_path: Path, asked: tuple[str, list[str]]) -> None:
    address, paths = asked
    (tmp_path / "near.inv").write_bytes(NEAR)
    (tmp_path / "both.inv").write_bytes(NEAR)
    (tmp_path / "conf.py").write_text(CONF.replace("ADDRESS", address))
    (tmp_path / "index.rst").write_text(PAGE)
    (page,) = read_site(tmp_path, tmp_path / "cache").pages
    (mentions,) = [step for step in page.steps if isinstance(step, InlineValues)]
    assert [line.text for line in mentions.lines] == ["c9f371d33812", "6d9aa2101b39"]
    assert paths == []


@pytest.mark.parametrize("project", ["alembic", "asyncpg", "gino", "sqlalchemy"])
def test_our_inventories_name_their_project_and_what_it_is_known_for(project: str) -> None:
    content = (INVENTORIES / f"{project}.inv").read_bytes()
    names = {
        "alembic": "alembic.operations.Operations.alter_column",
        "asyncpg": "asyncpg.connection.connect",
        "gino": "gino.api.Gino.set_bind",
        "sqlalchemy": "sqlalchemy.types.Enum",
    }
    found = InventoryFile.loads(content, uri="https://example.org").data
    assert any(names[project] in kind for kind in found.values())
