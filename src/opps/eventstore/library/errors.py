"""The errors of the log in the words of the library."""

from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing.persistence import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)

from opps.eventstore.errors import (
    AppendRefused,
    LogClosed,
    LogFault,
    MalformedAppend,
    Overloaded,
    UnknownTenant,
)


@contextmanager
def library_errors() -> Iterator[None]:
    """Turn the errors of the log into those of the library."""
    try:
        yield
    except Overloaded as error:
        raise OperationalError(str(error)) from error
    except UnknownTenant as error:
        raise ProgrammingError(str(error)) from error
    except MalformedAppend as error:
        raise DataError(str(error)) from error
    except AppendRefused as error:
        raise IntegrityError(str(error)) from error
    except LogClosed as error:
        raise InterfaceError(str(error)) from error
    except LogFault as error:
        raise OperationalError(str(error)) from error
