"""What each recording shows: which commands, edits and outputs of a page, one after the other.

All of it is taken from the page, whose blocks are run. Nothing is written down a second time, so a
recording shows what a reader gets. `python docs/_ext/screenplays.py` writes those that READMEs
show; a test fails if a page has changed since.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import screen
from screen import Row

from runthrough import Line, Place, read_session

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "docs" / "_static"
BLOCK = re.compile(
    r"^(?P<indent> *)\.\. code-block:: (?P<language>\w+)\n"
    r"(?P<options>(?:(?P=indent) +:.*\n)*)"
    r"(?P<lines>(?:(?P=indent) +.*\n|\n)+)",
    re.MULTILINE,
)
CAPTION = re.compile(r":caption: (.*)")


class ScreenplayError(Exception):
    """A page no longer has what a recording shows of it."""


@dataclass(frozen=True)
class Scene:
    """A command of a page, or a block that has a file's name as its caption.

    If there are words, only the lines that contain one of them are shown.
    """

    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Screenplay:
    """What a recording shows of a page, and the file that a README shows.

    A page that has no way to draw it itself may have another file for phones.
    """

    page: str
    file: str
    title: str
    scenes: tuple[Scene, ...]
    narrow_file: str = ""

    def rows(self) -> list[Row]:
        """Take the lines from the page."""
        rest = list(read_page(ROOT / self.page))
        rows: list[Row] = []
        for scene in self.scenes:
            while rest and rest[0][0] != scene.name:
                del rest[0]
            if not rest:
                raise ScreenplayError(
                    f"{self.page} no longer has, at this point of a recording, {scene.name!r}: "
                    "change the scenes in docs/_ext/screenplays.py"
                )
            _, head, lines = rest.pop(0)
            rows += [head, *self.chosen(scene, lines)]
        return rows

    def chosen(self, scene: Scene, lines: Sequence[Row]) -> Iterator[Row]:
        """Leave out what the scene doesn't ask for."""
        for word in scene.words:
            if not any(word in line.text for line in lines):
                raise ScreenplayError(
                    f"{self.page} no longer shows a line with {word!r} at {scene.name!r}: "
                    "change the words in docs/_ext/screenplays.py"
                )
        for line in lines:
            if not scene.words or any(word in line.text for word in scene.words):
                yield line

    def text(self) -> str:
        """Say in words what can be seen."""
        said = []
        for row in self.rows():
            words = " ".join(row.text.split())
            begin = {"file": "The file ", "typed": "You type: "}.get(row.kind, "")
            said.append(f"{begin}{words}{':' if row.kind == 'file' else ''}")
        return "A terminal. " + "\n".join(said)

    def svg(self, layout: str, name: str, style: str = "") -> str:
        """Draw it."""
        return screen.svg(self.rows(), self.title, self.text(), name, layout, style)

    def picture(self, layout: str = "wide", *, still: bool = False) -> str:
        """Draw it as a file of its own."""
        sheet = screen.in_a_file(STATIC / "recordings.css", STATIC / "reader.css", still=still)
        return self.svg(layout, "recording", sheet) + "\n"

    def pictures(self) -> Iterator[tuple[str, str]]:
        """Yield the path of each of its files, and what's in it."""
        yield self.file, self.picture()
        if self.narrow_file:
            yield self.narrow_file, self.picture("narrow")


SCREENPLAYS = {
    "add-column": Screenplay(
        page="docs/tutorial/change.rst",
        file="docs/_recordings/add-column.svg",
        title="Add a column to a model, let Alembic write the migration, and apply it",
        scenes=(
            Scene("my_app/models.py", ("+",)),
            Scene(
                'alembic revision --autogenerate -m "add active"',
                ("Detected added", "Generating", "versions", "done"),
            ),
            Scene("alembic upgrade head", ("Running upgrade",)),
            Scene("python users.py"),
        ),
    ),
    "failing-page": Screenplay(
        page="runthrough/docs/index.rst",
        file="runthrough/docs/_recordings/failing-page.svg",
        title="A page with a wrong output fails, is corrected, and passes",
        scenes=(
            Scene("docs/tea.rst", ("$ wc", "3 tea")),
            Scene(
                "pytest --runthrough -q docs/tea.rst",
                (":14: the output is not what the page", "(line 13)", "-3 ", "+2 ", "1 failed,"),
            ),
            Scene("docs/tea.rst", ("- ", "+ ")),
            Scene("pytest --runthrough -q docs/tea.rst", ("passed",)),
        ),
        narrow_file="runthrough/docs/_recordings/failing-page-narrow.svg",
    ),
}


def read_page(page: Path) -> Iterator[tuple[str, Row, list[Row]]]:
    """Yield each command and each file of a page: its name, its first row, and the others."""
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        lines = textwrap.dedent(block["lines"]).strip("\n").split("\n")
        if block["language"] == "console":
            place = Place(page, 1)
            for command in read_session([Line(line, place) for line in lines]):
                prompt = f"({command.environment}) $ " if command.environment else "$ "
                output = [Row("output", line.text) for line in command.output]
                yield command.text, Row("typed", command.text, prompt), output
        elif caption := CAPTION.search(block["options"]):
            yield caption[1], Row("file", caption[1]), [Row("line", line) for line in lines]


def main() -> None:
    """Write the recordings that READMEs show."""
    for screenplay in SCREENPLAYS.values():
        for file, picture in screenplay.pictures():
            (ROOT / file).write_text(picture, encoding="utf-8")
            print(f"{file} is written.")


if __name__ == "__main__":
    main()
