"""What the draft of a proposal holds: statements with their sources, and what was left out."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Struct

from opps.domain.describe import doc
from opps.domain.provenance import Channel, SourceKind


class LeftOut(StrEnum):
    """Why a fact is not in a proposal.

    ABOUT_PEOPLE: it says what somebody is, thinks or does. NOT_FOR_CUSTOMERS: it is about money,
    rivals, our standing or what comes next for us. NOT_KNOWN_WELL: it is only claimed.
    GROWN_OLD: nobody has said it for long. CONTRADICTED: sources disagree. DENIED: it is said not
    to be so. OUR_OWN: it is our estimate or guess. WITHOUT_ITS_SUBJECT: what it is about is left
    out.
    """

    ABOUT_PEOPLE = "ABOUT_PEOPLE"
    NOT_FOR_CUSTOMERS = "NOT_FOR_CUSTOMERS"
    NOT_KNOWN_WELL = "NOT_KNOWN_WELL"
    GROWN_OLD = "GROWN_OLD"
    CONTRADICTED = "CONTRADICTED"
    DENIED = "DENIED"
    OUR_OWN = "OUR_OWN"
    WITHOUT_ITS_SUBJECT = "WITHOUT_ITS_SUBJECT"


class ProposalSource(Struct, frozen=True, kw_only=True):
    """Where a statement of a proposal comes from."""

    fact_id: Annotated[UUID, doc("The fact.")]
    told_by: Annotated[UUID | None, doc("The evaluator who said it.")]
    title: Annotated[str | None, doc("What that evaluator is, where it is known well.")]
    source_kind: Annotated[SourceKind, doc("What kind of source it is.")]
    channel: Annotated[Channel, doc("How it reached us.")]
    learned_at: Annotated[datetime, doc("When our side came to know, at the latest.")]
    learned_when: Annotated[str, doc("The same in words, as exactly as it is known.")]


class ProposalDetail(Struct, frozen=True, kw_only=True):
    """What a proposal says about something besides, and where that comes from."""

    text: Annotated[str, doc("What it says.")]
    sources: Annotated[tuple[ProposalSource, ...], doc("Where it comes from, the latest first.")]


class ProposalLine(Struct, frozen=True, kw_only=True):
    """One thing that a proposal says, in the customer's words, and where it comes from."""

    text: Annotated[str, doc("What it says.")]
    sources: Annotated[tuple[ProposalSource, ...], doc("Where it comes from, the latest first.")]
    details: Annotated[tuple[ProposalDetail, ...], doc("What is said about it besides.")] = ()


class LeftOutCount(Struct, frozen=True, kw_only=True):
    """How many facts are not in a proposal for one reason."""

    reason: Annotated[LeftOut, doc("Why.")]
    count: Annotated[int, doc("How many facts.")]


class Proposal(Struct, frozen=True, kw_only=True):
    """The draft of a proposal: only what is known well, each traceable to its fact."""

    opportunity_id: Annotated[UUID, doc("The opportunity.")]
    title: Annotated[str, doc("What is to be decided.")]
    issues: Annotated[tuple[ProposalLine, ...], doc("Why the customer would change anything.")]
    impacts: Annotated[tuple[ProposalLine, ...], doc("What better looks like, in their numbers.")]
    needs: Annotated[tuple[ProposalLine, ...], doc("What they need, with the issue and our fit.")]
    criteria: Annotated[tuple[ProposalLine, ...], doc("By what they choose, with their weights.")]
    steps: Annotated[tuple[ProposalLine, ...], doc("How they come to a signature.")]
    left_out: Annotated[tuple[LeftOutCount, ...], doc("What is not in it, and why.")]
