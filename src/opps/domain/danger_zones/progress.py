"""How far an opportunity has come: by the gates of its process, or by what was promised and sent.

Where no process was started, gate 1 counts as passed once a commit date is set or a proposal was
sent, gate 2 with the first proposal, gate 3 thirty days before the commit date if a proposal is
out; no later one does. Source: docs/danger-zones.md.
"""

from datetime import datetime

from opps.domain.danger_zones.sight import Sight, midnight

LAST_DAYS = 30
_FIRST, _PROPOSED, _LAST = 1, 2, 3


def passed(sight: Sight, gate: int) -> bool:
    """Tell whether a gate, counted from 1, counts as passed."""
    by_promise = sight.state.map.process is None and sight.state.commit_date is not None
    return (gate == _FIRST and by_promise) or passed_at(sight, gate) is not None


def passed_at(sight: Sight, gate: int) -> datetime | None:
    """Return since when a gate, counted from 1, counts as passed by more than a promise."""
    if sight.state.map.process is not None:
        gates = sight.state.map.gates[gate - 1 : gate]
        return next((one.passed.at for one in gates if one.passed is not None), None)
    proposed = sight.state.conduct.first_proposal_at
    if proposed is None or gate <= _PROPOSED:
        return proposed
    commit_date = sight.state.commit_date
    if gate > _LAST or commit_date is None:
        return None
    at = max(proposed, midnight(commit_date, -LAST_DAYS))
    return at if sight.reached(at) else None
