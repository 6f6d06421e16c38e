"""The rules of danger zones in the schema: what each is, how it does, and the commands on them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import strawberry

from opps.api.context import Info
from opps.api.danger_zones import ZoneNumber
from opps.api.organisation import organisation_mutation
from opps.api.payload import Payload
from opps.api.scalars import Position
from opps.application import Request
from opps.domain.danger_zones.catalogue import RULES
from opps.domain.danger_zones.rule import Rule, Severity
from opps.domain.danger_zones.rule_set import Rules
from opps.domain.rules import AnyRulesCommand, PublishRuleSet, SuppressRule
from opps.projections.zones_view import NO_RECORD, RuleRecord, rule_records


@strawberry.type(description="A number of a rule that an organisation may set.")
class RuleThreshold:
    name: str = strawberry.field(description="What it is called when a rule set is published.")
    words: str = strawberry.field(description="What it means.")
    value: float = strawberry.field(description="Its value in force.")
    default: float = strawberry.field(description="Its value on day one.")
    low: float = strawberry.field(description="The smallest it may be.")
    high: float = strawberry.field(description="The largest it may be.")


@strawberry.type(
    description="Of how many danger zones that somebody judged were how many useful, and what so "
    "few leave open."
)
class RulePrecision:
    useful: int = strawberry.field(description="How many were judged useful.")
    judged: int = strawberry.field(description="How many were judged.")
    share: float | None = strawberry.field(
        description="The share that was useful; null while nobody has judged any."
    )
    low: float = strawberry.field(description="Lower end of its 80 % interval.")
    high: float = strawberry.field(description="Upper end of its 80 % interval.")


@strawberry.type(description="A rule that finds danger zones.")
class DangerZoneRule:
    id: ZoneNumber = strawberry.field(description="Its number.")
    version: int = strawberry.field(description="It rises when the rule changes its meaning.")
    name: str = strawberry.field(description="Its name.")
    severity: Severity = strawberry.field(description="How much what it finds can cost.")
    when: str = strawberry.field(description="When it fires.")
    move: str = strawberry.field(description="What to do first.")
    enabled: bool = strawberry.field(description="It is in use.")
    suppressed_until: date | None = strawberry.field(
        description="The last day on which it says nothing anywhere, if that was said."
    )
    grace_days: int = strawberry.field(
        description="For how many days a zone may stay before somebody has to look."
    )
    thresholds: list[RuleThreshold] = strawberry.field(description="Its numbers.")
    rule_set: str = strawberry.field(description="The rule set in force.")
    open: int = strawberry.field(description="In how many opportunities it fires now.")
    precision: RulePrecision = strawberry.field(description="How often it helped.")


@strawberry.type(description="What a command on the rules of danger zones answers.")
class RulesPayload(Payload):
    rules: list[DangerZoneRule] = strawberry.field(
        description="The rules as they are now; empty when refused."
    )


@strawberry.type
class RulesAsked:
    @strawberry.field(description="The rules that find danger zones, and how often each helped.")
    async def danger_zone_rules(self, info: Info) -> list[DangerZoneRule]:
        services, tenant = info.context.services, info.context.viewer.tenant
        held = await services.application.rules_of(tenant)
        return _shown(held.rules, await rule_records(services.views.reading, tenant))


def _shown(rules: Rules, records: Mapping[str, RuleRecord]) -> list[DangerZoneRule]:
    return [_rule(one, rules, records.get(one.rule, NO_RECORD)) for one in RULES.values()]


def _rule(rule: Rule, rules: Rules, record: RuleRecord) -> DangerZoneRule:
    low, high = record.precision.interval
    return DangerZoneRule(
        id=ZoneNumber(rule.rule),
        version=rule.version,
        name=rule.name,
        severity=rule.severity,
        when=rule.when,
        move=rule.move,
        enabled=rules.enabled(rule.rule),
        suppressed_until=rules.suppressed.get(rule.rule),
        grace_days=rules.grace_days(rule.rule),
        thresholds=[
            RuleThreshold(
                name=one.name,
                words=one.words,
                value=rules.threshold(rule.rule, one.name),
                default=one.default,
                low=one.low,
                high=one.high,
            )
            for one in rule.thresholds
        ],
        rule_set=rules.name,
        open=record.open,
        precision=RulePrecision(
            useful=record.precision.useful,
            judged=record.precision.judged,
            share=record.precision.share,
            low=low,
            high=high,
        ),
    )


def rule_mutations() -> dict[str, Any]:
    """Return the mutations on the rules, by their names."""
    return {
        "publishRuleSet": _mutation(PublishRuleSet),
        "suppressRule": _mutation(SuppressRule),
    }


def _mutation(command: type[AnyRulesCommand]) -> Any:
    return organisation_mutation(command, RulesPayload, _carry_out, rules=[])


async def _carry_out(info: Info, command: AnyRulesCommand, request: Request) -> RulesPayload:
    services, tenant = info.context.services, info.context.viewer.tenant
    done = await services.application.rules(command, request)
    records = await rule_records(services.views.reading, tenant)
    return RulesPayload(
        version=done.held.version,
        position=Position(done.position),
        replayed=done.replayed,
        user_errors=[],
        rules=_shown(done.held.rules, records),
    )
