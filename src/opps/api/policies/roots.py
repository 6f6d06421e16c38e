"""What can be asked, done and followed, by whom."""

TABLE = """
[EVERYBODY]
Query: events ledger logHead viewer node nodes opportunity account accounts person
Subscription: events
[DEALS]
Query: dangerZoneRules exceptionThresholds exceptions exception teams team forecast imports import
  accountMap salesProcess simulate opportunities portfolioTrend informationObjectives scoringModels
  calibration namedTexts webhookTypes
Subscription: exceptionChanged dangerZoneChanged scoreChanged
[NAMES]
Query: persons
[STAFF]
Query: learningActivities coachingCauses seller
[COACHING]
GapPayload: version position replayed userErrors gap
Mutation: identifyGap shareGap recordDiagnosis agreeCorrectiveAction assignLearning
  completeLearning applyLearning closeGap
Query: coaching performanceGap performanceGaps lagReport
[RECORDING]
AccountPayload: version position replayed userErrors account
Mutation: openOpportunity renameOpportunity transferOwnership addTeamMember removeTeamMember
  estimateAmount setCommitDate setStage setForecastCategory prepareProposal recordProposalSent
  withdrawProposal recordBuyerResponse recordSellerActivity importSourceEvent recordSellerEstimate
  winOpportunity loseOpportunity closeWithoutDecision disqualifyOpportunity reopenOpportunity
  correctOutcome mergeOpportunities reviewWinLoss learnFact recordFacts corroborateFact
  reconfirmFact retractFact redateFact resolveContradiction raiseQuestion askQuestion
  answerQuestion dropQuestion markFacetNotApplicable takeDecision suppressDangerZone
  judgeDangerZone stateDesiredOutcome reviseDesiredOutcome agreeDesiredOutcome
  assessOutcomeProgress startSalesProcess passGate slipGate planMilestone slipMilestone
  meetMilestone dropMilestone planAction completeAction dropAction reclassifyWant registerAccount
  renameAccount mergeAccount undoAccountMerge registerPerson movePerson mergePerson undoPersonMerge
OpportunityPayload: version position replayed userErrors opportunity scoreChange zonesOpened
  zonesClosed exceptionsDue nextBestQuestions
[MENDING]
Mutation: correctPerson
PersonPayload: version position replayed userErrors person
[WORKING]
ExceptionPayload: version position replayed userErrors exception
Mutation: raiseException acknowledgeException resolveException
[DECIDING]
ExceptionThresholdsPayload: version position replayed userErrors thresholds
LearningActivitiesPayload: version position replayed userErrors activities
Mutation: publishSalesProcess resourceException acceptExceptionRisk dismissException
  activateScoringModel publishRuleSet suppressRule offerLearningActivity withdrawLearningActivity
  setExceptionThresholds revertImport
RevertImportPayload: version position replayed userErrors import revert
RulesPayload: version position replayed userErrors rules
SalesProcessPayload: version position replayed userErrors salesProcess
ScoringModelPayload: version position replayed userErrors scoringModel
[LOOKING]
Query: reads screenReplay erasures erasurePreview erasureCertificate legalHolds retentionRules
  retentionDue
[PRIVACY]
ErasurePayload: version position replayed userErrors erasure
LegalHoldPayload: version position replayed userErrors legalHold
Mutation: requestErasure withdrawErasure approveErasure placeLegalHold liftLegalHold setRetention
Query: subjectExport
RetentionPayload: version position replayed userErrors retentionRules
[AUDITING]
Query: apiKeys principalLinks auditBundle webhookEndpoints
[ADMINISTERING]
IssueApiKeyPayload: version position replayed userErrors apiKey text
Mutation: formTeam renameTeam assignTeamMember unassignTeamMember dissolveTeam issueApiKey
  revokeApiKey linkPrincipal unlinkPrincipal registerWebhookEndpoint changeWebhookEndpoint
  rotateWebhookSecret disableWebhookEndpoint enableWebhookEndpoint removeWebhookEndpoint
  pingWebhookEndpoint replayWebhook
PrincipalLinksPayload: version position replayed userErrors principalLinks
RevokeApiKeyPayload: version position replayed userErrors apiKey
TeamsPayload: version position replayed userErrors teams
WebhookEndpointPayload: version position replayed userErrors webhookEndpoint secret
WebhookPingPayload: version position replayed userErrors attempt
WebhookReplayPayload: version position replayed userErrors webhookEndpoint
"""
