"""Change pages in small ways that make them untrue, and count how many changes a run catches.

Each mutant is one edit of one page: a word of an output, a dropped command, another file name. It
is caught if a step fails, on its page or on one that continues from it. Nothing in the project
changes: the edits are made in copies. The pages' commands run on this machine, as they do with
`pytest --runthrough`.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from runthrough.model.report import counted
from runthrough.model.site import Site
from runthrough.mutants.edits import Edit
from runthrough.mutants.judging import Control, Judgement, share_caught
from runthrough.mutants.mutations import KINDS, Mutant, mutants_of
from runthrough.mutants.running import Project, run_all
from runthrough.running.shared import open_shared


@dataclass(frozen=True)
class Plan:
    """Which mutants to draw, and how to run them."""

    patterns: tuple[str, ...] = ()
    """Of page names, such as 'how-to/*'; all pages if there are none."""
    number: int = 100
    seed: int = 1
    follow: int = 3
    """Pages to run, at most, that continue from one that a mutant passes on."""
    processes: int = 1
    """How many mutants are run at once."""


@dataclass(frozen=True)
class Judged:
    """A mutant and its result."""

    mutant: Mutant
    judgement: Judgement

    @property
    def line(self) -> str:
        """Describe it in a line: where, what kind, what was changed, why it is what it is."""
        mutant = self.mutant
        return f"{mutant.edit.place}: {mutant.kind}: {mutant.edit} ({self.judgement.why})"


@dataclass(frozen=True)
class Measured:
    """The results of the mutants that were drawn."""

    judged: tuple[Judged, ...]
    is_red: bool
    """Whether a page fails as it is, so that its mutants were left out."""
    seconds: float

    @property
    def caught(self) -> float:
        """The share of the mutants that were caught, from 0 to 1; equivalent ones don't count."""
        return share_caught([one.judgement for one in self.judged])


def measure(site: Site, plan: Plan) -> Measured | None:
    """Choose mutants and run them; print those that survive. None if there are none to choose.

    Raises ServiceError if a service of the pages can't be started, WorkspaceError if a folder that
    conf.py names can't be used.
    """
    pages = [page for page in site.pages if matches(page.document, plan.patterns)]
    possible = different(mutant for page in pages for mutant in mutants_of(page, site.settings))
    if not possible:
        return None
    chosen = choose(possible, plan.number, random.Random(plan.seed))
    began = time.monotonic()
    judged, is_red = judge_all(chosen, site, plan)
    return Measured(tuple(judged), is_red, time.monotonic() - began)


def judge_all(chosen: Sequence[Mutant], site: Site, plan: Plan) -> tuple[list[Judged], bool]:
    """Run the pages of some mutants as they are, then the mutants.

    Return the results of the mutants, in their own order, and whether an unchanged page fails.
    """
    project = Project.of(site.confdir, plan.follow)
    names = list(dict.fromkeys(mutant.docname for mutant in chosen))
    judged: dict[Mutant, Judged] = {}
    controls: dict[str, Control] = {}
    red = False
    with open_shared(site, reuse=False, say=print) as shared:
        for name, control in run_all(names, project, shared, plan.processes):
            assert isinstance(name, str) and isinstance(control, Control)
            if control.failed is None:
                controls[name] = control
            else:
                red = True
                print(
                    f"{control.failed}: left out, because the page fails without a mistake: "
                    f"{control.why}"
                )
        tasks = [
            (mutant, controls[mutant.docname]) for mutant in chosen if mutant.docname in controls
        ]
        for task, judgement in run_all(tasks, project, shared, plan.processes):
            assert isinstance(task, tuple) and isinstance(judgement, Judgement)
            judged[task[0]] = Judged(task[0], judgement)
            if judgement.fate == "survived":
                print(f"survived: {judged[task[0]].line}", flush=True)
    return [judged[mutant] for mutant in chosen if mutant in judged], red


def different(mutants: Iterable[Mutant]) -> list[Mutant]:
    """Return mutants that change something else each: pages may be on several paths."""
    found: dict[tuple[str, Edit], Mutant] = {}
    for mutant in mutants:
        found.setdefault((mutant.kind, mutant.edit), mutant)
    return list(found.values())


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
