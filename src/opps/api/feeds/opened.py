"""A subscription of one caller: where its items come from, and how each is answered."""

import asyncio
from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError, GraphQLSchema

from opps.api.caught_up import Followed, caught_up
from opps.api.context import Context
from opps.api.documents import Document
from opps.api.execution.carrying_out import source
from opps.api.execution.planning import Plan, planned
from opps.api.feeds.answers import Answers
from opps.api.feeds.group import SentPage
from opps.api.feeds.sent import Sent, Unacceptable
from opps.api.scalars import text_of
from opps.projections.score_trend import ScoreCursor as Cursor


class Opened:
    """What a subscription follows, and each of its items as a response."""

    def __init__(self, followed: Followed[Any], plan: Plan, context: Context) -> None:
        self._followed = followed
        self._answers = Answers(plan, context)
        self._context = context

    @property
    def after(self) -> Cursor | None:
        """Where it was asked to begin; None from now on."""
        return self._followed.after

    async def page(self, after: Cursor | None) -> SentPage:
        """Return what is sent of what comes behind a cursor, as `Followed.page` does."""
        found = await self._followed.page(after)
        wanted = [(place, one) for place, one in found.items if one is not None]
        answered = await self._answered([one for _, one in wanted])
        sent = [
            (place, Sent(payload, text_of(place)))
            for (place, _), payload in zip(wanted, answered, strict=True)
        ]
        return SentPage(sent, found.end, found.reached, found.level)

    async def mark(self, end: Cursor, reached: int) -> Sent:
        """Return the sign that all was sent up to a place."""
        [payload] = await self._answered([caught_up(end, reached)])
        return Sent(payload, text_of(end))

    async def news(self, seen: int) -> None:
        """Wait for more, as `Followed.news` does."""
        await self._followed.news(seen)

    async def _answered(self, items: Sequence[Any]) -> list[bytes]:
        found = self._answers.of(items)
        told = [one if isinstance(one, bytes) else asyncio.ensure_future(one) for one in found]
        try:
            return [one if isinstance(one, bytes) else await one for one in told]
        finally:
            for one in told:
                if not isinstance(one, bytes):
                    one.cancel()
            # What is sent later is read anew: it may be another by then, or erased.
            self._context.forget()


async def opened(
    schema: GraphQLSchema,
    document: Document,
    name: str | None,
    variables: dict[str, Any] | None,
    context: Context,
) -> Opened:
    """Return a subscription that begins.

    Raises:
        Unacceptable: its document, its variables or its arguments are not as they must be.
    """
    suggestions = context.services.limits.suggestions
    if document.faults:
        raise Unacceptable(list(document.faults), suggestions=suggestions)
    plan = planned(schema, document, name, variables)
    if isinstance(plan, list):
        raise Unacceptable(plan, suggestions=suggestions)
    try:
        found = await source(plan, context)
    except GraphQLError as error:
        raise Unacceptable([error], suggestions=suggestions) from None
    assert isinstance(found, Followed), "what a subscription resolves to is followed"
    return Opened(found, plan, context)
