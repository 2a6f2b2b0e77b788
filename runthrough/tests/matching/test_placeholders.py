"""Values of the page stand for values of the run, the same ones everywhere."""

from __future__ import annotations

import re
import textwrap

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runthrough.matching.placeholders import PlaceholderError, Placeholders, Substitution

A, B, C = "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"
ONE, TWO = "111111111111", "222222222222"


def placeholders(
    captures: dict[str, str] | None = None, patterns: dict[str, str] | None = None
) -> Placeholders:
    """Make placeholders; without any kinds given, those of revisions and dates."""
    if captures is None and patterns is None:
        captures, patterns = {"revision": "[0-9a-f]{12}"}, {"date": r"\d{4}-\d\d-\d\d"}
    compiled = [
        {kind: re.compile(pattern) for kind, pattern in (kinds or {}).items()}
        for kinds in (captures, patterns)
    ]
    return Placeholders(compiled[0], compiled[1], columns=80)


def told(*pairs: tuple[str, str]) -> Placeholders:
    """Make placeholders for which the page has shown these for what was printed."""
    begun = placeholders()
    begun.learn([page for page, _ in pairs], [run for _, run in pairs])
    return begun


def refused(begun: Placeholders, page: list[str], run: list[str]) -> PlaceholderError:
    with pytest.raises(PlaceholderError) as caught:
        begun.learn(page, run)
    return caught.value


# What a page shows for the first time


def test_a_value_means_the_runs_from_its_first_output_on() -> None:
    begun = told((f"Generating {A}_add.py", f"Generating {ONE}_add.py"))
    assert begun.to_run(f"cat {A}_add.py") == f"cat {ONE}_add.py"
    assert begun.to_page(f"-> {ONE}, {ONE}") == f"-> {A}, {A}"


def test_values_are_bound_in_the_order_of_the_output() -> None:
    begun = placeholders()
    begun.learn([f"{A} -> {B}", f"{C} {A}"], [f"{ONE} -> {TWO}", f"{A} {ONE}"])
    assert begun.typed == {A: ONE, B: TWO, C: A}


def test_a_value_that_is_broken_over_two_lines_is_bound() -> None:
    begun = placeholders()
    page = ["  " + "x" * 70 + f" /{A[:7]}", f"  {A[7:]}_add.py {B}"]
    run = ["  " + "x" * 70 + f" /{ONE[:7]}", f"  {ONE[7:]}_add.py {TWO}"]
    assert begun.normalise(page) == begun.normalise(run)
    begun.learn(page, run)
    assert begun.typed == {A: ONE, B: TWO}
    assert begun.lines_to_page(run) == page


def test_what_was_put_back_into_the_pages_words_teaches_nothing_new() -> None:
    begun = told((A, ONE))
    begun.learn([f"{A} {B}"], [begun.to_page(f"{ONE} {TWO}")])
    begun.learn([f"{A} {B}"], [f"{ONE} {TWO}"])
    assert begun.typed == {A: ONE, B: TWO}


def test_a_value_of_the_page_may_be_the_runs_own() -> None:
    begun = told((A, A))
    assert begun.to_run(A) == begun.to_page(A) == A


def test_values_may_have_changed_places() -> None:
    begun = told((f"{A} {B}", f"{B} {A}"))
    assert begun.to_run(f"{A} {B} {A}") == f"{B} {A} {B}"
    assert begun.to_page(f"{B} {A} {B}") == f"{A} {B} {A}"


def test_a_pattern_is_not_bound() -> None:
    begun = told(("2024-01-01", "2026-11-22"))
    assert begun.typed == {}
    assert begun.to_run("2024-01-01") == "2024-01-01"


# What does not hang together


def test_one_value_of_the_page_cannot_stand_for_two() -> None:
    error = refused(placeholders(), [f"{A} {A}"], [f"{ONE} {TWO}"])
    assert error.value == A
    for said in ("revision", A, ONE, TWO):
        assert said in str(error)


def test_two_values_of_the_page_cannot_stand_for_one() -> None:
    error = refused(placeholders(), [f"{A} {B}"], [f"{ONE} {ONE}"])
    assert error.value == B
    for said in ("revision", A, B):
        assert said in str(error)


def test_a_value_that_stands_for_one_cannot_be_bound_to_another() -> None:
    begun = told((A, ONE))
    with pytest.raises(PlaceholderError):
        begun.bind("revision", A, TWO)
    with pytest.raises(PlaceholderError):
        begun.bind("revision", B, ONE)
    begun.bind("revision", A, ONE)
    assert begun.typed == {A: ONE}


@pytest.mark.parametrize("text", [f"alembic upgrade {A}", f"{A}_add.py", f"x/{A}:head"])
def test_a_value_that_no_output_has_shown_is_an_error(text: str) -> None:
    begun = told((B, ONE))
    for ask in (begun.to_run, begun.command_to_run, begun.check_known):
        with pytest.raises(PlaceholderError) as caught:
            ask(text)
        assert caught.value.value == A
        assert f"revision {A}" in str(caught.value)
        assert f"shown so far: {B}" in str(caught.value)


def test_the_first_unknown_value_has_none_shown_before_it() -> None:
    with pytest.raises(PlaceholderError, match="shown so far: none"):
        placeholders().check_known(A)


def test_all_unknown_values_of_a_text_are_listed() -> None:
    begun = told((B, ONE))
    assert list(begun.unknown(f"{A} {B} 2024-01-01 {C}")) == [("revision", A), ("revision", C)]


# Where a value begins and ends


@pytest.mark.parametrize("text", ["{}_add.py", "_{}_", "({})", "'{}'", "x/{}", "{}.", "é{}é"])
def test_a_value_may_stand_next_to_anything_but_letters_and_digits(text: str) -> None:
    begun = told((A, ONE))
    assert begun.to_run(text.format(A)) == text.format(ONE)
    assert begun.to_page(text.format(ONE)) == text.format(A)
    assert placeholders().normalise([text.format(A)]) == placeholders().normalise(
        [text.format(ONE)]
    )


@pytest.mark.parametrize("text", ["x{}", "{}x", "0{}", "{}a", "Z{}"])
def test_a_value_within_a_word_is_no_value(text: str) -> None:
    begun = told((A, ONE))
    assert begun.to_run(text.format(A)) == text.format(A)
    assert begun.to_page(text.format(ONE)) == text.format(ONE)
    assert begun.normalise([text.format(B)]) == [text.format(B)]


def test_the_longest_of_values_that_begin_alike_counts() -> None:
    substitution = Substitution(
        {"/home": "1", "/home/me": "2", "/home/me/dev": "3", "/home/me/dev-2": "4"}
    )
    assert (
        substitution.text("/home/me/dev /home/me/dev-2 /home/me /home /home/me2") == "3 4 2 1 1/me2"
    )


def test_values_are_no_regular_expressions() -> None:
    assert (
        Substitution({"a.c": "1", "(x)*": "2", "[": "3"}).text("abc a.c xx (x)* [")
        == "abc 1 xx 2 3"
    )


def test_nothing_is_swapped_without_values() -> None:
    assert Substitution({}).text("any text") == "any text"
    assert placeholders().to_page("any\n\ntext\n") == "any\n\ntext\n"


# What a command names by its first characters


@pytest.mark.parametrize("length", [4, 7, 11])
def test_a_command_may_name_a_value_by_its_first_characters(length: int) -> None:
    begun = told((A, ONE))
    short, run = A[:length], ONE[:length]
    assert begun.command_to_run(f"show {short}:{short}^ {A}") == f"show {run}:{run}^ {ONE}"
    assert begun.to_page(f"{run} is {ONE}") == f"{short} is {A}"


@pytest.mark.parametrize("word", [A[:3], A[:4] + "x", "x" + A[:4], "b" + A[1:5]])
def test_other_words_of_a_command_are_no_values(word: str) -> None:
    assert told((A, ONE)).command_to_run(f"show {word}") == f"show {word}"


def test_first_characters_are_replaced_only_once() -> None:
    begun = told((A, B), (B, ONE))
    assert begun.command_to_run("show aaaa") == "show bbbb"
    assert begun.command_to_run("show bbbb aaaa") == "show 1111 bbbb"


def test_first_characters_that_are_a_value_themselves_are_that_value() -> None:
    begun = placeholders({"name": "[a-z]{5,12}"})
    begun.learn(["alembic alembics"], ["kkkkkkk llllllll"])
    assert begun.command_to_run("show alembic") == "show kkkkkkk"
    assert begun.command_to_run("show alembics") == "show llllllll"


def test_first_characters_may_be_of_the_same_kind_as_the_value() -> None:
    commits = {"commit": "[0-9a-f]{7,40}"}
    begun = placeholders(commits)
    begun.learn([f"commit {A}"], [f"commit {ONE}"])
    assert begun.command_to_run(f"git show {A[:7]}") == f"git show {ONE[:7]}"
    printed = begun.lines_to_page([f"commit {ONE[:7]}"])
    assert begun.normalise(printed) == begun.normalise([f"commit {A[:7]}"])
    begun.learn([f"commit {A[:7]}"], printed)
    assert begun.to_run(f"{A[:7]} {A}") == f"{ONE[:7]} {ONE}"


def test_first_characters_are_no_regular_expression() -> None:
    begun = placeholders({"version": r"v\(\d+\)"})
    begun.learn(["v(1234)"], ["v(5678)"])
    assert begun.command_to_run("show v(12 v(1234) vx12") == "show v(56 v(5678) vx12"


def test_a_value_of_few_characters_has_no_first_ones() -> None:
    begun = placeholders({"number": r"\d{3}"})
    begun.learn(["123"], ["456"])
    assert begun.command_to_run("kill -9 123 12 1") == "kill -9 456 12 1"
    assert "" not in begun.typed


# What is known before anything is printed


def test_a_fixed_value_is_replaced_both_ways() -> None:
    begun = placeholders()
    begun.fix("/home/reader", "/tmp/rt123456")
    assert begun.to_run("ls /home/reader/dev") == "ls /tmp/rt123456/dev"
    assert begun.to_page("/tmp/rt123456/dev:") == "/home/reader/dev:"


def test_a_fixed_value_that_nobody_types_is_only_put_back() -> None:
    begun = placeholders()
    begun.fix("secret", "k3t9x0", typed=False)
    assert begun.to_run("echo secret") == "echo secret"
    assert begun.to_page("password k3t9x0") == "password secret"


# What is hidden before lines are compared


def test_new_values_and_patterns_are_hidden_and_known_values_are_not() -> None:
    begun = told((A, ONE))
    normalised = begun.normalise([f"{A} {B} 2024-01-01 other"])
    assert normalised == begun.normalise([f"{A} {TWO} 2026-11-22 other"])
    assert normalised != begun.normalise([f"{C} {B} 2024-01-01 other"])
    assert normalised != begun.normalise([f"{A} 2024-01-01 {B} other"])
    assert normalised[0].startswith(A)


def test_two_kinds_are_not_the_same() -> None:
    begun = placeholders({"a": "a+", "b": "b+"})
    assert begun.normalise(["aaa"]) == begun.normalise(["a"]) != begun.normalise(["bbb"])


def test_a_kind_may_have_groups_of_its_own() -> None:
    begun = placeholders({"path": r"/(?P<top>\w+)(/\w+)*"}, {"took": r"(\d+)(\.\d+)?s"})
    begun.learn(["/a/b/c in 1s"], ["/d/e/f in 2.5s"])
    assert begun.typed == {"/a/b/c": "/d/e/f"}
    assert begun.normalise(["1s"]) == begun.normalise(["2.5s"])


def test_a_pattern_in_a_full_line_hides_no_broken_value_behind_it() -> None:
    begun = placeholders()
    start = "2024-01-01 " + "x" * 61
    page, run = [f"{start} /{A[:6]}", f"{A[6:]}.py"], [f"{start} /{ONE[:6]}", f"{ONE[6:]}.py"]
    assert len(page[0]) == 80
    assert begun.normalise(page) == begun.normalise(run)
    begun.learn(page, run)
    assert begun.typed == {A: ONE}


def test_lines_that_are_full_only_in_the_run_are_bound_in_the_same_order() -> None:
    begun = placeholders({"path": r"/\w+", "revision": "[0-9a-f]{12}"})
    fill = "-" * 60
    begun.learn([f"/a {fill} {A}", f"/b {B}"], [f"/cccc {fill} {ONE}", f"/d {TWO}"])
    assert begun.typed == {"/a": "/cccc", A: ONE, "/b": "/d", B: TWO}


# Any text

hexes = st.text(alphabet="0123456789abcdef", min_size=12, max_size=12)
plain = st.text(st.characters(exclude_characters="\n"), max_size=20).filter(
    lambda text: not re.search("[0-9a-f]{12}", text)
)


@st.composite
def bindings(draw: st.DrawFn) -> dict[str, str]:
    """Make values of the page, and as many of the run; a value may be of both."""
    page = draw(st.lists(hexes, min_size=1, max_size=4, unique=True))
    others = st.lists(
        hexes.filter(lambda value: value not in page),
        min_size=len(page),
        max_size=len(page),
        unique=True,
    )
    return dict(zip(page, draw(others | st.permutations(page)), strict=True))


@given(bindings(), st.data())
def test_what_is_put_into_the_runs_words_comes_back(
    values: dict[str, str], data: st.DataObject
) -> None:
    begun = told(*values.items())
    parts = st.lists(plain | st.sampled_from([*values, "\n", " ", "_", ":"]))
    text = "".join(data.draw(parts))
    assume(all(run in values or run not in text for run in values.values()))
    assume(not list(begun.unknown(text)))
    assert begun.to_page(begun.to_run(text)) == text


@given(bindings(), st.lists(st.sampled_from(["word", "/a/long/path/", "{}", "({})"]), min_size=1))
def test_what_a_program_breaks_comes_back_as_it_breaks_the_pages(
    values: dict[str, str], words: list[str]
) -> None:
    begun = told(*values.items())
    on_page, in_run = " ".join(words * 4), " ".join(words * 4)
    for page, run in list(values.items()) * len(words):
        on_page, in_run = on_page.replace("{}", page, 1), in_run.replace("{}", run, 1)
    shown = textwrap.wrap(on_page.replace(" ", "/"), 80)
    printed = textwrap.wrap(in_run.replace(" ", "/"), 80)
    assert begun.lines_to_page(printed) == shown


@given(bindings(), st.data())
def test_an_output_introduces_its_values(values: dict[str, str], data: st.DataObject) -> None:
    begun = placeholders()
    parts = data.draw(st.lists(plain | st.sampled_from([f" {page} " for page in values])))
    page = "".join(parts).split("\n")
    assume(not [found for found in begun.unknown("\n".join(page)) if found[1] not in values])
    run = [Substitution(values).text(line) for line in page]
    assert begun.normalise(page) == begun.normalise(run)
    begun.learn(page, run)
    assert begun.typed == {one: values[one] for one in values if one in "\n".join(page)}


def test_lines_with_other_values_that_a_rule_takes_for_the_same_bind_nothing() -> None:
    begun = placeholders()
    begun.learn(["at ?"], [f"at {ONE}"])
    assert begun.typed == {}
