"""What an update makes of the outputs of a program that keeps running."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.updating.sites import update_site, write_site

pytestmark = pytest.mark.slow

PAGE = """\
Page
====

.. code-block:: python
   :caption: shop.py
   :create:

   import time

   for line in ("Open", "port 80", "Ready", "one", "two", "three", "four"):
       print(line, flush=True)
   try:
       time.sleep(300)
   except KeyboardInterrupt:
       print("Closed")

.. code-block:: console
   :terminal: shop
   :until: Ready

   $ python3 -u shop.py
   Open
   port 80
   Ready

.. code-block:: text
   :output:
   :terminal: shop

   one
   two

.. code-block:: text
   :interrupt:
   :terminal: shop

   three
   four
   ^C
   Closed
"""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("   port 80\n", ""),
        ("   port 80\n", "   port 90\n"),
        ("   Open\n", "   Open\n   for you\n"),
        ("   one\n   two\n", "   two\n"),
        ("   one\n   two\n", "   one\n   2\n"),
        ("   three\n   four\n", "   four\n"),
        ("   three\n", "   3\n"),
        ("   Closed\n", "   Over\n"),
        ("   Closed\n", "   Closed\n   Over\n"),
    ],
)
def test_it_writes_what_was_printed_at_that_point(tmp_path: Path, right: str, wrong: str) -> None:
    assert PAGE.count(right) == 1
    before = PAGE.replace(right, wrong)
    updated = update_site(write_site(tmp_path, {"index.rst": before}), tmp_path / "cache")
    assert updated.failures == []
    assert updated.text() == PAGE


def test_it_keeps_lines_left_out_before_the_text(tmp_path: Path) -> None:
    right = PAGE.replace("   port 80\n", "   ...\n")
    wrong = right.replace("   Open\n", "   Opened\n")
    updated = update_site(write_site(tmp_path, {"index.rst": wrong}), tmp_path / "cache")
    assert updated.failures == []
    assert updated.text() == right
