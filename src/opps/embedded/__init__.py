"""A private, real PostgreSQL for those who have not installed one: no port, no user, no set-up."""

from opps.embedded.errors import (
    DataDirectoryInUse,
    EmbeddedFault,
    NamespaceRefused,
    NotADataDirectory,
    OtherMajorVersion,
    ServerDidNotStart,
    ServerMissing,
)
from opps.embedded.server import EmbeddedPostgres

__all__ = [
    "DataDirectoryInUse",
    "EmbeddedFault",
    "EmbeddedPostgres",
    "NamespaceRefused",
    "NotADataDirectory",
    "OtherMajorVersion",
    "ServerDidNotStart",
    "ServerMissing",
]
