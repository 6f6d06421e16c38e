"""What `opps doctor` looks at: each finding with what to do about it."""

from collections.abc import Iterator
from pathlib import Path

from opps.app import Database, open_database
from opps.cli.examination import contents, machine
from opps.cli.examination.database import findings_of
from opps.cli.examination.finding import Finding, Verdict
from opps.cli.failures import told
from opps.config import Settings, read_settings
from opps.eventstore import migrations

__all__ = ["Finding", "Verdict", "examine"]


def examine(schema_file: Path | None = None) -> list[Finding]:
    """Return what was found; nothing is changed, and no failure ends it.

    `schema_file` is compared with the schema of this opps; by default that of the folder, if any.
    """
    findings = [machine.python(), machine.packages(), machine.schema_file(schema_file)]
    try:
        found, origins = read_settings()
    except Exception as refused:
        return [*findings, Finding("settings", Verdict.MEND, "refused", str(refused))]
    findings += [
        machine.settings(found),
        machine.secrets(origins),
        machine.disk(found),
        contents.keys(found),
    ]
    if found.is_embedded and not (found.server_directory / "PG_VERSION").exists():
        return [*findings, Finding("database", Verdict.GOOD, "is made when opps first runs")]
    try:
        with open_database(found) as database:
            for finding in _in(database, found):
                findings.append(finding)
    except Exception as failure:
        advice = told(failure) or f"{type(failure).__name__}: {failure}"
        findings.append(Finding("database", Verdict.MEND, "cannot be used", advice))
    return findings


def _in(database: Database, found: Settings) -> Iterator[Finding]:
    yield from findings_of(found, database)
    if migrations.current(database.direct_url) is not None:
        yield from contents.projections(database)
        yield from contents.ledgers(found, database)
        yield from contents.erasures(found, database)
        yield from contents.webhooks(found, database)
