"""Turn what a terminal received into the lines that a person at it would see."""

from __future__ import annotations

import re

ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-JL-~]"  # all control sequences but K (erase in line), see below
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # operating system commands: titles, links
    r"|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[()*+][0-9A-Za-z]|\x1b[=>78cDEHMNOZ]|[\x07\x0e\x0f]"
)
"""ECMA-48 sequences that change no text."""
ERASE = re.compile(r"\x1b\[([012]?)K")


def visible_lines(text: str) -> list[str]:
    """Split into lines; take out colours; let what was written over a line stand in its place."""
    if text.endswith("\n"):
        text = text[:-1]
    elif not text:
        return []
    plain = ESCAPES.sub("", text)
    return [overwrite(line) for line in plain.split("\n")]


def overwrite(line: str) -> str:
    """Perform the carriage returns, backspaces and erasures of one line."""
    line = line.rstrip("\r")
    if not re.search(r"[\r\b\x1b]", line):
        return line
    cells: list[str] = []
    column = 0
    for token in re.split(r"([\r\b]|\x1b\[[012]?K)", line):
        if token == "\r":
            column = 0
        elif token == "\b":
            column = max(0, column - 1)
        elif erased := ERASE.fullmatch(token):
            if erased[1] in ("", "0"):
                del cells[column:]
            elif erased[1] == "1":
                cells[:column] = [" "] * min(column, len(cells))
            else:
                cells = [" "] * column
        else:
            cells += [" "] * (column - len(cells))
            cells[column : column + len(token)] = token
            column += len(token)
    return "".join(cells)
