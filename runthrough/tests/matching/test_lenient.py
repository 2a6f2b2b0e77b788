"""What a lenient comparison lets pass, and what it doesn't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runthrough.matching.lenient import Lenient, match_leniently, without_varying
from runthrough.model.steps import Leniency

DOTS, BLANKS, ORDER = Leniency(dots=True), Leniency(blanks=True), Leniency(order=True)
BOTH = Leniency(dots=True, blanks=True)
VARYING = Leniency(varying=(r"\d+ ms", r"\d{4}-\d\d-\d\d"))
SEVERAL = Leniency(varying=(r"\d+", r"\d+(\.\d+)+", r"\d{4}-\d\d-\d\d"))
FORMS = Leniency(varying=(r"x\d", r"y\d", r"\d+"))
NOTES = Leniency(ignored=(r"^INFO ",))


def agreed(shown: str, printed: str, leniency: Leniency) -> Lenient | None:
    lines = (shown.split("|"), printed.split("|") if printed else [])
    on_page, found = (without_varying(one, leniency) for one in lines)
    return match_leniently(on_page, found, leniency)


@pytest.mark.parametrize(
    ("shown", "printed", "leniency"),
    [
        ("took ... s", "took 0.3 s", DOTS),
        ("took \u2026 s", "took 0.3 s", DOTS),
        ("took 3...", "took 3 seconds", DOTS),
        ("a...c|...|end ...", "abc|x|y|end of it", DOTS),
        ("...|b ...", "a|b|b c", DOTS),
        ("one   two", "one two", BLANKS),
        ("one two|three", "one|two three", BLANKS),
        ("|one", "one|", BLANKS),
        ("a|...|z  z", "a|b|z z", BLANKS),
        ("usage: tea [-h]|           [--hot]", "usage: tea [-h] [--hot]", BLANKS),
        ("usage: ... [-h]|   done", "usage: tea [-h] done", BOTH),
        ("pip 25 from ...", "pip 25 from /lib (python 3)", BOTH),
        ("a|...|took ...", "a|b|took 3 s", BOTH),
        ("L1 \u2502 no|   \u2502 blank", "L1 \u2502 no blank", BLANKS),
        ("b|a", "a|b", ORDER),
        ("a|a|b", "a|b|a", ORDER),
        ("b|...", "a|b|c", ORDER),
        ("a|b", "INFO x|a|INFO y|b", NOTES),
        ("INFO x|a", "INFO x|a", NOTES),
        ("took 3 ms|b", "took 14 ms|b", VARYING),
        ("a|...|took 3 ms, 4 ms", "a|b|took 14 ms, 5 ms", VARYING),
        ("took 3 ms|on 2026-01-02", "took 4 ms|on 2025-12-31", VARYING),
        ("tea 1.2 of 2026-01-02", "tea 1.2.3 of 2025-12-31", SEVERAL),
        ("took  3 ms", "took|14 ms", replace(VARYING, blanks=True)),
        ("b|3 ms", "14 ms|b", replace(VARYING, order=True)),
    ],
)
def test_these_agree(shown: str, printed: str, leniency: Leniency) -> None:
    assert agreed(shown, printed, leniency) is not None
    assert agreed(shown, printed, Leniency()) is None or leniency is NOTES


@pytest.mark.parametrize(
    ("shown", "printed", "leniency"),
    [
        ("took ... s", "took 0.3 ms", DOTS),
        ("took ... s", "took|0.3 s", DOTS),
        ("a ...", "a b|c", DOTS),
        ("a ...|b", "a x", DOTS),
        ("took ... s", "", DOTS),
        ("one  two", "onetwo", BLANKS),
        ("one two", "one two three", BLANKS),
        ("one two", "one", BLANKS),
        ("a \u2502 b", "a b", BLANKS),
        ("\u2502 a", "a", BLANKS),
        ("a|  \u2502 b", "a|  \u2502 c", BLANKS),
        ("pip 25 from ...", "pip 25 from /lib|WARNING", BOTH),
        ("a|...|z", "a|b|z y", BLANKS),
        ("b|a", "a|b|c", ORDER),
        ("a|a", "a|b", ORDER),
        ("a|b|...", "a|c", ORDER),
        ("a|b", "INFO x|b|a", NOTES),
        ("took 3 ms", "took 3 s", VARYING),
        ("took 3 ms", "took 14 ms|3 ms", VARYING),
        ("took 3 ms", "took 2026-01-02", VARYING),
        ("a|b", "WARNING x|a|b", NOTES),
        ("INFO x|a", "INFO y|a", NOTES),
        ("x1", "y1", FORMS),
    ],
)
def test_these_do_not(shown: str, printed: str, leniency: Leniency) -> None:
    assert agreed(shown, printed, leniency) is None


def test_a_cell_may_be_broken_elsewhere() -> None:
    shown = ["L1 | no", "   | blank [x]"]
    assert match_leniently(shown, ["L1 | no blank", "   | [x]"], BLANKS) is not None
    assert match_leniently(shown, ["L1 | no blank", "   | [y]"], BLANKS) is None
    assert match_leniently(shown, ["L1 no", "   | blank [x]"], BLANKS) is None


def test_it_says_what_the_page_leaves_out() -> None:
    found = agreed("begin|...|took ... s", "begin|error: x|took error s", DOTS)
    assert found is not None
    assert found.hidden == ((1, "error: x"), (2, "error"))
    assert found.found == (0, 2)


def test_an_ignored_line_is_left_out() -> None:
    found = agreed("a", "INFO x|a", NOTES)
    assert found is not None
    assert found.hidden == ((0, "INFO x"),)
