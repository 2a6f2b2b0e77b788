"""The result file: one result for each step, by page."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from runthrough.model.places import shown
from runthrough.model.recorded import RecordedResult, from_values, to_values
from runthrough.model.report import shortened

FORMAT = "runthrough results 2"
"""What identifies the file, so that no other file is mistaken for one, or overwritten."""

Pages = Mapping[str, tuple[RecordedResult, ...]]
"""Results by the name of their page, in reading order."""


class NotAResultFile(Exception):
    """A file exists, but it isn't a file of results."""


def read(file: Path) -> Pages:
    """Read all results; none if there is no file.

    Raises NotAResultFile if the file contains something else, is damaged, or can't be read.
    """
    if file.exists() and not file.is_file() and not file.is_dir():
        # A device or a pipe may have no end.
        raise NotAResultFile(f"{shown(file)} isn't a regular file. Choose another file.")
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["format"] != FORMAT:
            raise ValueError(f"its format is {kept['format']!r}")
        return {page: tuple(map(from_values, said)) for page, said in kept["pages"].items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise NotAResultFile(
            f"{shown(file)} can't be read: {error.strerror}. Choose another file, or make this "
            "one readable."
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotAResultFile(
            f"{shown(file)} exists, but it isn't a file of results ({type(error).__name__}: "
            f"{shortened(str(error))}); expected one ({FORMAT!r}) that 'pytest --runthrough "
            "--runthrough-results' has written. Choose another file, or remove this one."
        ) from error


def merge(
    known: Pages, new: Mapping[str, Mapping[int, RecordedResult]], sizes: Mapping[str, int]
) -> Pages:
    """Put new results, by page and position, in the place of those that are known.

    `sizes` says how many steps the pages of the new ones have by now.
    """
    merged = dict(known)
    for page, recorded_results in new.items():
        both = {one.position: one for one in known.get(page, ())} | dict(recorded_results)
        merged[page] = tuple(both[number] for number in sorted(both) if number < sizes[page])
    return merged


def write(file: Path, pages: Pages) -> None:
    """Keep all results: whole or not at all, and only where they differ from what is there."""
    said = {page: [to_values(one) for one in pages[page]] for page in sorted(pages)}
    text = json.dumps({"format": FORMAT, "pages": said}, indent=1, ensure_ascii=False) + "\n"
    if file.is_file() and file.read_bytes() == text.encode():
        return  # a program that watches the file would build the site again for nothing
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(file)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
