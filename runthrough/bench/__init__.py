"""What following pages costs, as ratios: `python -m bench bench.json`."""
