"""Run pages a second time under other circumstances, and name what differs."""
