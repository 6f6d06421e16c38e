"""Columns that several views of the warehouse promise, in the same words."""

from opps.projections.warehouse import Column

OPPORTUNITY = Column("opportunity_id", "the opportunity")
POSITION = Column("position", "where in the log it was recorded, from 1 on")
RECORDED = Column("recorded_at", "when opps recorded it")
LEARNED = Column("learned_at", "when our side came to know of it, as far as anybody told")

SCORE = (
    Column("p", "the win probability, 0 to 1"),
    Column("low", "the lower end of its 80 % interval"),
    Column("high", "the upper end of its 80 % interval"),
    Column("milli_points", "its odds in whole milli-points: 10,000 more double the odds"),
    Column("model", "the scoring model"),
)
