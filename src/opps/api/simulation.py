"""What would happen if, in the schema: facts, answers and time supposed, nothing written."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Optional
from uuid import UUID, uuid5

import strawberry

from opps.api.advice import FirstQuestions, NextBestQuestion, next_best_questions
from opps.api.beside import beside
from opps.api.context import Info
from opps.api.contradictions import Contradiction, Tension, contradictions, tensions
from opps.api.danger_zones import DangerZone, closed, opened
from opps.api.errors import REFUSED, UserError, user_error
from opps.api.exceptions_due import ExceptionDue, exceptions_due
from opps.api.ids import NodeType
from opps.api.inputs import input_of
from opps.api.knowledge import ObjectiveKnowledge, knowledge_of
from opps.api.picture import Picture
from opps.api.reading import Key
from opps.api.scores import ScoreChange, ScoreType, change_of, score_of
from opps.api.values import node_id, struct_of
from opps.application import check_sealable
from opps.domain.opportunity.commands import FactStated
from opps.domain.recorded import Context
from opps.domain.simulation import Simulated, Supposed, simulate
from opps.recording.personal import told_of

_FactStated: Any = input_of(FactStated)
_Supposed: Any = Optional[list[_FactStated]]  # noqa: UP045 - a derived type
_Score: Any = Optional[ScoreType]  # noqa: UP045 - its name is that of a value, too

FactsSupposed = Annotated[
    _Supposed,
    strawberry.argument(description="Facts supposed to be learned now, at most 200, in order."),
]
QuestionsAnswered = Annotated[
    list[UUID] | None,
    strawberry.argument(description="Open questions that would be answered by them."),
]
ClockAt = Annotated[
    datetime | None,
    strawberry.argument(
        description="Where the clock stands then, so that knowledge ages and silence grows; at its "
        "last tick when absent."
    ),
]


@strawberry.type(
    description="What would come of facts, answers and time. Nothing is written: recording the "
    "same would do the same to the score."
)
class Simulation:
    simulated: strawberry.Private[Simulated | None]
    user_errors: list[UserError] = strawberry.field(
        description="Why it could not be recorded either; empty when it could."
    )

    @strawberry.field(description="The score then; null when refused.", graphql_type=_Score)
    def score(self) -> Any:
        return score_of(self.simulated.change.after) if self.simulated else None

    @strawberry.field(description="From the score now to the score then; null when refused.")
    def score_change(self) -> ScoreChange | None:
        return change_of(self.simulated.change) if self.simulated else None

    @strawberry.field(description="What time alone would move; null when refused.")
    def by_time(self) -> ScoreChange | None:
        return change_of(self.simulated.by_time) if self.simulated else None

    @strawberry.field(
        description="What facts and answers would move then. Both parts add up to the whole change "
        "in milli-points, exactly. Null when refused."
    )
    def by_knowledge(self) -> ScoreChange | None:
        return change_of(self.simulated.by_knowledge) if self.simulated else None

    @strawberry.field(description="How well each objective would be known; empty when refused.")
    def objectives(self) -> list[ObjectiveKnowledge]:
        return knowledge_of(Picture(self.simulated.after)) if self.simulated else []

    @strawberry.field(description="What would be contradicted then; empty when refused.")
    def contradictions(self) -> list[Contradiction]:
        return contradictions(Picture(self.simulated.after)) if self.simulated else []

    @strawberry.field(description="What would not fit together then; empty when refused.")
    def tensions(self) -> list[Tension]:
        return tensions(Picture(self.simulated.after)) if self.simulated else []

    @strawberry.field(description="The danger zones that it would open; empty when refused.")
    def zones_opened(self) -> list[DangerZone]:
        done = self.simulated
        return [] if done is None else opened(done.before, done.after)

    @strawberry.field(description="The danger zones that it would close; empty when refused.")
    def zones_closed(self) -> list[DangerZone]:
        done = self.simulated
        return [] if done is None else closed(done.before, done.after)

    @strawberry.field(
        description="The exceptions that it would lead to, unless they are on the table; empty "
        "when refused."
    )
    async def exceptions_due(self, info: Info) -> list[ExceptionDue]:
        done = self.simulated
        return [] if done is None else await exceptions_due(info, done.before, done.after)

    @strawberry.field(description="What to ask then, the best first; empty when refused.")
    async def next_best_questions(self, first: FirstQuestions = 3) -> list[NextBestQuestion]:
        done = self.simulated
        return [] if done is None else await next_best_questions(done.after, first)


async def simulation(
    info: Info,
    opportunity_id: str,
    facts: list[Any] | None,
    questions_answered: list[UUID] | None,
    as_of: datetime | None,
) -> Simulation:
    """Return what would come of it, or why it would be refused."""
    try:
        supposed = Supposed(
            opportunity_id=node_id(NodeType.OPPORTUNITY, opportunity_id, ("opportunityId",)),
            facts=tuple(
                struct_of(one, ("facts", str(index))) for index, one in enumerate(facts or ())
            ),
            questions_answered=tuple(questions_answered or ()),
            as_of=as_of,
        )
        _note_whom(info, supposed.facts)
        picture = await info.context.reading.pictures.load(Key(supposed.opportunity_id))
        state = None if picture is None else picture.state
        context = _context(info, supposed.opportunity_id)
        simulated = await beside(simulate, state, supposed, context)
        await _check_sealable(info, simulated)
    except REFUSED as reason:
        return Simulation(simulated=None, user_errors=[user_error(reason)])
    return Simulation(simulated=simulated, user_errors=[])


def _note_whom(info: Info, facts: Iterable[FactStated]) -> None:
    """Note of whom something is said in the question itself: it goes when they are erased."""
    if info.context.touched is not None:
        for subject in {one for fact in facts for one in told_of(fact).values()}:
            info.context.touched.note(subject, "simulate.facts")


async def _check_sealable(info: Info, simulated: Simulated) -> None:
    """Refuse what could not be stored, as of a person who was erased; keys are read from disk."""
    application = info.context.services.application
    keyring = application.keyring_of(info.context.viewer.tenant)
    await application.log.aside(check_sealable, keyring, simulated.events)


def _context(info: Info, opportunity_id: UUID) -> Context:
    """Return what a decision needs; no command of anybody's has such an id."""
    return Context(
        now=info.context.services.application.now(),
        actor=info.context.viewer.actor,
        command_id=uuid5(opportunity_id, "simulation"),
    )
