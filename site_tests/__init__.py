"""Tests of the built site, as a reader's browser meets it."""
