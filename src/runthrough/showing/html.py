"""Write marks as HTML that needs neither colours nor scripts to be understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape

from runthrough.report import counted, shortened, visible
from runthrough.showing.marks import Mark, Sign
from runthrough.showing.receipts import Receipt, Stumble

WORDS: dict[Sign, tuple[str, str]] = {
    "holds": ("✓", "Holds"),
    "fails": ("✗", "Does not hold"),
    "blocked": ("□", "Not performed"),
    "waived": ("○", "Waived"),
    "unchecked": ("○", "Not checked"),
    "changed": ("?", "Not known any more: this block, or one before it, has changed"),
    "new": ("?", "Not performed yet"),
}
"""A sign, which is left out where a page is read aloud, and its meaning."""
ROWS = {"-": "del", "+": "ins"}
LEGEND = "<code>-</code> is on the page, <code>+</code> is what a reader gets."


def fragment(number: int) -> str:
    """Name the place of a failure on its page."""
    return f"runthrough-fails-{number}"


def of_block(mark: Mark, number: int) -> str:
    """Write what stands under a block; a failure can be linked to by the step's number."""
    if mark.sign == "fails":
        return failure(mark, number)
    more = ""
    if mark.sign == "blocked" and mark.stumble is not None:
        more = f": blocked by {place(mark.stumble)}"
    return f'<p class="runthrough-mark runthrough-{mark.sign}">{signed(mark.sign)}{more}</p>\n'


def of_page(marks: Sequence[Mark], blocks: Iterable[int]) -> str:
    """Write what stands at a page's head; `blocks` are the numbers of steps with a block."""
    seen = set(blocks)
    fails = [number for number, mark in enumerate(marks) if mark.sign == "fails"]
    shown = [marks[number] for number in sorted(seen)]
    if not shown and not fails:
        return ""
    sign: Sign = "fails" if fails else "holds" if all_hold(shown) else "changed"
    said = [counts(shown)]
    if fails:
        links = (link(marks[number], number) for number in fails)
        said.append(f"What does not hold: {', '.join(links)}.")
    said += performed([mark.receipt for mark in marks if mark.receipt])
    mark = f'<span aria-hidden="true">{WORDS[sign][0]}</span>'
    start = f'<p class="runthrough-summary runthrough-{sign}" role="status">'
    elsewhere = [failure(marks[number], number) for number in fails if number not in seen]
    return f"{start}{mark} {' '.join(said)}</p>\n{''.join(elsewhere)}"


def all_hold(marks: Sequence[Mark]) -> bool:
    """Tell whether there is nothing to do for the author."""
    return all(mark.sign in ("holds", "waived", "unchecked") for mark in marks)


def counts(marks: Sequence[Mark]) -> str:
    """Sum the blocks of a page up."""
    signs = [mark.sign for mark in marks]
    hold = signs.count("holds")
    said = [f"{hold} of {counted(len(signs), 'blocks')} {'holds' if hold == 1 else 'hold'}"]
    fail = signs.count("fails")
    kinds: tuple[tuple[str, tuple[Sign, ...]], ...] = (
        ("does not" if fail == 1 else "do not", ("fails",)),
        ("not performed", ("blocked",)),
        ("not known", ("changed", "new")),
        ("waived", ("waived",)),
        ("not checked", ("unchecked",)),
    )
    for words, kind in kinds:
        if number := sum(sign in kind for sign in signs):
            said.append(f"{number} {words}")
    return ", ".join(said) + "."


def performed(receipts: Sequence[Receipt]) -> list[str]:
    """Say on what, and when, the page was performed last, if it was."""
    done = [one for one in receipts if one.verdict in ("passed", "failed")]
    if not done:
        return []
    last = max(done, key=lambda one: datetime.fromisoformat(one.when))
    when = datetime.fromisoformat(last.when)
    on = [f"PostgreSQL {last.server}"] if last.server else []
    versions = escape(" and ".join([*on, f"Python {last.python}"]))
    day = f"{when.day} {when:%B %Y, %H:%M}"
    return [f'Performed on {versions}, <time datetime="{escape(last.when)}">{day}</time>.']


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
    return code(f"{stumble.file}:{stumble.line}")


def code(words: str) -> str:
    """Write words of a program."""
    return f"<code>{text(words)}</code>"


def text(words: str, *, lines: bool = False) -> str:
    """Write words so that HTML shows them, and control characters so that they are seen."""
    kept = words.split("\n") if lines else [words]
    return escape("\n  ".join(visible(shortened(line)) for line in kept))
