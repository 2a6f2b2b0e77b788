"""Hold texts of the page against texts of the run, whatever differs in every run."""
