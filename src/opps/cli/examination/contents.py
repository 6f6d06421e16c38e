"""What the doctor looks at in the data: keys, read models, ledgers and erasures."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress

import psycopg

from opps.app import Database, keys_of, log_settings
from opps.application.erasing import told_between
from opps.cli.examination.finding import Finding, Verdict
from opps.cli.output import counted
from opps.cli.state import missing_of, standing
from opps.cli.webhook_standing import webhooks_doing
from opps.config import Settings
from opps.eventstore import Log
from opps.eventstore.tenants import list_tenants
from opps.ledger.errors import LedgerRefused, LogShortened, NothingSealed
from opps.ledger.ledger import Ledger
from opps.recording.root_key import RootKeyFault

_LONG_LAG = 10_000


def keys(found: Settings) -> Finding:
    """Look at the keys of personal data: private, and to be unwrapped."""
    directory = found.keys_directory
    files = [path for path in sorted(directory.glob("*")) if path.suffix in (".jsonl", ".key")]
    open_to_others = [
        str(p) for p in (directory, *files) if p.exists() and p.stat().st_mode & 0o077
    ]
    if open_to_others:
        advice = f"Others may read the keys of personal data. chmod go= {' '.join(open_to_others)}"
        return Finding("keys", Verdict.MEND, "readable for others", advice)
    try:
        with closing(keys_of(found)) as place:
            tenants = place.tenants()
            for tenant in tenants:
                place.keyring(tenant).check()
    except RootKeyFault as fault:
        return Finding("keys", Verdict.MEND, "they cannot be unwrapped", str(fault))
    except psycopg.OperationalError:
        advice = "Check that PostgreSQL runs and that OPPS_KEYS_URL names it."
        return Finding("keys", Verdict.MEND, "their database does not answer", advice)
    if not tenants:
        return Finding("keys", Verdict.GOOD, "no personal data was stored yet")
    where = "in files for their owner only" if found.keys_url is None else "in PostgreSQL"
    return Finding("keys", Verdict.GOOD, f"of {counted(len(tenants), 'tenant')}, wrapped, {where}")


def projections(database: Database) -> Iterator[Finding]:
    """Look at how far the read models of each tenant are."""
    for tenant in list_tenants(database.direct_url):
        projected, parked = standing(database.direct_url, tenant.tenant, tenant.size)
        subject = f"projections of {tenant.slug}"
        lag = max((one.lag for one in projected), default=tenant.size)
        said = f"{counted(lag, 'event')} behind, {counted(len(parked), 'stream')} parked"
        if parked:
            names = " and ".join(sorted({f"`opps rebuild {one.projection}`" for one in parked}))
            advice = f"`opps status --tenant {tenant.slug}` tells why; then {names}."
            yield Finding(subject, Verdict.MEND, said, advice)
        elif tenant.size and (missing := missing_of(projected)) is not None:
            yield Finding(subject, Verdict.WATCH, said, missing)
        elif lag > _LONG_LAG:
            advice = "Is a projector running? `opps serve` runs one, `opps project` is one alone."
            yield Finding(subject, Verdict.WATCH, said, advice)
        else:
            yield Finding(subject, Verdict.GOOD, said)


def ledgers(found: Settings, database: Database) -> Iterator[Finding]:
    """Look at what was sealed of each log, and with which keys."""
    for tenant in list_tenants(database.direct_url):
        ledger = Ledger(found.ledger_directory, tenant.tenant)
        subject = f"ledger of {tenant.slug}"
        try:
            sealed = ledger.signed().checkpoint.size
            if sealed > tenant.size:
                raise LogShortened(tenant.size, sealed)
        except NothingSealed:
            yield Finding(subject, Verdict.GOOD, "nothing is sealed yet")
            continue
        except LedgerRefused as refused:
            yield Finding(subject, Verdict.MEND, "cannot be sealed", str(refused))
            continue
        if ledger.keys_path.stat().st_mode & 0o077:
            advice = f"Others may sign for this log. chmod go= {ledger.keys_path}"
            yield Finding(subject, Verdict.MEND, "its keys are readable for others", advice)
            continue
        waiting = counted(tenant.size - sealed, "event")
        yield Finding(subject, Verdict.GOOD, f"sealed up to {sealed:,}, {waiting} to go")


def webhooks(found: Settings, database: Database) -> Iterator[Finding]:
    """Look at the endpoints that are told of what happens, where there are any."""
    # Where it cannot be read, that is a finding of its own.
    with suppress(psycopg.Error), Log(log_settings(found, database, durable=False)) as log:
        for tenant in list_tenants(database.direct_url):
            doing = webhooks_doing(log, tenant.tenant)
            subject = f"webhooks of {tenant.slug}"
            if doing.need_somebody:
                advice = f"`opps webhook list --tenant {tenant.slug}` tells which; then enable them"
                advice += ", and `opps webhook replay` sends again what was given up."
                yield Finding(subject, Verdict.WATCH, str(doing), advice)
            elif doing.endpoints:
                yield Finding(subject, Verdict.GOOD, str(doing))


def erasures(found: Settings, database: Database) -> Iterator[Finding]:
    """Hold what the log tells of erasures against the register and the keys."""
    with suppress(RootKeyFault, psycopg.OperationalError), ExitStack() as opened:
        place = opened.enter_context(closing(keys_of(found)))
        # It only reads: whether writes would last is a finding of its own.
        log = opened.enter_context(Log(log_settings(found, database, durable=False)))
        for tenant in list_tenants(database.direct_url):
            subject, size = f"erasures of {tenant.slug}", tenant.size
            told_to_be = {one.event.erasure_id for one in told_between(log, tenant.tenant, 0, size)}
            written = place.register.of(tenant.tenant) if size else []
            keys = {key for one in written for key in one.keys}
            destroyed = place.keyring(tenant.tenant).destroyed()
            if told_to_be != {one.erasure_id for one in written} or not keys <= destroyed:
                said = "the log, the register and the keys do not tell the same"
                advice = f"`opps privacy finish --tenant {tenant.slug}` carries out what is left."
                yield Finding(subject, Verdict.MEND, said, advice)
            elif written:
                said = f"{counted(len(written), 'erasure')}, in the log and in the register"
                yield Finding(subject, Verdict.GOOD, said)
