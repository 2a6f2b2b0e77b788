"""Which versions work together: walks of the tutorial and probes, and the file that keeps them."""
