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
    Site,
    Step,
    read_session,
)
from site_tests.findings import refuse
from site_tests.guide import ROOT, alone
from site_tests.visits import Visit

BLOCKS = ".rst-content div.highlight"
COPY, COPY_OF_A_DIFF = "button.copybtn", ".runthrough-copying button"
DESCRIBE = """blocks => blocks.map(block => ({
    text: block.querySelector("pre").textContent.replace(/\\n$/, ""),
    is_session: block.matches(".highlight-console > *"),
    is_output: block.matches(".runthrough-output > *"),
    is_beginning: block.matches(".runthrough-start > *"),
    is_call: block.closest(".gino-call, #how-the-calls-were-tested") !== null,
    is_diff: block.matches(".highlight-diff > *"),
    is_refused: block.matches(".no-copy > *"),
    has_button: block.querySelector("button.copybtn") !== null,
}))"""
# The number of a button's block, and the button's label.
PLACE = f"""buttons => {{
    const blocks = [...document.querySelectorAll("{BLOCKS}")];
    return buttons.map(button => [blocks.indexOf(button.closest("{BLOCKS}")), button.textContent]);
}}"""
OPEN_TAB = """button => {
    const panel = button.closest(".sd-tab-content");
    if (panel) panel.previousElementSibling.control.checked = true;
}"""
# Returned is where a pointer presses the button, and what is in its way there.
SHOW = f"""button => {{
    ({OPEN_TAB})(button);
    button.scrollIntoView({{block: "center", behavior: "instant"}});
    const box = button.getBoundingClientRect();
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const hit = document.elementFromPoint(x, y);
    const name = hit ? [hit.localName, ...hit.classList].join(".") : "the edge of the screen";
    return [x, y, button.contains(hit) ? null : name];
}}"""
# A diff's button copies later than it's pressed, and says what came of it.
TAKE_CLIPBOARD = """async (button, label) => {
    const end = performance.now() + 30_000;
    const isBusy = () => label !== null && button.textContent === label && performance.now() < end;
    while (isBusy()) await new Promise(requestAnimationFrame);
    const text = await navigator.clipboard.readText();
    await navigator.clipboard.writeText("");
    return text;
}"""
# A scroll or another tab makes the browser draw the whole page again once a script waits. So it's
# first checked that all buttons in the first tabs are reached, without a wait; then these are
# pressed; then it's the turn of those in the second tabs.
PRESS = f"""async ([buttons, labels]) => {{
    const copied = [];
    const turns = Map.groupBy(buttons.keys(), number => {{
        const panel = buttons[number].closest(".sd-tab-content");
        return panel && [...panel.parentElement.children].indexOf(panel);
    }});
    for (const numbers of turns.values()) {{
        numbers.forEach(number => ({OPEN_TAB})(buttons[number]));
        for (const number of numbers) copied[number] = ["", ({SHOW})(buttons[number])[2]];
        for (const number of numbers.filter(number => !copied[number][1])) {{
            buttons[number].click();
            copied[number][0] = await ({TAKE_CLIPBOARD})(buttons[number], labels[number]);
        }}
    }}
    return copied;
}}"""
AT_ONCE = 20
"""How many buttons to press in one call: a script may copy for 5 seconds after it was called."""
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


@dataclass(frozen=True)
class Copied:
    """What was on the clipboard after a button was pressed."""

    text: str
    in_the_way: str | None
    """The element that a pointer hits in place of the button."""

    def problem(self, wanted: str | None) -> str | None:
        """Say what is wrong with it, None where nothing is."""
        if self.in_the_way:
            return f"a pointer doesn't reach the button: {self.in_the_way} is in the way"
        return difference(self.text, wanted) if self.text != wanted else None


@pytest.fixture(scope="module")
def steps(guide: Site) -> dict[str, list[Step]]:
    """What the blocks of each page ask of the reader, as the run reads them."""
    return {
        f"{page.docname}.html": as_shown([*filter(is_asking, page.steps)])
        for page in guide.pages
        if not page.path
    }


@pytest.fixture(scope="session")
def clipboard(shared: Path) -> Path:
    """The file to hold while copying: some systems have one clipboard for all browsers."""
    return shared / "clipboard.lock"


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
    visited: Visit, page: str, steps: dict[str, list[Step]], clipboard: Path
) -> None:
    found = []
    copied = press_all(visited.tab, clipboard, COPY)
    for number, block, step in paired(visited.tab, steps.get(page, [])):
        wanted = to_copy(block, step)
        if block.has_button:
            (one,) = copied[number].values()
            problem = one.problem(wanted)
        else:
            problem = None if wanted is None else "there is no button to copy this block with"
        if problem:
            where = step.place if step else "what is typed to begin with this page"
            found.append(f"{where}: {problem}")
    refuse(page, found, ADVICE)


def test_buttons_of_a_diff_copy_what_the_file_has_then(
    visited: Visit, page: str, steps: dict[str, list[Step]], clipboard: Path
) -> None:
    found = []
    copied = press_all(visited.tab, clipboard, COPY_OF_A_DIFF)
    for number, block, step in paired(visited.tab, steps.get(page, [])):
        if not block.is_diff:
            continue
        where = step.place if step else page
        buttons = copied.get(number, {})
        if (wanted := new_lines(block)) and NEW_LINES not in buttons:
            found.append(f"{where}: there is no button {NEW_LINES!r}")
        for label, one in buttons.items():
            problem = one.problem(wanted if label == NEW_LINES else one.text)
            if problem:
                found.append(f"{where}: {problem}")
            elif label == WHOLE_FILE and (missing := not_in(one.text, step)):
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


def paired(tab: Page, steps: Sequence[Step]) -> Iterator[tuple[int, Block, Step | None]]:
    """Yield each block, numbered, with its step.

    An output has none, and what is typed to begin neither.
    """
    blocks = [Block(**one) for one in tab.eval_on_selector_all(BLOCKS, DESCRIBE)]
    ran = [not (block.is_output or block.is_beginning or block.is_call) for block in blocks]
    assert sum(ran) == len(steps), "the site was built from other pages than docs/ holds now"
    rest = iter(steps)
    for number, (block, is_step) in enumerate(zip(blocks, ran, strict=True)):
        yield number, block, next(rest) if is_step else None


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


def press_all(tab: Page, clipboard: Path, kind: str) -> dict[int, dict[str, Copied]]:
    """Press all buttons of a kind; return what they copy, by the block's number and the label.

    The mouse presses the first with each label. A script presses the others, in a fraction of the
    time, where a pointer would hit them.
    """
    selector = f"{BLOCKS} {kind}"
    places: list[tuple[int, str]] = tab.eval_on_selector_all(selector, PLACE)
    buttons = tab.query_selector_all(selector)
    waits = [label if kind == COPY_OF_A_DIFF else None for _, label in places]
    by_mouse = {label: number for number, (_, label) in reversed([*enumerate(places)])}.values()
    by_script = [number for number in range(len(buttons)) if number not in by_mouse]
    open_tabs = tab.query_selector_all(".sd-tab-set > input:checked")
    with alone(clipboard):
        pressed = {number: press(tab, buttons[number], waits[number]) for number in by_mouse}
        for start in range(0, len(by_script), AT_ONCE):
            some = by_script[start : start + AT_ONCE]
            these = [[buttons[number] for number in some], [waits[number] for number in some]]
            pressed |= {
                number: Copied(*copied)
                for number, copied in zip(some, tab.evaluate(PRESS, these), strict=True)
            }
    tab.evaluate("tabs => tabs.forEach(one => { one.checked = true })", open_tabs)
    by_block: dict[int, dict[str, Copied]] = {}
    for number, (block, label) in enumerate(places):
        by_block.setdefault(block, {})[label] = pressed[number]
    return by_block


def press(tab: Page, button: ElementHandle, label: str | None) -> Copied:
    """Press a button with the mouse."""
    x, y, in_the_way = button.evaluate(SHOW)
    if in_the_way:
        return Copied("", in_the_way)
    tab.mouse.click(x, y)
    return Copied(button.evaluate(TAKE_CLIPBOARD, label), None)


def difference(copied: str, wanted: str | None) -> str:
    """Tell the first line that is copied wrongly."""
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
        assert button.evaluate(TAKE_CLIPBOARD, None) == " ".join(command.inner_text().split())
