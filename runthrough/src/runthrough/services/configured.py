"""The services that a site's conf.py asks for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from runthrough.model.address import Address
from runthrough.model.converting import PREFIX, ServiceClass
from runthrough.model.places import shown
from runthrough.model.settings import Settings
from runthrough.services import Service, ServiceError
from runthrough.services.postgresql import PostgreSQL

DATABASE = "database"
"""The name of the service that `runthrough_database` stands for."""


def configured(settings: Settings, confdir: Path) -> Mapping[str, Service]:
    """Return the services of a site, by name.

    Raises ServiceError if the class of one can't be imported, or refuses its options.
    """
    services: dict[str, Service] = {}
    if settings.database is not None:
        services[DATABASE] = PostgreSQL(Address.parse(settings.database))
    for name, described in settings.services.items():
        services[name] = made(name, described, confdir)
    return services


def made(name: str, described: ServiceClass, confdir: Path) -> Service:
    """Make a service of the project's own."""
    setting = f"conf.py: {PREFIX}services[{name!r}]"
    module, _, attribute = described.path.partition(":")
    find_modules_in(confdir)
    try:
        service_class = getattr(importlib.import_module(module), attribute)
    except Exception as error:  # a module can raise anything
        raise ServiceError(
            f"{setting}: {described.path} can't be imported: {type(error).__name__}: {error}\n"
            f"Python's path and {shown(confdir)} were searched. Fix 'class' in conf.py, or "
            "install what is missing."
        ) from error
    try:
        return cast(Service, service_class(**described.options))
    except (TypeError, ValueError) as error:
        raise ServiceError(
            f"{setting}: {described.path} refuses its options: {error}\nFix them in conf.py."
        ) from error


def find_modules_in(confdir: Path) -> None:
    """Have Python look for modules in the folder of conf.py too, after all others."""
    if str(confdir) not in sys.path:
        sys.path.append(str(confdir))
