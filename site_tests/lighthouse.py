"""Measure one page of each kind with Lighthouse, as on a telephone, and print its scores."""

from __future__ import annotations

import argparse
import gzip
import json
import mimetypes
import os
import shutil
import statistics
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

from site_tests.browsers import MISSING, VARIABLE, NotABrowser, find
from site_tests.serving import Handler, serving

COMMAND = ("npx", "--yes", "lighthouse@12.2.3")
GOALS = {"performance": 97, "accessibility": 100, "best-practices": 100, "seo": 100}
PAGES = {
    "front page": "index.html",
    "chapter": "tutorial/first-migration.html",
    "long guide": "how-to/rename.html",
    "error": "troubleshooting/enums.html",
    "versions": "reference/versions.html",
    "search": "search.html?q=rename+a+column",
}
SHRINKING = ("text/", "application/json", "image/svg+xml")


class CompressingHandler(Handler):
    """Compresses texts, as the hosts of such sites do."""

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        kind = mimetypes.guess_type(file)[0] or ""
        if not (kind.startswith(SHRINKING) and file.is_file()):
            return super().do_GET()
        body = gzip.compress(file.read_bytes())
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def scores(url: str, browser: str) -> dict[str, float]:
    """Ask Lighthouse once about an address, and return its scores out of 100."""
    flags = ["--headless=new", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    options = ["--quiet", "--output=json", f"--only-categories={','.join(GOALS)}"]
    done = subprocess.run(
        [*COMMAND, url, *options, f"--chrome-flags={' '.join(flags)}"],
        env={**os.environ, VARIABLE: browser},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"Lighthouse couldn't measure {url}; what it says about that is above")
    report = json.loads(done.stdout)
    if problem := report.get("runtimeError"):
        sys.exit(f"{url}: {problem['message']}")
    return {name: 100 * (report["categories"][name]["score"] or 0) for name in GOALS}


def main() -> None:
    parser = argparse.ArgumentParser(prog="nox -s lighthouse --", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is measured (3)")
    parser.add_argument("--site", type=Path, required=True, help="the folder of the built site")
    given = parser.parse_args()
    if given.rounds < 1:
        parser.error(f"--rounds is {given.rounds}, and has to be at least 1")
    if not (given.site / "index.html").is_file():
        parser.error(f"there is no site in {given.site}: it has no index.html")
    try:
        browser = find()
    except NotABrowser as problem:
        sys.exit(str(problem))
    if browser is None:
        sys.exit(MISSING)
    if shutil.which(COMMAND[0]) is None:
        sys.exit(f"there is no {COMMAND[0]} on PATH, which fetches Lighthouse: install Node.js")
    print(f"median of {given.rounds}".ljust(16), *(f"{name:>15}" for name in GOALS))
    print("goal".ljust(16), *(f"{goal:>15}" for goal in GOALS.values()))
    with serving(given.site, CompressingHandler) as host:
        for kind, address in PAGES.items():
            rounds = [scores(f"{host}/{address}", browser) for _ in range(given.rounds)]
            medians = [statistics.median(one[name] for one in rounds) for name in GOALS]
            print(kind.ljust(16), *(f"{median:>15.0f}" for median in medians), flush=True)


if __name__ == "__main__":
    main()
