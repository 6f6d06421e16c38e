"""What is known of deals, fact by fact, by whom it is read."""

from collections.abc import Iterator

from graphql import GraphQLObjectType, GraphQLSchema, GraphQLUnionType, get_named_type

from opps.api.policies.audiences import AUDIENCES, Audience

# What every kind of fact states; what stands of one; and what is kept under a person's key.
CONTENT, STATED, PERSONAL = "FactContent", "Stated", "PersonalText"

TABLE = """
[DEALS]
Alternative: alternativeId kind name alternative favouredBy
BusinessIssue: issueId issue impacts needs
CatalogueFact: kind description horizonDays
Choice: chosen rejected rationale recordedAt position
Contradiction: key kind since facts choice
Criterion: criterionId criterion weight standings
Decision: eventId tag position kind summary decidedAt recordedAt actorId basedOn gate waivers
DecisionBasis: factId fact state stoodThen stands erased endedAt endedBy endedBecause
Evaluator: evaluatorId evaluator influence leaning stance preference engagement left relations
  timeline
Evidence: link document
FacetKnowledge: facet required state asking waitingSince
Fact: factId kind objective key content provenance toldBy learned recordedAt position state
  supersedes afterClose restedOnBy notes
FactNote: kind recordedAt position learned provenance independent
Funding: funding priceExpectation
Money: amount currency
Need: needId need fit
ObjectiveKnowledge: objective family question state coverage asking notAsked unanswered told facets
Process: steps rule nextStep
Provenance: source channel toldBy sourceId evidence learnedBy
Question: questionId facet text status raisedAt position subjectId why whomToAsk due askedOf
  askedAt closedAt factIds answer
Solution: scope wants
Source: evaluatorId title
Stated: key contested credence freshness facts
Tension: rule because since facts
Timing: compellingEvents decisionDate
ToldFact: factId kind objective words howWell credence source toldBy learnedAt learnedWhen
  learnedBy
Unknowns: evaluatorsWithoutInfluence evaluatorsWithoutLeaning evaluatorsWithoutPreference
  alternativesNobodyFavours issuesWithoutOurEffect criteriaWithoutWeight criteriaWithoutOurRating
  contested openQuestions objectivesUnexamined
Waiver: objective minimum found reason facet approver
[STAFF]
Evidence: quote
Source: person
"""


def of_kinds(schema: GraphQLSchema) -> Iterator[tuple[str, Audience]]:
    """Yield the policies of the fields that come with the kinds of facts, by their definition.

    What a fact states is knowledge of deals, but what is personal in it.
    """
    content = schema.type_map.get(CONTENT)
    for kind in content.types if isinstance(content, GraphQLUnionType) else ():
        for name, field in kind.fields.items():
            personal = get_named_type(field.type).name == PERSONAL
            yield f"{kind.name}.{name}", AUDIENCES["STAFF" if personal else "DEALS"]
    for of in schema.type_map.values():
        if isinstance(of, GraphQLObjectType) and any(one.name == STATED for one in of.interfaces):
            yield from ((f"{of.name}.{name}", AUDIENCES["DEALS"]) for name in of.fields)
