"""Blind spots in the schema: what nobody has looked at, and why it is suspected."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from opps.api.beside import beside
from opps.api.derive import enum_of
from opps.domain.blind_spots import BlindSpot, Closings, Suspicion, blind_spots
from opps.domain.catalogue import Facet, Objective
from opps.domain.events import CustomerKind
from opps.domain.opportunity.state import Opportunity
from opps.domain.structure import Gap
from opps.projections.closings import Until
from opps.projections.views import Views

for _enum in (Facet, Gap, Objective, Suspicion):
    enum_of(_enum)

_FROM_CLOSINGS = frozenset({Suspicion.COMPARABLE, Suspicion.LATE_DISCOVERY})

Suspicions = Annotated[
    list[Suspicion] | None,
    strawberry.argument(description="Only those suspected for these reasons; all when absent."),
]


class Likes(NamedTuple):
    """Which closed opportunities to look at: of that kind of customer, closed by then."""

    customer_kind: CustomerKind | None
    until: Until


ClosingsLoader = DataLoader[Likes, Closings]


def closings_loader(views: Views, tenant: UUID) -> ClosingsLoader:
    """Return what reads the closed opportunities of a request, each tally once."""

    async def load(keys: list[Likes]) -> list[Closings]:
        return [await views.closings(tenant, *key) for key in keys]

    return DataLoader(load)


@strawberry.type(
    name="BlindSpot",
    description="Something that nobody has looked at, with the reason to look. A question turns it "
    "into something that we know we do not know.",
)
class BlindSpotType:
    suspicion: Suspicion = strawberry.field(description="For which reason it is suspected.")
    facet: Facet = strawberry.field(description="The facet to look at.")
    objective: Objective = strawberry.field(description="The information objective it belongs to.")
    because: str = strawberry.field(description="Why it is suspected, in words.")
    words: str = strawberry.field(description="In which words to ask about it.")
    gap: Gap | None = strawberry.field(description="What is missing; of structural ones only.")
    subject_id: UUID | None = strawberry.field(
        description="The step, need, criterion or other thing that calls for it."
    )
    n: int | None = strawberry.field(
        description="On how many closed opportunities that rests; null where it rests on none."
    )
    share: float | None = strawberry.field(description="How many of them had it, from 0 to 1.")


async def spots(
    state: Opportunity,
    until: Until,
    loader: ClosingsLoader,
    suspicions: Sequence[Suspicion] | None,
) -> list[BlindSpotType]:
    """Return what nobody has looked at, the most telling reasons first."""
    wanted = frozenset(Suspicion if suspicions is None else suspicions)
    closings = Closings()
    if state.open and wanted & _FROM_CLOSINGS:
        closings = await loader.load(Likes(state.customer_kind, until))
    found = await beside(blind_spots, state, closings)
    return [_spot(one) for one in found if one.suspicion in wanted]


def _spot(one: BlindSpot) -> BlindSpotType:
    return BlindSpotType(
        suspicion=one.suspicion,
        facet=one.facet,
        objective=one.facet.objective,
        because=one.because,
        words=one.words,
        gap=one.gap,
        subject_id=one.subject_id,
        n=one.n,
        share=one.share,
    )
