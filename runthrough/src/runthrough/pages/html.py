"""Write badges as HTML that needs neither colours nor scripts to be understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from runthrough.model.recorded import ReportedFailure
from runthrough.model.report import INSTEAD, counted, shortened, visible
from runthrough.model.steps import SIDE_FILE, Skip
from runthrough.pages.badges import Badge, Sign

WORDS: dict[Sign, tuple[str, str]] = {
    "ran": ("✓", "Tested"),
    "checked": ("✓", "Checked"),
    "fails": ("✗", "Failed"),
    "blocked": ("□", "Not tested"),
    "unchecked": ("○", "Not checked"),
    "elsewhere": ("○", "Not tested: in another tab"),
}
"""A sign, which is left out where a page is read aloud, and its meaning."""
ROWS = {"-": "del", "+": "ins"}
LEGEND = "<code>-</code> is on the page, <code>+</code> is what a reader gets."


def fragment(number: int) -> str:
    """Name the place of a failure on its page."""
    return f"runthrough-fails-{number}"


def of_block(badge: Badge, number: int) -> str:
    """Write what appears under a block; a failure can be linked to by the step's number.

    A step without a known result has no badge. A block that its page skips has a line of its own in
    every build.
    """
    if badge.sign == "fails":
        return failure(badge, number)
    if isinstance(badge.step, Skip) and badge.step.side_notes:
        return side_skip(badge.step)
    if badge.sign not in WORDS:
        return ""
    more = from_side_file(badge)
    if badge.sign == "blocked" and badge.reported_failure is not None:
        more += f": blocked by {place(badge.reported_failure)}"
    return f'<p class="runthrough-badge runthrough-{badge.sign}">{signed(badge.sign)}{more}</p>\n'


def copy_whole(script: str, number: int) -> str:
    """Write the place of the button that copies a changed file; without scripts, there's no button.

    The file is fetched when the reader asks for it, from the `script` with those of the page.
    """
    return (
        f'<span class="runthrough-whole" data-script="{escape(script)}" '
        f'data-file="{number}" hidden></span>\n'
    )


def tick(badge: Badge) -> str:
    """Write the tick of a block that passed, small enough for a block's caption or corner.

    It says nothing else; a step about which there is more to say has a line under it.
    """
    if not badge.holds or badge.step.side_notes:
        return ""
    sign, words = WORDS[badge.sign]
    return (
        f'<span class="runthrough-tick runthrough-{badge.sign}" role="img" aria-label="{words}" '
        f'title="{words}">{sign}</span>'
    )


def from_side_file(badge: Badge) -> str:
    """Write what the side file says about a step, which its page doesn't."""
    if not badge.step.side_notes:
        return ""
    said = ", ".join(text(note.what) for note in badge.step.side_notes)
    return f", as {code(SIDE_FILE)} says ({said})"


def side_skip(step: Skip) -> str:
    """Write that the side file skips a block, and why."""
    return (
        '<p class="runthrough-badge runthrough-skipped"><span aria-hidden="true">○</span> '
        f"Not tested, as {code(SIDE_FILE)} says: {text(step.reason)}</p>\n"
    )


def of_head(badges: Sequence[Badge], blocks: Iterable[int]) -> str:
    """Write what an author sees at a page's head as long as there is something to fix.

    `blocks` are the numbers of steps with a block.
    """
    seen = set(blocks)
    fails = [number for number, badge in enumerate(badges) if badge.sign == "fails"]
    if not fails and not any(badge.sign == "blocked" for badge in badges):
        return ""
    said = [counts([badges[number] for number in sorted(seen)])]
    if fails:
        links = (link(badges[number], number) for number in fails)
        said.append(f"Failed: {', '.join(links)}.")
    badge = f'<span aria-hidden="true">{WORDS["fails"][0]}</span>'
    start = '<p class="runthrough-summary" role="status">'
    elsewhere = [failure(badges[number], number) for number in fails if number not in seen]
    return f"{start}{badge} {' '.join(said)}</p>\n{''.join(elsewhere)}"


def counts(badges: Sequence[Badge]) -> str:
    """Sum the blocks of a page up."""
    signs = [badge.sign for badge in badges]
    passed = sum(badge.holds for badge in badges)
    said = [f"{passed} of {counted(len(signs), 'blocks')} passed"]
    kinds: dict[Sign, str] = {
        "fails": "failed",
        "blocked": "not tested",
        "unknown": "not known",
        "skipped": "skipped",
        "unchecked": "not checked",
        "elsewhere": "in another tab",
    }
    for sign, words in kinds.items():
        if number := signs.count(sign):
            said.append(f"{number} {words}")
    return ", ".join(said) + "."


def link(badge: Badge, number: int) -> str:
    """Link to a failure on the same page."""
    return f'<a href="#{fragment(number)}">{code(badge.title)}</a>'


def failure(badge: Badge, number: int) -> str:
    """Write where a reader gets stuck, on what, and what the author can do about it."""
    name = fragment(number)
    head = (
        f'<p class="runthrough-title" id="{name}-title">{signed("fails")}{from_side_file(badge)}'
        "</p>\n"
    )
    body = "".join(map(explained, badge.reported_failures))
    return (
        f'<div class="runthrough-failure" id="{name}" role="group" '
        f'aria-labelledby="{name}-title">\n{head}{body}</div>\n'
    )


def explained(reported_failure: ReportedFailure) -> str:
    """Write all that is known of a failure."""
    parts = [f"<p>{place(reported_failure)}: {text(reported_failure.what)}</p>\n"]
    if reported_failure.command is not None:
        parts.append(listing("Command", [f"$ {text(reported_failure.command, lines=True)}"]))
    if reported_failure.difference:
        parts += [
            listing("Difference", map(row, reported_failure.difference)),
            f"<p>{LEGEND}</p>\n",
        ]
    elif reported_failure.printed:
        parts.append("<p>It printed:</p>\n")
        parts.append(listing("What was printed", map(text, reported_failure.printed)))
    parts.append(f"<p><strong>What to do:</strong> {text(reported_failure.advice)}</p>\n")
    if reported_failure.entry:
        parts.append(f"<p>{INSTEAD}</p>\n")
        parts.append(listing(SIDE_FILE, map(text, reported_failure.entry)))
    return "".join(parts)


def listing(label: str, lines: Iterable[str]) -> str:
    """Write lines that are already HTML; the style sheet wraps them, so that none is cut off."""
    content = "\n".join(lines)
    return f'<pre role="group" aria-label="{escape(label)}">{content}\n</pre>\n'


def row(line: str) -> str:
    """Write a row of a diff; its sign stays, for those who see no colours."""
    name = ROWS.get(line[:1])
    return f"<{name}>{text(line)}</{name}>" if name else text(line)


def signed(sign: Sign) -> str:
    """Write a sign with its meaning."""
    badge, words = WORDS[sign]
    return f'<span aria-hidden="true">{badge}</span> {words}'


def place(reported_failure: ReportedFailure) -> str:
    """Write where a reader gets stuck."""
    line = "" if reported_failure.line is None else f":{reported_failure.line}"
    return code(reported_failure.file + line)


def code(words: str) -> str:
    """Write text as code."""
    return f"<code>{text(words)}</code>"


def text(words: str, *, lines: bool = False) -> str:
    """Write words so that HTML shows them, and control characters so that they are seen."""
    kept = words.split("\n") if lines else [words]
    return escape("\n  ".join(visible(shortened(line)) for line in kept))
