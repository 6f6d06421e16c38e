"""Who may ask for what: a policy for every field of the schema, and none means nobody."""

from opps.api.policies.asked import Forbidden, may, scope_of

__all__ = ["Forbidden", "may", "scope_of"]
