"""Why the log refused an append, and what can be wrong with the database behind it."""

from uuid import UUID


class AppendRefused(Exception):
    """The log said no; nothing was stored."""


class VersionConflict(AppendRefused):
    """The stream has moved on since it was read."""

    def __init__(self, stream: UUID, expected: int, current: int) -> None:
        super().__init__(f"stream {stream} is at version {current}, not {expected}")
        self.stream = stream
        self.expected = expected
        self.current = current


class CommandIdReused(AppendRefused):
    """This command id already stands for another request."""

    def __init__(self, command_id: UUID) -> None:
        super().__init__(f"command id {command_id} already stands for another request")
        self.command_id = command_id


class UnknownTenant(AppendRefused):
    """There is no such tenant."""

    def __init__(self, tenant: UUID) -> None:
        super().__init__(f"there is no tenant {tenant}")
        self.tenant = tenant


class Overloaded(AppendRefused):
    """Too many appends are waiting; repeat this one a little later."""

    def __init__(self, waiting: int, limit: int) -> None:
        super().__init__(f"{waiting} appends are waiting, {limit} may; try again a little later")
        self.waiting = waiting
        self.limit = limit


class MalformedAppend(AppendRefused):
    """The append breaks a limit of the stored format."""


class LogFault(Exception):
    """Something is wrong with the database, not with the request."""


class LogUnavailable(LogFault):
    """The database is away or too busy; the same command id makes it safe to repeat."""


class StatementTimeout(LogUnavailable):
    """The database gave up one statement that took longer than it may."""


class ReadOnlyDatabase(LogUnavailable):
    """The database is a replica, or was made read only: it answers, and takes nothing."""


class LogClosed(LogFault):
    """The log was closed in this process."""


class UnsafeDatabase(LogFault):
    """A setting of the database could lose or leak what was acknowledged."""


class NewerDatabase(LogFault):
    """The database was migrated by a newer version of opps."""
