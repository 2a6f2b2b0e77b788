"""Links each page to its source, at the forge where the site is built.

The repository's address is written nowhere in the project. Read the Docs, the runner of a forge
and a clone know it; where none does, or it is no forge that the theme knows, there is no link.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

HOSTS = {"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}
"""The forges that the theme can link to, and where each of them is."""
OWN = ("github", "gitlab")
"""Those that others run too: at github.example.org, say."""
SSH = re.compile(r"^(?:[\w.-]+@)?([\w.-]+):(?!/)(.+)$")
"""git@host:owner/name"""
PATH = re.compile(r"^/?([\w.~-]+(?:/[\w.~-]+)*)/([\w.~-]+?)(?:\.git)?/?$")
TIP = "HEAD"
"""The tip of the repository's own branch: right unless somebody knows better."""
PARTS = ("host", "user", "repo", "version")
"""What the theme calls the parts of an address, after the name of the forge."""
SECONDS = 10
PLACES = (
    ("READTHEDOCS_GIT_CLONE_URL", "", ("READTHEDOCS_GIT_IDENTIFIER",)),
    ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", ("GITHUB_REF_NAME",)),
    ("CI_PROJECT_URL", "", ("CI_COMMIT_REF_NAME",)),
    ("BITBUCKET_GIT_HTTP_ORIGIN", "", ("BITBUCKET_BRANCH", "BITBUCKET_TAG")),
)
"""Variables that name a repository, its path there if that is another, and what is built."""


def where(environment: Mapping[str, str], folder: Path) -> tuple[str, str]:
    """Return the repository's address and what to show of it; nothing where nobody knows."""
    for server, path, revisions in PLACES:
        if environment.get(server) and (not path or environment.get(path)):
            address = "/".join(environment[name] for name in (server, path) if name)
            return address, revision(environment, revisions)
    return origin(folder), TIP


def revision(environment: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Name the branch or tag that is built; a change that is only proposed has none."""
    found = next((environment[name] for name in names if environment.get(name)), TIP)
    proposed = environment.get("READTHEDOCS_VERSION_TYPE") == "external"
    return TIP if proposed or re.fullmatch(r"\d+/(?:merge|head)", found) else found


def origin(folder: Path) -> str:
    """Ask git where a clone came from."""
    try:
        return subprocess.run(
            ["git", "remote", "get-url", "origin"],
            cwd=folder,
            capture_output=True,
            check=True,
            text=True,
            timeout=SECONDS,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""


def parsed(address: str) -> tuple[str, str]:
    """Divide an address into host and path; the name and password in it are left out."""
    if found := SSH.match(address):
        return found[1].lower(), found[2]
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    return (host, parts.path) if parts.scheme in ("https", "http", "ssh") else ("", "")


def forge(host: str) -> str:
    """Name the kind of forge at a host; nothing for a host that is none."""
    known = {place: kind for kind, place in HOSTS.items()}
    first = host.split(".")[0]
    return known.get(host) or (first if first in OWN else "")


def theme_context(address: str, shown: str, folder: str) -> dict[str, Any]:
    """Return what the theme makes a link of; nothing where it can make none."""
    host, path = parsed(address)
    kind, named = forge(host), PATH.match(path)
    if not kind or not named or (kind != "gitlab" and "/" in named[1]):
        return {}
    return {
        f"display_{kind}": True,
        f"{kind}_host": host,
        f"{kind}_user": named[1],
        f"{kind}_repo": named[2],
        f"{kind}_version": quote(shown, safe="/"),
        "conf_py_path": f"/{folder}/",
    }


def tell_theme(app: Sphinx, config: Config) -> None:
    """Tell the theme where the pages are kept, unless conf.py has said so."""
    folder = Path(app.confdir)
    context = theme_context(*where(os.environ, folder), folder.name)
    config.html_context = {**context, **config.html_context}


def leave_out(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Let the pages that nobody edits be without the link."""
    if pagename not in app.env.all_docs or "orphan" in app.env.metadata[pagename]:
        context["display_vcs_links"] = False
        return
    context["reader_source"], context["reader_report"] = links(context, pagename)


def links(context: Mapping[str, Any], pagename: str) -> tuple[str, str]:
    """Return the addresses of a page's source and of a form for what is wrong with it."""
    kind = next((kind for kind in HOSTS if context.get(f"display_{kind}")), "")
    if not kind:
        return "", ""
    host, user, repo, shown = (context[f"{kind}_{key}"] for key in PARTS)
    repository = f"https://{host}/{user}/{repo}"
    file = f"{context['conf_py_path']}{pagename}{context.get('page_source_suffix', '.rst')}"
    title = quote(f"{pagename}: ")
    views = {"github": "blob", "gitlab": "blob", "bitbucket": "src"}
    forms = {
        "github": f"issues/new?title={title}",
        "gitlab": f"issues/new?issue%5Btitle%5D={title}",
        "bitbucket": f"issues/new?title={title}",
    }
    return f"{repository}/{views[kind]}/{shown}{file}", f"{repository}/{forms[kind]}"


def setup(app: Sphinx) -> dict[str, Any]:
    """Find the address before the pages are made."""
    app.connect("config-inited", tell_theme)
    app.connect("html-page-context", leave_out)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
