"""`runthrough init`: look at a site, say what its blocks look like, and declare it."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from runthrough.cli.arguments import parse, refuse_rest, site_of
from runthrough.model.places import shown
from runthrough.model.report import counted, visible
from runthrough.model.steps import SIDE_FILE

if TYPE_CHECKING:
    from runthrough.model.dialects import Dialect
    from runthrough.reading.survey import Found, Survey, Typed

SETTING = "runthrough_dialects"
LISTED = 5
"""The most places of one kind that are listed; the rest are counted."""


def init_site(parser: argparse.ArgumentParser, given: list[str], rest: list[str]) -> int:
    """Survey a site and write its settings; return 0, 1 if nothing was written, 2 for an error."""
    from runthrough.model.converting import SettingsError
    from runthrough.model.site import ReadingError
    from runthrough.reading.site import open_site
    from runthrough.reading.survey import survey

    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="SITE",
        help="the site (default: the only one below the current folder; docs/ first)",
    )
    parser.add_argument("--dry-run", action="store_true", help="only print what would be written")
    options = parse(parser, given, f"{parser.prog} docs --dry-run")
    refuse_rest(parser, rest)
    confdir = site_of(parser, options.paths)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="runthrough-init-") as cache,
            open_site(confdir, Path(cache)) as opened,
        ):
            found = survey(opened)
    except (ReadingError, SettingsError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    for line in described(confdir, found):
        print(visible(line))
    texts = {
        confdir / "conf.py": section(found.dialect()),
        confdir / SIDE_FILE: side_file(found),
    }
    return propose(texts) if options.dry_run else write(texts)


def propose(texts: dict[Path, str]) -> int:
    """Print what would be written; return 0."""
    for file, text in texts.items():
        if text:
            print(f"\n{shown(file)}:\n\n{text.strip()}")
    return 0


def write(texts: dict[Path, str]) -> int:
    """Add the section to conf.py and make the side file; return 1 if either is there already."""
    from runthrough.sources.replacing import ChangedError, create, replace

    status = 0
    print()
    for file, text in texts.items():
        if not text:
            continue
        try:
            if file.name == "conf.py":
                before = file.read_bytes()
                if SETTING.encode() in before:
                    print(
                        f"{shown(file)}: left alone, because it already has {SETTING}. "
                        f"Proposed:\n{text}"
                    )
                    status = 1
                    continue
                replace(file, before.rstrip(b"\n") + b"\n\n\n" + text.encode(), before)
                print(f"{shown(file)}: added {SETTING} at the end")
            else:
                create(file, text.encode())
                print(f"{shown(file)}: created; check each of its entries")
        except (ChangedError, OSError) as error:
            why = getattr(error, "strerror", None) or error
            print(f"{shown(file)}: left alone: {why}. Proposed:\n{text}")
            status = 1
    folder = shown(next(iter(texts)).parent)
    print(f"Next: runthrough run {folder} --report report.html")
    return status


def described(confdir: Path, found: Survey) -> Iterator[str]:
    """Yield the lines that describe the site's blocks."""
    from runthrough.reading.survey import PROMPTS

    blocks = len(found.found)
    yield f"{shown(confdir)}: {counted(found.pages, 'pages')}, {counted(blocks, 'blocks')}"
    yield ""
    sessions = found.of("session")
    prompts = numbers(PROMPTS[block.by] for block in sessions)
    unshown = sum(not command.shows_output for command in found.commands)
    foreign = found.of("foreign")
    rows = [
        ("sessions", sessions, f"{numbers(languages(sessions))}; prompts {prompts}"),
        ("scripts", found.of("script"), numbers(languages(found.of("script")))),
        ("files", found.of("file"), "named by " + numbers(one.by for one in found.of("file"))),
        ("outputs", found.of("output"), numbers(languages(found.of("output")))),
        ("diffs", found.of("diff"), ""),
        ("blocks", foreign, "for other shells, " + numbers(languages(foreign))),
        ("blocks", found.of("said"), "that their options describe"),
        ("blocks", found.of("other"), "not checked, " + numbers(languages(found.of("other")))),
    ]
    for name, listed, more in rows:
        if listed:
            yield f"  {counted(len(listed), name)}{': ' if more else ''}{more}"
    if found.commands:
        total = counted(len(found.commands), "commands")
        yield f"  {unshown} of {total} in sessions show no output"
    for title, commands in needing(found).items():
        if commands:
            yield f"  {title}:"
            yield from (f"    {command.place}: {command.text}" for _, command in commands[:LISTED])
            if len(commands) > LISTED:
                yield f"    and {len(commands) - LISTED} more"


def needing(found: Survey) -> dict[str, list[tuple[Found, Typed]]]:
    """Return the commands that a run can't just type, by what they are."""
    from runthrough.reading.survey import ELSEWHERE, SERVER, SHELL, SYNTAX

    needs: dict[str, list[tuple[Found, Typed]]] = {title: [] for title in REASONS}
    for block in found.found:
        for command in block.commands:
            if SERVER.search(command.text) and not command.text.endswith("&"):
                needs["keep running, so they need a terminal"].append((block, command))
            elif SHELL.search(command.text):
                needs["start a shell that a run can't type into"].append((block, command))
            elif SYNTAX.search(command.text):
                needs["only show the syntax of a command"].append((block, command))
            elif ELSEWHERE.search(command.text):
                needs["need something that a run doesn't have"].append((block, command))
    return needs


REASONS = {
    "keep running, so they need a terminal": "it keeps running: set terminal and until",
    "start a shell that a run can't type into": "it starts a shell that a run can't type into",
    "only show the syntax of a command": "it only shows the command's syntax",
    "need something that a run doesn't have": "it needs root, a container, an account or a browser",
}
"""Why each kind of command is skipped until its author has looked at it."""


def languages(found: Iterable[Found]) -> Iterator[str]:
    """Yield the language of each block, as a person would name it."""
    for block in found:
        yield block.language or "no language"


def numbers(words: Iterable[str]) -> str:
    """Count words, the most frequent first."""
    return ", ".join(f"{word} ({number})" for word, number in Counter(words).most_common())


def section(dialect: Dialect) -> str:
    """Write the part of conf.py that declares a dialect: the fields that aren't strict."""
    from runthrough.model.dialects import STRICT

    lines = [
        f"        {field.name}={getattr(dialect, field.name)!r},"
        for field in fields(dialect)
        if getattr(dialect, field.name) != getattr(STRICT, field.name)
    ]
    return "\n".join(
        [
            "# What the blocks of these pages mean, as far as `runthrough init` can tell.",
            "# Keep what your authors mean, and remove the rest.",
            "from runthrough import Dialect",
            "",
            f"{SETTING} = {{",
            '    "*": Dialect(',
            *lines,
            "    ),",
            "}",
            "",
        ]
    )


def side_file(found: Survey) -> str:
    """Write a side file that skips what can't just be typed, with the reason; empty: nothing."""
    entries: list[str] = []
    seen: dict[tuple[str, Path, int | None], None] = {}
    for title, commands in needing(found).items():
        for block, command in commands:
            key = block.page, block.place.file, block.place.line
            if key in seen:
                continue
            seen[key] = None
            entries += entry(found, block, command.text, REASONS[title])
    if not entries:
        return ""
    head = "# What these pages can't say. Each entry is about the block that contains its text.\n"
    return head + "\n".join([*entries, ""])


def entry(found: Survey, block: Found, text: str, reason: str) -> Sequence[str]:
    """Write the entry of one block."""
    from runthrough.reading.side_file import head, quoted

    fitting = fitting_blocks(found, block.page, text)
    if block not in fitting:  # another block is this text as a whole
        text = " ".join(block.text.split())
        fitting = fitting_blocks(found, block.page, text)
    which = [f"nth = {fitting.index(block) + 1}"] if len(fitting) > 1 else []
    return [
        "",
        *head(block.page, "block", text),
        *which,
        f"skip = {quoted(reason)}",
    ]


def fitting_blocks(found: Survey, page: str, text: str) -> Sequence[Found]:
    """Return the blocks of a page that the side file would find by a text."""
    from runthrough.reading.side_page import folded, sought

    holding = [one for one in found.of_page(page) if sought(text) in folded(one.text)]
    return [one for one in holding if sought(text) == folded(one.text)] or holding
