"""The rules that find danger zones: when each fires, its numbers and their limits, and how often it helped.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from ...operation import Operation
from ...parts import Answer
from ..enums import Severity, ZoneNumber


class DangerZoneRulesThresholds(Answer, frozen=True, kw_only=True):
    """A number of a rule that an organisation may set."""

    name: str
    words: str
    value: float
    default: float
    low: float
    high: float


class DangerZoneRulesPrecision(Answer, frozen=True, kw_only=True):
    """Of how many danger zones that somebody judged were how many useful, and what so few leave
    open.
    """

    useful: int
    judged: int
    share: float | None
    low: float
    high: float


class DangerZoneRules(Answer, frozen=True, kw_only=True):
    """A rule that finds danger zones."""

    id: ZoneNumber
    version: int
    name: str
    severity: Severity
    when: str
    move: str
    enabled: bool
    grace_days: int
    rule_set: str
    thresholds: list[DangerZoneRulesThresholds]
    precision: DangerZoneRulesPrecision


class DangerZoneRulesQuery(Answer, frozen=True, kw_only=True):
    """The rules that find danger zones: when each fires, its numbers and their limits, and how
    often it helped.
    """

    danger_zone_rules: list[DangerZoneRules]


DANGER_ZONE_RULES = Operation(
    "DangerZoneRules",
    """# The rules that find danger zones: when each fires, its numbers and their limits, and how often it helped.
query DangerZoneRules {
  dangerZoneRules {
    id
    version
    name
    severity
    when
    move
    enabled
    graceDays
    ruleSet
    thresholds {
      name
      words
      value
      default
      low
      high
    }
    precision {
      useful
      judged
      share
      low
      high
    }
  }
}
""",
    DangerZoneRulesQuery,
)
