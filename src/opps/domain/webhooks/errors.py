"""Why a command on webhook endpoints was refused."""

from dataclasses import dataclass
from uuid import UUID

from opps.domain.errors import Refusal


@dataclass
class UnknownWebhookEndpoint(Refusal):
    """There is no webhook endpoint {endpoint_id}: look it up in `webhookEndpoints`."""

    endpoint_id: UUID


@dataclass
class UnknownWebhookTypes(Refusal):
    """Nothing of this type is sent: {types}. `webhookTypes`, `opps webhook types` list what is."""

    types: list[str]


@dataclass
class WebhookUrlRefused(Refusal):
    """The address of a webhook endpoint {why}."""

    why: str


@dataclass
class TooManyWebhookEndpoints(Refusal):
    """There are {most} webhook endpoints already: remove one first."""

    most: int


@dataclass
class TooManyWebhookSecrets(Refusal):
    """{most} secrets of {endpoint_id} sign already: wait a day, or end the old ones at once."""

    endpoint_id: UUID
    most: int


@dataclass
class UnknownWebhookMessage(Refusal):
    """There is no message {message_id} in the delivery log: send its range of the log again."""

    message_id: UUID
