"""Results that outlive a machine: a folder that a CI job saves and restores.

A page's entry is found by its key: a hash of everything that led to its end. What isn't certain
isn't an entry: a page is then run.
"""
