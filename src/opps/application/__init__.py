"""Carry out commands: load the history, fold it, decide, append, and retry where that is safe."""

from opps.application.aggregates import ACCOUNT, EXCEPTION, OPPORTUNITY, PERSON, PROCESS, Aggregate
from opps.application.commands import Application
from opps.application.executing import Executed
from opps.application.operator import OPERATOR, operator
from opps.application.planning import Request, check_sealable, new_event
from opps.application.scoring_models import ModelExecuted

__all__ = [
    "ACCOUNT",
    "EXCEPTION",
    "OPERATOR",
    "OPPORTUNITY",
    "PERSON",
    "PROCESS",
    "Aggregate",
    "Application",
    "Executed",
    "ModelExecuted",
    "Request",
    "check_sealable",
    "new_event",
    "operator",
]
