"""Programs that pages need beside the shell."""
