"""A live PostgreSQL for the pages: a given one, or one of our own that leaves no trace."""

from runthrough.model.address import Address
from runthrough.services.postgresql.errors import DatabaseError
from runthrough.services.postgresql.opening import open_server
from runthrough.services.postgresql.server import Database, Server
from runthrough.services.postgresql.service import PostgreSQL

__all__ = ["Address", "Database", "DatabaseError", "PostgreSQL", "Server", "open_server"]
