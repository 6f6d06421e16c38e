"""Which failures are expected, and what to tell about them."""

import psycopg

from opps.cli.output import Cannot


def told(failure: BaseException) -> str | None:
    """Return what to tell about a failure; None for one that nobody expected."""
    # Imported when something has failed: a command that works does not wait for them.
    from sqlalchemy.exc import DBAPIError

    from opps.app import CannotOpen
    from opps.config import SettingsRefused
    from opps.domain.import_errors import ImportUnderWay
    from opps.embedded import EmbeddedFault
    from opps.eventstore import AppendRefused, LogFault, LogUnavailable, ReadOnlyDatabase
    from opps.integrations.backup_file import BackupRefused
    from opps.integrations.importing import MappingRefused, SourceMalformed
    from opps.integrations.jsonl import JsonlRefused
    from opps.learning.gate import TooFewDeals
    from opps.ledger.errors import LedgerRefused
    from opps.projections.rebuild import AlreadyRebuilding
    from opps.projections.registry import UnknownProjection
    from opps.recording.keyring import NoKeysInFile, OtherKey
    from opps.recording.root_key import RootKeyFault

    if isinstance(failure, DBAPIError) and failure.orig is not None:
        failure = failure.orig
    if isinstance(failure, psycopg.errors.ReadOnlySqlTransaction | ReadOnlyDatabase):
        return _A_REPLICA
    if isinstance(failure, psycopg.OperationalError | LogUnavailable):
        return f"{_first_line(failure)}\n{_why_away(str(failure))}"
    if isinstance(failure, psycopg.errors.InsufficientPrivilege):
        return f"{_first_line(failure)}\n{_NOT_ALLOWED}"
    speaking = (
        Cannot,
        CannotOpen,
        SettingsRefused,
        EmbeddedFault,
        BackupRefused,
        JsonlRefused,
        MappingRefused,
        SourceMalformed,
        UnknownProjection,
        AlreadyRebuilding,
        TooFewDeals,
        LedgerRefused,
        RootKeyFault,
        NoKeysInFile,
        ImportUnderWay,
        AppendRefused,
        LogFault,
    )
    if isinstance(failure, speaking):
        return str(failure)
    if isinstance(failure, OtherKey):
        return f"{failure}: the keys are of another log. Nothing was changed."
    if isinstance(failure, OSError) and failure.filename is not None:
        return f"{failure.filename}: {failure.strerror}"
    return None


_NO_PRIMARY = (
    "None of the databases that OPPS_DATABASE_URL names takes writes now: promote a replica, or "
    "wait until that is done. It is safe to try again."
)
_NOT_LET_IN = (
    "Look at the user and the password in OPPS_DATABASE_URL, or in the file that it is in."
)
_DATABASE_AWAY = (
    "Check that PostgreSQL runs and that OPPS_DATABASE_URL names it; it is safe to try again. "
    "`opps doctor` looks for the cause."
)
_A_REPLICA = (
    "The database is a replica, or was made read only: nothing was changed. Let "
    "OPPS_DATABASE_URL name the primary."
)
_NOT_ALLOWED = (
    "The login of OPPS_DATABASE_URL lacks a right. It must be a member of the opps roles, and "
    "`opps migrate` and `opps restore` take one that owns them. `opps doctor` looks further."
)


def _why_away(said: str) -> str:
    if "session is read-only" in said:
        return _NO_PRIMARY
    return _NOT_LET_IN if "password authentication failed" in said else _DATABASE_AWAY


def _first_line(failure: BaseException) -> str:
    return str(failure).strip().partition("\n")[0]
