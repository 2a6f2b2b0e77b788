"""Spoil pages on purpose, one small change at a time, and see which changes a run catches."""
