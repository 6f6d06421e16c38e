"""What was found, how it is, and what to do about it."""

from enum import StrEnum

from msgspec import Struct


class Verdict(StrEnum):
    """How a finding is."""

    GOOD = "good"
    WATCH = "watch"
    MEND = "mend"


class Finding(Struct, frozen=True):
    """One thing that was looked at; `advice` says what to do where it is not good."""

    subject: str
    verdict: Verdict
    finding: str
    advice: str | None = None
