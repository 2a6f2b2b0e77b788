"""A live PostgreSQL for the pages: one that is given, or one of our own that leaves no trace."""

from runthrough.database.address import Address
from runthrough.database.errors import DatabaseError
from runthrough.database.opening import open_server
from runthrough.database.server import Database, Server

__all__ = ["Address", "Database", "DatabaseError", "Server", "open_server"]
