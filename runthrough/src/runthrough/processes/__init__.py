"""Own processes and folders so that nothing of them outlives us."""
