"""The values that the rest of the package works with; imports only the standard library."""
