"""What a process tells of its own work: logs and traces, never what the work is about."""
