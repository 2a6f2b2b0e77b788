"""Take a picture of a URL, and compare it with the one that a page shows.

Playwright and Pillow come with the extra `screenshots`. The browser is Playwright's own, or else
the system's Chromium. This file is also the script of the separate process that runs it.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from runthrough.model.places import shown
from runthrough.model.results import Failure, StepFailed, StepSkipped
from runthrough.model.steps import Screenshot
from runthrough.model.suggestions import Suggestion
from runthrough.running.context import Context
from runthrough.sources import replacing
from runthrough.sources.git import Git

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The names of browsers that Playwright can drive, where its own isn't installed."""
SIZE = (1280, 720)
"""Width and height of a picture that isn't there yet, in pixels."""
CLEARLY = 48
"""How far the red, green or blue of a pixel has to be from the other picture's, of 255."""
TOLERATED = 0.01
"""The share of pixels that may be so: fonts are drawn in slightly different ways."""
PATIENCE = 60.0
"""Seconds that the browser has to start, to open the URL and to take the picture."""
NEEDED = ("playwright", "PIL")


def run_screenshot(context: Context, step: Screenshot) -> None:
    """Take a picture of the URL, and compare it with the page's, or write it for an update.

    Raises StepSkipped if that can't be done on this machine, and StepFailed if the page's picture
    is missing or differs.
    """
    context.show(step.title)
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise StepSkipped(
            f"{' and '.join(missing)} can't be imported; to fix this: pip install playwright pillow"
        )
    file = step.picture.file
    old = file.read_bytes() if file.is_file() else None
    new = take(step, context.to_run(step.url, step.place), SIZE if old is None else size(old))
    if old is not None and (differing := difference(old, new)) <= TOLERATED:
        return
    if context.update:
        write(step, file, new, old, anyway=context.update_anyway)
        context.remarks.append(f"took {shown(file)}{' again' if old is not None else ''}")
        return
    what = f"there's no file {shown(file)}"
    if old is not None:
        what = f"{step.url} doesn't look as in {shown(file)}: {differing:.0%} of it differs"
    raise StepFailed(
        Failure(
            step.place,
            what,
            "Compare the two. If the server is right, --runthrough-update takes the picture "
            "again, in the size of the present one.",
        )
    )


def take(step: Screenshot, url: str, viewport: tuple[int, int]) -> bytes:
    """Return the picture of a URL, as a PNG; raises StepSkipped or StepFailed."""
    command = [sys.executable, __file__, url, *map(str, viewport)]
    try:
        ran = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        said = f"the browser hasn't opened it after {PATIENCE:g} s"
    else:
        if ran.returncode == 0:
            return ran.stdout
        lines = ran.stderr.decode(errors="replace").strip().split("\n")
        said = next((line for line in lines if "Error: " in line), lines[-1])
        if ran.returncode == NO_BROWSER:
            raise StepSkipped(said)
    raise StepFailed(
        Failure(
            step.place,
            f"can't take a picture of {step.url}: {said}",
            "Start the server first, in a block with ':until: text'.",
            suggestions=(Suggestion("until", at="another block"),),
        )
    )


def size(picture: bytes) -> tuple[int, int]:
    """Return the width and the height of a picture in pixels."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        width, height = image.size
    return int(width), int(height)


def difference(old: bytes, new: bytes) -> float:
    """Return the share of pixels that clearly differ; 1 for pictures of two sizes."""
    from PIL import Image, ImageChops

    with Image.open(io.BytesIO(old)) as left, Image.open(io.BytesIO(new)) as right:
        if left.size != right.size:
            return 1.0
        found = ImageChops.difference(left.convert("RGB"), right.convert("RGB"))
        red, green, blue = found.split()
        farthest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
        clear = farthest.point(lambda value: 255 if value > CLEARLY else 0)
        return float(clear.histogram()[255] / (left.width * left.height))


def write(step: Screenshot, file: Path, new: bytes, old: bytes | None, *, anyway: bool) -> None:
    """Put the new picture in the place of the old one.

    Raises StepFailed if git couldn't restore the old one, unless the update is told to go on
    `anyway`, or if it has been changed in the meantime.
    """
    why = None if old is None or anyway else Git().obstacle(file)
    said = f"{why.what}. {why.advice} first, or use '--runthrough-update-anyway'" if why else ""
    try:
        if why is None and old is None:
            replacing.create(file, new)
        elif why is None and old is not None:
            replacing.replace(file, new, old)
    except (replacing.ChangedError, OSError) as error:
        said = f"it can't be written: {error}"
    if said:
        raise StepFailed(
            Failure(
                step.place,
                f"{shown(file)} doesn't show {step.url}, but was left as it is: {said}",
                "Only files that git has a copy of are replaced. Then run the update again.",
            )
        )


NO_BROWSER = 3
"""Status of this program where there's no browser."""


def main() -> None:
    """Print the picture of a URL."""
    from playwright.sync_api import sync_playwright

    url, width, height = sys.argv[1:]
    with sync_playwright() as playwright:
        program: str | None = playwright.chromium.executable_path
        if not Path(program or "").exists():
            program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        if program is None:
            print("there's no Chromium; to fix this: playwright install chromium", file=sys.stderr)
            sys.exit(NO_BROWSER)
        with suppress(BrokenPipeError):
            browser = playwright.chromium.launch(executable_path=program)
            page = browser.new_page(viewport={"width": int(width), "height": int(height)})
            page.goto(url, wait_until="networkidle")
            sys.stdout.buffer.write(page.screenshot(animations="disabled", caret="hide"))
            browser.close()


if __name__ == "__main__":
    main()
