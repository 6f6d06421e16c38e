"""Free text with the people it names, for those who show it."""

from asyncio import gather
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.errors import NotAcceptable, node_argument
from opps.api.ids import NodeType
from opps.api.outputs import PersonalText, personal_text
from opps.api.parties import node_id
from opps.api.picture import Picture
from opps.api.reading import Key
from opps.domain.facts import Evaluator
from opps.domain.naming import Named, Segment, segments
from opps.domain.personal import Clear

MOST_TEXTS = 200
MOST_NAMED = 1_000

Texts = Annotated[
    list[str],
    strawberry.argument(
        description="At most 200 texts, as they were answered, which name somebody 1,000 times at "
        "most."
    ),
]
OfOpportunity = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="The opportunity whose evaluators they name."),
]


@strawberry.type(description="A part of a text: words, or somebody whom the text names.")
class TextSegment:
    text: str = strawberry.field(description="The words, or the token as it is written.")
    person_id: strawberry.ID | None = strawberry.field(description="The person, if known.")
    name: PersonalText | None = strawberry.field(
        description="Name of the person; redacted once erased, null of a person nobody knows."
    )
    evaluator_id: UUID | None = strawberry.field(description="The evaluator that is named.")
    title: str | None = strawberry.field(
        description="Function of the evaluator, null of one the opportunity does not have."
    )


@strawberry.type(description="A text in its parts; in their order they are the text.")
class NamedText:
    segments: list[TextSegment] = strawberry.field(description="The parts.")


async def named_texts(
    info: Info, texts: list[str], opportunity: strawberry.ID | None
) -> list[NamedText]:
    """Return texts in their parts, with the people they name."""
    if len(texts) > MOST_TEXTS:
        raise NotAcceptable(f"{len(texts)} texts are more than {MOST_TEXTS}: ask in portions")
    parts = [list(segments(text)) for text in texts]
    named = sum(one.id is not None for text in parts for one in text)
    if named > MOST_NAMED:
        raise NotAcceptable(f"{named} names are more than {MOST_NAMED}: ask in portions")
    picture: Picture | None = None
    if opportunity is not None:
        id_ = node_argument(NodeType.OPPORTUNITY, opportunity)
        picture = await info.context.reading.pictures.load(Key(id_))
    return [
        NamedText(segments=await gather(*(_segment(info, picture, one) for one in text)))
        for text in parts
    ]


async def _segment(info: Info, picture: Picture | None, segment: Segment) -> TextSegment:
    fact = _evaluator(picture, segment)
    person = segment.id if segment.named is Named.PERSON else None
    if fact is not None and isinstance(fact.person, Clear):
        person = fact.person.subject
    state = None if person is None else await info.context.reading.persons.load(person)
    return TextSegment(
        text=segment.text,
        person_id=None if person is None else node_id(NodeType.PERSON, person),
        name=None if state is None else personal_text(state.name),
        evaluator_id=segment.id if segment.named is Named.EVALUATOR else None,
        title=None if fact is None else fact.title,
    )


def _evaluator(picture: Picture | None, segment: Segment) -> Evaluator | None:
    if picture is None or segment.named is not Named.EVALUATOR:
        return None
    stated = picture.one(Evaluator, evaluator_id=segment.id)
    fact = None if stated is None else stated.any_content
    return fact if isinstance(fact, Evaluator) else None
