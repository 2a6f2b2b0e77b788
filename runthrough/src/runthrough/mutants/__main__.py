"""Change pages in small ways that make them untrue, and count how many changes a run catches.

    python -m runthrough.mutants docs --pages 'tutorial/*' --number 100 --seed 1

Each mutant is one edit of one page: a word of an output, a dropped command, another file name. It
is caught if a step fails, on its page or on one that continues from it. Nothing in the project
changes: the edits are made in copies. The pages' commands run on this machine, as they do with
`pytest --runthrough`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from runthrough.model.converting import SettingsError
from runthrough.model.report import counted
from runthrough.model.site import ReadingError, Site
from runthrough.mutants.judging import Control, Judgement, share_caught
from runthrough.mutants.mutations import KINDS, Mutant, mutants_of
from runthrough.mutants.running import Project, run_all
from runthrough.reading.site import read_site
from runthrough.running.shared import open_shared
from runthrough.services.postgresql import DatabaseError


@dataclass(frozen=True)
class Judged:
    """A mutant and what became of it."""

    mutant: Mutant
    judgement: Judgement

    @property
    def line(self) -> str:
        """Describe it in a line: where, what kind, what was changed, why it is what it is."""
        mutant = self.mutant
        return f"{mutant.edit.place}: {mutant.kind}: {mutant.edit} ({self.judgement.why})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a command; return 1 if the share that is caught is below `--least`."""
    said = parser().parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="runthrough-mutants-") as cache:
            site = read_site(said.docs.resolve(), Path(cache))
        return judge_site(site, said)
    except (ReadingError, SettingsError, DatabaseError) as error:
        print(f"python -m runthrough.mutants: {error}", file=sys.stderr)
        return 2


def judge_site(site: Site, said: argparse.Namespace) -> int:
    """Choose mutants, run them, and print what became of them."""
    pages = [page for page in site.pages if matches(page.docname, said.pages)]
    possible = [mutant for page in pages for mutant in mutants_of(page, site.settings)]
    if not possible:
        print(
            f"python -m runthrough.mutants: nothing to change on {len(pages)} pages. Name others "
            "with --pages; patterns are matched with page names such as 'tutorial/install'.",
            file=sys.stderr,
        )
        return 2
    chosen = choose(possible, said.number, random.Random(said.seed))
    began = time.monotonic()
    judged, red = judge_all(chosen, site, said)
    for line in summary(judged, time.monotonic() - began, said.seed):
        print(line)
    if said.json:
        said.json.write_text(json.dumps([record(one) for one in judged], indent=1) + "\n")
    caught = share_caught([one.judgement for one in judged])
    return 1 if red or 100 * caught < said.least else 0


def judge_all(
    chosen: Sequence[Mutant], site: Site, said: argparse.Namespace
) -> tuple[list[Judged], bool]:
    """Run the pages of some mutants as they are, then the mutants; say whether a page is red."""
    project = Project.of(site.confdir, said.follow)
    names = list(dict.fromkeys(mutant.docname for mutant in chosen))
    judged: list[Judged] = []
    controls: dict[str, Control] = {}
    red = False
    with open_shared(site, reuse=False, say=print) as shared:
        for name, control in run_all(names, project, shared, said.processes):
            assert isinstance(name, str) and isinstance(control, Control)
            if control.failed is None:
                controls[name] = control
            else:
                red = True
                print(f"{control.failed}: left out, since the page fails as it is: {control.why}")
        tasks = [
            (mutant, controls[mutant.docname]) for mutant in chosen if mutant.docname in controls
        ]
        for task, judgement in run_all(tasks, project, shared, said.processes):
            assert isinstance(task, tuple) and isinstance(judgement, Judgement)
            judged.append(Judged(task[0], judgement))
            if judgement.fate == "survived":
                print(f"survived: {judged[-1].line}", flush=True)
    return judged, red


def matches(docname: str, patterns: Sequence[str]) -> bool:
    """Return whether a page is asked for."""
    return any(fnmatchcase(docname, pattern) for pattern in patterns or ["*"])


def choose(possible: Sequence[Mutant], number: int, chance: random.Random) -> list[Mutant]:
    """Draw mutants: first a kind, then one of its mutants, so that no kind drowns the others."""
    by_kind: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in possible:
        by_kind[mutant.kind].append(mutant)
    for mutants in by_kind.values():
        chance.shuffle(mutants)
    chosen: list[Mutant] = []
    while len(chosen) < number and by_kind:
        kind = chance.choice([name for name in KINDS if name in by_kind])
        chosen.append(by_kind[kind].pop())
        if not by_kind[kind]:
            del by_kind[kind]
    order = {mutant: place for place, mutant in enumerate(possible)}
    return sorted(chosen, key=order.__getitem__)


def summary(judged: Sequence[Judged], seconds: float, seed: int) -> list[str]:
    """Write how many mutants of each kind were caught, and the share of all."""
    lines = [f"{'kind':<18}{'caught':>8}{'survived':>10}{'equivalent':>12}"]
    for kind in KINDS:
        fates = [one.judgement.fate for one in judged if one.mutant.kind == kind]
        if fates:
            counts = [fates.count(fate) for fate in ("caught", "survived", "equivalent")]
            lines.append(f"{kind:<18}{counts[0]:>8}{counts[1]:>10}{counts[2]:>12}")
    real = [one.judgement for one in judged if one.judgement.fate != "equivalent"]
    caught = sum(one.fate == "caught" for one in real)
    lines.append(
        f"seed {seed}: {caught} of the {len(real)} that change something were caught, "
        f"{100 * share_caught(real):.1f} %, in {counted(round(seconds), 'seconds')}"
    )
    return lines


def record(one: Judged) -> dict[str, object]:
    """Write a judgement as values of JSON."""
    return {
        "page": one.mutant.docname,
        "place": str(one.mutant.edit.place),
        "kind": one.mutant.kind,
        "old": one.mutant.edit.old,
        "new": one.mutant.edit.new,
        "fate": one.judgement.fate,
        "caught_at": one.judgement.where,
        "why": one.judgement.why,
    }


def parser() -> argparse.ArgumentParser:
    """Make what reads the command's arguments."""
    made = argparse.ArgumentParser(
        prog="python -m runthrough.mutants",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("docs", type=Path, help="the folder of conf.py")
    made.add_argument(
        "--pages", nargs="+", metavar="PATTERN", help="only these pages, such as 'how-to/*'"
    )
    made.add_argument("--number", type=int, default=100, help="of mutants (default: 100)")
    made.add_argument("--seed", type=int, default=1, help="of the choice (default: 1)")
    made.add_argument(
        "--follow",
        type=int,
        default=3,
        metavar="PAGES",
        help="run at most so many pages that continue from one that passes (default: 3)",
    )
    made.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    made.add_argument(
        "--least", type=float, default=0, metavar="PERCENT", help="fail if fewer are caught"
    )
    made.add_argument("--json", type=Path, metavar="FILE", help="also write every result here")
    return made


if __name__ == "__main__":
    sys.exit(main())
