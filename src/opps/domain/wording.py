"""In which words to ask for each facet: our own, in one place.

`{subject}` stands for what the answer would be about: somebody, an issue, a need, a criterion, a
step. Where nothing in particular is meant, it reads as in `ANYTHING`.
"""

from opps.domain.catalogue import Facet
from opps.domain.facts.evaluators import Role

WORDS: dict[Facet, str] = {
    Facet.ISSUE: "What in your business has to get better, and why now rather than last year?",
    Facet.ISSUE_OWNER: "Who answers for {subject}, and feels it when it goes wrong?",
    Facet.ISSUE_SEVERITY: "Where does {subject} stand among the things you must get done?",
    Facet.ISSUE_CONSEQUENCE: "What happens in a year if nothing is done about {subject}?",
    Facet.ISSUE_OUR_EFFECT: "What of {subject} can nobody but us help you with?",
    Facet.IMPACT_METRIC: "By which figure will you see that it has worked?",
    Facet.IMPACT_BASELINE: "Where does that figure stand today?",
    Facet.IMPACT_TARGET: "Where should that figure be, and by when?",
    Facet.IMPACT_AGREEMENT: "Who stands behind these figures when they are asked inside?",
    Facet.IMPACT_VALUE: "What is that change worth to you in a year?",
    Facet.IMPACT_PERSONAL_WIN: "What would it mean for you yourself if it worked?",
    Facet.DECISION_MAKER: "When everybody has spoken, whose word is it in the end?",
    Facet.ECONOMIC_AUTHORITY: "Who can release the money without asking anybody else?",
    Facet.INFLUENCE: "How much does the word of {subject} weigh in this decision?",
    Facet.LEANING: "With whom would {subject} rather work, and why?",
    Facet.STANCE_ON_CHANGE: "Does {subject} want to change anything at all?",
    Facet.RELATION: "Whom does {subject} listen to before making up their mind?",
    Facet.ENGAGEMENT: "When can we sit down with {subject}?",
    Facet.CHAMPION_BEHAVIOUR: "What did {subject} say about us when we were not in the room?",
    Facet.NEED: "What must it be able to do so that the problem goes away?",
    Facet.FIT: "What would you have to see to be sure that we can do {subject}?",
    Facet.SCOPE: "What exactly would you buy, how many, for which sites, and from when on?",
    Facet.WANT: "What else would be nice to have, even if nothing depends on it?",
    Facet.FUNDING_STATUS: "How far is the money: planned, requested, or released?",
    Facet.FUNDING_AMOUNT: "How much has been set aside for it?",
    Facet.FUNDING_AUTHORITY: "Whose signature releases that money?",
    Facet.PRICE_EXPECTATION: "What do you expect it to cost, and what is that based on?",
    Facet.COMPELLING_EVENT: "Is there a date by which this has to be in place?",
    Facet.EVENT_DATE: "On which day is {subject}?",
    Facet.EVENT_CONSEQUENCE: "What breaks for you the day after {subject}?",
    Facet.DECISION_DATE: "When will you decide, and what does that day depend on?",
    Facet.CONSIDERED_SET: "Which other ways of solving this are you looking at?",
    Facet.DO_NOTHING: "What speaks for leaving things as they are?",
    Facet.PREFERENCE: "If {subject} had to choose today, what would it be?",
    Facet.ALTERNATIVE_STRATEGY: "How do those who favour {subject} argue for it?",
    Facet.CRITERION: "By what will you choose between the offers?",
    Facet.INFORMAL_CRITERION: "What matters in the choice that stands on no list?",
    Facet.CRITERION_WEIGHT: "Of ten points, how many go to {subject}?",
    Facet.STANDING_OF_US: "How do we look to you on {subject}?",
    Facet.STANDING_OF_RIVAL: "How do the others look to you on {subject}?",
    Facet.STEPS: "From a yes to a signature, what has to happen, one thing after the other?",
    Facet.STEP_OWNER: "Who runs {subject} on your side?",
    Facet.PAPER_PROCESS: "What will legal, security and procurement want, and who starts them?",
    Facet.DECISION_RULE: "Must all agree, or does one decide, or the majority?",
    Facet.NEXT_STEP: "What will you do next, and by which day?",
}

_EVERYBODY = "each of those who decide"

ANYTHING: dict[Facet, str] = {
    Facet.ISSUE_OWNER: "this",
    Facet.ISSUE_SEVERITY: "this",
    Facet.ISSUE_CONSEQUENCE: "this",
    Facet.ISSUE_OUR_EFFECT: "this",
    Facet.INFLUENCE: _EVERYBODY,
    Facet.LEANING: _EVERYBODY,
    Facet.STANCE_ON_CHANGE: "whoever decides",
    Facet.RELATION: "whoever decides",
    Facet.ENGAGEMENT: "whoever decides",
    Facet.CHAMPION_BEHAVIOUR: "our champion",
    Facet.FIT: "what you must have",
    Facet.EVENT_DATE: "the day that matters",
    Facet.EVENT_CONSEQUENCE: "that day",
    Facet.PREFERENCE: _EVERYBODY,
    Facet.ALTERNATIVE_STRATEGY: "another way",
    Facet.CRITERION_WEIGHT: "each of your criteria",
    Facet.STANDING_OF_US: "each of your criteria",
    Facet.STANDING_OF_RIVAL: "each of your criteria",
    Facet.STEP_OWNER: "each step",
}

# What brings somebody in a role to light, where the words of a facet would not.
OF_A_ROLE: dict[str, str] = {
    Role.APPROVER: "Who has to say yes before it can be signed?",
    Role.TECHNICAL: "Who judges whether it works technically?",
    Role.USER: "Who will work with it every day?",
    Role.INFLUENCER: "Whose advice do those who decide take?",
    Role.COACH: "Who could tell us how such things are decided in your house?",
}

_LONGEST_SUBJECT = 80


def words(facet: Facet, subject: str | None = None) -> str:
    """Return the words to ask for a facet, about a subject or about nothing in particular."""
    return WORDS[facet].format(subject=subject or ANYTHING.get(facet, ""))


def quoted(text: str) -> str:
    """Return what the customer said as a subject, shortened where it is long."""
    short = text if len(text) <= _LONGEST_SUBJECT else f"{text[: _LONGEST_SUBJECT - 1].rstrip()}…"
    return f"“{short}”"
