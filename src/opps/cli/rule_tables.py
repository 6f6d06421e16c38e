"""How the rules of danger zones are written down: a table for people, an object for scripts."""

from typing import Any

from opps.domain.danger_zones.catalogue import RULES
from opps.domain.danger_zones.rule import Rule
from opps.domain.danger_zones.rule_set import ZONES_1, Rules

_HEAD = "| Id | Danger zone | Severity | Fires when | What to do first | Thresholds |"


def markdown() -> str:
    """Return the rules of day one as a table."""
    lines = [_HEAD, "|---|---|---|---|---|---|"]
    for rule in RULES.values():
        cells = (rule.rule, rule.name, rule.severity.lower(), rule.when, rule.move, _numbers(rule))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def listed(rules: Rules) -> dict[str, Any]:
    """Return the rules in force as one object."""
    return {
        "rule_set": rules.name,
        "rules": [
            {
                "rule": rule.rule,
                "version": rule.version,
                "name": rule.name,
                "severity": rule.severity,
                "enabled": rules.enabled(rule.rule),
                "suppressed_until": rules.suppressed.get(rule.rule),
                "grace_days": rules.grace_days(rule.rule),
                "thresholds": {
                    one.name: rules.threshold(rule.rule, one.name) for one in rule.thresholds
                },
            }
            for rule in RULES.values()
        ],
    }


def rows(rules: Rules) -> list[tuple[str, ...]]:
    """Return the rules in force as rows of a table."""
    return [
        (rule.rule, rule.name, rule.severity.lower(), _state(rule, rules), _numbers(rule, rules))
        for rule in RULES.values()
    ]


def _state(rule: Rule, rules: Rules) -> str:
    if not rules.enabled(rule.rule):
        return "off"
    until = rules.suppressed.get(rule.rule)
    return "on" if until is None else f"quiet until {until}"


def _numbers(rule: Rule, rules: Rules = ZONES_1) -> str:
    return ", ".join(
        f"{one.name} {rules.threshold(rule.rule, one.name):g} ({one.low:g} to {one.high:g})"
        for one in rule.thresholds
    )
