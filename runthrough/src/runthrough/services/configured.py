"""The services that a site's conf.py asks for."""

from __future__ import annotations

from collections.abc import Mapping

from runthrough.model.address import Address
from runthrough.model.settings import Settings
from runthrough.services import Service
from runthrough.services.postgresql import PostgreSQL

DATABASE = "database"
"""The name of the service that `runthrough_database` stands for."""


def configured(settings: Settings) -> Mapping[str, Service]:
    """Return the services of a site, by name."""
    services: dict[str, Service] = {}
    if settings.database is not None:
        services[DATABASE] = PostgreSQL(Address.parse(settings.database))
    return services
