"""Run pages a second time under other circumstances, and report what differs."""
