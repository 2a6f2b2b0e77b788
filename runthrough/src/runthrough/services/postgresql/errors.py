"""What goes wrong with a database, said to the person who can fix it."""

from runthrough.services import ServiceError


class DatabaseError(ServiceError):
    """No database is available; the message says what was found, where, and what to do."""
