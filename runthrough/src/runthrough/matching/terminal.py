"""A terminal's screen: what a person sees after a program has moved the cursor around.

The sequences are those of ECMA-48 and of xterm that programs write to redraw lines: moves,
erasing, inserting and deleting, scroll regions, the alternate screen. Lines that scroll off the
top are kept.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

TAB = 8
"""Columns between a terminal's tab stops."""
ROWS = 24
TOKENS = re.compile(
    r"\x1b\[(?P<private>[?>=<!]?)(?P<numbers>[0-9;:]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b(?P<single>[78cDEM])"
    r"|(?P<control>[\r\n\b\t])"
    r"|(?P<other>.)",
    re.DOTALL,
)


@dataclass
class Row:
    """A row of cells, and whether its text goes on from the row above."""

    cells: list[str] = field(default_factory=list)
    nonblocking: bool = False


@dataclass
class Screen:
    """Everything that was printed, of which the last rows can be reached by the cursor."""

    columns: int
    rows: list[Row] = field(default_factory=lambda: [Row()])
    top: int = 0
    """The row at the top of what the terminal shows; rows above it stay as they are."""
    row: int = 0
    column: int = 0
    """Where the next character goes. Beyond the last column, it goes to the next row."""
    saved: tuple[int, int] = (0, 0)
    region: tuple[int, int] = (0, ROWS - 1)
    """The first and the last row, from the top, that a line feed scrolls."""
    main: tuple[list[Row], int, int, int] | None = None
    """The main screen, while a program uses the alternate one."""

    def feed(self, text: str) -> None:
        """Receive what a program prints."""
        for token in TOKENS.finditer(text):
            if (char := token["other"]) is not None:
                self.write(char)
            elif (control := token["control"]) is not None:
                self.control(control)
            elif (single := token["single"]) is not None:
                self.single(single)
            elif token["private"] == "?":
                if token["final"] in "hl" and {"47", "1047", "1049"} & set(numbers_of(token)):
                    self.switch(alternate=token["final"] == "h")
            elif not token["private"]:
                self.sequence(token["final"], numbers_of(token))

    def lines(self) -> list[str]:
        """Return all lines; rows over which a long line was wrapped are one."""
        self.switch(alternate=False)
        lines: list[str] = []
        before = 0
        for row in self.rows:
            text = "".join(row.cells)
            if row.nonblocking and before >= self.columns - 1:
                lines[-1] += text
            else:
                lines.append(text)
            before = len(row.cells)
        while lines and not lines[-1].strip():
            lines.pop()
        return lines

    def at(self, number: int) -> Row:
        """Return a row, which is made if nothing was written that far down."""
        while len(self.rows) <= number:
            self.rows.append(Row())
        return self.rows[number]

    def write(self, char: str) -> None:
        """Put a character where the cursor is."""
        if unicodedata.combining(char):
            cells = self.at(self.row).cells
            last = min(self.column, len(cells)) - 1
            while last > 0 and not cells[last]:
                last -= 1  # the second half of a wide character
            if last >= 0:
                cells[last] += char
            return
        width = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if self.column + width > self.columns:
            self.line_feed()
            self.column = 0
            self.at(self.row).nonblocking = True
        self.put(self.column, [char, ""][:width])
        self.column += width

    def put(self, column: int, written: list[str]) -> None:
        """Write cells over those of the cursor's row."""
        cells = self.at(self.row).cells
        cells += [" "] * (column - len(cells))
        end = column + len(written)
        if column < len(cells) and cells[column] == "" and column:
            cells[column - 1] = " "  # half of a wide character is written over
        if end < len(cells) and cells[end] == "":
            cells[end] = " "
        cells[column:end] = written

    def control(self, char: str) -> None:
        """Obey a control character; a line feed ends a line, as a terminal has it from programs."""
        self.column = min(self.column, self.columns - 1) if char in "\b\t" else self.column
        if char == "\r":
            self.column = 0
        elif char == "\n":
            self.line_feed()
            self.column = 0
        elif char == "\b":
            self.column = max(0, self.column - 1)
        else:
            self.column = min((self.column // TAB + 1) * TAB, self.columns - 1)

    def line_feed(self) -> None:
        """Go to the next row; at the end of the region, its rows scroll."""
        if self.row == self.top + self.region[1]:
            self.scroll(1)
        elif self.row < self.top + ROWS - 1:
            self.row += 1
        self.at(self.row).nonblocking = False

    def scroll(self, count: int) -> None:
        """Move the rows of the region up, with the cursor staying where it is on the screen.

        What leaves at the top of the screen is kept, what leaves at the top of a region is not.
        """
        first, last = self.region
        for _ in range(min(count, ROWS)):
            self.at(self.top + last)
            self.rows.insert(self.top + last + 1, Row())
            if first == 0:
                self.top += 1
                self.row += 1
            else:
                del self.rows[self.top + first]

    def scroll_down(self, count: int) -> None:
        """Move the rows of the region down."""
        first, last = self.region
        for _ in range(min(count, ROWS)):
            self.at(self.top + last)
            del self.rows[self.top + last]
            self.rows.insert(self.top + first, Row())

    def single(self, final: str) -> None:
        """Obey a sequence of two characters."""
        match final:
            case "7":
                self.saved = self.row - self.top, self.column
            case "8":
                self.row, self.column = self.top + self.saved[0], self.saved[1]
            case "D":
                self.line_feed()
            case "E":
                self.line_feed()
                self.column = 0
            case "M":
                if self.row == self.top + self.region[0]:
                    self.scroll_down(1)
                elif self.row > self.top:
                    self.row -= 1
            case "c":
                self.region = 0, ROWS - 1
                self.go(0, 0)
                self.erase_rows(self.top, self.top + ROWS)

    def go(self, row: int, column: int) -> None:
        """Move the cursor to a row and column of what the terminal shows."""
        self.row = self.top + min(max(row, 0), ROWS - 1)
        self.column = min(max(column, 0), self.columns - 1)

    def sequence(self, final: str, numbers: list[str]) -> None:
        """Obey a control sequence."""
        given = [int(one[:6]) if one.isdigit() else 0 for one in numbers]
        first = given[0] if given else 0
        count = max(1, first)
        row, column = self.row - self.top, min(self.column, self.columns - 1)
        match final:
            case "A" | "F":
                least = self.region[0] if row >= self.region[0] else 0
                self.go(max(row - count, least), 0 if final == "F" else column)
            case "B" | "E" | "e":
                last = self.region[1] if row <= self.region[1] else ROWS - 1
                self.go(min(row + count, last), 0 if final == "E" else column)
            case "C" | "a":
                self.go(row, column + count)
            case "D":
                self.go(row, column - count)
            case "G" | "`":
                self.go(row, count - 1)
            case "d":
                self.go(count - 1, column)
            case "H" | "f":
                self.go(count - 1, max(1, given[1] if len(given) > 1 else 1) - 1)
            case "J":
                self.erase_screen(first)
            case "K":
                self.erase_line(first)
            case "L" | "M":
                self.shift_rows(count if final == "L" else -count)
            case "@" | "P" | "X":
                self.shift_cells(final, count)
            case "S":
                self.scroll(count)
                self.row = self.top + row
            case "T":
                self.scroll_down(count)
            case "r":
                last = (given[1] if len(given) > 1 else 0) or ROWS
                if count < last <= ROWS:
                    self.region = count - 1, last - 1
                    self.go(0, 0)
            case "s":
                self.single("7")
            case "u":
                self.single("8")

    def erase_rows(self, first: int, end: int) -> None:
        """Empty rows."""
        for row in self.rows[first:end]:
            row.cells.clear()
            row.nonblocking = False

    def erase_screen(self, what: int) -> None:
        """Empty the screen after the cursor (0), before it (1), whole (2), or what left it (3)."""
        if what == 0:
            self.erase_line(0)
            self.erase_rows(self.row + 1, self.top + ROWS)
        elif what == 1:
            self.erase_rows(self.top, self.row)
            self.erase_line(1)
        elif what == 2:
            self.erase_rows(self.top, self.top + ROWS)
        elif what == 3:
            del self.rows[: self.top]
            self.row, self.top = self.row - self.top, 0

    def erase_line(self, what: int) -> None:
        """Empty the row after the cursor (0), before it (1), or whole (2)."""
        column = min(self.column, self.columns - 1)
        cells = self.at(self.row).cells
        if what == 0:
            self.put(column, [" "])
            del cells[column:]
        elif what == 1:
            self.put(column, [" "])
            cells[: column + 1] = [" "] * (column + 1)
        elif what == 2:
            cells.clear()

    def shift_rows(self, count: int) -> None:
        """Insert empty rows at the cursor, or delete rows there; what is below moves."""
        first, last = self.region
        if not self.top + first <= self.row <= self.top + last:
            return
        region = self.region
        self.region = self.row - self.top, last
        if count > 0:
            self.scroll_down(count)
        else:
            self.at(self.top + last)
            for _ in range(min(-count, ROWS)):
                self.rows.insert(self.top + last + 1, Row())
                del self.rows[self.row]
        self.region = region
        self.column = 0

    def shift_cells(self, final: str, count: int) -> None:
        """Insert blanks at the cursor (@), delete cells (P), or empty them (X)."""
        column = min(self.column, self.columns - 1)
        cells = self.at(self.row).cells
        count = min(count, self.columns - column)
        if column >= len(cells):
            return
        if final == "@":
            cells[column:column] = [" "] * count
            del cells[self.columns :]
        elif final == "P":
            del cells[column : column + count]
        else:
            self.put(column, [" "] * count)

    def switch(self, alternate: bool) -> None:
        """Switch to the alternate screen, which isn't kept, or back to the main one."""
        if alternate and self.main is None:
            self.main = self.rows, self.top, self.row, self.column
            self.rows, self.top, self.row, self.column = [Row()], 0, 0, 0
        elif not alternate and self.main is not None:
            self.rows, self.top, self.row, self.column = self.main
            self.main = None
        self.region = 0, ROWS - 1


def numbers_of(token: re.Match[str]) -> list[str]:
    """Return the numbers of a control sequence, as they are written."""
    return token["numbers"].replace(":", ";").split(";")
