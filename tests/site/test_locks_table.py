"""The table of how-to/zero-downtime says what its program has measured, line by line."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/how-to/zero-downtime.rst"
LINE = re.compile(
    r"   .*?\s+(?P<lock>\w+Lock|none)\s+(?P<waits>reads, writes|writes|nobody)\s+(?P<work>\w+)"
)
OTHER = re.compile(r"\s+(?P<lock>\w+Lock) on the other table")


def read_measured(page: str) -> list[list[str]]:
    _, _, output = page.partition("$ python locks.py\n")
    measured = []
    for line in output.partition("\n\n")[0].splitlines():
        if found := LINE.fullmatch(line):
            lock = found["lock"] if found["lock"] == "none" else f"``{found['lock']}``"
            measured.append([lock, found["waits"], found["work"]])
        else:
            other = OTHER.fullmatch(line)
            assert other, line
            same = measured[-1][0] == f"``{other['lock']}``"
            measured[-1][0] += (
                " on both tables" if same else f", and ``{other['lock']}`` on the other table"
            )
    return measured


def read_table(page: str) -> list[list[str]]:
    rows = re.findall(r"   \* - .+((?:\n     - .+){4})", page)
    cells = [row.replace("\n", "").split("     - ")[2:] for row in rows]
    return [[lock, waits, work] for waits, work, lock in cells][1:]


def test_table_says_what_was_measured() -> None:
    page = PAGE.read_text()
    measured = read_measured(page)
    assert len(measured) > 20
    assert read_table(page) == measured
