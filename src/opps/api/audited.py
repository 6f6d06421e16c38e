"""Reads marked for audit: pinned to one end of the log, and saved before their answer leaves."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)
from msgspec import Struct
from strawberry import Schema
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types.graphql import OperationType as Allowed
from uuid_utils.compat import uuid7

from opps.api.bodies import Asked
from opps.api.context import Context, Services, context_of
from opps.api.documents import Document, read
from opps.api.execution.carrying_out import Result, execute
from opps.api.identity import Viewer
from opps.api.introspected import introspected
from opps.api.limits import Limits
from opps.api.pinned import pinned
from opps.api.scalars import encoded
from opps.api.touched import Touched
from opps.eventstore import LogFault, LogHead
from opps.eventstore.reads import NewRead
from opps.recording.asked import AskedThen, document_id, sealed_asked, sealed_document


class Marked:
    """A marked operation, from its beginning to its saved end."""

    def __init__(
        self, services: Services, viewer: Viewer, wanted: Asked, of: "_Operation", head: LogHead
    ) -> None:
        self._services = services
        self._viewer = viewer
        self._wanted = wanted
        self._of = of
        self._head = head
        self._at = services.application.now()
        self._read_id: UUID = uuid7()
        self._touched = Touched()
        self.streams = of.kind is OperationType.SUBSCRIPTION
        self._begun = False

    @property
    def context(self) -> Context:
        """What its resolvers get: of a query no more than what the log held when it began."""
        services, tenant = self._services, self._viewer.tenant
        if self._of.kind is OperationType.QUERY:
            services = pinned(services, tenant, self._head, self._at)
        return context_of(services, self._viewer, self._touched)

    async def saved(self, data: Any) -> orjson.Fragment:
        """Return the data of an answer as they may leave now: their read was saved.

        Raises:
            ReadNotSaved: it could not be.
        """
        answer = encoded(data)
        # A command shows what it did: it is told by the end that it led to.
        end = await self._end() if self._of.kind is OperationType.MUTATION else self._head.size
        await self._save(sha256(answer).digest(), end)
        return orjson.Fragment(answer)

    async def begin(self) -> None:
        """Save the beginning of a subscription, once; raises what `saved` raises."""
        if not self._begun:
            await self._save(None, self._head.size)
            self._begun = True

    async def end(self) -> None:
        """Save the end of a subscription that had begun; while the database is away it has none."""
        if not self._begun:
            return
        paths = {subject: sorted(found) for subject, found in self._touched.paths.items()}
        with suppress(LogFault):
            end = await self._end()
            await self._services.saving.end(self._viewer.tenant, self._read_id, end, paths)

    async def _end(self) -> int:
        """Return where the log ends by now."""
        log = self._services.application.log
        head = await log.aside(log.head, self._viewer.tenant)
        return self._head.size if head is None else head.size

    async def _save(self, answer: bytes | None, position: int) -> None:
        services, wanted, actor = self._services, self._wanted, self._viewer.actor
        keyring = services.application.keyring_of(self._viewer.tenant)
        # Words in a document are those of its read alone, and go with it.
        shared = '"' not in wanted.query and "#" not in wanted.query
        asked = AskedThen(wanted.variables, wanted.operation_name, None if shared else wanted.query)
        if self._of.kind is OperationType.MUTATION:
            # The log tells what it did, under keys: no erasure would find what it said here.
            asked = AskedThen(None, wanted.operation_name)
        await services.saving.save(
            NewRead(
                tenant=self._viewer.tenant,
                read_id=self._read_id,
                read_at=self._at,
                kind=self._of.kind.name,
                principal=actor.principal,
                role=actor.role,
                operation=self._of.name,
                position=position,
                document_id=document_id(keyring, wanted.query) if shared else None,
                document=sealed_document(keyring, wanted.query) if shared else None,
                sealed=sealed_asked(keyring, self._read_id, asked),
                answer=answer,
                touched={who: sorted(paths) for who, paths in self._touched.paths.items()},
            )
        )


async def marked(
    schema: Schema, services: Services, viewer: Viewer, wanted: Asked
) -> Marked | None:
    """Return an operation that is marked for audit, None where it is not."""
    if not services.audited_reads.may_cover(wanted.query):
        return None
    of = _operation(schema, wanted, services.limits)
    if of is None or not services.audited_reads.cover(viewer.actor.role, of.name, of.fields):
        return None
    log = services.application.log
    head = await log.aside(log.head, viewer.tenant)
    return None if head is None else Marked(services, viewer, wanted, of, head)


async def carried_out(
    schema: Schema,
    services: Services,
    viewer: Viewer,
    wanted: Asked,
    allowed: Iterable[Allowed] | None = None,
) -> Result:
    """Return the result of a query or mutation; where it is marked, its read was saved.

    Raises:
        ReadNotSaved: it could not be saved: there is no answer.
        InvalidOperationTypeError: the operation is not among those allowed.
    """
    try:
        document = read(schema._schema, wanted.query, services.limits)
    except GraphQLError as error:
        return Result(None, [error])
    kind = Allowed(document.operation(wanted.operation_name).operation.value)
    if allowed is not None and kind not in allowed:
        raise InvalidOperationTypeError(kind)
    if document.faults:
        return Result(None, list(document.faults))
    audit = await marked(schema, services, viewer, wanted)
    if audit is None and (told := _introspected(schema, services, document, wanted)):
        return Result(told, [])
    context = context_of(services, viewer) if audit is None else audit.context
    result = await execute(
        schema._schema, document, wanted.operation_name, wanted.variables, context
    )
    if audit is None or result.data is None:
        return result
    return Result(await audit.saved(result.data), result.errors)


def _introspected(
    schema: Schema, services: Services, document: Document, wanted: Asked
) -> orjson.Fragment | None:
    text, name, limits = wanted.query, wanted.operation_name, services.limits
    return introspected(schema._schema, document, text, name, limits)


class _Operation(Struct, frozen=True):
    """What an operation is called, and which fields it begins with."""

    kind: OperationType
    name: str | None
    fields: frozenset[str]


def _operation(schema: Schema, wanted: Asked, limits: Limits) -> _Operation | None:
    """Return the one operation that is asked for; None where nothing will be carried out."""
    try:
        document = read(schema._schema, wanted.query, limits)
    except GraphQLError:
        return None
    found = [one for one in document.operations if _is(one, wanted.operation_name)]
    if len(found) != 1 or document.faults:
        return None
    [node] = found
    name = node.name.value if node.name else None
    return _Operation(node.operation, name, frozenset(_fields(document, node.selection_set)))


def _is(node: OperationDefinitionNode, name: str | None) -> bool:
    return name is None or (node.name is not None and node.name.value == name)


def _fields(document: Document, selection: SelectionSetNode) -> Iterator[str]:
    """Yield the fields that an operation begins with, those of its fragments too."""
    for node in selection.selections:
        if isinstance(node, FieldNode):
            yield node.name.value
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(document, node.selection_set)
        elif isinstance(node, FragmentSpreadNode):
            for one in document.parsed.definitions:
                if isinstance(one, FragmentDefinitionNode) and one.name.value == node.name.value:
                    yield from _fields(document, one.selection_set)
