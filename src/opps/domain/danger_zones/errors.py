"""Why a command on rules or danger zones was refused."""

from dataclasses import dataclass
from datetime import date

from opps.domain.errors import Refusal


@dataclass
class UnknownRule(Refusal):
    """There is no danger zone {rule}: the rules are DZ01 to DZ26."""

    rule: str


@dataclass
class UnknownThreshold(Refusal):
    """{rule} has no threshold {threshold}: it has {thresholds}."""

    rule: str
    threshold: str
    thresholds: str


@dataclass
class ThresholdOutOfRange(Refusal):
    """The threshold {threshold} of {rule} is {value}: it may be from {low} to {high}."""

    rule: str
    threshold: str
    value: float
    low: float
    high: float


@dataclass
class RuleSetTwice(Refusal):
    """The rule set says two things of {rule}: say one."""

    rule: str


@dataclass
class DayHasPassed(Refusal):
    """{day} has passed: name today, or a later day."""

    day: date


@dataclass
class DangerZoneNotOpen(Refusal):
    """The opportunity is not in the danger zone {zone}: there is nothing to judge."""

    zone: str
