"""What a sales team knows about each opportunity, kept as events that are never changed."""

from importlib.metadata import version

__version__ = version("opps")
