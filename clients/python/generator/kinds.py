"""The type of Python that a type of the schema becomes."""

from graphql import GraphQLInputType, GraphQLList, GraphQLNonNull, GraphQLOutputType

SCALARS = {
    "Boolean": "bool",
    "Date": "date",
    "DateTime": "datetime",
    "Decimal": "Decimal",
    "Float": "float",
    "ID": "str",
    "Int": "int",
    "JSON": "Any",
    "Position": "int",
    "ScoreCursor": "str",
    "String": "str",
    "UUID": "UUID",
}
# What the names above, and those of this package, come from.
ORIGINS = {
    "Any": "typing",
    "Decimal": "decimal",
    "UUID": "uuid",
    "date": "datetime",
    "datetime": "datetime",
    "UNSET": "msgspec",
    "UnsetType": "msgspec",
    "field": "msgspec",
}


def annotation(kind: GraphQLOutputType | GraphQLInputType, named: str) -> str:
    """Return the annotation of a type whose innermost name in Python is `named`."""
    match kind:
        case GraphQLNonNull(of_type=inner):
            return _present(inner, named)
        case _:
            return f"{_present(kind, named)} | None"


def _present(kind: GraphQLOutputType | GraphQLInputType, named: str) -> str:
    match kind:
        case GraphQLList(of_type=inner):
            return f"list[{annotation(inner, named)}]"
        case _:
            return named
