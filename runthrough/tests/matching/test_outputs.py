"""What a command prints is held against the output that the page shows."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runthrough.matching.alignment import is_ellipsis, tidy
from runthrough.matching.outputs import compare, ends
from runthrough.matching.placeholders import Placeholders
from runthrough.matching.screen import visible_lines
from runthrough.model.places import Place
from runthrough.model.results import Failure
from runthrough.model.settings import Settings
from runthrough.model.steps import Command, Leniency, Line

PAGE = Path("page.rst")
ERRORS = Settings.read({}, confdir=Path()).errors
A, B, ONE, TWO = "aaaaaaaaaaaa", "bbbbbbbbbbbb", "111111111111", "222222222222"


def begin(columns: int = 80) -> Placeholders:
    """Return a placeholders in which nothing is bound yet."""
    revision, date = re.compile("[0-9a-f]{12}"), re.compile(r"\d{4}-\d\d-\d\d")
    return Placeholders({"revision": revision}, {"date": date}, columns)


def command(shown: list[str]) -> Command:
    """Write a command at line 10 of a page, with its output from line 11 on."""
    output = (Line(text, Place(PAGE, number)) for number, text in enumerate(shown, 11))
    return Command("try", Place(PAGE, 10), tuple(output))


def failing(shown: list[str]) -> Command:
    """Write a command that fails as its page says."""
    return replace(command(shown), status=1)


def found(shown: str, printed: str, placeholders: Placeholders | None = None) -> Failure | None:
    lines = tidy(visible_lines(printed))
    return compare(
        placeholders or begin(), ERRORS, command(shown.split("\n") if shown else []), lines
    )


def failure(shown: str, printed: str, placeholders: Placeholders | None = None) -> Failure:
    one = found(shown, printed, placeholders)
    assert one is not None
    assert one.command == "try"
    assert one.command_place == Place(PAGE, 10)
    return one


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("", ""),
        ("", "\n"),
        ("a", "a"),
        ("a", "a\n\n"),
        ("a  ", "a\t\n"),
        ("a\n\nb", "a\n   \nb\n"),
        ("a\tb", "a       b\n"),
        ("日本\tb", "日本\tb\n"),
        ("Done", "50%\r\x1b[K\x1b[32mDone\x1b[0m\n"),
        ("...", ""),
        ("...\nb\n...", "b"),
        ("a\n  ...\nb", "a\nx\ny\nb\n"),
        ("Generating ... done", "Generating ... done\n"),
        (f"at {A} on 2024-01-01", f"at {ONE} on 2026-11-22\n"),
        ("> quoted\n# comment", "> quoted\n# comment\n"),
    ],
)
def test_an_output_as_the_page_shows_it_passes(shown: str, printed: str) -> None:
    assert found(shown, printed) is None


@pytest.mark.parametrize(
    ("shown", "printed", "line", "rows"),
    [
        ("a\nb\nc", "a\nx\nc\n", 12, (" a", "-b", "+x", " c")),
        ("a\nb", "a\n", 12, (" a", "-b")),
        ("a", "", 11, ("-a",)),
        ("a", "a\nb\n", 11, (" a", "+b")),
        ("", "a\n", 10, ("+a",)),
        ("a\n...\nb\nc", "a\nx\nb\nd\n", 14, (" a", " ...", "+x", " b", "-c", "+d")),
        ("  a", "a\n", 11, ("-  a", "+a")),
        ("a", "\na\n", 11, ("+", " a")),
        ("Generating ... done", "Generating x ... done\n", 11, None),
    ],
)
def test_a_difference_is_red_at_the_first_line_that_does_not_hold(
    shown: str, printed: str, line: int, rows: tuple[str, ...] | None
) -> None:
    one = failure(shown, printed)
    assert one.place == Place(PAGE, line)
    if rows is not None:
        assert one.difference == rows


def test_what_is_wrong_is_said_in_words() -> None:
    assert "not what the page shows" in failure("a", "b").what
    assert "more than the page shows" in failure("a", "a\nb").what
    assert "shows no output" in failure("", "b").what


def test_a_difference_shows_the_pages_values_for_new_ones_of_the_run() -> None:
    one = failure(f"at {A}\nb", f"at {ONE}\nx {TWO}\n")
    assert one.difference == (f" at {A}", "-b", f"+x {TWO}")


def test_values_are_bound_by_an_output_that_holds() -> None:
    placeholders = begin()
    assert (
        found(f"one {A}\n...\ntwo {B}", f"one {ONE}\nx {'3' * 12}\ntwo {TWO}", placeholders) is None
    )
    assert placeholders.typed == {A: ONE, B: TWO}


def test_values_are_not_bound_by_an_output_that_does_not_hold() -> None:
    placeholders = begin()
    failure(f"one {A}\ntwo", f"one {ONE}\nthree", placeholders)
    assert placeholders.typed == {}


def test_a_page_that_shows_one_value_for_two_is_red_at_the_line_that_shows_it() -> None:
    one = failure(f"x\none {A}\n...\ntwo {A}", f"x\none {ONE}\ntwo {TWO}")
    assert one.place == Place(PAGE, 14)
    assert A in one.what
    one = failure(f"one {A}\ntwo {B}", f"one {ONE}\ntwo {ONE}")
    assert one.place == Place(PAGE, 12)
    assert B in one.what


def test_a_value_may_be_shown_on_both_sides_of_an_ellipsis() -> None:
    placeholders = begin()
    assert found(f"one {A}\n...\ntwo {A} {B}", f"one {ONE}\ntwo {ONE} {TWO}", placeholders) is None
    assert found(f"{A}\n...\n{B} {A}", f"{A}\nx\n{B} {A}", placeholders) is None
    assert placeholders.typed == {A: ONE, B: TWO}


def test_a_value_that_is_known_must_be_itself() -> None:
    placeholders = begin()
    assert found(A, ONE, placeholders) is None
    assert failure(A, TWO, placeholders).place == Place(PAGE, 11)
    assert failure(B, A, placeholders).place == Place(PAGE, 11)
    assert found(A, A, placeholders) is None


@pytest.mark.parametrize(
    ("shown", "line"),
    [("...", 11), ("a\n...", 12), ("...\nz", 11), ("a\n...\nz\n...", 12), ("...\na\n...\nz", 13)],
)
def test_an_ellipsis_must_not_hide_an_error(shown: str, line: int) -> None:
    one = failure(shown, "a\nFAILED: x\nz\n")
    assert one.place == Place(PAGE, line)
    assert "'FAILED: x'" in one.what
    assert one.printed == ("a", "FAILED: x", "z")


@pytest.mark.parametrize(
    "printed",
    [
        "a\nfatal: x\nz\n",
        "a\nbash: ecoh: command not found\n",
        "a\n\x1b[31;1merror\x1b[0m\x1b[1m: x\x1b[0m\nz\n",
        "a\nworking\rValueError: x\nz\n",
        f"a\n{'/long' * 14}/x: comman\nd not found\nz\n",
        f"a\ncat: {'/long' * 13}/x: No\n     such file or directory\nz\n",
        f"a\n{'bash: /' + 'x' * 66}: comm\nand not found\nz\n",
        f"a\nerror: {'x' * 9000}\nz\n",
        f"a\n{'x' * 9000}: No such file or directory\nz\n",
        "a\n  File 'x.py', line 1\nTea: hot\nshop.errors.TeaError: cold\n",
    ],
)
@pytest.mark.parametrize("shown", ["a\n...", "...", "a\n...\nz", "...\nz"])
def test_no_ellipsis_hides_what_real_tools_print(shown: str, printed: str) -> None:
    if shown.endswith("z") and not printed.endswith("z\n"):
        printed += "z\n"
    one = failure(shown, printed)
    assert "'...' hides a line that looks like an error" in one.what


def test_what_fails_as_the_page_says_and_shows_an_error_may_hide_more_of_it() -> None:
    lines = ["error: x", "E   AssertionError", "FAILED: y"]
    assert compare(begin(), ERRORS, failing(["error: x", "..."]), lines) is None
    assert compare(begin(), ERRORS, command(["error: x", "..."]), lines) is not None
    assert compare(begin(), ERRORS, failing(["...", "z"]), [*lines, "z"]) is not None


def test_lines_that_only_speak_of_errors_may_be_hidden() -> None:
    assert found("a\n...", "a\n0 errors\nerror_log = x\nerrors.py\nno error\n") is None


@pytest.mark.parametrize("shown", ["FAILED: x", "...\nFAILED: x\n...", "a\nFAILED: x\nz"])
def test_an_error_that_is_shown_is_not_hidden(shown: str) -> None:
    one = found(shown, "a\nFAILED: x\nz\n" if "\n" in shown else "FAILED: x\n")
    assert one is None


def test_an_output_that_holds_a_prompt_can_be_shown_in_its_own_block() -> None:
    assert ":output:" in failure("a", "a\n$ b\n").advice
    assert ":output:" not in failure("a", "a\nb\n").advice
    assert ":output:" not in failure("a", "$ b\n").advice


def test_a_long_output_is_shown_by_its_ends() -> None:
    lines = [str(number) for number in range(100)]
    assert ends(lines) == (*lines[:20], "... 60 lines left out ...", *lines[-20:])
    assert ends(lines[:41]) == tuple(lines[:41])
    assert ends([]) == ()


# Any text

characters = st.characters(exclude_categories=["Cc", "Cs"])
plain = st.text(characters, max_size=10)
values = st.sampled_from([A, B, ONE, "2024-01-01"])
texts = st.lists(plain | st.just("\t") | values.map(lambda value: f" {value} "), max_size=4)
widths = st.sampled_from([10, 20, 80])
outputs = st.lists(texts.map("".join).filter(lambda line: not is_ellipsis(line)), max_size=6)


@given(outputs, widths)
def test_whatever_is_printed_passes_where_the_page_shows_it(lines: list[str], columns: int) -> None:
    printed = tidy(visible_lines("".join(f"{line}\n" for line in lines)))
    assert compare(begin(columns), ERRORS, command(lines), printed) is None


@given(outputs, st.data())
def test_ellipses_may_stand_for_any_lines(lines: list[str], data: st.DataObject) -> None:
    # Lines that differ in nothing but values cannot be told apart, so each has a number here.
    lines = [f"{line} {number}" for number, line in enumerate(lines)]
    shown: list[str] = []
    for line in lines:
        shown += data.draw(
            st.sampled_from([[line], ["  ..."], ["...", line], [line, "...", "..."]])
        )
    assert compare(begin(), ERRORS, command(shown), tidy(visible_lines("\n".join(lines)))) is None


@given(outputs, widths)
def test_the_runs_values_may_be_others(lines: list[str], columns: int) -> None:
    run = {A: "0123456789ab", B: "ba9876543210", ONE: "cdefcdefcdef", "2024-01-01": "2026-11-22"}
    pattern = re.compile("|".join(run))
    text = "".join(f"{line}\n" for line in lines)
    printed = visible_lines(pattern.sub(lambda match: run[match.group()], text))
    placeholders = begin(columns)
    assert compare(placeholders, ERRORS, command(lines), tidy(printed)) is None
    assert placeholders.typed == {one: run[one] for one in (A, B, ONE) if one in text}


@given(st.lists(plain | values, min_size=1, max_size=5), st.integers(0, 99), widths, st.data())
def test_a_single_edit_of_a_visible_character_is_red_at_its_line(
    parts: list[str], number: int, columns: int, data: st.DataObject
) -> None:
    position = number % len(parts)
    part = parts[position]
    assume(part not in (A, B, ONE, "2024-01-01"))
    seen = [at for at, character in enumerate(part) if character.strip()]
    new = data.draw(characters.filter(lambda character: bool(character.strip())))
    edits = [part + new, new + part]
    for at in seen:
        edits += [part[:at] + part[at + 1 :], part[:at] + new + part[at + 1 :]]
    edited = data.draw(st.sampled_from([edit for edit in edits if edit != part]))
    above = data.draw(plain)
    printed = [above, " ".join(parts), "end"]
    shown = [above, " ".join([*parts[:position], edited, *parts[position + 1 :]]), "end"]
    assume(not any(is_ellipsis(line) for line in shown))
    one = compare(begin(columns), ERRORS, command(shown), tidy(printed))
    assert one is not None
    assert one.place == Place(PAGE, 12)


def test_a_report_shows_as_different_only_what_the_dialect_does_not_allow() -> None:
    allowed = Leniency(blanks=True, dots=True, ignored=("^INFO ",))
    shown = ["a  b", "took ... s", "", "c  d  4", "e  f"]
    printed = ["INFO x", "a   b", "took 3 s", "", "c   d   2", "e   f"]
    one = compare(begin(), ERRORS, command(shown), printed, allowed)
    assert one is not None
    assert one.place.line == 14
    assert one.difference == (" a  b", " took ... s", " ", "-c  d  4", "+c   d   2", " e  f")


def test_a_report_writes_lines_as_the_page_where_their_order_alone_differs() -> None:
    shown, printed = ["a  b", "c  d"], ["c   d", "a   b"]
    one = compare(begin(), ERRORS, command(shown), printed, Leniency(blanks=True))
    assert one is not None
    assert one.place.line == 11
    assert one.difference == ("+c  d", " a  b", "-c  d")
