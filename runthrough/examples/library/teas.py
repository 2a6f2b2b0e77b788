"""How long tea takes."""

MINUTES = {"black": 4, "green": 2}


def minutes(kind: str) -> int:
    """Return the minutes that a kind of tea takes."""
    return MINUTES[kind]
