"""Opinions in the schema: knowledge, seller and stage side by side, and how well they came true."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.ids import NodeType
from opps.api.parties import Person, node_id, read_person
from opps.api.policies.relations import shown_of
from opps.domain import opinions as domain
from opps.domain.calibration import LEAST, Calibrated, Moment, overall
from opps.domain.opinions import Whose
from opps.domain.opportunity.state import Opportunity
from opps.projections.calibrating import Group

enum_of(Whose)
enum_of(Moment)


@strawberry.type(description="One opinion of the win probability.")
class Opinion:
    whose: Whose = strawberry.field(description="Who says so.")
    p: float = strawberry.field(description="The win probability, from 0 to 1.")
    since: datetime | None = strawberry.field(
        description="When the seller gave the estimate; null for the others."
    )
    because: str | None = strawberry.field(
        description="What the seller said about it, or the stage that stands for it."
    )


@strawberry.type(
    description="Two opinions more than 20 percentage points apart: a question for coaching, not "
    "an error of anybody."
)
class OpinionDisagreement:
    higher: Opinion = strawberry.field(description="The higher opinion.")
    lower: Opinion = strawberry.field(description="The lower opinion.")
    points: float = strawberry.field(description="How many percentage points lie between them.")
    question: str = strawberry.field(description="What to ask, in words that blame nobody.")


@strawberry.type(
    description="The opinions of one opportunity side by side. None of them moves another."
)
class Opinions:
    held: list[Opinion] = strawberry.field(
        description="Every opinion there is: what is known, the seller, the stage."
    )
    disagreements: list[OpinionDisagreement] = strawberry.field(
        description="Each two that are more than 20 percentage points apart."
    )


def opinions_of(state: Opportunity) -> Opinions:
    """Return the opinions of an opportunity for the schema."""
    held = domain.opinions(state)
    return Opinions(
        held=[_opinion(one) for one in held],
        disagreements=[
            OpinionDisagreement(
                higher=_opinion(one.higher),
                lower=_opinion(one.lower),
                points=round(100 * one.difference, 6),
                question=one.question,
            )
            for one in domain.disagreements(held)
        ],
    )


def _opinion(of: domain.Opinion) -> Opinion:
    return Opinion(whose=of.whose, p=of.p, since=of.since, because=of.because)


@strawberry.type(
    description="How well opinions of closed opportunities came true; each opportunity counts once."
)
class OpinionCalibration:
    whose: Whose = strawberry.field(description="Whose opinions.")
    moment: Moment = strawberry.field(description="As they stood at this moment.")
    n: int = strawberry.field(description="How many closed opportunities they were about.")
    enough: bool = strawberry.field(
        description="These are enough of them; without, there is no figure."
    )
    base_rate: float | None = strawberry.field(description="The share of them that was won.")
    brier: float | None = strawberry.field(
        description="The mean squared error: 0 is perfect, smaller is better."
    )
    skill: float | None = strawberry.field(
        description="The share of the base rate's error that the opinions take away, at most 1; "
        "null where all ended alike."
    )
    sentence: str = strawberry.field(description="What that says, in words.")


@strawberry.type(
    description="The opinions about one seller's opportunities: for that seller to learn from, in "
    "no order."
)
class SellerCalibration:
    seller_id: strawberry.ID = strawberry.field(description="The seller.")
    opinions: list[OpinionCalibration] = strawberry.field(description="Whose came true how well.")

    principal: strawberry.Private[UUID]

    @strawberry.field(description="The seller, if registered as a person.")
    async def seller(self, info: Info) -> Person | None:
        return await read_person(info, self.principal)


@strawberry.type(description="The scores that one scoring model gave.")
class ModelCalibration:
    model: str = strawberry.field(description="The model's name.")
    opinions: list[OpinionCalibration] = strawberry.field(description="How well they came true.")


@strawberry.type(
    description="How well opinions came true, as they stood before the end, by what had been told "
    "then. What was disqualified or merged is left out: nobody decided it."
)
class Calibration:
    least: int = strawberry.field(
        description="How many closed opportunities it takes to say anything."
    )
    overall: list[OpinionCalibration] = strawberry.field(description="Of all opportunities.")
    by_seller: strawberry.Private[list[SellerCalibration]]
    models: list[ModelCalibration] = strawberry.field(
        description="The scores alone, by the model that gave them."
    )

    @strawberry.field(
        description="By the seller who owned them: your own, and of those whom you lead."
    )
    async def sellers(self, info: Info) -> list[SellerCalibration]:
        shown = await shown_of(info)
        return [one for one in self.by_seller if shown(one.principal)]


async def calibration(info: Info) -> Calibration:
    """Return how well the opinions of closed opportunities came true."""
    groups = await info.context.services.views.calibration(info.context.viewer.tenant)
    return Calibration(
        least=LEAST,
        overall=[
            _calibration(one)
            for one in overall(
                one.calibrated for one in groups if one.owner is None and one.model is None
            )
        ],
        by_seller=[
            SellerCalibration(
                seller_id=node_id(NodeType.PERSON, owner),
                opinions=_calibrated(of),
                principal=owner,
            )
            for owner, of in groupby(groups, key=lambda one: one.owner)
            if owner is not None
        ],
        models=[
            ModelCalibration(model=model, opinions=_calibrated(of))
            for model, of in groupby(_of_models(groups), key=lambda one: one.model)
            if model is not None
        ],
    )


def _of_models(groups: Sequence[Group]) -> list[Group]:
    return [one for one in groups if one.model is not None]


def _calibrated(groups: Iterable[Group]) -> list[OpinionCalibration]:
    return [_calibration(one.calibrated) for one in groups]


def _calibration(of: Calibrated) -> OpinionCalibration:
    return OpinionCalibration(
        whose=of.whose,
        moment=of.moment,
        n=of.n,
        enough=of.enough,
        base_rate=of.base_rate,
        brier=of.brier,
        skill=of.skill,
        sentence=of.sentence,
    )
