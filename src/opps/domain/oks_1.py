"""The score on day one, `oks-1`: an expert's priors and weights, before any deal has closed.

Source: docs/knowledge.md, score oks-1.
"""

from opps.domain.catalogue import Objective
from opps.domain.model import Model, Nats

OKS_1 = Model(
    name="oks-1",
    prior_happen=0.55,
    prior_win=0.45,
    weights={
        Objective.BUSINESS_ISSUES: Nats(0.70, 0.30),
        Objective.DESIRED_IMPACT: Nats(0.50, 0.40),
        Objective.EVALUATORS: Nats(0.50, 1.00),
        Objective.REQUIRED_SOLUTION: Nats(0.20, 0.60),
        Objective.FUNDING: Nats(0.60, 0.20),
        Objective.TIMING: Nats(0.80, 0.10),
        Objective.ALTERNATIVES: Nats(0.50, 0.80),
        Objective.DECISION_CRITERIA: Nats(0.10, 0.90),
        Objective.DECISION_PROCESS: Nats(0.50, 0.30),
    },
)
