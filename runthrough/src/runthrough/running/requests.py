"""Open a URL of a server on the reader's own machine, and compare the answer with the page."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from difflib import SequenceMatcher
from http.client import HTTPConnection, HTTPException
from urllib.parse import urljoin, urlsplit

from runthrough.matching.alignment import Match, match, tidy
from runthrough.matching.outputs import compare, ends
from runthrough.model.results import Failure, StepFailed
from runthrough.model.steps import LOCAL, Command, Request
from runthrough.model.suggestions import Suggestion
from runthrough.running.context import Context
from runthrough.running.terminals import ended_by_itself, see_whether_it_ended, terminals

OPENING = 10.0
"""Seconds that a server which runs has to open its port."""
ENDING = 1.0
"""Seconds in which a server that doesn't answer may turn out to have ended."""
PAUSE = 0.1
"""Seconds between two attempts."""
REDIRECTS = 10
"""How often an answer may name another URL before that's a circle."""
COMPARED = 2000
"""Characters by which the form of an answer is chosen that a report shows."""
LARGEST = 1_000_000
"""Bytes of an answer that are read."""


@dataclass(frozen=True)
class Answer:
    """What a server has answered."""

    status: int
    body: bytes
    type: str
    """Its Content-Type, without parameters."""
    charset: str
    location: str | None
    """The URL that it names instead, where it does."""


class NoAnswer(Exception):
    """A server doesn't answer, or doesn't answer with HTTP."""


def run_request(context: Context, step: Request) -> None:
    """Open the URL, and compare the status and the lines of the answer; raises StepFailed."""
    context.show(step.title)
    url = context.to_run(step.url, step.place)
    try:
        answer = patiently(context, url, follow=step.status is None or step.status // 100 != 3)
    except NoAnswer as error:
        raise StepFailed(unanswered(context, step, str(error))) from error
    lines = tidy(context.placeholders.lines_to_page(text_of(answer).splitlines()))
    if not is_expected(step, answer.status):
        expected = "one from 200 to 299" if step.status is None else str(step.status)
        raise StepFailed(
            Failure(
                step.place,
                f"{step.url} answers with status {answer.status}; the page expects {expected}",
                "Fix the server or the URL. If a reader is meant to see this, add "
                f"':status: {answer.status}'.",
                printed=ends(lines),
                suggestions=(Suggestion("status", str(answer.status)),),
            )
        )
    compare_answer(context, step, lines)


def is_expected(step: Request, status: int) -> bool:
    """Return whether the page expects this status."""
    return status == step.status if step.status is not None else status // 100 == 2


def patiently(context: Context, url: str, *, follow: bool) -> Answer:
    """Get an answer; while a server may be about to open its port, it's asked again.

    Raises NoAnswer.
    """
    deadline = time.monotonic() + OPENING
    while True:
        try:
            return get(url, context.settings.timeout, follow=follow)
        except ConnectionRefusedError as error:
            if not any(may_open_a_port(one) for one in terminals(context)):
                raise NoAnswer("nothing listens on its port") from error
            if time.monotonic() >= deadline:
                raise NoAnswer(f"nothing listens on its port after {OPENING:g} s") from error
        except TimeoutError as error:
            limit = f"{context.settings.timeout:g} s"
            raise NoAnswer(f"the server hasn't answered after {limit}") from error
        except (OSError, HTTPException) as error:
            raise NoAnswer(f"{type(error).__name__}: {error}") from error
        time.sleep(PAUSE)


def may_open_a_port(terminal: Context) -> bool:
    """Return whether anything runs that was started in a terminal."""
    if terminal.running is not None:
        terminal.running.foreground.look()
        return not terminal.running.foreground.is_over
    return bool(terminal.shell.process.others())


def get(url: str, timeout: float, *, follow: bool) -> Answer:
    """Get a URL as a browser does, without a proxy; follow where another one is named.

    Raises NoAnswer if the answers name each other, or OSError or HTTPException.
    """
    for _ in range(REDIRECTS):
        answer = ask(url, timeout)
        if not (follow and answer.location and answer.status // 100 == 3):
            return answer
        url = urljoin(url, answer.location)
        if urlsplit(url).hostname not in LOCAL:
            return answer
    raise NoAnswer(f"it redirects {REDIRECTS} times or more")


def ask(url: str, timeout: float) -> Answer:
    """Send one request."""
    parts = urlsplit(url)
    path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)) as connection:
        connection.request("GET", path, headers={"Accept": "*/*"})
        answer = connection.getresponse()
        return Answer(
            answer.status,
            answer.read(LARGEST),
            answer.headers.get_content_type(),
            answer.headers.get_content_charset("utf-8"),
            answer.headers.get("Location"),
        )


def text_of(answer: Answer) -> str:
    """Return the text of an answer; if it isn't text, what kind of data it is."""
    try:
        return answer.body.decode(answer.charset)
    except (UnicodeDecodeError, LookupError):
        return f"{len(answer.body)} bytes of {answer.type}"


def unanswered(context: Context, step: Request, why: str) -> Failure:
    """Return why there's no answer, and what runs instead of a server, or has ended."""
    what = f"{step.url} can't be opened: {why}"
    for terminal in terminals(context):
        running = terminal.running
        if running is not None:
            running.foreground.look(lambda printed: False, ENDING)
        ran = see_whether_it_ended(terminal)
        if running is not None and ran is not None:
            ended = ended_by_itself(terminal, running, ran, step.place)
            return Failure(
                step.place, f"{what}, and {ended.what}", ended.advice, printed=ended.printed
            )
    return Failure(
        step.place,
        what,
        "Start the server first, in a block with ':until: text', and compare the port of this "
        "URL with the one that it prints.",
        suggestions=(Suggestion("until", at="another block"),),
    )


def compare_answer(context: Context, step: Request, lines: Sequence[str]) -> None:
    """Compare an answer with the page, whatever blanks it has if it's JSON; raises StepFailed."""
    asked = Command(step.title, step.place, step.lines)
    shown = tidy([line.text for line in step.lines])
    forms = [list(lines), *json_forms(lines)]
    fitting = next((form for form in forms if agree(context, shown, form)), None)
    if fitting is None and is_same_json(context, shown, lines):
        return
    found = fitting if fitting is not None else closest(shown, forms)
    failure = compare(context.placeholders, context.settings.errors, asked, found)
    if failure is None:
        context.printed += context.placeholders.lines_to_page(found)
        return
    wrong = Failure(
        failure.place,
        f"{step.url} answers something other than the page shows",
        "If the answer is right, put it on the page; a line '...' stands for lines that are left "
        "out. If not, fix the server, or the step before it.",
        difference=failure.difference,
        printed=failure.printed,
    )
    context.note_output(wrong, asked, found)


def agree(context: Context, shown: Sequence[str], found: Sequence[str]) -> bool:
    """Return whether the page shows these lines."""
    on_page, in_run = map(context.placeholders.normalise, (shown, found))
    return isinstance(match(on_page, in_run), Match)


def json_forms(lines: Sequence[str]) -> list[list[str]]:
    """Write JSON with the blanks that pages have; return nothing for what isn't JSON."""
    try:
        value = json.loads("\n".join(lines))
    except ValueError:
        return []
    if not isinstance(value, (dict, list)):
        return []
    return [
        json.dumps(value, indent=indent, ensure_ascii=False).split("\n") for indent in (2, 4, None)
    ]


def is_same_json(context: Context, shown: Sequence[str], lines: Sequence[str]) -> bool:
    """Return whether both are JSON, with the same values in the same order."""
    return any(
        agree(context, *both) for both in zip(json_forms(shown), json_forms(lines), strict=False)
    )


def closest(shown: Sequence[str], forms: Sequence[list[str]]) -> list[str]:
    """Return the form that looks most like the page."""
    page = "\n".join(shown)[:COMPARED]

    def likeness(form: Sequence[str]) -> float:
        return SequenceMatcher(None, page, "\n".join(form)[:COMPARED]).ratio()

    return max(forms, key=likeness)
