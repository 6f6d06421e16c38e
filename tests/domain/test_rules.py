"""The rules of an organisation: published, suppressed, judged, and what is refused."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from opps.domain.danger_zones.catalogue import RULES, ZONES
from opps.domain.danger_zones.errors import (
    DangerZoneNotOpen,
    DayHasPassed,
    RuleSetTwice,
    ThresholdOutOfRange,
    UnknownRule,
    UnknownThreshold,
)
from opps.domain.danger_zones.rule_set import ZONES_1, Rules
from opps.domain.errors import Blank, NotOpen, Refusal, RoleNeeded
from opps.domain.events import (
    DangerZoneJudged,
    DangerZoneSuppressed,
    Event,
    RuleSetPublished,
    RuleSetting,
    RuleSuppressed,
)
from opps.domain.opportunity.commands import JudgeDangerZone, SuppressDangerZone
from opps.domain.recorded import Actor, Context, Via
from opps.domain.rules import (
    AnyRulesCommand,
    PublishRuleSet,
    RuleStated,
    SuppressRule,
    ThresholdSetting,
    decide,
)
from opps.domain.setting import DAY_ONE, surround
from tests.domain.build import JUNE_1
from tests.domain.danger import deal, promised_for, zone
from tests.domain.given import COMMAND, DEAL, FRIDAY, JUST_NOW, MANAGER, given, lost, opened

TODAY = FRIDAY.date()
TOMORROW = TODAY + timedelta(days=1)
EARLIER = RuleStated(rule="DZ14", thresholds=(ThresholdSetting(name="days", value=60),))


def rules_after(*events: Event) -> Rules:
    setting = DAY_ONE
    for event in events:
        setting = surround(setting, event)
    return setting.rules


def decided(command: AnyRulesCommand, *past: Event, role: str = "MANAGER") -> Sequence[Event]:
    actor = Actor(principal=MANAGER, role=role, via=Via.GRAPHQL)
    return decide(rules_after(*past), command, Context(now=FRIDAY, actor=actor, command_id=COMMAND))


def publish(*rules: RuleStated, reason: str = "Our lawyers are slow") -> PublishRuleSet:
    return PublishRuleSet(rules=rules, reason=reason)


def refused(command: AnyRulesCommand, refusal: type[Refusal], **data: Any) -> None:
    with pytest.raises(refusal) as answer:
        decided(command)
    assert {name: getattr(answer.value, name) for name in data} == data


def test_on_day_one_every_rule_is_in_use_with_its_own_thresholds() -> None:
    assert ZONES_1.name == ZONES
    assert all(ZONES_1.enabled(rule) for rule in RULES)
    assert ZONES_1.threshold("DZ14", "days") == 45
    assert ZONES_1.grace_days("DZ14") == RULES["DZ14"].grace_days


def test_a_set_that_is_published_takes_the_place_of_the_one_before() -> None:
    [first] = decided(publish(EARLIER))
    [second] = decided(publish(RuleStated(rule="DZ25", enabled=False, grace_days=2)), first)

    assert first == RuleSetPublished(
        number=2,
        rules=(RuleSetting(rule="DZ14", thresholds={"days": 60.0}),),
        reason="Our lawyers are slow",
    )
    rules = rules_after(first, second)
    assert rules.name == "zones-3"
    assert rules.threshold("DZ14", "days") == 45
    assert not rules.enabled("DZ25")
    assert rules.grace_days("DZ25") == 2


def test_publishing_the_same_set_again_changes_nothing() -> None:
    [first] = decided(publish(EARLIER))

    assert decided(publish(EARLIER), first) == []
    assert decided(publish()) == []


def test_an_unknown_rule_or_threshold_is_refused() -> None:
    refused(publish(RuleStated(rule="DZ27")), UnknownRule, rule="DZ27")
    wrong = RuleStated(rule="DZ14", thresholds=(ThresholdSetting(name="weeks", value=6),))
    refused(publish(wrong), UnknownThreshold, threshold="weeks", thresholds="days")
    refused(publish(EARLIER, EARLIER), RuleSetTwice, rule="DZ14")


def test_a_threshold_that_a_set_names_twice_is_refused() -> None:
    days = (ThresholdSetting(name="days", value=60), ThresholdSetting(name="days", value=30))
    refused(publish(RuleStated(rule="DZ14", thresholds=days)), RuleSetTwice, rule="DZ14")


@pytest.mark.parametrize("value", [0, 366, float("nan"), float("inf")])
def test_a_threshold_beyond_its_limits_is_refused(value: float) -> None:
    wrong = RuleStated(rule="DZ14", thresholds=(ThresholdSetting(name="days", value=value),))

    refused(publish(wrong), ThresholdOutOfRange, rule="DZ14", low=1, high=365)


@pytest.mark.parametrize("value", [1, 365])
def test_a_threshold_at_its_limits_is_taken(value: float) -> None:
    right = RuleStated(rule="DZ14", thresholds=(ThresholdSetting(name="days", value=value),))

    assert len(decided(publish(right))) == 1


def test_only_a_manager_or_an_administrator_sets_rules_and_says_why() -> None:
    with pytest.raises(RoleNeeded):
        decided(publish(EARLIER), role="SELLER")
    assert decided(publish(EARLIER), role="ADMIN")
    refused(publish(EARLIER, reason=" "), Blank)


def test_a_rule_is_suppressed_through_a_day_that_has_not_passed() -> None:
    suppress = SuppressRule(rule="DZ16", until=TODAY, reason="The year end moved every date")
    [event] = decided(suppress)

    assert event == RuleSuppressed(rule="DZ16", until=TODAY, reason=suppress.reason)
    assert decided(suppress, event) == []
    gone = SuppressRule(rule="DZ16", until=TODAY - timedelta(days=1), reason="Late")
    refused(gone, DayHasPassed, day=gone.until)


def test_a_suppressed_rule_is_silent_until_its_day_is_over() -> None:
    [event] = decided(SuppressRule(rule="DZ15", until=TOMORROW, reason="No dates this week"))
    rules = rules_after(event)

    assert zone("DZ15", deal(promised_for(JUNE_1), today=TOMORROW, rules=rules)) is None
    later = TOMORROW + timedelta(days=1)
    assert zone("DZ15", deal(promised_for(JUNE_1), today=later, rules=rules)) is not None


def test_a_danger_zone_of_one_deal_can_be_put_aside_with_a_reason() -> None:
    command = SuppressDangerZone(opportunity_id=DEAL, zone="DZ15", until=TODAY, reason="Known")
    put_aside = DangerZoneSuppressed(learned=JUST_NOW, zone="DZ15", until=TODAY, reason="Known")

    given(opened).when(command).then(put_aside)
    given(opened, put_aside).when(command).then_nothing()
    assert zone("DZ15", deal(promised_for(JUNE_1), put_aside, today=TODAY)) is None
    assert zone("DZ15", deal(promised_for(JUNE_1), put_aside, today=TOMORROW)) is not None


def test_what_cannot_be_put_aside() -> None:
    command = SuppressDangerZone(opportunity_id=DEAL, zone="DZ15", until=TODAY, reason="Known")
    nobody = SuppressDangerZone(opportunity_id=DEAL, zone="DZ99", until=TODAY, reason="Known")
    past = TODAY - timedelta(days=1)
    late = SuppressDangerZone(opportunity_id=DEAL, zone="DZ15", until=past, reason="Known")

    given(opened, lost).when(command).then_refused(NotOpen)
    given(opened).when(nobody).then_refused(UnknownRule, rule="DZ99")
    given(opened).when(late).then_refused(DayHasPassed, day=past)


def test_who_was_told_of_a_danger_zone_can_say_whether_it_helped() -> None:
    command = JudgeDangerZone(opportunity_id=DEAL, zone="DZ09", useful=True)
    judged = DangerZoneJudged(learned=JUST_NOW, zone="DZ09", useful=True)

    given(opened).when(command).then(judged)
    given(opened, judged).when(command).then_nothing()
    other = JudgeDangerZone(opportunity_id=DEAL, zone="DZ09", useful=False)
    given(opened, judged).when(other).then_one(DangerZoneJudged)


def test_a_zone_that_is_not_there_cannot_be_judged() -> None:
    command = JudgeDangerZone(opportunity_id=DEAL, zone="DZ10", useful=True)
    unknown = JudgeDangerZone(opportunity_id=DEAL, zone="DZ0", useful=True)

    given(opened).when(command).then_refused(DangerZoneNotOpen, zone="DZ10")
    given(opened).when(unknown).then_refused(UnknownRule, rule="DZ0")
