"""Persons, teams, sellers and coaching, by whom they are read."""

TABLE = """
[EVERYBODY]
MergedPerson: id into
Person: id accountId version position mergedFrom duplicates
[DEALS]
MemberOfTeam: personId lead person
NamedText: segments
Team: teamId name parentId below members everybody
TextSegment: text personId evaluatorId title
[NAMES]
MergedPerson: name email
Person: name email phone
PersonConnection: edges nodes pageInfo
PersonEdge: cursor node
PersonalText: subject text redacted erasedAt basis
[STAFF]
CoachingCause: cause questions learningCures cure
LearningActivity: activity title description objectives causes hours offered
Seller: id person
TextSegment: name
[SELLERS]
Calibration: sellers
Seller: timeline wrongBeliefs
SellerCalibration: sellerId opinions seller
[COACHING]
AppliedFact: factId opportunityId
CauseAnswer: cause text
Coaching: sellerId person openGaps closedGaps gaps due indicators causes catalogue
CoachingImpact: assignmentId indicator nBefore nAfter enough before after peersChange effect low
  high
CorrectiveAction: action owner due at by
EstimateFifth: begin end n said came low high
EstimateReliability: n brier fifths sentence picture
GapClosing: reason note at by
GapDiagnosis: cause ruledOut answers at by
GapMeasure: value n low high ownPast peerMedian peers
IndicatorMeasure: n enough value low high
LagReport: sellerId asOfPosition total byChannel byObjective byMonth undated least lateAfterSeconds
  confidence
Lags: n late enough shareLate lowerQuartileSeconds medianSeconds upperQuartileSeconds
  medianLowSeconds medianHighSeconds sentence
LagsByChannel: channel lags
LagsByMonth: month lags
LagsByObjective: objective lags
LeadingIndicator: indicator name why unit better objective now ownPast peers peerMedian besidePast
  besidePeers sentence
LeadingIndicators: since until least leastPeers confidence indicators
LearningAssignment: assignmentId activity due status indicator target assignedAt assignedBy
  completedAt applied impact
PerformanceGap: gapId sellerId seller namedBy indicator objective observed note identifiedAt
  identifiedBy shownFrom status open due diagnosis toAsk activities action assignments closed
  version position
PerformanceGapConnection: edges nodes pageInfo
PerformanceGapEdge: cursor node
Seller: lagReport leadingIndicators ownEstimates
"""
