"""Show the reader, under a page's title, where the page starts and how to get there."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.osutil import relative_uri

from runthrough.model.converting import PREFIX
from runthrough.model.settings import Settings
from runthrough.reading.continuing import head_of

NOTE = "runthrough-note"
START = "runthrough-start"
"""Class of what a reader types to begin with a checkpoint, which isn't a step of the page."""
DOWNLOADS = "_downloads/checkpoints"
HTML: dict[str, Any] = {"format": "html"}
BUILDERS = ("html", "dirhtml")
"""Sphinx's builders of sites, from which a reader can download a file."""
OFFERED = "runthrough_offered"
"""Where the environment keeps which pages offer a checkpoint since the last build."""


def head_note(before: str, *what: nodes.Node) -> nodes.paragraph:
    """Make a line for the head of a page."""
    return nodes.paragraph("", before, *what, classes=[NOTE])


def say_where_it_starts(app: Sphinx, doctree: nodes.document) -> None:
    """Tell the reader what the page takes for granted."""
    metadata = app.env.metadata[app.env.docname]
    said: list[nodes.Node] = []
    if target := metadata.get("continues"):
        reference = addnodes.pending_xref(
            "",
            nodes.inline("", target),
            refdomain="std",
            reftype="doc",
            reftarget="/" + target.strip("/"),
            refexplicit=False,
            refdoc=app.env.docname,
            refwarn=True,
        )
        said.append(head_note("Continues from: ", reference))
    if given := metadata.get("starts-with"):
        names = nodes.literal("", ", ".join(Path(one).name for one in given.split()))
        said.append(head_note("Starts with: ", names))
    title = doctree.next_node(nodes.title)
    if said and title is not None and title.parent is not None:
        title.parent.insert(title.parent.index(title) + 1, said)


def settings_of(app: Sphinx) -> Settings:
    """Read our settings from an application's configuration."""
    names = [name for name in app.config.values if name.startswith(PREFIX)]
    return Settings.read({name: app.config[name] for name in names}, Path(app.confdir))


def is_packed(settings: Settings, docname: str) -> bool:
    """Return whether a run has packed the reader's files at the end of a page."""
    return settings.checkpoint(docname) is not None and settings.archive(docname).exists()


def packed(app: Sphinx, settings: Settings) -> set[str]:
    """Return the pages at whose end a run has packed the reader's files."""
    return {docname for docname in app.env.found_docs if is_packed(settings, docname)}


def find_changed(app: Sphinx, env: BuildEnvironment, *_: Any) -> list[str]:
    """List the pages that offer a checkpoint now and did not before, or the other way round."""
    before: set[str] = getattr(env, OFFERED, set())
    now = packed(app, settings_of(app))
    setattr(env, OFFERED, now)
    changed = before ^ now
    return sorted(
        docname
        for docname in env.found_docs
        if docname in changed or head_of(env, docname) in changed
    )


def offer_checkpoints(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Offer what runs have packed: at the end of its page, and at the head of the next."""
    if app.builder.name not in BUILDERS:
        return
    settings, base = settings_of(app), head_of(app.env, docname)
    note = next((one for one in doctree.findall(nodes.paragraph) if NOTE in one["classes"]), None)
    if base is not None and is_packed(settings, base) and note is not None:
        note.parent.insert(note.parent.index(note) + 1, box(app, settings, docname, base))
    section = doctree.next_node(nodes.section)
    if is_packed(settings, docname) and section is not None:
        link = download(app, docname, docname)
        section += nodes.paragraph(
            "", "", nodes.Text("Download the project as it is at the end of this page: "), link
        )


def box(app: Sphinx, settings: Settings, docname: str, base: str) -> list[nodes.Node]:
    """Tell a reader who begins with this page what to download and what to type."""
    checkpoint = settings.checkpoint(base)
    begin = checkpoint.begin if checkpoint else ()
    catch_up = str(app.env.metadata[base].get("catch-up", "")).split(";")
    commands = [*begin, *filter(None, map(str.strip, catch_up))]
    typed = "\n".join(f"$ {one}" for one in commands)
    folder = nodes.literal("", checkpoint.folder if checkpoint else "")
    empty = ", and empty the database" if settings.database else ""
    uri = app.builder.get_relative_uri(docname, base)
    page = nodes.reference("", app.env.titles[base].astext(), internal=True, refuri=uri)
    said = [
        nodes.Text("Download "),
        download(app, docname, base),
        nodes.Text(", the project as it is at the end of "),
        page,
        nodes.Text(
            ". In a new terminal, go to the folder where you keep your projects, and delete any "
            "older "
        ),
        folder,
        nodes.Text(f"{empty}. Unpack the download there, and type:"),
    ]
    summary = (
        f"<details class='{START}'><summary>Start here instead: download the project</summary>"
    )
    return [
        nodes.raw("", summary, **HTML),
        nodes.paragraph("", "", *said),
        nodes.literal_block(typed, typed, language="console", classes=[START]),
        *([nodes.paragraph("", checkpoint.note)] if checkpoint and checkpoint.note else []),
        nodes.raw("", "</details>", **HTML),
    ]


def download(app: Sphinx, docname: str, base: str) -> nodes.reference:
    """Make the link from a page to what is packed at the end of another."""
    path = PurePosixPath(DOWNLOADS, path_of(base))
    uri = relative_uri(app.builder.get_target_uri(docname), str(path))
    return nodes.reference("", path.name, internal=True, refuri=uri, classes=["download"])


def path_of(base: str) -> PurePosixPath:
    """Return where the download of a page's checkpoint is, seen from the folder of them all.

    Its name says its page where a browser has put it in a folder of other things; the pages `a/b`
    and `a-b` have downloads of one name, in different folders.
    """
    return PurePosixPath(base).with_name(f"after-{base.replace('/', '-')}.zip")


def copy_checkpoints(app: Sphinx, exception: Exception | None) -> None:
    """Put the archives that pages offer where their links point."""
    if exception is not None or app.builder.name not in BUILDERS:
        return
    settings = settings_of(app)
    for base in packed(app, settings):
        target = Path(app.outdir, DOWNLOADS, path_of(base))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(settings.archive(base), target)
