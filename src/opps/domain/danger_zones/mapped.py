"""Danger zones of the account map: an outcome that drifts, and gates that are late or waived."""

from opps.domain.account_map.outcome import drifted
from opps.domain.account_map.state import Gate
from opps.domain.danger_zones.sight import Firing, Sight, midnight
from opps.domain.telling.forms import plain
from opps.domain.wording import quoted


def outcome_drift(sight: Sight) -> Firing | None:
    """DZ22: a dimension of the desired outcome is further behind than tolerated."""
    behind = drifted(sight.state.map.outcome)
    if not behind:
        return None
    dimensions = dict.fromkeys(one.name or plain(one.dimension) for one in behind)
    return Firing(
        f"behind its target: {', '.join(dimensions)}", since=min(one.at for one in behind)
    )


def gate_overdue(sight: Sight) -> Firing | None:
    """DZ23: a gate is due and not passed, or the last one passed was passed on a waiver."""
    gates = sight.state.map.gates
    for gate in gates:
        if gate.passed is None and gate.due is not None:
            since = midnight(gate.due, 1)
            if sight.reached(since):
                return Firing(f"{quoted(gate.name)} was due on {gate.due}", since=since)
    passed = [one for one in gates if one.passed is not None]
    return _waived(passed[-1]) if passed else None


def _waived(gate: Gate) -> Firing | None:
    if gate.passed is None or not gate.passed.waivers:
        return None
    missing = dict.fromkeys(plain(one.objective) for one in gate.passed.waivers)
    because = f"{quoted(gate.name)} was passed without: {', '.join(missing)}"
    return Firing(because, since=gate.passed.at)
