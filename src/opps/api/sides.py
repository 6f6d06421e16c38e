"""The sides of an opportunity, each put together from its facts: evaluators, criteria and so on."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

import strawberry

from opps.api.connections import After, First
from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.picture import Picture, Stated
from opps.api.reading import Moment
from opps.api.stated import stated_field
from opps.api.timelines import Along, TimelineConnection, Wanted, timeline_of, until_of
from opps.domain import facts
from opps.domain.facts.decision import AlternativeKind
from opps.domain.opportunity.state import given_alternatives
from opps.projections.scopes import Said, of_evaluator
from opps.projections.views import Axis

enum_of(AlternativeKind)

Parts = Annotated[
    list[Said] | None,
    strawberry.argument(description="What lines have to do with the evaluator; any if absent."),
]


def _one(kind: type[facts.Fact], **names: str) -> Callable[[Any], Stated | None]:
    """Return a resolver of what stands for a kind about this side, by the names of its ids."""

    def resolve(self: Any) -> Stated | None:
        wanted = {name: getattr(self, own) for name, own in names.items()}
        return self.picture.one(kind, **wanted)  # type: ignore[no-any-return]  # any side

    return resolve


def _many(kind: type[facts.Fact], **names: str) -> Callable[[Any], list[Stated]]:
    def resolve(self: Any) -> list[Stated]:
        wanted = {name: getattr(self, own) for name, own in names.items()}
        return self.picture.of(kind, **wanted)  # type: ignore[no-any-return]  # any side

    return resolve


@strawberry.type(description="A person who evaluates, approves, signs, uses or can stop it.")
class Evaluator:
    picture: strawberry.Private[Picture]
    evaluator_id: UUID = strawberry.field(description="The evaluator.")

    evaluator = stated_field(
        facts.Evaluator,
        "Title, roles and person.",
        _one(facts.Evaluator, evaluator_id="evaluator_id"),
    )
    influence = stated_field(
        facts.Influence,
        "How much the evaluator weighs in this decision.",
        _one(facts.Influence, evaluator_id="evaluator_id"),
    )
    leaning = stated_field(
        facts.Leaning,
        "Where the evaluator leans, towards or against us.",
        _one(facts.Leaning, evaluator_id="evaluator_id"),
    )
    stance = stated_field(
        facts.StanceOnChange,
        "Where the evaluator stands on changing anything at all.",
        _one(facts.StanceOnChange, evaluator_id="evaluator_id"),
    )
    preference = stated_field(
        facts.Preference,
        "Which alternative the evaluator favours.",
        _one(facts.Preference, evaluator_id="evaluator_id"),
    )
    engagement = stated_field(
        facts.Engagement,
        "The last real contact.",
        _one(facts.Engagement, evaluator_id="evaluator_id"),
    )
    left = stated_field(
        facts.EvaluatorLeft,
        "That the evaluator is gone; null while still there.",
        _one(facts.EvaluatorLeft, evaluator_id="evaluator_id"),
    )
    relations = stated_field(
        facts.Relation,
        "How the evaluator influences, reports to or conflicts with others.",
        _many(facts.Relation, from_id="evaluator_id"),
        many=True,
    )

    @strawberry.field(
        description="What the evaluator said, what was said of the evaluator, and what became of "
        "the evaluator's words."
    )
    async def timeline(
        self,
        info: Info,
        axis: Along = Axis.RECORDED,
        parts: Parts = None,
        filter: Wanted = None,
        first: First = None,
        after: After = None,
    ) -> TimelineConnection:
        of = self.picture
        opportunity_id = of.state.opportunity_id
        scope = of_evaluator(opportunity_id, self.evaluator_id, parts or ())
        until = await until_of(info, opportunity_id, Moment(of.asked, of.lens))
        return await timeline_of(info, scope, axis, filter, until, first, after)


@strawberry.type(
    description="A course open to the customer. US and DO_NOTHING are there from the start."
)
class Alternative:
    picture: strawberry.Private[Picture]
    alternative_id: UUID = strawberry.field(description="The alternative.")
    kind: AlternativeKind = strawberry.field(description="What sort of course it is.")
    name: str = strawberry.field(description="Its name.")

    alternative = stated_field(
        facts.Alternative,
        "What was said about it; null for US and DO_NOTHING as long as nobody said anything.",
        _one(facts.Alternative, alternative_id="alternative_id"),
    )
    favoured_by = stated_field(
        facts.Preference,
        "Who favours it.",
        _many(facts.Preference, alternative_id="alternative_id"),
        many=True,
    )


@strawberry.type(description="A standard by which the customer will choose.")
class Criterion:
    picture: strawberry.Private[Picture]
    criterion_id: UUID = strawberry.field(description="The criterion.")

    criterion = stated_field(
        facts.Criterion, "What it is.", _one(facts.Criterion, criterion_id="criterion_id")
    )
    weight = stated_field(
        facts.CriterionWeight,
        "How much it weighs.",
        _one(facts.CriterionWeight, criterion_id="criterion_id"),
    )
    standings = stated_field(
        facts.Standing,
        "How each alternative does on it, in whose eyes.",
        _many(facts.Standing, criterion_id="criterion_id"),
        many=True,
    )


@strawberry.type(description="A capability that is required because of a business issue.")
class Need:
    picture: strawberry.Private[Picture]
    need_id: UUID = strawberry.field(description="The need.")

    need = stated_field(facts.Need, "What it is.", _one(facts.Need, need_id="need_id"))
    fit = stated_field(facts.Fit, "How well we meet it.", _one(facts.Fit, need_id="need_id"))


@strawberry.type(description="A goal, pressure, problem or risk, with what depends on it.")
class BusinessIssue:
    picture: strawberry.Private[Picture]
    issue_id: UUID = strawberry.field(description="The issue.")

    issue = stated_field(
        facts.BusinessIssue, "What it is.", _one(facts.BusinessIssue, issue_id="issue_id")
    )
    impacts = stated_field(
        facts.Impact,
        "The impacts expected from relieving it.",
        _many(facts.Impact, issue_id="issue_id"),
        many=True,
    )
    needs = stated_field(
        facts.Need, "The needs that serve it.", _many(facts.Need, issue_id="issue_id"), many=True
    )


@strawberry.type(description="The solution that they want to buy, beside its needs.")
class Solution:
    picture: strawberry.Private[Picture]

    scope = stated_field(facts.Scope, "What is to be bought.", _one(facts.Scope))
    wants = stated_field(
        facts.Want, "Wishes that no business issue asks for yet.", _many(facts.Want), many=True
    )


@strawberry.type(description="With whose money: funding and the price expected.")
class Funding:
    picture: strawberry.Private[Picture]

    funding = stated_field(facts.Funding, "Where the money comes from.", _one(facts.Funding))
    price_expectation = stated_field(
        facts.PriceExpectation, "What the customer expects to pay.", _one(facts.PriceExpectation)
    )


@strawberry.type(description="Why now, by when, and what if not.")
class Timing:
    picture: strawberry.Private[Picture]

    compelling_events = stated_field(
        facts.CompellingEvent,
        "The customer's dated reasons to act.",
        _many(facts.CompellingEvent),
        many=True,
    )
    decision_date = stated_field(
        facts.DecisionDate, "When the customer will decide.", _one(facts.DecisionDate)
    )


@strawberry.type(description="How the customer comes to a signature, step by step.")
class Process:
    picture: strawberry.Private[Picture]

    steps = stated_field(
        facts.DecisionStep, "The steps to a signature.", _many(facts.DecisionStep), many=True
    )
    rule = stated_field(
        facts.DecisionRule, "How the evaluators come to one decision.", _one(facts.DecisionRule)
    )
    next_step = stated_field(facts.NextStep, "What happens next.", _one(facts.NextStep))


def evaluators(picture: Picture) -> list[Evaluator]:
    """Return every evaluator known, in the order of the log."""
    return [Evaluator(picture=picture, evaluator_id=id_) for id_ in _ids(picture, facts.Evaluator)]


def alternatives(picture: Picture) -> list[Alternative]:
    """Return every alternative, the two given from the start first."""
    stated = picture.of(facts.Alternative)
    found = {one.alternative_id: one for one in given_alternatives(picture.state.opportunity_id)}
    for one in stated:
        fact = one.any_content
        assert isinstance(fact, facts.Alternative)
        found[fact.alternative_id] = fact
    return [
        Alternative(picture=picture, alternative_id=id_, kind=one.alternative_kind, name=one.name)
        for id_, one in found.items()
    ]


def criteria(picture: Picture) -> list[Criterion]:
    """Return every criterion known."""
    return [Criterion(picture=picture, criterion_id=id_) for id_ in _ids(picture, facts.Criterion)]


def needs(picture: Picture) -> list[Need]:
    """Return every need known."""
    return [Need(picture=picture, need_id=id_) for id_ in _ids(picture, facts.Need)]


def issues(picture: Picture) -> list[BusinessIssue]:
    """Return every business issue known."""
    return [
        BusinessIssue(picture=picture, issue_id=id_) for id_ in _ids(picture, facts.BusinessIssue)
    ]


def _ids(picture: Picture, kind: type[facts.Fact]) -> list[UUID]:
    introduced = (one.any_content.introduces() for one in picture.of(kind))
    return [thing[1] for thing in introduced if thing is not None]
