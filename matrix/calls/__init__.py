"""GINO's public API against SQLAlchemy 2: each call run through both, and the file with results."""
