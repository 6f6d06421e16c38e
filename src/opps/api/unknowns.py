"""What is unknown of an opportunity, in the schema."""

import strawberry

from opps.domain.catalogue import Objective


@strawberry.type(
    name="Unknowns",
    description="What the five questions find unanswered. Words that contradict each other are no "
    "answer; evaluators who left and issues that were denied do not count.",
)
class UnknownsType:
    evaluators_without_influence: int = strawberry.field(
        description="Evaluators of whom nobody said how much they weigh."
    )
    evaluators_without_leaning: int = strawberry.field(
        description="Evaluators of whom nobody said where they lean."
    )
    evaluators_without_preference: int = strawberry.field(
        description="Evaluators of whom nobody said which alternative they favour."
    )
    alternatives_nobody_favours: int = strawberry.field(
        description="Alternatives, us and doing nothing among them, that nobody is known to favour."
    )
    issues_without_our_effect: int = strawberry.field(
        description="Business issues of which nobody said what we can do about them."
    )
    criteria_without_weight: int = strawberry.field(
        description="Decision criteria of which nobody said how much they weigh."
    )
    criteria_without_our_rating: int = strawberry.field(
        description="Decision criteria on which nobody rated us."
    )
    contested: int = strawberry.field(description="Things of which facts contradict each other.")
    open_questions: int = strawberry.field(description="Questions that wait for an answer.")
    objectives_unexamined: list[Objective] = strawberry.field(
        description="Objectives that nobody has looked at."
    )
