"""Deals with their scores, forecasts and maps, by whom they are read."""

TABLE = """
[EVERYBODY]
Account: id name externalId version position mergedFrom duplicates
AccountConnection: edges nodes pageInfo
AccountEdge: cursor node
MergedAccount: id name externalId into
Opportunity: id title status accountId account
[DEALS]
Account: customerKind timeline
AccountMap: opportunityId title position outcome objectives process gates milestones actions team
  estimate needs solution reclassified markdown
Agreement: evaluatorId at channel
Backtest: against recordedAt opportunities folds baseRate trainingBaseRate brier difference skill
  passed
BlindSpot: suspicion facet objective because words gap subjectId n share
Calibration: least overall models
CatalogueFacet: facet required
Chance: p low high
ChanceThen: what at believed shouldHaveBeen
ChannelNats: happen win
ChannelOdds: channel logOdds deviation
CommitDateMove: opportunityId opportunity was now days amount
CommitDateMoves: opportunities amount
Commitment: promised what due overdueDays theirOwner who ourOwner
Contribution: topic happen win
Counts: facts contradictions openQuestions unanswered
DangerAhead: zone name severity because move since
DangerZone: zone name severity because move since suppressedUntil facts questions
DangerZoneChange: cursor position opportunityId zone name severity opened because move factIds
  cause recordedAt happenedAt ruleSet
DangerZoneChangeConnection: edges nodes pageInfo
DangerZoneChangeEdge: cursor node
DangerZoneRule: id version name severity when move enabled suppressedUntil graceDays thresholds
  ruleSet open precision
Diff: before after milliPoints lines
DiffLine: kind fact eventIds points milliPoints effects
Drift: dimension off tolerance beyond at metricId name projectedAmount projectedOn projectedValue
  note
EvidenceMet: objective minimum found facet facts
Exception: exceptionId opportunity opportunityId cause about summary facts again status open
  raisedAt raisedBy plan acknowledgedBy people hours money conclusion closedAt closedBy version
  position urgency
ExceptionConnection: edges nodes pageInfo totalCount
ExceptionDue: cause about summary factIds graceDays
ExceptionEdge: cursor node
ExceptionThresholds: scoreMove decisionThreshold walkAwayBelow walkAwayDays
ExitEvidence: objective minimum facet
FigureInterval: value low high
Forecast: currency asOfPosition withoutCommitDate changes worth groups differences
ForecastChanges: before after change kinds steps slipped pulledIn moves
ForecastDifference: opportunityId opportunity knowledge gut stage lessGut lessStage
ForecastGroup: ownerId month category worth
ForecastRange: low median high
ForecastStep: opportunityId opportunity kind change
ForecastStepSum: kind opportunities change
ForecastTotal: expected outcome
ForecastWorth: opportunities withoutAmount pushed amount won knowledge gut gutOf stage stageOf
  total
GateTemplate: gate name dueAfterDays evidence
GradedValue: value grade because deviation
HandoverBrief: title status team amount commitDate pushes p low high outcome objectives questions
  suspected commitments dangers exceptions opportunityId owner markdown html
InformationObjective: objective family question facets factKinds
KnownObjective: objective state coverage facts more unexamined
Label: name value
LeftOutCount: reason count
LineEvidence: link document
LineScore: p low high
MapAction: actionId what due status overdueDays answers mitigates advances closedAt result facts
  owner
MapEstimate: amount at quantity unitPrice basis xOfY
MapEvidence: objective facet minimum found met facts
MapGate: gate name due firstDue overdueDays evidence missing slips passed
MapMember: function member
MapMilestone: milestoneId what due theirOwner status overdueDays slips closedAt reason ourOwner
MapOutcome: statement words warning measurable missing sale by performance tolerance statedAt
  revisions revisedBecause agreements progress
MapPassed: at evidence waivers reason passedBy
MapProcess: process number startedAt
Metric: metricId name unit baseline target
Misbelief: fact how foundAt heldDays
MissingNumber: dimension what metricId
ModelCalibration: model opinions
ModelInForce: since until position approverId reason gate
ModelSignal: name source topic weight mean spread values
NextBestQuestion: facet objective state asking words questionId subjectId whom effort narrowing
  value
ObjectiveWeight: objective weight
OpenException: exceptionId cause summary status plan raisedAt
OpenQuestion: questionId facet text asked since whom due
Opinion: whose p since because
OpinionCalibration: whose moment n enough baseRate brier skill sentence
OpinionDisagreement: higher lower points question
Opinions: held disagreements
Opportunity: counts contradictions tensions nextBestQuestions blindSpots handoverBrief
  proposalDraft winLossReview dangerZones dangerZoneChanges lens asOfPosition diff scoreTrend
  scoreLedger scoreExplanation currency ownerId version position openedAt recordedAt closedAt
  amount commitDate commitBasis pushes category stage stageDefault sellerEstimate customerKind
  origin proposalSentAt buyerRespondedAt lossKind lostTo noDecision mergedIntoId owner team context
  score opinions objectives unknowns facts questions evaluators alternatives criteria issues
  impacts needs solution funding timing process timeline wrongBeliefs decisions accountMap events
OpportunityConnection: edges nodes pageInfo totalCount value asOfPosition
OpportunityEdge: cursor node
PastReview: at summary surprises personId
PipelineValue: status category ownerId currency count withoutAmount sumP amount expected
PortfolioPoint: day open meanP sumP worth
PortfolioTrend: days
PortfolioWorth: currency open withoutAmount amount expected
ProposalDetail: text sources
ProposalDraft: title issues impacts needs criteria steps leftOut opportunityId markdown html
ProposalLine: text sources details
ProposalSource: factId toldBy title sourceKind channel learnedAt learnedWhen
Reclassified: wantId needId at reason
RulePrecision: useful judged share low high
RuleThreshold: name words value default low high
SaleTarget: product amount quantity
SalesProcess: process number name gates reason
Score: p low high decidability points model contributions channels
ScoreChange: before after deltaP points milliPoints effects
ScoreChanged: id cursor opportunityId position eventId cause kind sentence factIds recordedAt
  toldAt learnedAt version model before after points milliPoints deltaP deltaLogOdds contributions
  effects facts
ScoreChangedConnection: edges nodes pageInfo
ScoreChangedEdge: cursor node
ScoreEffect: topic channel milliPoints
ScoreExplanation: summary evidence baseRate score objectives context
ScorePoint: p low high points
ScoreReason: words because factId
ScoreTopicExplained: topic words points milliPoints happenMilliPoints winMilliPoints happen win
  happenDeviation winDeviation reasons notAsked noted unanswered contradicted
ScoreTrendPoint: cursor at kind sentence cause eventId position recordedAt learnedAt version model
  before after points milliPoints contributions effects
ScoreTrendPointConnection: edges nodes pageInfo
ScoreTrendPointEdge: cursor node
ScoringModel: name origin definedAt learnedFrom upTo inForce periods backtest priorHappen priorWin
  weights signals spreadUnexamined spreadExamined unheard doubt precedents
Simulation: userErrors score scoreChange byTime byKnowledge objectives contradictions tensions
  zonesOpened zonesClosed exceptionsDue nextBestQuestions
Slip: at toDue side reason fromDue
Surprise: fact surprise daysBeforeClose shouldHaveBeenKnownBy neededFor
SuspectedGap: suspicion facet because words
TeamMember: personId function person
TimelineConnection: edges nodes pageInfo asOfPosition totalCount groups
TimelineEntry: eventId commandId opportunityId accountId tag position version recordedAt
  sourceRecordedAt learnedAt learned lagSeconds lagInWords late actorId sellerId toldBy about
  factsToldBy learnedBy channel source evidence grade credence objective facet kind key factId
  questionId restsOn summary replaced replacedBecause retractedBecause reason contradicted
  afterClose points p before after zonesMoved
TimelineEntryConnection: edges nodes pageInfo
TimelineEntryEdge: cursor node
TimelineGroup: day commandId objective lineCount lateCount points milliPoints firstAt lastAt lines
TimelineGroupConnection: edges nodes pageInfo
TimelineGroupEdge: cursor node
Tolerance: salePercent days performancePercent
Urgency: value width timeLeft score inWords
WhomToAsk: evaluatorId title chance because
WinLossReview: title status closedAt lossKind noDecision reviews surprises misbeliefs dangers
  chances opportunityId markdown html
WrongBelief: factId opportunityId kind key objective how reason replacedBy toldBy channel sellerId
  learnedAt foundAt recordedAt position eventId heldDays pointsMeanwhile pointsWhenFound fact
  decisions
WrongBeliefConnection: edges nodes pageInfo
WrongBeliefEdge: cursor node
XOfYQuestion: question words state facet answer facts
[STAFF]
LineEvidence: quote
"""
