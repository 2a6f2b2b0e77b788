"""Write what a run has shown to be right over what the pages show instead."""
