"""Every link within the site leads to a file that is there, and to a place in it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from site_tests.findings import refuse
from site_tests.markup import read

HOST = "http://site.invalid/"


def test_every_link_leads_somewhere(built: Path, page: str) -> None:
    found = []
    for line, target in read(built / page).links:
        if is_next_door(built, page, target):
            missing = what_is_missing_next_door(built, page, target)
        else:
            missing = what_is_missing(built, urljoin(HOST + page, target))
        if missing:
            found.append(f"line {line} of the HTML leads to {target!r}, and {missing}")
    refuse(page, found, "fix the link, or name the place that it leads to")


def is_next_door(built: Path, page: str, target: str) -> bool:
    """Return whether a target is a path that leaves the built site, for that of runthrough."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return False
    return not next_door(built, page, target).is_relative_to(built.resolve())


def next_door(built: Path, page: str, target: str) -> Path:
    """Return the file that a path leads to."""
    return (built / page).parent.joinpath(unquote(urlsplit(target).path)).resolve()


def what_is_missing_next_door(built: Path, page: str, target: str) -> str | None:
    """Say what a path that leaves the site leads to and is not there."""
    file, fragment = next_door(built, page, target), unquote(urlsplit(target).fragment)
    if not file.is_file():
        return f"there is no {file}: 'nox -s site' builds both sites"
    if fragment and fragment not in read(file).ids:
        return f"there is no id {fragment!r} in {file}"
    return None


def what_is_missing(built: Path, address: str) -> str | None:
    """Tell what an address of the site leads to and is not there; other hosts are not asked."""
    if not address.startswith(HOST):
        return None
    file, fragment = built / path_of(address), unquote(urlsplit(address).fragment)
    if not file.is_file():
        return "there is no such file"
    if fragment and file.suffix == ".html" and fragment not in read(file).ids:
        return f"there is no id {fragment!r} in {path_of(address)}"
    return None


def path_of(address: str) -> str:
    """Name the file that a host answers an address of the site with."""
    path = unquote(urlsplit(address).path).removeprefix("/")
    return f"{path}index.html" if path.endswith("/") or not path else path


def test_names_are_unique_on_a_page(built: Path, page: str) -> None:
    names = Counter(read(built / page).ids)
    found = [f"{count} elements have the id {name!r}" for name, count in names.items() if count > 1]
    refuse(page, found, "give each of them a name of its own")


def test_every_page_is_reached_from_the_front_page(built: Path) -> None:
    there = {file.relative_to(built).as_posix() for file in built.rglob("*.html")}
    reached, ahead = {"index.html"}, ["index.html"]
    while ahead:
        page = ahead.pop()
        addresses = [urljoin(HOST + page, link) for _, link in read(built / page).links]
        led_to = {path_of(address) for address in addresses if address.startswith(HOST)}
        ahead += sorted(led_to & there - reached)
        reached |= led_to
    found = [f"no link leads to {page}" for page in sorted(there - reached - {"404.html"})]
    refuse("index.html", found, "name it in a table of contents")
