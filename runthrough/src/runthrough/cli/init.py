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
LISTED = 10
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
            yield from rows_of(
                [f"{command.place}: {command.first_line}" for _, command in commands]
            )
    yield from guesses(found)


def guesses(found: Survey) -> Iterator[str]:
    """Yield the lines that say which files and outputs were guessed, and what to change."""
    files = [one for one in found.of("file") if one.by != "caption"]
    if files:
        yield "  files that were guessed, and from what. If one is wrong, give its block the right"
        yield f"  'caption' in {SIDE_FILE}. If most are, remove the word from 'files' in conf.py:"
        yield from rows_of([f"{one.place}: {one.path} ({one.by})" for one in files])
    if outputs := found.of("output"):
        yield "  outputs that were guessed, because they come after a command. If one isn't, give"
        yield f"  its block a 'skip' in {SIDE_FILE}. If most aren't, remove the language from"
        yield "  'outputs' in conf.py:"
        yield from rows_of([f"{one.place}: {first_line(one)} ({language(one)})" for one in outputs])


def rows_of(rows: Iterable[str]) -> Iterator[str]:
    """Yield the first of many lines, each once, and how many more there are."""
    listed = list(dict.fromkeys(rows))  # several pages may include the same file
    yield from (f"    {line}" for line in listed[:LISTED])
    if len(listed) > LISTED:
        yield f"    and {len(listed) - LISTED} more"


def needing(found: Survey) -> dict[str, list[tuple[Found, Typed]]]:
    """Return the commands that a run can't just type, by what they are."""
    needs: dict[str, list[tuple[Found, Typed]]] = {title: [] for title in REASONS}
    for block in found.found:
        for command in block.commands:
            if title := need_of(command):
                needs[title].append((block, command))
    return needs


def need_of(command: Typed) -> str:
    """Return what a command is that a run can't just type; empty if it can."""
    from runthrough.reading.survey import ELSEWHERE, SERVER, SHELL, SYNTAX

    text = " ".join(command.text.split())
    if SERVER.search(text) and not text.endswith("&"):
        return "keep running, so they need a terminal"
    if SHELL.search(text):
        return "start a shell that a run can't type into"
    if SYNTAX.search(text):
        return "only show the syntax of a command"
    return "need something that a run doesn't have" if ELSEWHERE.search(text) else ""


REASONS = {
    "keep running, so they need a terminal": "it keeps running, so it needs terminal and until",
    "start a shell that a run can't type into": "it starts a shell that a run can't type into",
    "only show the syntax of a command": "it only shows the command's syntax",
    "need something that a run doesn't have": "it needs root, a container, an account or a browser",
}
"""Why each kind of command isn't typed until its author has looked at it; `leave-out` allows no
colon."""


def languages(found: Iterable[Found]) -> Iterator[str]:
    """Yield the language of each block, as a person would name it."""
    yield from map(language, found)


def language(block: Found) -> str:
    """Return the language of a block, as a person would name it."""
    return block.language or "no language"


def first_line(block: Found) -> str:
    """Return the first line of a block."""
    return block.text.strip().split("\n")[0]


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
    """Write a side file that leaves out what can't just be typed; empty if that's nothing."""
    entries = [line for block in found.found for line in entry(found, block)]
    if not entries:
        return ""
    head = "# What these pages can't say. Each entry is about the block that contains its text.\n"
    return head + "\n".join([*entries, ""])


def entry(found: Survey, block: Found) -> Sequence[str]:
    """Write the entry of a block; empty if a run can type all of it."""
    from runthrough.reading.side_file import head, quoted
    from runthrough.reading.side_page import finding, folded

    needs = [
        (command.first_line, title) for command in block.commands if (title := need_of(command))
    ]
    if not needs:
        return []
    text, title = needs[0]
    blocks = found.of_page(block.page)
    shown = [folded(one.text) for one in blocks]
    text, which = finding(blocks.index(block), text, " ".join(block.text.split()), shown)
    others = [command.text for command in block.commands if not need_of(command)]
    if others and not any(line in other for line, _ in needs for other in others):
        left_out = dict.fromkeys(quoted(f"{line}: {REASONS[why]}") for line, why in needs)
        said = f"leave-out = [{', '.join(left_out)}]"
    else:
        said = f"skip = {quoted(REASONS[title])}"
    return ["", *head(block.page, "block", text), *which, said]
