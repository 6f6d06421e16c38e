"""The rules of an organisation: published as a set with a reason, or suppressed for a time."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, assert_never

from msgspec import Struct

from opps.domain.danger_zones.catalogue import RULES
from opps.domain.danger_zones.errors import (
    DayHasPassed,
    RuleSetTwice,
    ThresholdOutOfRange,
    UnknownThreshold,
)
from opps.domain.danger_zones.rule_set import Rules
from opps.domain.describe import Code, Count, Text, doc
from opps.domain.events import RuleSetPublished, RuleSetting, RuleSuppressed
from opps.domain.opportunity.dangers import known_rule
from opps.domain.recorded import Context
from opps.domain.roles import ActorRole, needs
from opps.domain.words import not_blank

# Rules look at every open opportunity of the organisation.
PUBLISHERS = (ActorRole.MANAGER, ActorRole.ADMIN)


class ThresholdSetting(Struct, frozen=True, kw_only=True):
    """A threshold of a rule that differs from that of day one."""

    name: Annotated[Code, doc("The threshold, as the rule calls it.")]
    value: Annotated[float, doc("Its value, within the limits that the rule gives.")]


class RuleStated(Struct, frozen=True, kw_only=True):
    """What to set of one rule; what is absent is as on day one."""

    rule: Annotated[Code, doc("The rule, such as DZ14.")]
    enabled: Annotated[bool, doc("It is in use.")] = True
    thresholds: Annotated[tuple[ThresholdSetting, ...], doc("Thresholds to set.")] = ()
    grace_days: Annotated[
        Count | None, doc("For how many days a zone may stay before somebody has to look.")
    ] = None


class PublishRuleSet(Struct, frozen=True, kw_only=True):
    """Bring a set of rules into force: it takes the place of the one before, whole."""

    rules: Annotated[tuple[RuleStated, ...], doc("Only the rules that differ from day one.")]
    reason: Annotated[Text, doc("Why.")]


class SuppressRule(Struct, frozen=True, kw_only=True):
    """Let a rule say nothing of any opportunity, up to and with a day."""

    rule: Annotated[Code, doc("The rule, such as DZ14.")]
    until: Annotated[date, doc("The last day on which it says nothing.")]
    reason: Annotated[Text, doc("Why.")]


AnyRulesCommand = PublishRuleSet | SuppressRule


def decide(
    rules: Rules, command: AnyRulesCommand, context: Context
) -> Sequence[RuleSetPublished | RuleSuppressed]:
    """Return the events that a command leads to; none when nothing changes.

    Raises:
        RoleNeeded: only managers and administrators set rules.
        UnknownRule, UnknownThreshold: there is none of that name.
        ThresholdOutOfRange: the value is beyond what the rule can do with.
        RuleSetTwice: the set says two things of one rule.
        DayHasPassed: a suppression would end before today.
        Blank: the reason says nothing.
    """
    needs(context.actor, *PUBLISHERS)
    not_blank("reason", command.reason)
    match command:
        case PublishRuleSet():
            settings = tuple(_checked(command.rules))
            if {one.rule: one for one in settings} == dict(rules.settings):
                return []
            number = rules.number + 1
            return [RuleSetPublished(number=number, rules=settings, reason=command.reason)]
        case SuppressRule():
            known_rule(command.rule)
            if command.until < context.now.date():
                raise DayHasPassed(day=command.until)
            if rules.suppressed.get(command.rule) == command.until:
                return []
            return [RuleSuppressed(rule=command.rule, until=command.until, reason=command.reason)]
        case _:
            assert_never(command)


def _checked(stated: Iterable[RuleStated]) -> Iterable[RuleSetting]:
    seen: set[str] = set()
    for one in stated:
        known_rule(one.rule)
        if one.rule in seen:
            raise RuleSetTwice(rule=one.rule)
        seen.add(one.rule)
        for threshold in one.thresholds:
            _check(one.rule, threshold)
        thresholds = {threshold.name: threshold.value for threshold in one.thresholds}
        if len(thresholds) < len(one.thresholds):
            raise RuleSetTwice(rule=one.rule)
        yield RuleSetting(
            rule=one.rule,
            enabled=one.enabled,
            thresholds=thresholds,
            grace_days=one.grace_days,
        )


def _check(rule: str, given: ThresholdSetting) -> None:
    threshold = RULES[rule].threshold(given.name)
    if threshold is None:
        known = ", ".join(one.name for one in RULES[rule].thresholds) or "none"
        raise UnknownThreshold(rule=rule, threshold=given.name, thresholds=known)
    if not threshold.low <= given.value <= threshold.high:
        raise ThresholdOutOfRange(
            rule=rule,
            threshold=given.name,
            value=given.value,
            low=threshold.low,
            high=threshold.high,
        )
