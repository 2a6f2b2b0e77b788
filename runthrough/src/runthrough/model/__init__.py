"""Values that everything else works with; imports nothing but the standard library."""
