"""Every grade, mass and threshold of the catalogue's rules, each with its reason.

Source: docs/knowledge.md, the nine objectives; what it leaves open is decided in ADR 0006. The
weights of the objectives stand in `oks_1`, the grades of sources in `provenance`.
"""

from collections.abc import Mapping
from typing import NamedTuple

from opps.domain.credence import CREDENCE_LIMIT, SILENCE_DAYS, Freshness
from opps.domain.facts.customer import OurEffect
from opps.domain.facts.evaluators import InfluenceLevel, LeaningLevel, Stance
from opps.domain.facts.purchase import FitLevel, FundingStatus, LeadTime


class Grade(NamedTuple):
    """What one value of a signal says, from -1 to +1: will it happen, will we win it."""

    happen: float = 0.0
    win: float = 0.0
    because: str = ""


class Number(NamedTuple):
    """A mass or a threshold of a rule."""

    value: float
    because: str


Table = Mapping[str, Grade]

ISSUE: Table = {
    "critical, a priority": Grade(happen=1.0, because="what hurts most is what gets bought"),
    "severe": Grade(happen=0.4, because="it hurts, but so do other things"),
    "minor": Grade(happen=-0.3, because="minor problems lose to whatever is urgent"),
    "denied": Grade(happen=-1.0, because="the buyer says it is no problem"),
}
OUR_EFFECT: Table = {
    OurEffect.UNIQUELY: Grade(win=1.0, because="only we can help"),
    OurEffect.AS_OTHERS: Grade(win=0.0, because="any of the alternatives would do"),
    OurEffect.NO: Grade(win=-0.7, because="we hardly help, but other issues may count more"),
}
IMPACT: Table = {
    "agreed, three times the price": Grade(happen=1.0, because="it pays for itself in months"),
    "agreed, more than the price": Grade(happen=0.5, because="it pays within the year"),
    "agreed, price not comparable": Grade(happen=0.5, because="a worth of theirs, not sized yet"),
    "agreed, not worth the price": Grade(happen=0.0, because="it pays later, or never"),
    "our own estimate": Grade(happen=0.3, because="nobody of the buyer stands behind it"),
    "rejected": Grade(happen=-1.0, because="the buyer does not believe in it"),
}
OUR_ADVANTAGE: Table = {
    OurEffect.UNIQUELY: Grade(win=1.0, because="the impact is ours alone to bring"),
    OurEffect.AS_OTHERS: Grade(win=0.0, because="others bring it as well"),
    OurEffect.NO: Grade(win=-1.0, because="we do not bring it"),
}
STANCE: Table = {
    Stance.FOR: Grade(happen=1.0, because="somebody who decides wants change"),
    Stance.INDIFFERENT: Grade(happen=0.0, because="they will not push, and not block"),
    Stance.AGAINST: Grade(happen=-1.0, because="nobody who decides wants change"),
}
LEANING: Table = {
    LeaningLevel.CHAMPION: Grade(win=1.0, because="was seen to sell for us inside"),
    LeaningLevel.SUPPORTER: Grade(win=0.6, because="for us, but was not seen to act"),
    LeaningLevel.NEUTRAL: Grade(win=0.0, because="leans nowhere"),
    LeaningLevel.SCEPTIC: Grade(win=-0.5, because="doubts us, and can still be won"),
    LeaningLevel.OPPONENT: Grade(win=-1.0, because="works for somebody else"),
}
STATUS_QUO: Table = {
    "leaves a must unmet": Grade(happen=0.5, because="what they have cannot do it"),
    "meets the musts": Grade(happen=0.0, because="they could stay as they are"),
}
FIT: Table = {
    FitLevel.MEETS: Grade(win=1.0, because="we do what they must have"),
    FitLevel.PARTIAL: Grade(win=-0.2, because="a must that is partly met is a reason to look on"),
    FitLevel.GAP: Grade(win=-1.0, because="we cannot do what they must have"),
}
FUNDING: Table = {
    FundingStatus.APPROVED: Grade(happen=1.0, because="the money is released"),
    FundingStatus.REQUESTED: Grade(happen=0.4, because="somebody asked for it by name"),
    FundingStatus.IDENTIFIED: Grade(happen=0.1, because="there is a pot, and others want it"),
    FundingStatus.NONE: Grade(happen=-1.0, because="no money, no purchase"),
}
PRICE: Table = {
    "below what they expect": Grade(win=1.0, because="price is no objection"),
    "as they expect": Grade(win=0.0, because="price decides nothing"),
    "above what they expect": Grade(win=-1.0, because="somebody else will be cheaper"),
}
REASON_TO_ACT: Table = {
    "a hard date": Grade(happen=1.0, because="missing it has a consequence, and it cannot move"),
    "a soft date": Grade(happen=0.0, because="a date that can move presses nobody"),
    "missed": Grade(happen=-1.0, because="the date passed and they did not buy"),
    "none": Grade(happen=-1.0, because="they can wait"),
}
LEAD_TIME: Table = {
    LeadTime.BETTER: Grade(win=0.3, because="we suit their date better than the others"),
    LeadTime.SAME: Grade(win=0.0, because="all are as fast"),
    LeadTime.WORSE: Grade(win=-0.3, because="others suit their date better"),
}
ALTERNATIVES: Table = {
    "favours doing nothing": Grade(happen=-1.0, because="no decision is the strongest rival"),
    "favours us": Grade(win=1.0, because="influence for us"),
    "favours a rival": Grade(win=-1.0, because="influence for the best rival"),
    "indecision": Grade(happen=-0.4, because="who cannot decide mostly buys nothing"),
}
CRITERIA: Table = {
    "fails a mandatory one": Grade(win=-1.0, because="who fails a must is out"),
}
NEXT_STEP: Table = {
    "promised, on time": Grade(happen=1.0, because="buyers who mean it do things"),
    "promised, late": Grade(happen=0.0, because="a delay says little yet"),
    "promised, silent since": Grade(happen=-1.0, because="a month of silence is an answer"),
    "not promised": Grade(happen=0.0, because="our own plans say nothing of theirs"),
    "slips": Grade(happen=-0.5, because="what slips twice slips again"),
}
DECISION_RULE: Table = {
    "favours us": Grade(win=0.3, because="the way to the decision suits us"),
    "does not favour us": Grade(win=-0.3, because="the way to the decision suits others"),
}

GRADES: Mapping[str, Table] = {
    "BUSINESS_ISSUES: pressure": ISSUE,
    "BUSINESS_ISSUES: our effect": OUR_EFFECT,
    "DESIRED_IMPACT: worth a year": IMPACT,
    "DESIRED_IMPACT: our advantage": OUR_ADVANTAGE,
    "EVALUATORS: stance on change": STANCE,
    "EVALUATORS: leaning": LEANING,
    "REQUIRED_SOLUTION: status quo": STATUS_QUO,
    "REQUIRED_SOLUTION: fit": FIT,
    "FUNDING: status": FUNDING,
    "FUNDING: our price": PRICE,
    "TIMING: reason to act": REASON_TO_ACT,
    "TIMING: our lead time": LEAD_TIME,
    "ALTERNATIVES: influence": ALTERNATIVES,
    "DECISION_CRITERIA: standing": CRITERIA,
    "DECISION_PROCESS: next step": NEXT_STEP,
    "DECISION_PROCESS: rule": DECISION_RULE,
}

MASS: Mapping[InfluenceLevel, float] = {
    InfluenceLevel.NONE: 0.0,
    InfluenceLevel.MINOR: 0.2,
    InfluenceLevel.SIGNIFICANT: 0.5,
    InfluenceLevel.DECISIVE: 1.0,
}
UNSEEN_MASS = 0.5
CRITICAL = 4
SEVERE = 3
FIRST_PRIORITIES = 3
UNSTATED_SEVERITY = 2
GOOD_WORTH = 3.0
FULL_LEAD = 4.0
UNSTATED_WEIGHT = 0.2
SLIPS = 2

NUMBERS: Mapping[str, Number] = {
    **{f"influence {level}": Number(MASS[level], "mass in a decision") for level in MASS},
    "influence unseen": Number(UNSEEN_MASS, "one more evaluator whom nobody has named yet"),
    "severity critical": Number(CRITICAL, "from here on an issue may press"),
    "severity severe": Number(SEVERE, "from here on an issue counts for a purchase"),
    "severity not told": Number(UNSTATED_SEVERITY, "the mass of an issue nobody has sized"),
    "first priorities": Number(FIRST_PRIORITIES, "nobody pursues more at a time"),
    "good worth": Number(GOOD_WORTH, "times the price a year, the usual bar of a business case"),
    "full lead": Number(FULL_LEAD, "ratings run from -2 to +2: so far apart at most"),
    "criterion weight not told": Number(UNSTATED_WEIGHT, "one of about five"),
    "slips": Number(SLIPS, "one slip is chance"),
    "silence": Number(SILENCE_DAYS, "days after a promise was due"),
    "credence limit": Number(CREDENCE_LIMIT, "nothing that people say is certain"),
    **{f"freshness {one}": Number(one.factor, "what is left of a credence") for one in Freshness},
}
