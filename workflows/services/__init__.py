"""What changes flows: definitions and their signatures, cases, tasks, timers."""
