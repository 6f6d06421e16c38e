"""The log as a persistence module of the `eventsourcing` library.

Set `PERSISTENCE_MODULE=opps.eventstore.library` and `OPPS_DATABASE_URL`.
"""

from opps.eventstore.library.factory import Factory

__all__ = ["Factory"]
