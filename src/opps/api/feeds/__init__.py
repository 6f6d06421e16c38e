"""Feeds: what is sent again and again, whatever transport carries it."""
