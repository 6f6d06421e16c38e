"""Persons that have the tokens of a search, by the blind index: whom to open and compare."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct
from psycopg.sql import SQL, Composed

from opps.projections.reading import Condition, Reading

_HAS = (
    "EXISTS (SELECT FROM opps.search_tokens o WHERE o.tenant = t.tenant"
    " AND o.person_id = t.person_id AND o.token = %s)"
)
_WORKS_FOR = (
    "EXISTS (SELECT FROM opps_views.persons p WHERE p.tenant = t.tenant"
    " AND p.person_id = t.person_id AND p.account_id = ANY (%s))"
)
EMPLOYER = (
    "(SELECT p.account_id FROM opps_views.persons p WHERE p.tenant = t.tenant"
    " AND p.account_id IS NOT NULL AND p.person_id IN"
    " (SELECT o.person_id FROM opps.search_tokens o WHERE o.tenant = t.tenant"
    " AND o.token = ANY (%s) GROUP BY o.person_id HAVING count(*) = %s))"
)


class Wanted(Struct, frozen=True, kw_only=True):
    """The tokens that a person must have, the rarest first: of whole words, of beginnings."""

    whole: Sequence[UUID]
    begun: Sequence[UUID]
    accounts: Sequence[UUID] | None = None


class Found(NamedTuple):
    """Somebody who may be meant; whoever has the whole words has rank 0, and comes first."""

    rank: int
    person_id: UUID


async def candidates(
    reading: Reading, tenant: UUID, wanted: Wanted, after: Found | None, limit: int
) -> list[Found]:
    """Return persons who have all tokens, by rank and id, from behind one of them."""
    begun = 0 if after is None else after.rank
    ranks = range(begun, 1 if wanted.whole == wanted.begun else 2)
    parts = [
        _part(wanted, rank, after.person_id if after and after.rank == rank else None, limit)
        for rank in ranks
    ]
    if not parts:  # whole words and beginnings are the same, and all of them were seen
        return []
    # The database begins with the second part only where the first is not enough.
    union = SQL(" UNION ALL ").join(one.text for one in parts)
    text = SQL("SELECT f.rank, f.person_id FROM ({}) f LIMIT %s").format(union)
    values = [*(value for one in parts for value in one.values), limit]
    rows = await reading.rows(tenant, text, values)
    return [Found(row["rank"], row["person_id"]) for row in rows]


def employers_of(tokens: Sequence[UUID]) -> Condition:
    """Return the condition of accounts that somebody works for who has all tokens.

    One that was merged is not among them where whoever goes on for it is.
    """
    values = (list(tokens), len(tokens))
    text = (
        f"t.account_id IN {EMPLOYER} AND (t.merged_into IS NULL OR t.merged_into NOT IN {EMPLOYER})"
    )
    return Condition(text, (*values, *values))


class _Part(NamedTuple):
    text: Composed
    values: list[object]


def _part(wanted: Wanted, rank: int, behind: UUID | None, limit: int) -> _Part:
    first, *others = wanted.whole if rank == 0 else wanted.begun
    conditions = [Condition("t.tenant = opps.current_tenant() AND t.token = %s", (first,))]
    if behind is not None:
        conditions.append(Condition("t.person_id > %s", (behind,)))
    conditions += [Condition(_HAS, (one,)) for one in others]
    if rank == 1:
        whole = " AND ".join([_HAS] * len(wanted.whole))
        conditions.append(Condition(f"NOT ({whole})", tuple(wanted.whole)))
    if wanted.accounts is not None:
        conditions.append(Condition(_WORKS_FOR, (list(wanted.accounts),)))
    text = SQL(
        "(SELECT %s::int AS rank, t.person_id FROM opps.search_tokens t WHERE {}"
        " ORDER BY t.person_id LIMIT %s)"
    ).format(SQL(" AND ").join(SQL(one.text) for one in conditions))
    return _Part(text, [rank, *(value for one in conditions for value in one.values), limit])
