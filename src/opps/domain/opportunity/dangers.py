"""What becomes of a danger zone when somebody puts it aside, or says whether it helped."""

from collections.abc import Sequence

from opps.domain.danger_zones.catalogue import RULES
from opps.domain.danger_zones.errors import DangerZoneNotOpen, DayHasPassed, UnknownRule
from opps.domain.danger_zones.zones import look
from opps.domain.events import DangerZoneJudged, DangerZoneSuppressed
from opps.domain.opportunity.commands import JudgeDangerZone, SuppressDangerZone
from opps.domain.opportunity.rules import copy, must_be_open
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Context
from opps.domain.times import Learned
from opps.domain.words import not_blank


def put_aside(
    state: Opportunity, command: SuppressDangerZone, learned: Learned, context: Context
) -> Sequence[DangerZoneSuppressed]:
    """Return that a danger zone was put aside; nothing when it is until that day already."""
    must_be_open(state)
    known_rule(command.zone)
    not_blank("reason", command.reason)
    if command.until < context.now.date():
        raise DayHasPassed(day=command.until)
    if state.put_aside.get(command.zone) == command.until:
        return []
    return [copy(DangerZoneSuppressed, command, learned)]


def judge(
    state: Opportunity, command: JudgeDangerZone, learned: Learned
) -> Sequence[DangerZoneJudged]:
    """Return that somebody judged a danger zone; nothing when the last judgement says the same."""
    known_rule(command.zone)
    seen = look(state)
    if command.zone not in {one.zone for one in (*seen.zones, *seen.suppressed)}:
        raise DangerZoneNotOpen(zone=command.zone)
    if state.judged.get(command.zone) is command.useful:
        return []
    return [copy(DangerZoneJudged, command, learned)]


def known_rule(rule: str) -> None:
    """Refuse a rule that does not exist.

    Raises:
        UnknownRule: no rule has this number.
    """
    if rule not in RULES:
        raise UnknownRule(rule=rule)
