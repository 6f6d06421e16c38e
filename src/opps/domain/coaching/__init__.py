"""Coaching: from what a seller does to what would help, before results suffer."""
