"""The kinds of lines in a score ledger."""

from enum import StrEnum


class CauseKind(StrEnum):
    """What sort of cause moved a score.

    OPENING: the opportunity was opened. KNOWLEDGE: something was learned, confirmed or chosen.
    RETRACTION: something learned was taken back. QUESTION: a question was raised, asked, answered
    or dropped. CONDUCT: the buyer or our side did something. CONTEXT: what is labelled apart from
    knowledge, such as the amount. STALENESS: time made knowledge older. DEADLINE: a date passed.
    SILENCE: time passed without what the buyer was to do. MODEL: another scoring model came into
    force. OUTCOME: it ended, or was opened again. OTHER: anything else.
    """

    OPENING = "OPENING"
    KNOWLEDGE = "KNOWLEDGE"
    RETRACTION = "RETRACTION"
    QUESTION = "QUESTION"
    CONDUCT = "CONDUCT"
    CONTEXT = "CONTEXT"
    STALENESS = "STALENESS"
    DEADLINE = "DEADLINE"
    SILENCE = "SILENCE"
    MODEL = "MODEL"
    OUTCOME = "OUTCOME"
    OTHER = "OTHER"
