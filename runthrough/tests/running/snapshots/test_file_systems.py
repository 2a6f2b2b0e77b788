"""A page's files are kept whole where the temporary folder is on another file system."""

from __future__ import annotations

import pytest

from tests.running.small_disk import needs_unshare, printed_on_small_disk

pytestmark = [pytest.mark.slow, needs_unshare]

FIRST = """\
First
=====

.. code-block:: console

   $ {}
"""
SECOND = """\
:continues: first

======
Second
======

.. code-block:: console

   $ {}
   yes
"""


def ran(pytester: pytest.Pytester, leaves: str, finds: str) -> str:
    """Run two pages, the second on what the first leaves; return what pytest prints."""
    docs = pytester.mkdir("docs")
    # Short, so that the homes are in /tmp, and what is kept of them is in TMPDIR.
    (docs / "conf.py").write_text("runthrough_directory = '/home/reader/dev'\n")
    (docs / "index.rst").write_text("Site\n====\n\n.. toctree::\n\n   first\n   second\n")
    (docs / "first.rst").write_text(FIRST.format(leaves))
    (docs / "second.rst").write_text(SECOND.format(finds))
    return printed_on_small_disk(pytester)


def test_files_of_every_kind_are_kept(pytester: pytest.Pytester) -> None:
    leaves = "mkfifo pipe; ln -s nowhere link; echo one > file; chmod 750 file; umask 27"
    finds = "test -p pipe -a -L link && stat -c %a file | grep -q 750 && echo yes"
    assert " 4 passed" in ran(pytester, leaves, finds)


def test_what_has_no_room_is_red(pytester: pytest.Pytester) -> None:
    printed = ran(pytester, "head -c 5000000 /dev/zero > large", "echo yes")
    said = "what the page leaves can't be kept: No space left on device"
    assert f"docs/first.rst:6: {said}" in printed
