"""Provenance: who told us, over which channel, with what evidence, and how much that weighs."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Struct

from opps.domain.describe import Code, EvaluatorId, Text, doc
from opps.domain.personal import Personal

QUOTE_LIMIT = 500


class SourceKind(StrEnum):
    """What kind of source a fact comes from: each has a grade."""

    BUYER_IN_WRITING = "BUYER_IN_WRITING"
    BUYER_SAID = "BUYER_SAID"
    INSIDE_PERSON = "INSIDE_PERSON"
    PUBLIC_DOCUMENT = "PUBLIC_DOCUMENT"
    THIRD_PARTY = "THIRD_PARTY"
    SELLER_OBSERVATION = "SELLER_OBSERVATION"
    IMPORTED = "IMPORTED"
    AI_EXTRACTION = "AI_EXTRACTION"


class Channel(StrEnum):
    """How a fact reached us."""

    MEETING = "MEETING"
    CALL = "CALL"
    EMAIL = "EMAIL"
    CHAT = "CHAT"
    DOCUMENT = "DOCUMENT"
    OBSERVED = "OBSERVED"
    INFERENCE = "INFERENCE"
    IMPORT = "IMPORT"


class Evidence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What can be shown for a fact."""

    quote: Annotated[
        Personal | None,
        doc("The source's own words, at most 500 characters, stored under that person's key."),
    ] = None
    link: Annotated[Text | None, doc("Where the evidence can be opened.")] = None
    document: Annotated[Code | None, doc("Reference of a document in another system.")] = None


class Provenance(Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Where a fact comes from."""

    source: Annotated[SourceKind, doc("What kind of source it is; decides the grade.")]
    channel: Annotated[Channel, doc("How it reached us.")]
    told_by: Annotated[
        EvaluatorId | None, doc("The evaluator who said it; absent when nobody of the buyer did.")
    ] = None
    source_id: Annotated[
        UUID | None, doc("The partner, document or other source that is no evaluator.")
    ] = None
    learned_by: Annotated[
        UUID | None, doc("Who on our side learned it; the acting principal when absent.")
    ] = None
    evidence: Annotated[Evidence | None, doc("What can be shown for it.")] = None

    @property
    def person(self) -> UUID | None:
        """The source person: whose later statement replaces this one."""
        return self.told_by or self.source_id or self.learned_by


# Start values of the source grades, `grades-1` (docs/knowledge.md).
GRADES_1: dict[SourceKind, float] = {
    SourceKind.BUYER_IN_WRITING: 0.95,
    SourceKind.BUYER_SAID: 0.80,
    SourceKind.INSIDE_PERSON: 0.65,
    SourceKind.PUBLIC_DOCUMENT: 0.60,
    SourceKind.THIRD_PARTY: 0.45,
    SourceKind.SELLER_OBSERVATION: 0.35,
    SourceKind.IMPORTED: 0.30,
    SourceKind.AI_EXTRACTION: 0.20,
}
