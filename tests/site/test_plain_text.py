"""A page as Markdown holds what a reader of the HTML sees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from plain_text import page_text
from sphinx.testing.util import SphinxTestApp

Text = Callable[[str], str]
CONF = "extensions = ['sphinx_design', 'runthrough']\n"


@pytest.fixture
def text(tmp_path: Path) -> Text:
    """Write reST as Markdown, after Sphinx has resolved it for HTML."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text(CONF)
    (docs / "models.py").write_text("a = 1\n\n\nclass User:\n    pass\n")

    def write(body: str) -> str:
        (docs / "index.rst").write_text(f"Title\n=====\n\n{body}")
        app = SphinxTestApp("html", srcdir=docs, freshenv=True)
        app.build()
        assert "WARNING" not in app.warning.getvalue()
        doctree = app.env.get_and_resolve_doctree("index", app.builder, tags=app.tags)
        app.cleanup()
        return page_text(doctree, lambda target: f"to:{target}")

    return write


def test_headings_follow_their_depth(text: Text) -> None:
    assert text("One\n---\n\nTwo\n~~~\n\nWords.\n") == "# Title\n\n## One\n\n### Two\n\nWords.\n"


def test_a_paragraph_is_one_line_with_its_marks_and_links(text: Text) -> None:
    said = text("A ``literal``,\n*soft*, **hard**, `here <https://x.org/>`_, Title_.\n\n``a`b``\n")
    assert "A `literal`, *soft*, **hard**, [here](to:https://x.org/), [Title](to:#title).\n" in said
    assert "\n`` a`b ``\n" in said


def test_an_included_listing_is_resolved_with_what_is_done_with_its_file(text: Text) -> None:
    said = text(
        ".. literalinclude:: models.py\n   :pyobject: User\n   :language: python\n"
        "   :caption: app/models.py\n   :create:\n"
    )
    assert said.endswith("Create `app/models.py`:\n\n```python\nclass User:\n    pass\n```\n")


def test_what_the_options_of_a_listing_tell_the_reader_stands_below_it(text: Text) -> None:
    said = text(".. code-block:: console\n   :status: 3\n\n   $ exit 3\n   out\n")
    assert said.endswith("```console\n$ exit 3\nout\n```\n\nThe command ends with status 3.\n")


def test_a_fence_is_longer_than_those_inside(text: Text) -> None:
    assert "````text\n```\ninside\n```\n````" in text(
        ".. code-block:: text\n   :skip: shown\n\n   ```\n   inside\n   ```\n"
    )


def test_each_tab_is_named_and_ends_where_it_ends(text: Text) -> None:
    said = text(
        ".. tab-set::\n\n   .. tab-item:: Linux\n\n      One.\n\n      - deep\n\n"
        "   .. tab-item:: macOS\n\n      Two.\n\nAfter.\n"
    )
    assert said.endswith(
        "- Tab “Linux”:\n\n  One.\n\n  - deep\n\n- Tab “macOS”:\n\n  Two.\n\nAfter.\n"
    )


def test_what_is_folded_is_there_under_its_title(text: Text) -> None:
    assert text(".. dropdown:: The file\n\n   Inside.\n").endswith("**The file**\n\nInside.\n")
    said = text(".. raw:: html\n\n   <details><summary>Begin here</summary>\n\nInside.\n")
    assert said.endswith("**Begin here**\n\nInside.\n")


def test_lists_stay_close_and_keep_their_depth(text: Text) -> None:
    assert text("- one\n- two\n").endswith("- one\n- two\n")
    said = text("3. one\n\n   ::\n\n     x\n\n4. two\n")
    assert "3. one\n\n   ```\n   x\n   ```\n\n4. two\n" in said


def test_boxes_are_quoted_and_named(text: Text) -> None:
    said = text(".. warning:: Stop.\n\n.. admonition:: Proof\n\n   It holds.\n")
    assert said.endswith("> **Warning**\n>\n> Stop.\n\n> **Proof**\n>\n> It holds.\n")


def test_a_table_has_its_rows_and_escapes_its_borders(text: Text) -> None:
    said = text(
        ".. list-table:: Words\n   :header-rows: 1\n\n   * - a\n     - b\n   * - c | d\n     -\n"
    )
    assert said.endswith("**Words**\n\n| a | b |\n| --- | --- |\n| c \\| d |  |\n")


def test_terms_stand_before_their_meaning(text: Text) -> None:
    said = text(".. glossary::\n\n   head\n   tip\n      The newest.\n")
    assert said.endswith("- **head, tip**: The newest.\n")


def test_a_picture_is_told_by_its_words_and_comments_are_not(text: Text, tmp_path: Path) -> None:
    (tmp_path / "docs" / "way.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    said = text(".. image:: way.svg\n   :alt: From models to tables\n\n.. secret\n\n.. index:: x\n")
    assert said == "# Title\n\n[Picture: From models to tables]\n"
