"""Watching: what the read models show that deserves an exception, raised once for each cause."""

from opps.watching.watch import Watch

__all__ = ["Watch"]
