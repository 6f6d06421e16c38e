"""What an auditor takes home: the history of an opportunity, with proof."""

from uuid import UUID

from opps.domain.events import OpportunityOpened
from opps.eventstore import Log
from opps.ledger.bundle import Bundle, bundle
from opps.ledger.errors import NotSealed
from opps.ledger.ledger import Ledger
from opps.recording import codec


def audit_bundle(
    log: Log, ledger: Ledger, opportunity: UUID, as_of: int | None = None
) -> Bundle | None:
    """Return an opportunity's events up to a position, by default all sealed ones, with proof.

    None if there was no such opportunity by then.

    Raises:
        NothingSealed, NotSealed: the position, or the opportunity, is not sealed yet.
        LogAltered: an event is not the one that was sealed.
        StateAltered, TreeAltered: what the sealer keeps is damaged.
        LogFault: the database is away.
    """
    sealed = ledger.signed().checkpoint.size
    until = sealed if as_of is None else as_of
    if until > sealed:
        raise NotSealed(until, sealed)
    stream = log.sealed_stream(ledger.tenant, opportunity)
    if not stream or not isinstance(codec.decode(stream[0]).event, OpportunityOpened):
        return None
    if as_of is None and stream[0].position > sealed:
        raise NotSealed(stream[0].position, sealed)
    events = [one for one in stream if one.position <= until]
    return bundle(ledger, opportunity, events, until) if events else None
