"""Write marks as HTML that needs neither colours nor scripts to be understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from runthrough.model.report import counted, shortened, visible
from runthrough.pages.badges import Mark, Sign
from runthrough.pages.results_file import Stumble

WORDS: dict[Sign, tuple[str, str]] = {
    "performed": ("✓", "Performed"),
    "checked": ("✓", "Checked"),
    "fails": ("✗", "Does not hold"),
    "blocked": ("□", "Not performed"),
    "unchecked": ("○", "Not checked"),
}
"""A sign, which is left out where a page is read aloud, and its meaning."""
ROWS = {"-": "del", "+": "ins"}
LEGEND = "<code>-</code> is on the page, <code>+</code> is what a reader gets."


def fragment(number: int) -> str:
    """Name the place of a failure on its page."""
    return f"runthrough-fails-{number}"


def of_block(mark: Mark, number: int) -> str:
    """Write what stands under a block; a failure can be linked to by the step's number.

    What is not known has no mark. What is waived has a line of its own in every build.
    """
    if mark.sign == "fails":
        return failure(mark, number)
    if mark.sign not in WORDS:
        return ""
    more = ""
    if mark.sign == "blocked" and mark.stumble is not None:
        more = f": blocked by {place(mark.stumble)}"
    return f'<p class="runthrough-mark runthrough-{mark.sign}">{signed(mark.sign)}{more}</p>\n'


def of_head(marks: Sequence[Mark], blocks: Iterable[int]) -> str:
    """Write what an author finds at a page's head as long as there is something to do.

    `blocks` are the numbers of steps with a block.
    """
    seen = set(blocks)
    fails = [number for number, mark in enumerate(marks) if mark.sign == "fails"]
    if not fails and not any(mark.sign == "blocked" for mark in marks):
        return ""
    said = [counts([marks[number] for number in sorted(seen)])]
    if fails:
        links = (link(marks[number], number) for number in fails)
        said.append(f"What does not hold: {', '.join(links)}.")
    mark = f'<span aria-hidden="true">{WORDS["fails"][0]}</span>'
    start = '<p class="runthrough-summary" role="status">'
    elsewhere = [failure(marks[number], number) for number in fails if number not in seen]
    return f"{start}{mark} {' '.join(said)}</p>\n{''.join(elsewhere)}"


def counts(marks: Sequence[Mark]) -> str:
    """Sum the blocks of a page up."""
    signs = [mark.sign for mark in marks]
    hold = sum(mark.holds for mark in marks)
    said = [f"{hold} of {counted(len(signs), 'blocks')} {'holds' if hold == 1 else 'hold'}"]
    fail = signs.count("fails")
    kinds: dict[Sign, str] = {
        "fails": "does not" if fail == 1 else "do not",
        "blocked": "not performed",
        "unknown": "not known",
        "waived": "waived",
        "unchecked": "not checked",
    }
    for sign, words in kinds.items():
        if number := signs.count(sign):
            said.append(f"{number} {words}")
    return ", ".join(said) + "."


def link(mark: Mark, number: int) -> str:
    """Lead to a failure on the same page."""
    return f'<a href="#{fragment(number)}">{code(mark.title)}</a>'


def failure(mark: Mark, number: int) -> str:
    """Write where a reader stumbles, over what, and what the author can do about it."""
    name = fragment(number)
    head = f'<p class="runthrough-title" id="{name}-title">{signed("fails")}</p>\n'
    body = explained(mark.stumble) if mark.stumble else ""
    return (
        f'<div class="runthrough-failure" id="{name}" role="group" '
        f'aria-labelledby="{name}-title">\n{head}{body}</div>\n'
    )


def explained(stumble: Stumble) -> str:
    """Write all that is known of a failure."""
    parts = [f"<p>{place(stumble)}: {text(stumble.what)}</p>\n"]
    if stumble.command is not None:
        parts.append(listing("Command", [f"$ {text(stumble.command, lines=True)}"]))
    if stumble.difference:
        parts += [listing("Difference", map(row, stumble.difference)), f"<p>{LEGEND}</p>\n"]
    elif stumble.printed:
        parts.append("<p>It printed:</p>\n")
        parts.append(listing("What was printed", map(text, stumble.printed)))
    parts.append(f"<p><strong>What to do:</strong> {text(stumble.advice)}</p>\n")
    return "".join(parts)


def listing(label: str, lines: Iterable[str]) -> str:
    """Write lines that are HTML by now; the style sheet has them wrap, so that none is cut off."""
    content = "\n".join(lines)
    return f'<pre role="group" aria-label="{escape(label)}">{content}\n</pre>\n'


def row(line: str) -> str:
    """Write a row of a diff; its sign stays, for those who see no colours."""
    name = ROWS.get(line[:1])
    return f"<{name}>{text(line)}</{name}>" if name else text(line)


def signed(sign: Sign) -> str:
    """Write a sign with its meaning."""
    mark, words = WORDS[sign]
    return f'<span aria-hidden="true">{mark}</span> {words}'


def place(stumble: Stumble) -> str:
    """Write where a reader stumbles."""
    line = "" if stumble.line is None else f":{stumble.line}"
    return code(stumble.file + line)


def code(words: str) -> str:
    """Write words of a program."""
    return f"<code>{text(words)}</code>"


def text(words: str, *, lines: bool = False) -> str:
    """Write words so that HTML shows them, and control characters so that they are seen."""
    kept = words.split("\n") if lines else [words]
    return escape("\n  ".join(visible(shortened(line)) for line in kept))
