"""Walking away is a decision too: when it is time to ask for it."""

from opps.domain.opportunity.state import Opportunity

SECOND_GATE = 2


def may_walk_away(opportunity: Opportunity) -> bool:
    """Tell whether an opportunity has come far enough for walking away to be a question.

    That is behind its second gate; where no sales process was started, once we have proposed.
    """
    if not opportunity.open:
        return False
    gates = opportunity.map.gates
    if gates:
        return sum(one.passed is not None for one in gates) >= SECOND_GATE
    return opportunity.proposal_sent_at is not None
