"""The command line: every command reads the settings, says what it does, and ends with a code."""

from opps.cli.main import main

__all__ = ["main"]
