"""What names a step: what it asks, and all that comes before it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from runthrough.model.digests import keys_of
from runthrough.model.places import Place
from runthrough.model.steps import (
    Command,
    Console,
    Export,
    InlineValues,
    Line,
    Page,
    Screenshot,
    Step,
)

FILE = Path("page.rst")


def console(text: str, line: int = 1) -> Console:
    place = Place(FILE, line)
    return Console(place, (Command(text, place, (Line("out", place),)),))


def page(*steps: Step, starts_with: tuple[Path, ...] = ()) -> Page:
    return Page("page", FILE, steps, starts_with=starts_with)


def test_a_step_that_has_moved_is_the_same() -> None:
    assert keys_of([page(console("a"), console("b", 7))]) == keys_of(
        [page(console("a", 3), console("b", 9))]
    )


def test_a_changed_step_is_another_and_so_is_what_follows() -> None:
    before = keys_of([page(console("a"), console("b"), console("c"))])
    after = keys_of([page(console("a"), console("x"), console("c"))])
    assert after[0] == before[0]
    assert after[1].digest != before[1].digest
    assert after[1].chain == before[1].chain
    assert after[2].digest == before[2].digest
    assert after[2].chain != before[2].chain


def test_an_option_is_part_of_a_step() -> None:
    one, other = console("a"), replace(console("a"), answers=("yes",))
    assert keys_of([page(one)]) != keys_of([page(other)])


def test_pages_before_are_part_of_the_chain() -> None:
    alone = keys_of([page(console("b"))])
    after_one = keys_of([page(console("a")), page(console("b"))])
    after_other = keys_of([page(console("x")), page(console("b"))])
    assert len({alone, after_one, after_other}) == 3


def test_what_only_compares_is_no_part_of_the_chain() -> None:
    mentions = InlineValues(Place(FILE, 1), (Line("12", Place(FILE, 1)),))
    with_it = keys_of([page(mentions, console("a"))])
    assert with_it[1] == keys_of([page(console("a"))])[0]


def test_a_folder_elsewhere_is_the_same_folder() -> None:
    here, there = (Export(Place(FILE, 1), "sample", Path(f"/{one}/sample")) for one in "ab")
    assert keys_of([page(here)]) == keys_of([page(there)])


def test_a_picture_is_part_of_the_step_that_compares_it(tmp_path: Path) -> None:
    picture = tmp_path / "shop.png"
    step = Screenshot(Place(FILE, 1), "http://127.0.0.1:5000/", Place(picture, None))
    keys = []
    for data in (None, b"white", b"black"):
        if data is not None:
            picture.write_bytes(data)
        keys.append(keys_of([page(step)]))
    assert len({*keys}) == 3


def test_files_that_a_reader_starts_with_are_part_of_the_chain(tmp_path: Path) -> None:
    given = tmp_path / "data.csv"
    given.write_text("1")
    before = keys_of([page(console("a"), starts_with=(given,))])
    given.write_text("2")
    assert keys_of([page(console("a"), starts_with=(given,))]) != before


def test_what_python_compiles_beside_given_files_is_no_part_of_the_chain(tmp_path: Path) -> None:
    given = tmp_path / "src"
    (given / "package").mkdir(parents=True)
    (given / "package" / "module.py").write_text("one = 1\n")
    before = keys_of([page(console("a"), starts_with=(given,))])
    compiled = given / "package" / "__pycache__" / "module.cpython-311.pyc"
    compiled.parent.mkdir()
    compiled.write_bytes(b"compiled")
    assert keys_of([page(console("a"), starts_with=(given,))]) == before
