"""The executor of graphql-core, with the fields that are only read made in one go."""

from asyncio import gather
from collections.abc import Awaitable, Iterable
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
from graphql.pyutils import Path

from opps.api.execution.leaves import is_awaitable
from opps.api.execution.planning import Plan
from opps.api.execution.shapes import Shape, completion


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
            middleware_manager=of.directly,
            is_awaitable=is_awaitable,
        )
        self._case = of.case(plan.variables)
        self._relevant_sub_fields = self._case.below
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
        if not self._noted:
            key = return_type, id(field_details_list)
            completions = self._case.completions
            if key not in completions:
                completions[key] = completion(self, return_type, field_details_list)
            complete = completions[key]
            if complete is not None:
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
        shape = None if self._noted else self._shape(parent_type, grouped_field_set)
        if shape is None:
            return ordinary(parent_type, source_value, path, grouped_field_set, position_context)
        try:
            made = shape.make(source_value, self)
        except Exception:
            return ordinary(parent_type, source_value, path, grouped_field_set, position_context)
        rest = ordinary(parent_type, source_value, path, shape.rest, position_context)
        if isinstance(rest, dict):
            made.update(rest)
            return made
        return _filled(made, rest)

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
            shape = self._shape(kind, fields)
            ahead = [] if shape is None else shape.ahead
        if not ahead:
            return ordinary(item_type, field_details_list, info, path, items, position_context)

        async def completed() -> Any:
            loading = (load(objects, self.context_value) for load in ahead)
            # What could not be loaded now, each object loads by itself, and tells what is wrong.
            await gather(*loading, return_exceptions=True)
            each = ordinary(item_type, field_details_list, info, path, items, position_context)
            return await each if is_awaitable(each) else each

        return completed()

    def _shape(self, kind: GraphQLObjectType, selected: GroupedFieldSet) -> Shape | None:
        """Return the shape of selected fields, None where none of them is only read."""
        shapes, key = self._case.shapes, (kind, id(selected))
        if key not in shapes:
            shape = Shape(self, kind, selected)
            shapes[key] = shape if shape.is_read else None
        return shapes[key]


async def _filled(made: dict[str, Any], rest: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    made.update(await rest)
    return made
