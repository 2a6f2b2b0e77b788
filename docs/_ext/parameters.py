"""Let pages refer to a parameter, of which the docs of Alembic and SQLAlchemy have inventories."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.domains import ObjType
from sphinx.domains.python import PythonDomain
from sphinx.roles import XRefRole
from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Make known the kind of object that their extension sphinx_paramlinks has invented."""
    PythonDomain.object_types["parameter"] = ObjType("parameter", "parameter")
    app.add_role_to_domain("py", "parameter", XRefRole())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
