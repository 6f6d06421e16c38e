"""Words about a field, and its limits: read by the API, the generated docs and the input checks."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

REFERS_TO = "refers_to"


def doc(description: str) -> Meta:
    """Return the description of a field, written for the caller of the API."""
    return Meta(description=description)


def refers(to: str) -> Meta:
    """Return the mark of an id that must name something the opportunity already has."""
    return Meta(extra={REFERS_TO: to})


LONGEST_TEXT = 2000

Title = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
Code = Annotated[str, Meta(min_length=1, max_length=100)]
Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0, le=2_147_483_647)]
Position = Annotated[int, Meta(ge=0, le=9_223_372_036_854_775_807)]

EvaluatorId = Annotated[UUID, refers("evaluator")]
AlternativeId = Annotated[UUID, refers("alternative")]
IssueId = Annotated[UUID, refers("business_issue")]
NeedId = Annotated[UUID, refers("need")]
WantId = Annotated[UUID, refers("want")]
CriterionId = Annotated[UUID, refers("criterion")]
StepId = Annotated[UUID, refers("decision_step")]
