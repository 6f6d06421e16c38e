"""The danger zones of an opportunity: what each rule says of it in the setting it stands in."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from opps.domain.danger_zones import conduct, customer, decision, mapped, people, surprise
from opps.domain.danger_zones.catalogue import RULES
from opps.domain.danger_zones.rule import Rule, Severity
from opps.domain.danger_zones.sight import Firing, Sight, midnight
from opps.domain.knowledge import Known, next_step_at
from opps.domain.opportunity.state import Opportunity

Check = Callable[[Sight], Firing | None]

CHECKS: Mapping[str, Check] = {
    "DZ01": customer.no_issue,
    "DZ02": customer.want_without_need,
    "DZ03": customer.impact_only_ours,
    "DZ04": people.nobody_decides,
    "DZ05": people.single_thread,
    "DZ06": people.invisible_opposition,
    "DZ07": people.untested_champion,
    "DZ08": people.influence_against,
    "DZ09": decision.blind_to_alternatives,
    "DZ10": decision.doing_nothing_wins,
    "DZ11": decision.unweighted_criteria,
    "DZ12": decision.failing_mandatory,
    "DZ13": decision.rival_shaped,
    "DZ14": decision.paper_trap,
    "DZ15": customer.no_reason_now,
    "DZ16": conduct.sliding_date,
    "DZ17": conduct.unfunded,
    "DZ18": customer.fit_gap,
    "DZ19": conduct.stale_near_the_end,
    "DZ20": conduct.contradiction_open,
    "DZ21": conduct.gone_quiet,
    "DZ22": mapped.outcome_drift,
    "DZ23": mapped.gate_overdue,
    "DZ24": surprise.late_surprise,
    "DZ25": people.team_of_one,
    "DZ26": conduct.words_without_knowledge,
}


class Zone(Struct, frozen=True, gc=False):
    """A danger zone that an opportunity is in: which rule says so, why, and what to do first.

    `since` is when it came to be, where the facts tell. `questions` are open ones that belong to
    it. `suppressed_until` is the last day on which nobody wants to hear of it.
    """

    zone: str
    because: str
    since: datetime | None = None
    facts: tuple[UUID, ...] = ()
    questions: tuple[UUID, ...] = ()
    suppressed_until: date | None = None

    @property
    def rule(self) -> Rule:
        """The rule that says so."""
        return RULES[self.zone]

    @property
    def severity(self) -> Severity:
        """How much it can cost."""
        return self.rule.severity


class Look(Struct, frozen=True, gc=False):
    """What the rules say at one place of the log, and what they saw there.

    `turn_at` is the first instant that they asked about and that has not come.
    """

    zones: tuple[Zone, ...] = ()
    suppressed: tuple[Zone, ...] = ()
    turn_at: datetime | None = None
    known: Known | None = None

    @property
    def next_change_at(self) -> datetime | None:
        """The first instant at which time alone could change it, None where none can."""
        ageing = None if self.known is None else next_step_at(self.known)
        return min((at for at in (self.turn_at, ageing) if at is not None), default=None)


NOTHING_SEEN = Look()


def zones(state: Opportunity) -> tuple[Zone, ...]:
    """Return the danger zones that an opportunity is in, in the order of their rules."""
    return look(state).zones


def look(state: Opportunity) -> Look:
    """Return what the rules say of an opportunity; nothing once it has ended."""
    if not state.open:
        return NOTHING_SEEN
    sight = Sight(state)
    open_: list[Zone] = []
    suppressed: list[Zone] = []
    for rule, check in CHECKS.items():
        if not sight.rules.enabled(rule):
            continue
        firing = check(sight)
        if firing is not None:
            zone = _zone(rule, firing, sight)
            (open_ if zone.suppressed_until is None else suppressed).append(zone)
    turn_at = min(sight.turns, default=None)
    return Look(tuple(open_), tuple(suppressed), turn_at, sight.known)


def _zone(rule: str, firing: Firing, sight: Sight) -> Zone:
    facets = RULES[rule].facets
    questions = sight.state.questions.values()
    asked = [one.question_id for one in questions if one.open and one.facet in facets]
    return Zone(
        zone=rule,
        because=firing.because,
        since=firing.since,
        facts=tuple(dict.fromkeys(firing.facts)),
        questions=tuple(asked),
        suppressed_until=_suppressed_until(rule, sight),
    )


def _suppressed_until(rule: str, sight: Sight) -> date | None:
    """Return the last day on which a zone is put aside, here or everywhere; None if it is not."""
    days = (sight.state.put_aside.get(rule), sight.rules.suppressed.get(rule))
    until = [day for day in days if day is not None and not sight.reached(midnight(day, 1))]
    return max(until, default=None)
