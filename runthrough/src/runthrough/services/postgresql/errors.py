"""What goes wrong with a database, said to the person who can fix it."""

from runthrough.services import ServiceError


class DatabaseError(ServiceError):
    """No database can be had; the message says what was found, where, and what to do."""
