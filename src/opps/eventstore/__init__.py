"""The log: an append-only store of bytes, one gapless sequence of positions a tenant."""

from opps.eventstore.appends import (
    NEW_STREAM,
    Append,
    Appended,
    LoggedEvent,
    LogHead,
    NewEvent,
    SealedEvent,
)
from opps.eventstore.database import LogSettings
from opps.eventstore.errors import (
    AppendRefused,
    CommandIdReused,
    LogClosed,
    LogFault,
    LogUnavailable,
    MalformedAppend,
    NewerDatabase,
    Overloaded,
    ReadOnlyDatabase,
    StatementTimeout,
    UnknownTenant,
    UnsafeDatabase,
    VersionConflict,
)
from opps.eventstore.log import Log
from opps.eventstore.tenants import register_tenant

__all__ = [
    "NEW_STREAM",
    "Append",
    "AppendRefused",
    "Appended",
    "CommandIdReused",
    "Log",
    "LogClosed",
    "LogFault",
    "LogHead",
    "LogSettings",
    "LogUnavailable",
    "LoggedEvent",
    "MalformedAppend",
    "NewEvent",
    "NewerDatabase",
    "Overloaded",
    "ReadOnlyDatabase",
    "SealedEvent",
    "StatementTimeout",
    "UnknownTenant",
    "UnsafeDatabase",
    "VersionConflict",
    "register_tenant",
]
