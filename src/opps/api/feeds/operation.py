"""One operation, whatever transport it came by: checked, carried out, its results as bytes."""

from collections.abc import AsyncGenerator, Hashable

from graphql import OperationType
from strawberry import Schema

from opps.api.admission import admitted
from opps.api.audited import Marked, carried_out, marked
from opps.api.bodies import Asked
from opps.api.context import Services, context_of
from opps.api.documents import Document
from opps.api.execution.carrying_out import as_json
from opps.api.feeds.group import Group
from opps.api.feeds.opened import Opened, opened
from opps.api.feeds.places import place_of, there
from opps.api.feeds.reader import Reader, Send
from opps.api.feeds.same import same
from opps.api.feeds.sent import Sent, Unacceptable
from opps.api.identity import Viewer
from opps.api.refusing import TOO_MANY, Refused
from opps.api.timing import within
from opps.telemetry.asking import Asking


async def begun(
    schema: Schema,
    services: Services,
    viewer: Viewer,
    wanted: Asked,
    asking: Asking,
    resume_after: str | None = None,
) -> AsyncGenerator[Sent, None]:
    """Return the results of an operation that may be carried out; of a query there is one.

    `resume_after` takes the place of the argument `after`. Close the results when nobody reads
    them any more. They end by themselves when the server stops.

    Raises:
        Refused: it may not be, or cannot: nothing was carried out.
        TooSlow: while reading, of a reader who falls back too far.
    """
    begin = await _begun(schema, services, viewer, wanted, asking, resume_after)
    return _one(begin) if isinstance(begin, Sent) else begin.results()


async def pour(
    schema: Schema, services: Services, viewer: Viewer, wanted: Asked, asking: Asking, send: Send
) -> None:
    """Send the results of an operation, which costs less than to read them; raises as `begun` does.

    Whatever `send` raises ends it.
    """
    begin = await _begun(schema, services, viewer, wanted, asking, None)
    await (send(begin) if isinstance(begin, Sent) else begin.pour(send))


async def _begun(
    schema: Schema,
    services: Services,
    viewer: Viewer,
    wanted: Asked,
    asking: Asking,
    resume_after: str | None,
) -> "Sent | _Subscription":
    operation = admitted(schema._schema, services, viewer, wanted, asking)
    document, wanted = operation.document, operation.wanted
    if document is None or not document.does(OperationType.SUBSCRIPTION, wanted.operation_name):
        return await _carried_out(schema, services, viewer, wanted)
    subscription = _Subscription(schema, services, viewer, document, wanted)
    await subscription.begin(resume_after)
    return subscription


class _Subscription:
    """One subscription of one caller."""

    def __init__(
        self, schema: Schema, services: Services, viewer: Viewer, document: Document, wanted: Asked
    ) -> None:
        self._schema = schema
        self._services = services
        self._viewer = viewer
        self._document = document
        self._wanted = wanted
        self._audit: Marked | None = None
        self._who = viewer.tenant, viewer.actor.principal

    async def begin(self, resume_after: str | None) -> None:
        """Find out what is followed, and from where on; raises what `begun` raises."""
        self._check_room()
        self._audit = await marked(self._schema, self._services, self._viewer, self._wanted)
        found = await self._opened()
        self._after = found.after if resume_after is None else place_of(resume_after)
        if self._after is not None:
            await there(self._services, self._viewer.tenant, self._after)

    async def results(self) -> AsyncGenerator[Sent, None]:
        """Yield what is sent, until the server stops."""
        group = self._join()
        try:
            async for sent in self._reader(group).results():
                await self._begin_to_show()
                yield sent
        finally:
            await self._leave(group)

    async def pour(self, send: Send) -> None:
        """Send what is sent, until the server stops."""

        async def sent(one: Sent) -> None:
            await self._begin_to_show()
            await send(one)

        group = self._join()
        try:
            await self._reader(group).pour(send if self._audit is None else sent)
        finally:
            await self._leave(group)

    def _check_room(self) -> None:
        """Refuse one more than a caller may have at a time; raises `Refused`."""
        most = self._services.limits.subscriptions
        if most and self._services.groups.running[self._who] >= most:
            raise Refused(
                f"You have {most} subscriptions here, and no more are kept for you: end one first.",
                "TOO_MANY_SUBSCRIPTIONS",
                TOO_MANY,
            )

    def _join(self) -> Group:
        self._check_room()  # others may have begun meanwhile
        services = self._services
        services.groups.running[self._who] += 1
        services.observing.subscribed()
        # What is saved with a read is what was shown to one reader: it is shared with nobody.
        key = object() if self._audit is not None else self._same()
        return services.groups.join(key, self._opened, services.draining)

    async def _leave(self, group: Group) -> None:
        groups = self._services.groups
        groups.leave(group)
        groups.running[self._who] -= 1
        if not groups.running[self._who]:
            del groups.running[self._who]
        self._services.observing.unsubscribed()
        if self._audit is not None:
            await self._audit.end()

    def _reader(self, group: Group) -> Reader:
        draining = self._services.draining
        return Reader(group, self._opened, self._after, lambda: draining.begun)

    async def _begin_to_show(self) -> None:
        if self._audit is not None:
            await self._audit.begin()

    async def _opened(self) -> Opened:
        services, wanted = self._services, self._wanted
        context = context_of(services, self._viewer) if self._audit is None else self._audit.context
        name, variables = wanted.operation_name, wanted.variables
        return await opened(self._schema._schema, self._document, name, variables, context)

    def _same(self) -> Hashable:
        return same(self._schema._schema, self._viewer, self._document, self._wanted)


async def _one(sent: Sent) -> AsyncGenerator[Sent, None]:
    yield sent


async def _carried_out(schema: Schema, services: Services, viewer: Viewer, wanted: Asked) -> Sent:
    async with within(services.limits.execution_s):
        result = await carried_out(schema, services, viewer, wanted)
    if result.not_begun:
        raise Unacceptable(result.errors, suggestions=services.limits.suggestions)
    return Sent(as_json(result))
