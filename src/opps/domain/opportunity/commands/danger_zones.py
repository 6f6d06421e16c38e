"""Commands on the danger zones of one opportunity."""

from datetime import date
from typing import Annotated

from opps.domain.describe import Code, Text, doc
from opps.domain.opportunity.commands.base import OpportunityCommand


class SuppressDangerZone(OpportunityCommand, frozen=True, kw_only=True):
    """Put a danger zone of an opportunity aside for a time: it is known, and nobody need look."""

    zone: Annotated[Code, doc("The danger zone, such as DZ14.")]
    until: Annotated[date, doc("The last day on which it is put aside.")]
    reason: Annotated[Text, doc("Why it need not be looked at.")]


class JudgeDangerZone(OpportunityCommand, frozen=True, kw_only=True):
    """Say whether it helped to be told of a danger zone: rules that do not help are retired."""

    zone: Annotated[Code, doc("The danger zone, such as DZ14.")]
    useful: Annotated[bool, doc("It helped.")]
    note: Annotated[Text | None, doc("What was right or wrong about it.")] = None
