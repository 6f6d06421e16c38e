"""Names of events, as a query gives them."""

from opps.api.errors import NotAcceptable
from opps.domain.events import TAGS


def known_tags(tags: list[str] | None) -> list[str] | None:
    """Return names of events that there are.

    Raises:
        NotAcceptable: no event is called so.
    """
    unknown = sorted(set(tags or ()) - TAGS.keys())
    if unknown:
        raise NotAcceptable(f"no event is called {unknown[0]!r}: names are such as FactLearned")
    return tags
