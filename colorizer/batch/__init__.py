"""Many pictures in one run: what to colorize, the processes that do it, the report. No Django."""
