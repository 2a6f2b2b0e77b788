"""What a copy button puts on the clipboard is what the run types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import zip_longest
from pathlib import Path

import pytest
from playwright.sync_api import ElementHandle, Page

from runthrough import (
    Console,
    EndCheck,
    Excerpt,
    Export,
    InlineValues,
    Line,
    Listing,
    OtherTab,
    Patch,
    Place,
    Step,
    read_session,
    read_site,
)
from site_tests.conftest import ROOT
from site_tests.findings import refuse
from site_tests.folds import open_all

CONTEXT = {"permissions": ["clipboard-read", "clipboard-write"]}
# Some systems have one clipboard for all browsers.
pytestmark = pytest.mark.xdist_group("clipboard")

BLOCKS = ".rst-content div.highlight"
DESCRIBE = """block => ({
    text: block.querySelector("pre").textContent.replace(/\\n$/, ""),
    is_session: block.matches(".highlight-console > *"),
    is_output: block.matches(".runthrough-output > *"),
    is_beginning: block.matches(".runthrough-start > *"),
    is_call: block.closest(".gino-call, #how-the-calls-were-run") !== null,
    is_diff: block.matches(".highlight-diff > *"),
    is_refused: block.matches(".no-copy > *"),
    has_button: block.querySelector("button.copybtn") !== null,
})"""
SHOW_BUTTON = """block => {
    block.closest(".sd-tab-content")?.previousElementSibling.click();
    const button = block.querySelector("button.copybtn");
    button.scrollIntoView({block: "center", behavior: "instant"});
    const {x, y, width, height} = button.getBoundingClientRect();
    return [x + width / 2, y + height / 2];
}"""
SHOW = """button => {
    button.closest(".sd-tab-content")?.previousElementSibling.click();
    button.scrollIntoView({block: "center", behavior: "instant"});
}"""
TAKE_CLIPBOARD = """async () => {
    const text = await navigator.clipboard.readText();
    await navigator.clipboard.writeText("");
    return text;
}"""
ADVICE = (
    "compare the block with what docs/conf.py says of the copy button: which blocks have one, what "
    "a prompt is, and which word ends a here-document"
)
NEW_LINES, WHOLE_FILE = "Copy new lines", "Copy whole file"
WITHOUT_BLOCK = (EndCheck, Export, InlineValues)
"""The steps that no block on the page asks for."""


@dataclass(frozen=True)
class Block:
    """A block as the browser shows it."""

    text: str
    is_session: bool
    is_output: bool
    is_beginning: bool
    """Whether it says what to type to begin with a checkpoint: this is no step of its page."""
    is_call: bool
    """Whether it belongs to the calls of GINO, which a program ran: this isn't a step either."""
    is_diff: bool
    is_refused: bool
    """Whether the author has written that nobody copies it."""
    has_button: bool


@pytest.fixture(scope="module")
def steps() -> dict[str, list[Step]]:
    """What the blocks of each page ask of the reader, as the run reads them."""
    pages = read_site(ROOT / "docs").pages
    return {
        f"{page.docname}.html": as_shown([*filter(is_asking, page.steps)])
        for page in pages
        if not page.path
    }


def as_shown(steps: Sequence[Step]) -> list[Step]:
    """Put the listings that are checked at the end of a page where the page shows them."""
    last = [step for step in steps if isinstance(step, Listing) and step.at_end]
    shown = [step for step in steps if step not in last]
    for step in last:
        after = (
            number
            for number, other in enumerate(shown)
            if other.place.file == step.place.file
            and (other.place.line or 0) > (step.place.line or 0)
        )
        shown.insert(next(after, len(shown)), step)
    return shown


def is_asking(step: Step) -> bool:
    return not isinstance(step, WITHOUT_BLOCK)


def test_button_copies_what_is_typed(
    tab: Page, host: str, page: str, steps: dict[str, list[Step]]
) -> None:
    tab.goto(f"{host}/{page}")
    open_all(tab)
    shown = tab.query_selector_all(BLOCKS)
    found = []
    for element, block, step in paired(shown, steps.get(page, [])):
        wanted = to_copy(block, step)
        copied = press(tab, element) if block.has_button else None
        if copied != wanted:
            where = step.place if step else "what is typed to begin with this page"
            found.append(f"{where}: {difference(copied, wanted)}")
    refuse(page, found, ADVICE)


def test_buttons_of_a_diff_copy_what_the_file_has_then(
    tab: Page, host: str, page: str, steps: dict[str, list[Step]]
) -> None:
    tab.goto(f"{host}/{page}")
    open_all(tab)
    found = []
    for element, block, step in paired(tab.query_selector_all(BLOCKS), steps.get(page, [])):
        if not block.is_diff:
            continue
        where = step.place if step else page
        buttons = {
            button.inner_text(): button
            for button in element.query_selector_all(".runthrough-copying button")
        }
        if (wanted := new_lines(block)) and NEW_LINES not in buttons:
            found.append(f"{where}: there is no button {NEW_LINES!r}")
        for label, button in buttons.items():
            button.evaluate(SHOW)
            button.click()
            button.wait_for_selector(":scope:text-is('Copied')")
            copied = tab.evaluate(TAKE_CLIPBOARD)
            if label == NEW_LINES and copied != wanted:
                found.append(f"{where}: {difference(copied, wanted)}")
            if label == WHOLE_FILE and (missing := not_in(copied, step)):
                found.append(f"{where}: the whole file doesn't have {missing!r}")
    refuse(page, found, "see runthrough/src/runthrough/pages/static/runthrough-copy.js")


def new_lines(block: Block) -> str:
    """Return what a diff adds, as it's in the file."""
    lines = block.text.split("\n")
    lines = lines[2:] if [line[:4] for line in lines[:2]] == ["--- ", "+++ "] else lines
    return "\n".join(line[1:].rstrip() for line in lines if line.startswith("+")).strip("\n")


def not_in(whole: str, step: Step | None) -> str | None:
    """Return lines that a diff leaves in the file, and the file doesn't have; None for none.

    Of a diff in the tab of another path, which that path has run, the page's step doesn't say.
    """
    if isinstance(step, OtherTab):
        return None
    assert isinstance(step, Patch), "only what was run has its file"
    for hunk in step.hunks:
        left = [line.text[1:].rstrip() for line in hunk if not line.text.startswith("-")]
        text = "\n".join(left)
        if f"\n{text}\n" not in f"\n{whole}\n":
            return text
    return None


def paired(
    elements: Sequence[ElementHandle], steps: Sequence[Step]
) -> Iterator[tuple[ElementHandle, Block, Step | None]]:
    """Yield each block with its step; an output has none, and what is typed to begin neither."""
    blocks = [Block(**element.evaluate(DESCRIBE)) for element in elements]
    ran = [not (block.is_output or block.is_beginning or block.is_call) for block in blocks]
    assert sum(ran) == len(steps), "the site was built from other pages than docs/ holds now"
    rest = iter(steps)
    for element, block, is_step in zip(elements, blocks, ran, strict=True):
        yield element, block, next(rest) if is_step else None


def to_copy(block: Block, step: Step | None) -> str | None:
    """Return what a button is to give, None where there is to be no button."""
    if isinstance(step, Console):
        return "\n".join(command.text for command in step.commands)
    if block.is_output or block.is_refused or block.is_diff:
        return None
    if isinstance(step, Listing | Excerpt):
        # A file that is included whole ends with a line break; nothing that is copied does.
        return "\n".join(line.text for line in step.lines).removesuffix("\n")
    return commands(block.text) if block.is_session else block.text


def commands(text: str) -> str:
    """Read what is typed in a block that nobody runs, as the run would read it."""
    lines = [Line(line, Place(ROOT, 0)) for line in text.split("\n")]
    return "\n".join(command.text for command in read_session(lines))


def press(tab: Page, block: ElementHandle) -> str:
    """Press a block's button, and return what is on the clipboard then."""
    tab.mouse.click(*block.evaluate(SHOW_BUTTON))
    copied: str = tab.evaluate(TAKE_CLIPBOARD)
    return copied


def difference(copied: str | None, wanted: str | None) -> str:
    """Tell the first line that is copied wrongly."""
    if copied is None:
        return "there is no button to copy this block with"
    if wanted is None:
        return f"there is a button, and there is nothing to copy; it gives {copied!r}"
    lines = zip_longest(copied.split("\n"), wanted.split("\n"))
    number, (got, typed) = next((n, pair) for n, pair in enumerate(lines, 1) if pair[0] != pair[1])
    return f"line {number} of what is copied is {told(got)}, and should be {told(typed)}"


def told(line: str | None) -> str:
    return "not there" if line is None else repr(line)


INLINE = "code.reader-command"
INLINE_HTML = re.compile(r'<code class="[^"]*\breader-command\b[^"]*">(.*?)</code>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")


def test_a_command_in_a_sentence_is_one_that_a_run_types(
    built: Path, steps: dict[str, list[Step]]
) -> None:
    typed = {
        command.text
        for asked in steps.values()
        for step in asked
        if isinstance(step, Console)
        for command in step.commands
    }
    marked = {
        (str(page.relative_to(built)), " ".join(unescape(TAG.sub("", found)).split()))
        for page in built.rglob("*.html")
        for found in INLINE_HTML.findall(page.read_text())
    }
    assert marked
    assert [f"{page}: {text}" for page, text in sorted(marked) if text not in typed] == []


def test_a_command_in_a_sentence_is_copied(tab: Page, host: str) -> None:
    tab.goto(f"{host}/tutorial/back-and-forth.html")
    commands = tab.query_selector_all(INLINE)
    assert commands
    for command in commands:
        button = command.evaluate_handle("code => code.nextElementSibling").as_element()
        assert button is not None
        button.click()
        button.wait_for_selector(":scope[title='Copied']")
        assert tab.evaluate(TAKE_CLIPBOARD) == " ".join(command.inner_text().split())
