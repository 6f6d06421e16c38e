"""The log, its signatures, who looked at what, erasures and access, by whom it is read."""

TABLE = """
[EVERYBODY]
Actor: principal role onBehalfOf via
Checkpoint: origin size root note signedAt
ConsistencyProof: from to fromRoot toRoot hashes
Event: eventId tag meaning position version opportunityId recordedAt sourceRecordedAt learned
  commandId actor
EventConnection: edges nodes pageInfo
EventEdge: cursor node
InclusionProof: position index size leaf hashes text
LearnedTime: earliest latest precision zone defaulted
Ledger: checkpoint inclusionProof consistencyProof publicKeys statements
LogHead: position recordedAt
Node: id
PageInfo: hasNextPage hasPreviousPage startCursor endCursor
StreamCaughtUp: cursor position
UserError: code message path
Viewer: personId principal role organisation person
[DEALS]
Event: fact
ExceptionChanged: position change exception
Import: importId source fileDigest mappingDigest attempt status begunAt completedAt counts
  corrections revertedAt revertedBy reason opportunitiesReverted revertPreview
ImportConnection: edges nodes pageInfo
ImportCorrection: column was now rows reason
ImportCount: name count
ImportEdge: cursor node
ImportRevert: withdrawn putBack events stays accounts persons
[NAMES]
Event: content
[LOOKING]
Erasure: erasureId personId level basis note status requestedBy requestedAt approvedBy approvedAt
  carriedOutAt keysDestroyed purged reason also
ErasurePreview: personId also level places erasing remaining gone opportunities reads holds erased
  onlyFully
HeldPlace: tag field values erased
LegalHold: holdId persons opportunities reason placedBy placedAt liftedAt liftedBecause
PersonShown: personId paths
PurgedTraces: kind count
ReplayReason: gap message personIds fields
RetentionDue: personId level since opportunities
RetentionRule: outcome keepDays level
SavedRead: readId readAt kind principal role operation position endedPosition purged shown
SavedReadConnection: edges nodes pageInfo
SavedReadEdge: cursor node
ScreenReplay: read document variables answer answerDigest identical because
[PRIVACY]
SubjectExport: document html
[AUDITING]
ApiKey: keyId name principal role scopes issuedAt expiresAt revokedAt reason opens
PrincipalLink: principal personId person
WebhookAttempt: messageId type position number triedAt status ms why detail
WebhookAttemptConnection: edges nodes pageInfo
WebhookAttemptEdge: cursor node
WebhookDeadLetter: messageId type position tried diedAt
WebhookDeadLetterConnection: edges nodes pageInfo
WebhookDeadLetterEdge: cursor node
WebhookEndpoint: endpointId url description types opportunityIds teamId secrets registeredAt
  disabled disabledAt standing attempts deadLetters
WebhookSecret: secretId until
WebhookStanding: deliveredAt failingSince waiting dead
"""
