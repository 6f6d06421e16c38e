"""In which form an answer leaves, and with which status, as GraphQL over HTTP has it."""

from graphql import GraphQLError, GraphQLSyntaxError

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
EVENTS = "text/event-stream"

DONE = 200
PARTLY_DONE = 294
UNREADABLE = 400
UNPROCESSABLE = 422

# Where a caller is content with both, or says nothing, the one that everybody can read.
_OFFERED = (JSON, GRAPHQL_JSON)


def accepted(header: str) -> str | None:
    """Return the media type to answer with, the one that the caller ranks highest, or None."""
    if not header.strip():
        return JSON
    ranges = list(_ranges(header))
    ranked = [(*_rank(kind, ranges), kind) for kind in _OFFERED]
    weight, _, kind = max(ranked, key=lambda one: one[:2])
    return kind if weight > 0 else None


def streams(header: str) -> bool:
    """Tell whether the caller would rather have a stream of events than any JSON."""
    ranges = list(_ranges(header))
    wanted = _rank(EVENTS, ranges)
    return wanted[0] > 0 and all(wanted > _rank(kind, ranges) for kind in _OFFERED)


def status_of(kind: str, answered: bool, errors: list[GraphQLError]) -> int:
    """Return the status of an answer to a request that could be read.

    `answered` says that it was carried out, maybe in part. Clients that ask for plain JSON take
    anything but 200 for a broken transport, and would not read what is wrong.
    """
    if kind == JSON:
        return DONE
    if answered:
        return PARTLY_DONE if errors else DONE
    unread = any(isinstance(one, GraphQLSyntaxError) for one in errors)
    return UNREADABLE if unread else UNPROCESSABLE


def _rank(kind: str, ranges: list[tuple[str, float]]) -> tuple[float, float]:
    """Return the weight of a media type, and how early what gives it stands, the later the less.

    The most specific range that matches gives the weight.
    """
    for name in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        for place, (given, weight) in enumerate(ranges):
            if given == name:
                return weight, -place
    return 0.0, -len(ranges)


def _ranges(header: str) -> list[tuple[str, float]]:
    ranges = []
    for part in filter(None, (one.strip() for one in header.split(","))):
        name, *parameters = (one.strip().lower() for one in part.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        try:
            ranges.append((name, float(weight)))
        except ValueError:
            ranges.append((name, 0.0))
    return ranges
