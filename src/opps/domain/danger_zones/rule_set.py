"""The rules in force for a tenant: day one's, with what was published over them since."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.danger_zones.catalogue import RULES, ZONES
from opps.domain.events.rules import RuleSetPublished, RuleSetting, RuleSuppressed

_NO_SETTINGS: Mapping[str, RuleSetting] = MappingProxyType({})
_NO_DATES: Mapping[str, date] = MappingProxyType({})
DEFAULTS = {
    (rule.rule, one.name): one.default for rule in RULES.values() for one in rule.thresholds
}


class Rules(Struct, frozen=True, gc=False, kw_only=True):
    """What an organisation set of the rules; whatever is not set is as on day one.

    `suppressed` says of a rule up to and with which day it says nothing.
    """

    number: int = 1
    settings: Mapping[str, RuleSetting] = _NO_SETTINGS
    suppressed: Mapping[str, date] = _NO_DATES

    @property
    def name(self) -> str:
        """The name of the rule set."""
        return ZONES if self.number == 1 else f"zones-{self.number}"

    def enabled(self, rule: str) -> bool:
        """Tell whether a rule is in use."""
        setting = self.settings.get(rule)
        return setting is None or setting.enabled

    def threshold(self, rule: str, name: str) -> float:
        """Return a threshold as it is set."""
        setting = self.settings.get(rule)
        if setting is not None and name in setting.thresholds:
            return setting.thresholds[name]
        return DEFAULTS[rule, name]

    def grace_days(self, rule: str) -> int:
        """Return for how many days a zone may stay before somebody has to look."""
        setting = self.settings.get(rule)
        if setting is not None and setting.grace_days is not None:
            return setting.grace_days
        return RULES[rule].grace_days


ZONES_1 = Rules()


def published(rules: Rules, event: RuleSetPublished) -> Rules:
    """Return the rules after a set was published: it takes the place of the one before."""
    return replace(rules, number=event.number, settings={one.rule: one for one in event.rules})


def suppressed(rules: Rules, event: RuleSuppressed) -> Rules:
    """Return the rules after one of them was suppressed everywhere."""
    return replace(rules, suppressed={**rules.suppressed, event.rule: event.until})
