"""Turn what a terminal received into the lines that a person at it would see."""

from __future__ import annotations

import re
import unicodedata

from runthrough.matching.terminal import Screen

TAB = 8
"""Columns between a terminal's tab stops."""
ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-JL-~]"  # all control sequences but K (erase in line), see below
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # operating system commands: titles, links
    r"|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[()*+][0-9A-Za-z]|\x1b[=>78cDEHMNOZ]|[\0\x07\x0e\x0f\x7f]"
)
"""ECMA-48 sequences that change no text."""
ERASE = re.compile(r"\x1b\[([012]?)K")
MOVES = re.compile(
    r"\x1b\[[0-9;:]*[@A-JLMPSTX`adefrsu]|\x1b[8DEMc]|\x1b\[\?[0-9;]*(?:47|1047|1049)[0-9;]*[hl]"
)
"""ECMA-48 sequences that move the cursor, or change what is on the screen."""
QUIET = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[()*+][0-9A-Za-z]|\x1b[=>HNOZ]|[\0\x07\x0e\x0f\x7f]"
)
"""Those of ESCAPES that aren't control sequences: a screen knows these itself."""
COLUMNS = 80


def visible_lines(text: str, columns: int = COLUMNS) -> list[str]:
    """Split into lines; take out colours; keep what was written last in each column.

    `columns` is the width of the terminal. It only counts where the cursor is moved to other
    lines, since these may have been wrapped there; lines that were wrapped are one again.
    """
    if text.endswith("\n"):
        text = text[:-1]
    elif not text:
        return []
    if MOVES.search(text):
        screen = Screen(columns)
        screen.feed(QUIET.sub("", text))
        return screen.lines()
    plain = ESCAPES.sub("", text)
    return [overwrite(line) for line in plain.split("\n")]


def overwrite(line: str) -> str:
    """Run the carriage returns, backspaces, tabs and erasures of one line."""
    line = line.rstrip("\r")
    if not re.search(r"[\r\b\t\x1b]", line):
        return line
    cells: list[str] = []
    column = 0
    for token in re.split(r"([\r\b\t]|\x1b\[[012]?K)", line):
        if token == "\r":
            column = 0
        elif token == "\b":
            column = max(0, column - 1)
        elif token == "\t":
            column += TAB - column % TAB
        elif erased := ERASE.fullmatch(token):
            if erased[1] in ("", "0"):
                del cells[column:]
            elif erased[1] == "1":
                cells[: column + 1] = [" "] * min(column + 1, len(cells))
            else:
                cells = [" "] * column
        else:
            written = cells_of(token)
            cells += [" "] * (column - len(cells))
            cells[column : column + len(written)] = written
            column += len(written)
    return "".join(cells)


def cells_of(text: str) -> list[str]:
    """Lay a text on a terminal's cells: a wide character takes two, an accent goes with another."""
    cells: list[str] = []
    for char in text:
        if cells and unicodedata.combining(char):
            cells[-1] += char
        elif unicodedata.east_asian_width(char) in "WF":
            cells += [char, ""]
        else:
            cells.append(char)
    return cells
