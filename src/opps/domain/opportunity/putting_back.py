"""An opportunity before an import added to it: what is kept of it, and what it comes back to."""

from msgspec.structs import asdict, replace

from opps.domain.account_map.state import Estimate
from opps.domain.conduct import Sent
from opps.domain.events import (
    EstimateBefore,
    ImportTakenBack,
    Outcome,
    ProposalBefore,
    ValuesBefore,
)
from opps.domain.opportunity.state import Opportunity, Status, known

_AS_THEY_ARE = (
    "amount",
    "commit_date",
    "commit_basis",
    "pushes",
    "longest_push_days",
    "stage",
    "stage_default",
    "category",
    "seller_estimate",
    "seller_estimated_at",
    "seller_rationale",
    "closed_at",
    "loss_kind",
    "lost_to",
    "no_decision",
    "merged_into",
)


def values_before(state: Opportunity) -> ValuesBefore:
    """Return what is kept of an opportunity as it was before an import."""
    ended = not state.open and state.status is not Status.MERGED
    sent = sorted(state.conduct.sent, key=lambda one: (one.at, one.proposal or ""))
    return ValuesBefore(
        **{name: getattr(state, name) for name in _AS_THEY_ARE},
        estimate=_estimate_before(state.map.estimate),
        responded_at=state.conduct.responded_at,
        proposals=tuple(
            ProposalBefore(at=one.at, proposal=one.proposal, amount=one.amount) for one in sent
        ),
        outcome=Outcome(state.status.value) if ended else None,
    )


def put_back(state: Opportunity, event: ImportTakenBack) -> Opportunity:
    """Return an opportunity with the values from before an import; what was said of facts stays."""
    before = event.before
    sent = frozenset(Sent(one.at, one.proposal, one.amount) for one in before.proposals)
    again = replace(
        state,
        **{name: getattr(before, name) for name in _AS_THEY_ARE},
        status=_status(before),
        map=replace(state.map, estimate=_estimate(before.estimate)),
        conduct=replace(state.conduct, responded_at=before.responded_at, sent=sent),
    )
    if again.open:
        return replace(again, frozen=None)
    if state.closed_at == again.closed_at and state.frozen is not None:
        return again  # at most its outcome was another one meanwhile
    return replace(again, frozen=known(replace(again, frozen=None)))


def _estimate_before(estimate: Estimate | None) -> EstimateBefore | None:
    return None if estimate is None else EstimateBefore(**asdict(estimate))


def _estimate(before: EstimateBefore | None) -> Estimate | None:
    return None if before is None else Estimate(**asdict(before))


def _status(before: ValuesBefore) -> Status:
    if before.merged_into is not None:
        return Status.MERGED
    return Status.OPEN if before.outcome is None else Status(before.outcome.value)
