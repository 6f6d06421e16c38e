"""Exceptions: the few deviations that deserve time, from the raising to the end."""
