"""Whatever is spoilt in the outputs and listings of right pages, an update restores it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from runthrough.matching.alignment import is_ellipsis
from runthrough.matching.edits import is_skip
from runthrough.model.steps import Console, Line, Listing, Step
from runthrough.reading.site import read_site
from tests.updating.sites import update_site, write_site

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).parent.with_name("samples")
COPIED = [
    "blank-line-in-output",
    "ellipsis-for-nothing",
    "here-document",
    "ls-in-columns",
    "non-ascii",
    "prompt-in-output",
    "tabs-in-output",
    "wraps-at-width",
]
"""Right pages of which an update can know every line that it is to restore."""
TUTORIAL: dict[str, str | bytes] = {
    "index.rst": """\
Set up
======

.. code-block:: console

   $ mkdir project; cd project; pwd
   /home/reader/dev/project
   $ make() { head -c 6 /dev/urandom | od -An -tx1 | tr -d ' \\n' > $1; }
   $ make first && echo "Generating $PWD/versions/$(cat first)_users.py ...  done"
   Generating /home/reader/dev/project/versions/1975ea83b712_users.py ...  done

.. note::

   The folder has a number:

   .. code-block:: python
      :caption: models.py
      :create:

      # The revision is 1975ea83b712.
      import gino

      db = gino.Gino()


      class User(db.Model):
          __tablename__ = "users"

          name = db.Column(db.Unicode())

.. toctree::

   change
   finish
""",
    "change.rst": """\
:continues: index

Change
======

1. Change the model:

   .. code-block:: diff
      :caption: models.py

              __tablename__ = "users"

      -    name = db.Column(db.Unicode())
      +    name = db.Column(db.Unicode(), nullable=False)
      +    born = db.Column(db.Date())

2. Look at it:

   .. code-block:: python
      :caption: models.py

      # The revision is 1975ea83b712.
      import gino
      # ...
      class User(db.Model):
          __tablename__ = "users"

          name = db.Column(db.Unicode(), nullable=False)
          born = db.Column(db.Date())

3. Go on:

   .. dropdown:: In a dropdown

      .. code-block:: console

         $ make second; printf '%s\\n' "Running upgrade" "$(cat first) -> $(cat second)" "done"
         Running upgrade
         1975ea83b712 -> ae1027a6acfa
         done
         $ for n in 1 2 3 4 5 6 7 8 9; do echo "Installing package number $n"; done
         Installing package number 1
         ...
         Installing package number 9
         $ echo "on $(date +%F), after 0.1s"; echo "by ae1027a6acfa"
         on 1999-12-31, after 0.2s
         by ae1027a6acfa

.. include:: included/part.rst
""".replace("              __tablename__", "           __tablename__"),
    "finish.rst": """\
:continues: change

Finish
======

.. literalinclude:: included/part.session
   :language: console
   :start-after: begin
""",
    "included/part.rst": """\
.. list-table::

   * - .. code-block:: console

          $ test $(cat second) = ae1027a6acfa; echo $?; seq 4
          0
          1
          2
          3
          4
""",
    "included/part.session": b"begin\r\n$ printf '%s\\n' these are five lines here\r\n"
    b"these\r\nare\r\nfive\r\nlines\r\nhere",
}
SPOILS = 20
PLACEHOLDER = re.compile(r"[0-9a-f]{12}|\d{4}-\d\d-\d\d|\d+\.\d+s")


@dataclass(frozen=True)
class Spoil:
    """One way to spoil one line of a source."""

    line: Line
    change: Callable[[str, int], str]

    def run_step(self, number: int) -> None:
        """Spoil the line; the number makes it unlike all others."""
        file, at = self.line.place.file, self.line.place.line
        assert at is not None
        lines = file.read_bytes().decode().splitlines(keepends=True)
        old = lines[at - 1]
        text = self.line.text
        assert text in old, (file, old, text)
        before, after = old.split(text)[0], old.rpartition(text)[2]
        new = self.change(text, number).replace("\n", (after or "\r\n") + before)
        lines[at - 1] = before + new + after if new else ""
        file.write_bytes("".join(lines).encode())


def appended(text: str, number: int) -> str:
    return f"{text} <{number}>"


def cut(text: str, number: int) -> str:
    return text[: len(text) // 2] + text[len(text) // 2 + 1 :]


def replaced(text: str, number: int) -> str:
    return f"other words, {number}"


def added(text: str, number: int) -> str:
    return f"{text}\nmore words, {number}"


def removed(text: str, number: int) -> str:
    return ""


def blocks(step: Step) -> Iterator[tuple[tuple[Line, ...], bool]]:
    """Yield the lines that an update may restore together, and whether they are a file's."""
    if isinstance(step, Console):
        for command in step.commands:
            yield command.output, False
    elif isinstance(step, Listing) and step.file_action == "show":
        yield step.lines, True


def spoils(lines: tuple[Line, ...], of_file: bool) -> Iterator[list[Spoil]]:
    """Yield, for each line, the ways to spoil it after which the run still tells what it was."""
    gaps = [is_skip(line.text) if of_file else is_ellipsis(line.text) for line in lines]
    for position, line in enumerate(lines):
        if gaps[position] or not line.text.strip() or "\t" in line.text:
            continue
        file_actions = [appended]
        if not PLACEHOLDER.search(line.text):
            near = lines[max(0, position - 1) : position + 2]
            inside = 0 < position < len(lines) - 1
            file_actions += [cut] if len(line.text) > 6 else []
            file_actions += [] if any(gaps) or of_file else [replaced, added]
            if inside and all(one.text.strip() for one in near) and not (any(gaps) or of_file):
                file_actions.append(removed)
        yield [Spoil(line, file_action) for file_action in file_actions]


def choose(pages: list[list[Spoil]], chosen: random.Random) -> list[Spoil]:
    return [chosen.choice(file_actions) for file_actions in chosen.sample(pages, SPOILS)]


@dataclass(frozen=True)
class Right:
    """A site whose pages are right, and all the ways to spoil it."""

    docs: Path
    cache: Path
    file_actions: list[list[Spoil]]

    def contents(self) -> dict[Path, bytes]:
        return {file: file.read_bytes() for file in self.docs.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Right:
    folder = tmp_path_factory.mktemp("right")
    samples = {f"{name}.rst": (SAMPLES / f"{name}.rst").read_bytes() for name in COPIED}
    docs = write_site(folder, {**TUTORIAL, **samples})
    file_actions: list[list[Spoil]] = []
    for page in read_site(docs, folder / "cache").pages:
        for step in page.steps:
            for lines, of_file in blocks(step):
                found = list(spoils(lines, of_file))
                # Of a listing, the other lines tell which lines of the file are meant.
                file_actions += (
                    [[file_action for one in found for file_action in one]] if of_file else found
                )
    return Right(docs, folder / "cache", file_actions)


def test_what_is_right_stays_as_it_is(right: Right) -> None:
    before = right.contents()
    updated = update_site(right.docs, right.cache)
    assert updated.failures == []
    assert updated.written == 0
    assert right.contents() == before


# An example is a whole run; where one fails, the differing bytes say more than a smaller one.
@settings(max_examples=3, phases=[Phase.generate], database=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_what_was_spoilt_is_restored_byte_for_byte(right: Right, seed: int) -> None:
    before = right.contents()
    for number, spoil in sorted(
        enumerate(choose(right.file_actions, random.Random(seed))),
        key=lambda one: one[1].line.place,
        reverse=True,
    ):
        spoil.run_step(number)
    assert right.contents() != before
    try:
        updated = update_site(right.docs, right.cache)
        assert updated.failures == []
        assert updated.reasons == []
        for file, content in right.contents().items():
            assert content.decode() == before[file].decode(), file
    finally:
        for file, content in before.items():
            if file.read_bytes() != content:
                file.write_bytes(content)
