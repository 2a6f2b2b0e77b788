"""Errors about a database, with a message for the person who can fix it."""

from runthrough.services import ServiceError


class DatabaseError(ServiceError):
    """No database is available; the message says what was found, where, and what to do."""
