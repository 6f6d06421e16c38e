"""What each objective says for and against, by the deterministic rules of the catalogue."""

from msgspec import Struct

from opps.domain.catalogue import Objective
from opps.domain.knowledge import Believed, Known
from opps.domain.valence.customer import business_issues, desired_impact, evaluators
from opps.domain.valence.decision import alternatives, decision_criteria, decision_process
from opps.domain.valence.grades import UNSEEN_MASS
from opps.domain.valence.people import People
from opps.domain.valence.purchase import funding, required_solution, timing
from opps.domain.valence.voice import SILENT, Voice

__all__ = ["SILENT", "UNSEEN_MASS", "Spoken", "Voice", "listen", "speak"]


class Spoken(Struct, frozen=True, gc=False):
    """What is known of one objective, in the two channels: will it happen, will we win it."""

    objective: Objective
    happen: Voice = SILENT
    win: Voice = SILENT
    examined: bool = False


def listen(known: Known) -> tuple[Spoken, ...]:
    """Return what each of the nine objectives says, in their order."""
    return speak(Believed(known))


def speak(believed: Believed) -> tuple[Spoken, ...]:
    """Return what each of the nine objectives says of what is believed, in their order."""
    people = People(believed)
    heard = {
        Objective.BUSINESS_ISSUES: business_issues(believed),
        Objective.DESIRED_IMPACT: desired_impact(believed),
        Objective.EVALUATORS: evaluators(believed, people),
        Objective.REQUIRED_SOLUTION: required_solution(believed),
        Objective.FUNDING: funding(believed),
        Objective.TIMING: timing(believed),
        Objective.ALTERNATIVES: alternatives(believed, people),
        Objective.DECISION_CRITERIA: decision_criteria(believed, people),
        Objective.DECISION_PROCESS: decision_process(believed),
    }
    examined = believed.examined()
    return tuple(
        [
            Spoken(objective, happen, win, objective in examined)
            for objective, (happen, win) in heard.items()
        ]
    )
