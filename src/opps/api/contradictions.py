"""What does not fit together, in the schema: contradictions, and tensions between keys."""

from datetime import datetime
from uuid import UUID

import strawberry

from opps.api.derive import enum_of
from opps.api.facts import FactKind, FactType, facts_of
from opps.api.picture import Picture
from opps.api.scalars import Position
from opps.domain import contradictions as domain
from opps.domain.beliefs import Resolution
from opps.domain.tensions import TensionRule
from opps.domain.tensions import tensions as tensions_between

enum_of(TensionRule)


@strawberry.type(name="Choice", description="What the team chose between facts that contradict.")
class ChoiceType:
    chosen: UUID = strawberry.field(description="The fact that the team believes.")
    rejected: list[UUID] = strawberry.field(description="The facts that it put aside.")
    rationale: str = strawberry.field(description="Why.")
    recorded_at: datetime = strawberry.field(description="When the choice was recorded.")
    position: Position = strawberry.field(description="Where it stands in the log.")


@strawberry.type(
    description="Facts of one key that cannot all hold, as the rule of their kind says. The facts "
    "say who told each of them, when, and what."
)
class Contradiction:
    key: str = strawberry.field(description="The key.")
    kind: FactKind = strawberry.field(description="The kind of the facts.")
    since: datetime = strawberry.field(
        description="Since when we have known two facts that cannot both hold."
    )
    facts: list[FactType] = strawberry.field(description="The facts that contradict each other.")
    choice: ChoiceType | None = strawberry.field(
        description="How the team settled it; null while none of the facts is believed."
    )


@strawberry.type(
    description="Standing facts of different keys that do not fit together. Each may hold by "
    "itself: none is doubted and the score stays as it is, but somebody should ask."
)
class Tension:
    rule: TensionRule = strawberry.field(description="Which facts do not fit together.")
    because: str = strawberry.field(description="What they say, in words.")
    since: datetime = strawberry.field(description="Since when we have known all of them.")
    facts: list[FactType] = strawberry.field(description="The facts.")


def contradictions(picture: Picture, settled: bool | None = False) -> list[Contradiction]:
    """Return what is contradicted, or was and is settled; both where it does not matter."""
    found = () if settled else domain.contradictions(picture.state)
    over = () if settled is False else domain.settled(picture.state)
    return [_contradiction(picture, one) for one in (*found, *over)]


def tensions(picture: Picture) -> list[Tension]:
    """Return what does not fit together."""
    return [
        Tension(
            rule=one.rule,
            because=one.because,
            since=one.since,
            facts=facts_of([picture.held(belief) for belief in one.beliefs]),
        )
        for one in tensions_between(picture.state)
    ]


def _contradiction(picture: Picture, one: domain.Contradiction) -> Contradiction:
    return Contradiction(
        key=one.key,
        kind=FactKind(one.beliefs[0].fact.kind()),
        since=one.since,
        facts=facts_of([picture.held(belief) for belief in one.beliefs]),
        choice=_choice(one.resolution) if one.resolution else None,
    )


def _choice(one: Resolution) -> ChoiceType:
    return ChoiceType(
        chosen=one.chosen,
        rejected=[*one.rejected],
        rationale=one.rationale,
        recorded_at=one.note.recorded_at,
        position=Position(one.note.position),
    )
