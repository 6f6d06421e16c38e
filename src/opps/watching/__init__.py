"""Watching: what the read models show that deserves an exception, or a talk, named once."""

from opps.watching.coach import Coach
from opps.watching.watch import Watch

__all__ = ["Coach", "Watch"]
