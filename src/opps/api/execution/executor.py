"""The executor of graphql-core, with the fields that are only read made in one go."""

from asyncio import gather
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from functools import cached_property
from typing import Any

from graphql import (
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    OperationType,
    get_nullable_type,
)
from graphql.execution import Executor as Ordinary
from graphql.execution import default_field_resolver, default_type_resolver
from graphql.execution.collect_fields import FieldDetails, GroupedFieldSet
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path
from strawberry.types.cast import get_strawberry_type_cast

from opps.api.execution.leaves import is_awaitable
from opps.api.execution.planning import Field, Mixed, Plan, always_given
from opps.api.execution.shapes import Complete, Shape, completion, own_class


class Executor(Ordinary[Any]):
    """Carries out one plan once.

    What is read with nobody noting whose data it shows is made by the shapes of the plan; all
    else, and every error, is the work of graphql-core.
    """

    def __init__(self, plan: Plan, root_value: Any, context: Any) -> None:
        of = plan.operation
        super().__init__(
            of.schema,
            of.definitions,
            of.fragments,
            root_value,
            context,
            of.node,
            plan.variables,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=is_awaitable,
        )
        self._case = of.case(plan.variables)
        self._relevant_sub_fields = self._case.below
        self._directly = of.directly
        self._noted = getattr(context, "touched", None) is not None

    def begun(self) -> Any:
        """Return the data, or what they are awaited from; raises what makes all of it null."""
        of = self.operation.operation
        root, selected = self._case.kind, self._case.root.grouped_field_set
        serially = of is OperationType.MUTATION
        return self.execute_root_grouped_field_set(root, self.root_value, selected, serially, None)

    @cached_property
    def info(self) -> GraphQLResolveInfo[Any]:
        """What a type is told when it is asked whether a value is of it."""
        kind, selected = self._case.kind, self._case.root.grouped_field_set
        key, details = next(iter(selected.items()))
        field = self.schema.get_field(kind, details[0].node.name.value)
        assert field is not None
        nodes = [one.node for one in details]
        return self.build_resolve_info(field, nodes, kind, Path(None, key, kind.name))

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete a value: by its shape where all that is below it is only read."""
        complete = None if self._noted else self._completion(return_type, field_details_list)
        if isinstance(complete, Mixed):
            if type(result) is complete.own and not get_strawberry_type_cast(result):
                return self.execute_fields(
                    complete.kind, result, path, complete.selected, position_context
                )
        elif complete is not None:
            try:
                return complete(result, self)
            except Exception:
                pass  # graphql-core tells what is wrong
        return super().complete_value(
            return_type, field_details_list, info, path, result, position_context
        )

    async def complete_awaitable_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete what is to be awaited; nothing here tells it to give up but a cancellation."""
        try:
            completed = self.complete_value(
                return_type, field_details_list, info, path, await result, position_context
            )
            return await completed if is_awaitable(completed) else completed
        except Exception as error:
            self.handle_field_error(error, return_type, field_details_list, path)
            return None

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: list[FieldDetails],
        path: Path,
        position_context: Any,
    ) -> Any:
        """Resolve a field, and complete what it resolves to."""
        field = self._field(parent_type, field_details_list)
        try:
            info = self.build_resolve_info(field.of, field.nodes, parent_type, path)
            given = field.given
            if given is None:
                given = get_argument_values(field.of, field.nodes[0], self.variable_values)
            result = field.resolve(source, info, **given)
            if is_awaitable(result):
                return self.complete_awaitable_value(
                    field.kind, field_details_list, info, path, result, position_context
                )
            completed = self.complete_value(
                field.kind, field_details_list, info, path, result, position_context
            )
        except Exception as error:
            self.handle_field_error(error, field.kind, field_details_list, path)
            return None
        if not is_awaitable(completed):
            return completed
        return self._completed(completed, field.kind, field_details_list, path)

    async def _completed(
        self,
        completed: Awaitable[Any],
        kind: GraphQLOutputType,
        details: list[FieldDetails],
        path: Path,
    ) -> Any:
        try:
            return await completed
        except Exception as error:
            self.handle_field_error(error, kind, details, path)
            return None

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: GroupedFieldSet,
        position_context: Any,
    ) -> Any:
        """Execute the fields of an object: those only read at once, then the rest in order."""
        ordinary = super().execute_fields
        # What is not there at once is waited for, while all others are read.
        for at_once in () if self._noted else (True, False):
            shape = self._shape(parent_type, grouped_field_set, at_once=at_once)
            if shape is None:
                break
            try:
                made = shape.make(source_value, self)
            except Exception:
                continue
            rest = ordinary(parent_type, source_value, path, shape.rest, position_context)
            if isinstance(rest, dict):
                made.update(rest)
                return made
            return _filled(made, rest)
        return ordinary(parent_type, source_value, path, grouped_field_set, position_context)

    def complete_iterable_value(
        self,
        item_type: GraphQLOutputType,
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        items: Iterable[Any],
        position_context: Any,
    ) -> Any:
        """Complete a list: what its objects show of others is loaded for all of them first."""
        ordinary = super().complete_iterable_value
        kind = get_nullable_type(item_type)
        objects = items if isinstance(items, list) else []
        ahead = []
        if objects and isinstance(kind, GraphQLObjectType):
            fields = self.collect_subfields(kind, field_details_list).grouped_field_set
            shape = self._shape(kind, fields, at_once=True)
            ahead = [] if shape is None else shape.ahead
        if not ahead:
            return ordinary(item_type, field_details_list, info, path, items, position_context)

        async def completed() -> Any:
            loading = (load(objects, self.context_value) for load in ahead)
            # What could not be loaded now, each object loads by itself, and tells what is wrong.
            await gather(*loading, return_exceptions=True)
            complete = self._completion(item_type, field_details_list)
            if complete is not None and not isinstance(complete, Mixed):
                with suppress(Exception):
                    return [complete(one, self) for one in objects]
            each = ordinary(item_type, field_details_list, info, path, items, position_context)
            return await each if is_awaitable(each) else each

        return completed()

    def _field(self, kind: GraphQLObjectType, details: list[FieldDetails]) -> Field:
        fields, key = self._case.fields, (kind, id(details))
        if key not in fields:
            nodes = [one.node for one in details]
            of = self.schema.get_field(kind, nodes[0].name.value)
            assert of is not None, "the document was validated"
            resolve = self._directly.get_field_resolver(of.resolve or self.field_resolver)
            fields[key] = Field(nodes, of.type, resolve, always_given(of, nodes[0]), of)
        return fields[key]

    def _completion(
        self, of: GraphQLOutputType, details: list[FieldDetails]
    ) -> Complete | Mixed | None:
        """Return what completes a value; None where graphql-core does it step by step."""
        completions, key = self._case.completions, (of, id(details))
        if key not in completions:
            kind = get_nullable_type(of)
            own = own_class(kind) if isinstance(kind, GraphQLObjectType) else None
            complete: Complete | Mixed | None = completion(self, of, details)
            if complete is None and own is not None and isinstance(kind, GraphQLObjectType):
                selected = self.collect_subfields(kind, details).grouped_field_set
                complete = Mixed(kind, own, selected)
            completions[key] = complete
        return completions[key]

    def _shape(
        self, kind: GraphQLObjectType, selected: GroupedFieldSet, *, at_once: bool
    ) -> Shape | None:
        """Return the shape of selected fields, None where none of them is only read."""
        shapes, key = self._case.shapes, (kind, id(selected), at_once)
        if key not in shapes:
            shape = Shape(self, kind, selected, at_once=at_once)
            shapes[key] = shape if shape.is_read else None
        return shapes[key]


async def _filled(made: dict[str, Any], rest: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    made.update(await rest)
    return made
