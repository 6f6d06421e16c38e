"""Webhooks: what happened is sent to every endpoint that asked for it, in order, at least once."""

from opps.integrations.webhooks.attempting import Tally
from opps.integrations.webhooks.deliverer import Deliverer
from opps.integrations.webhooks.outside import Outside

__all__ = ["Deliverer", "Outside", "Tally"]
