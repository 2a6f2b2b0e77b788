"""Keep the caller's passwords, which a page's environment can show, out of a run's reports."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, unquote

from runthrough.model.results import Difference, Failure, Result

MASK = "***"
SHORTEST = 6
"""Characters that a password has at least, to be masked outside of its URL as well.

A shorter one is part of too many words, and masking those would make a report useless.
"""
LARGEST = 1_000_000
"""Bytes of a configuration file that are read."""
PIP_FILES = ("/etc/pip.conf", "/etc/xdg/pip/pip.conf")
"""Files in which pip finds the index of a whole machine."""
LOGIN = re.compile(r"://([^\s/?#]*)@")
"""The login of a URL, up to the last `@` before its path."""
SECRET_NAME = re.compile(r"token|passw|secret|credential|api_?key|private_?key", re.IGNORECASE)
"""A variable whose whole value is a secret."""


@dataclass(frozen=True)
class Secrets:
    """Finds secrets in texts; with none, it leaves every text as it is."""

    pattern: re.Pattern[str] = re.compile(r"(?!)")

    @classmethod
    def of(cls, environment: Mapping[str, str], others: Sequence[str] = ()) -> Secrets:
        """Gather what must not be shown of a page's environment, and other secrets."""
        patterns = dict.fromkeys(_patterns(environment))
        for secret in others:
            if len(secret) >= SHORTEST:
                patterns |= dict.fromkeys(map(_spread, _forms(secret)))
        longest_first = sorted(patterns, key=len, reverse=True)
        return cls(re.compile("|".join(longest_first) or r"(?!)"))

    def text(self, text: str) -> str:
        """Mask the secrets in a text; its lines stay as many as they are."""
        return self.pattern.sub(_masked, text)

    def lines(self, lines: Sequence[str]) -> tuple[str, ...]:
        """Mask the secrets in lines, also where a program has broken one of them."""
        return tuple(self.text("\n".join(lines)).split("\n")) if lines else ()

    def failure(self, failure: Failure) -> Failure:
        """Mask the secrets in all that is said of a failure."""
        command = failure.command
        return replace(
            failure,
            what=self.text(failure.what),
            advice=self.text(failure.advice),
            command=None if command is None else self.text(command),
            difference=self.lines(failure.difference),
            printed=self.lines(failure.printed),
        )

    def difference(self, difference: Difference) -> Difference:
        """Mask the secrets in what was found."""
        return replace(
            difference,
            failure=self.failure(difference.failure),
            found=self.lines(difference.found),
            edits=tuple(replace(one, new=self.lines(one.new)) for one in difference.edits),
        )

    def result(self, result: Result) -> Result:
        """Mask the secrets in the result of a step."""
        failure = result.failure
        return replace(
            result,
            failure=None if failure is None else self.failure(failure),
            further=tuple(map(self.failure, result.further)),
            differences=tuple(map(self.difference, result.differences)),
            whole=None if result.whole is None else self.text(result.whole),
        )


def _patterns(environment: Mapping[str, str]) -> Iterator[str]:
    for name, value in environment.items():
        if SECRET_NAME.search(name) and len(value) >= SHORTEST:
            yield from map(_spread, _forms(value))
    for text in _texts(environment):
        for login in LOGIN.findall(text):
            yield from _of_login(login)


def _texts(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield every text in which the URL of a package index or proxy can be."""
    yield from environment.values()
    for file in (environment.get("PIP_CONFIG_FILE"), *PIP_FILES):
        try:
            with Path(file or "").open("rb") as opened:
                yield opened.read(LARGEST).decode("utf-8", "replace")
        except OSError:
            continue  # then a page can't read it either, and pip shows nothing of it


def _of_login(login: str) -> Iterator[str]:
    """Yield patterns for the login of a URL: a user and a password, or a token alone."""
    user, colon, password = login.partition(":")
    secret = password or user
    if not secret:
        return
    for form in _forms(secret):
        if password:
            # Within its URL, however short it is.
            yield from (rf"(?<={re.escape(one)}:){_spread(form)}(?=@)" for one in _forms(user))
        else:
            yield rf"(?<=//){_spread(form)}(?=:?@)"
        if len(form) >= SHORTEST:
            yield _spread(form)
    if colon:
        pair = f"{unquote(user)}:{unquote(password)}".encode()
        yield _spread(b64encode(pair).decode())  # as HTTP sends it


def _forms(secret: str) -> list[str]:
    """Return the ways to write a secret: as it is, as a URL has it, as Python's repr has it."""
    plain = unquote(secret)
    forms = (secret, plain, quote(plain, safe=""), quote(plain), repr(plain)[1:-1])
    return list(dict.fromkeys(form for form in forms if form))


def _spread(secret: str) -> str:
    """Return a pattern for a secret that may go on in the next line, or the next row of a diff."""
    return r"(?:\n[ +-]?)?".join(map(re.escape, secret))


def _masked(found: re.Match[str]) -> str:
    """Return the mask, with what begins new lines left as it is."""
    return MASK + "".join(re.findall(r"\n[ +-]?", found[0]))
