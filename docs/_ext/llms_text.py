"""Publishes the site for language models: llms.txt, llms-full.txt, and each page as Markdown.

A page is written as text when its HTML is, from what Sphinx has resolved for it, so that both are
equally new. When all pages are there, the two files are put together in the order of the toctree.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from llms_order import Section, sections
from markupsafe import Markup
from plain_text import page_text
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

ROOT = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for the root of the site in what is kept: from a page another one than from a file."""
KEPT = "llms"
INDEX, FULL = "llms.txt", "llms-full.txt"
RULE = "=" * 72
HOW_TO_READ = """\
GINO needs SQLAlchemy 1.3, and with it an Alembic that still works with that. What is true of newer
versions may not fit; the page "Versions that work together" says which were tried.

How to read the pages:

- A listing marked `console` is what a reader types and sees. A command comes after a prompt,
  `$` or `(.venv) $`. What the command prints stands below it. `...` alone on a line stands for
  lines that are left out.
- A line before a listing, such as "Create `my_app/models.py`:", says what a reader does with that
  file: creates it with that content, replaces it, appends to it, or changes it as the diff says. A
  name alone, such as "`alembic.ini`:", shows the file or a part of it. A comment of three dots,
  `# ...`, stands for lines of the file that are not shown.
- A line below a listing says with which status its last command ends, where it fails. Where our
  tests leave a listing out, a line says why. They run all others on a live PostgreSQL.
- Ids of revisions, such as `c9f371d33812`, and dates are examples. A reader gets others.
- A page that "continues from" another one needs the project as that one leaves it.
"""


def keep_text(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Write a page as Markdown beside its HTML, and let its head and its foot say so."""
    if app.builder.name != "html" or doctree is None or is_alone(app.env, pagename):
        return
    text = written(app, pagename, doctree)
    kept = kept_file(app, pagename)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(text, encoding="utf-8")
    file = Path(app.outdir, f"{pagename}.md")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(rooted(text, root(app) or context["content_root"]), encoding="utf-8")
    link = f'\n  <link rel="alternate" type="text/markdown" href="{file.name}" />'
    context["metatags"] = Markup(context.get("metatags", "")) + Markup(link)
    context["reader_markdown"] = file.name


def written(app: Sphinx, docname: str, doctree: nodes.document) -> str:
    """Write a page's title, address and text, with its links from the root of the site."""
    here = app.builder.get_target_uri(docname)

    def address(target: str) -> str:
        if "://" in target or target.startswith("mailto:"):
            return target
        path, hash_mark, fragment = target.partition("#")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(here), path)) if path else here
        return f"{ROOT}{'' if path == '.' else path}{hash_mark}{fragment}"

    title, rest = page_text(doctree, address).split("\n", 1)
    return f"{title}\n\nAddress: {ROOT}{here}\n{rest}"


def rooted(text: str, address: str) -> str:
    """Write the address of the site's root where it belongs."""
    return text.replace(ROOT, address.removeprefix("./"))


def root(app: Sphinx) -> str:
    """Return the address of the site, or nothing where it is not known."""
    base: str = app.config.html_baseurl
    return base if not base or base.endswith("/") else f"{base}/"


def is_alone(env: BuildEnvironment, docname: str) -> bool:
    """Tell the pages that are not part of the guide, such as that for a missing address."""
    return "orphan" in env.metadata[docname]


def kept_file(app: Sphinx, docname: str) -> Path:
    """Return where a page's text is kept for builds that do not write the page again."""
    return Path(app.doctreedir, KEPT, f"{docname}.md")


def find_missing(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """List the pages whose text isn't kept: they need to be written again, but not read again."""
    if app.builder.name != "html":
        return []
    there = (name for name in env.found_docs & env.all_docs.keys() if not is_alone(env, name))
    return sorted(name for name in there if not kept_file(app, name).exists())


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Put the two files together."""
    if exception is not None or app.builder.name != "html":
        return
    order = sections(app.env)
    full = rooted(whole(app, order), root(app))
    kilobytes = round(len(full.encode()) / 1000)
    Path(app.outdir, FULL).write_text(full, encoding="utf-8")
    index = rooted(contents(app, order, kilobytes), root(app))
    Path(app.outdir, INDEX).write_text(index, encoding="utf-8")


def contents(app: Sphinx, order: Iterable[Section], kilobytes: int) -> str:
    """Write the short file: each page with its description, under the headings of the guide."""
    parts = [head(app), f"All pages in one file of {kilobytes} kB: [{FULL}]({ROOT}{FULL})"]
    for section in order:
        lines = [entry(app.env, docname) for docname in section.docnames]
        parts.append("\n".join([f"## {section.title}", "", *lines]))
    return "\n\n".join(parts) + "\n"


def entry(env: BuildEnvironment, docname: str) -> str:
    """Write the line for one page."""
    link = f"- [{env.titles[docname].astext()}]({ROOT}{docname}.md)"
    said = describe(env, docname)
    return f"{link}: {said}" if said else link


def describe(env: BuildEnvironment, docname: str) -> str:
    """Return what a page says of itself."""
    return str(env.metadata[docname].get("description", ""))


def head(app: Sphinx) -> str:
    """Write what both files begin with: title, summary, and how to read the rest."""
    said = describe(app.env, app.config.root_doc)
    summary = [f"> {said}"] if said else []
    return "\n\n".join([f"# {app.config.project}", *summary, HOW_TO_READ.strip()])


def whole(app: Sphinx, order: Iterable[Section]) -> str:
    """Write the long file: every page, below a line that no page has."""
    names = [app.config.root_doc, *(name for one in order for name in one.docnames)]
    pages = [kept_file(app, name) for name in dict.fromkeys(names)]
    texts = [page.read_text(encoding="utf-8").strip() for page in pages if page.exists()]
    return f"\n\n{RULE}\n\n".join([head(app), *texts]) + "\n"


def setup(app: Sphinx) -> dict[str, Any]:
    """Write pages as they are made, and the files at the end."""
    app.connect("html-page-context", keep_text)
    app.connect("env-updated", find_missing)
    app.connect("build-finished", publish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
