"""What is known of deals, fact by fact, by whom it is read."""

TABLE = """
[DEALS]
Alternative: alternativeId kind name alternative favouredBy
AlternativeFact: alternativeId alternativeKind name status strengths weaknesses theirStrategy
AttributeFact: attribute facet value
BusinessIssue: issueId issue impacts needs
BusinessIssueFact: issueId text issueKind ownerId severity priorityRank consequence ourEffect
  rootOf denied
CatalogueFact: kind description horizonDays
Choice: chosen rejected rationale recordedAt position
CompellingEventFact: eventId text onDate consequence ownerId movable absent
Contradiction: key kind since facts choice
Criterion: criterionId criterion weight standings
CriterionFact: criterionId text criterionKind mandatory ownerIds origin issueId
CriterionWeightFact: criterionId weight
Decision: eventId tag position kind summary decidedAt recordedAt actorId basedOn gate waivers
DecisionBasis: factId fact state stoodThen stands erased endedAt endedBy endedBecause
DecisionDateFact: onDate basis neededBy ourLeadTime
DecisionRuleFact: rule favoursUs
DecisionStepFact: stepId name stepKind ownerId plannedOn dependsOn status buyerConfirmed
EngagementFact: evaluatorId engagedOn depth
Evaluator: evaluatorId evaluator influence leaning stance preference engagement left relations
  timeline
EvaluatorFact: evaluatorId title roles
EvaluatorLeftFact: evaluatorId leftOn successorId
Evidence: link document
FacetKnowledge: facet required state asking waitingSince
Fact: factId kind objective key content provenance toldBy learned recordedAt position state
  supersedes afterClose restedOnBy notes
FactNote: kind recordedAt position learned provenance independent
FitFact: needId level proof gapPlan
Funding: funding priceExpectation
FundingFact: status amount origin fiscalPeriod authorityId competingUses
ImpactFact: impactId issueId metric unit baseline target byDate valuePerYear method agreedBy
  rejected
InfluenceFact: evaluatorId level veto
LeaningFact: evaluatorId level
Money: amount currency
Need: needId need fit
NeedFact: needId text issueId criticality metByStatusQuo rejected
NextStepFact: text onDate evaluatorId buyerCommitted
ObjectiveKnowledge: objective family question state coverage asking notAsked unanswered told facets
PreferenceFact: evaluatorId alternativeId strength indecision
PriceExpectationFact: low high basis
Process: steps rule nextStep
Provenance: source channel toldBy sourceId evidence learnedBy
Question: questionId facet text status raisedAt position subjectId why whomToAsk due askedOf
  askedAt closedAt factIds answer
RelationFact: fromId toId relation strength ended
ScopeFact: product quantity sites startDate
Solution: scope wants
Source: evaluatorId title
StanceOnChangeFact: evaluatorId stance
StandingFact: criterionId alternativeId rating evaluatorId proof
Stated: key contested credence freshness facts
StatedAlternative: key contested credence freshness facts content
StatedBusinessIssue: key contested credence freshness facts content
StatedCompellingEvent: key contested credence freshness facts content
StatedCriterion: key contested credence freshness facts content
StatedCriterionWeight: key contested credence freshness facts content
StatedDecisionDate: key contested credence freshness facts content
StatedDecisionRule: key contested credence freshness facts content
StatedDecisionStep: key contested credence freshness facts content
StatedEngagement: key contested credence freshness facts content
StatedEvaluator: key contested credence freshness facts content
StatedEvaluatorLeft: key contested credence freshness facts content
StatedFit: key contested credence freshness facts content
StatedFunding: key contested credence freshness facts content
StatedImpact: key contested credence freshness facts content
StatedInfluence: key contested credence freshness facts content
StatedLeaning: key contested credence freshness facts content
StatedNeed: key contested credence freshness facts content
StatedNextStep: key contested credence freshness facts content
StatedPreference: key contested credence freshness facts content
StatedPriceExpectation: key contested credence freshness facts content
StatedRelation: key contested credence freshness facts content
StatedScope: key contested credence freshness facts content
StatedStanceOnChange: key contested credence freshness facts content
StatedStanding: key contested credence freshness facts content
StatedWant: key contested credence freshness facts content
Tension: rule because since facts
Timing: compellingEvents decisionDate
ToldFact: factId kind objective words howWell credence source toldBy learnedAt learnedWhen
  learnedBy
Unknowns: evaluatorsWithoutInfluence evaluatorsWithoutLeaning evaluatorsWithoutPreference
  alternativesNobodyFavours issuesWithoutOurEffect criteriaWithoutWeight criteriaWithoutOurRating
  contested openQuestions objectivesUnexamined
Waiver: objective minimum found reason facet approver
WantFact: wantId text
[STAFF]
EvaluatorFact: person
Evidence: quote
ImpactFact: personalWin
LeaningFact: behaviour
Source: person
"""
