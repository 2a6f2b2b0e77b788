"""Which versions work together: runs of the tutorial and probes, and the file that keeps them."""
