"""What a danger zone's rule is: its number and name, its thresholds, and what to do first."""

from enum import StrEnum

from msgspec import Struct

from opps.domain.catalogue import Facet


class Severity(StrEnum):
    """How much a danger zone can cost."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class Threshold(Struct, frozen=True):
    """A number of a rule that each organisation may set, within its limits."""

    name: str
    default: float
    low: float
    high: float
    words: str


class Rule(Struct, frozen=True, kw_only=True):
    """One rule: `version` rises when what it means changes, its number stays for ever.

    `when` says when it fires, `move` what to do first. `facets` are those whose questions belong
    to it. `grace_days` is how long it may stay before somebody has to look.
    """

    rule: str
    name: str
    severity: Severity
    when: str
    move: str
    facets: tuple[Facet, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    grace_days: int = 7
    version: int = 1

    def threshold(self, name: str) -> Threshold | None:
        """Return a threshold by its name."""
        return next((one for one in self.thresholds if one.name == name), None)


def days(default: int, words: str, name: str = "days") -> Threshold:
    """Return a threshold in days, up to a year."""
    return Threshold(name, default, 1, 365, words)


def gate(default: int, words: str) -> Threshold:
    """Return a threshold that is the number of a gate."""
    return Threshold("gate", default, 1, 10, words)
