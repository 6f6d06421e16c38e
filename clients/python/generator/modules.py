"""The modules of the client as text: what is answered, what is sent, and the methods."""

from collections.abc import Iterable, Mapping, Sequence

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    get_named_type,
    is_input_type,
    is_required_input_field,
    type_from_ast,
)
from graphql.type.definition import GraphQLNamedType

from .documents import Document
from .kinds import ORIGINS, SCALARS, annotation
from .names import camel, docstring, pascal, snake
from .shapes import TYPENAME, Answered, Composite, Part, Shapes

SOURCES = "Made from schema.graphql and operations/*.graphql by `make client`; do not edit."
MADE = f'"""{{}}\n\n{SOURCES}\n"""\n'
Needed = dict[str, GraphQLNamedType]


def imports(text: str, own: Mapping[str, Iterable[str]]) -> str:
    """Return the imports that a text needs, of what it may name."""
    from_where = {name: module for name, module in ORIGINS.items()}
    from_where |= {name: module for module, names in own.items() for name in names}
    words = _words(text)
    needed: dict[str, list[str]] = {}
    for name, module in from_where.items():
        if name in words:
            needed.setdefault(module, []).append(name)
    return "".join(
        f"from {module} import {', '.join(sorted(names))}\n" for module, names in needed.items()
    )


def answer_module(schema: GraphQLSchema, document: Document, enums: Sequence[str]) -> str:
    """Return the module of one operation: its text, and the classes of its answer."""
    root = schema.get_root_type(document.operation.operation)
    assert isinstance(root, Composite)
    shapes = Shapes(schema, document.fragments)
    parts = [Part(root, document.operation.selection_set, False)]
    classes: list[str] = []
    _answer(shapes, document.answer, "", document.summary, parts, classes)
    constant = document.module.upper()
    body = "\n\n".join(classes) + (
        f"\n\n{constant} = Operation(\n    {document.name!r},\n"
        f'    """{document.text}""",\n    {document.answer},\n)\n'
    )
    own = {"..enums": enums, "...parts": ["Answer"], "...operation": ["Operation"]}
    return MADE.format(document.summary) + imports(body, own) + "\n\n" + body


def _answer(
    shapes: Shapes,
    name: str,
    prefix: str,
    told: str | None,
    parts: Sequence[Part],
    classes: list[str],
) -> None:
    lines = []
    for one in shapes.fields(parts):
        kind = get_named_type(one.kind)
        named = SCALARS.get(kind.name, kind.name)
        if one.parts:
            named = prefix + pascal(one.name)
            _answer(shapes, named, named, kind.description, one.parts, classes)
        lines.append(_field(one, named))
    classes.append(
        f"class {name}(Answer, frozen=True, kw_only=True):\n{docstring(told, name)}\n\n"
        + "\n".join(lines)
    )


def _field(one: Answered, named: str) -> str:
    name, kind = snake(one.name.lstrip("_")), annotation(one.kind, named)
    if one.sometimes and not kind.endswith(" | None"):
        kind += " | None"
    renamed = f"name={one.name!r}" if one.name == TYPENAME or camel(name) != one.name else ""
    default = "default=None" if one.sometimes else ""
    if renamed:
        return f"    {name}: {kind} = field({', '.join(filter(None, [renamed, default]))})"
    return f"    {name}: {kind}" + (" = None" if default else "")


def inputs_module(needed: Needed, enums: Sequence[str]) -> str:
    """Return the module of everything that operations are sent."""
    classes = []
    for kind in _innermost_first(needed):
        base = "OneOf" if kind.is_one_of else "Input"
        lines = [
            f"class {kind.name}({base}, frozen=True, kw_only=True):",
            docstring(kind.description, kind.name),
            "",
        ]
        for name, one in kind.fields.items():
            own = snake(name)
            inner = get_named_type(one.type)
            annotated = annotation(one.type, SCALARS.get(inner.name, inner.name))
            renamed = f"name={name!r}" if camel(own) != name else ""
            if is_required_input_field(one):
                lines.append(
                    f"    {own}: {annotated}" + (f" = field({renamed})" if renamed else "")
                )
            else:
                value = f"field({renamed}, default=UNSET)" if renamed else "UNSET"
                lines.append(f"    {own}: {_or_unset(annotated)} = {value}")
        classes.append("\n".join(lines))
    body = "\n\n\n".join(classes) + "\n"
    own_names = {".enums": enums, "..parts": ["Input", "OneOf"]}
    return (
        MADE.format("What operations are sent; what is UNSET is left out.")
        + imports(body, own_names)
        + "\n\n"
        + body
    )


def _innermost_first(needed: Needed) -> list[GraphQLInputObjectType]:
    done: dict[str, GraphQLInputObjectType] = {}

    def visit(kind: GraphQLNamedType) -> None:
        if isinstance(kind, GraphQLInputObjectType) and kind.name not in done:
            for one in kind.fields.values():
                visit(get_named_type(one.type))
            done[kind.name] = kind

    for _, kind in sorted(needed.items()):
        visit(kind)
    return list(done.values())


def enums_module(enums: Iterable[GraphQLEnumType]) -> str:
    """Return the module of all enumerations."""
    classes = []
    for kind in sorted(enums, key=lambda one: one.name):
        members = "\n".join(f'    {name} = "{name}"' for name in kind.values)
        classes.append(
            f"class {kind.name}(Open):\n{docstring(kind.description, kind.name)}\n\n{members}"
        )
    body = "\n\n\n".join(classes) + "\n"
    title = "The enumerations; a value that is newer than this client is taken as it comes."
    return MADE.format(title) + "\nfrom ..parts import Open\n\n\n" + body


def methods_module(
    schema: GraphQLSchema, documents: Sequence[Document], needed: Needed, *, awaited: bool
) -> str:
    """Return the class that has a method for each operation."""
    name = "AsyncOperations" if awaited else "Operations"
    methods = [_method(schema, one, awaited) for one in documents]
    carriers = "AsyncCarrier" if awaited else "Carrier"
    body = (
        f"class {name}({carriers}):\n"
        f'    """A method for each of operations/*.graphql, typed by the schema."""\n\n'
        + "\n\n".join(methods)
        + "\n"
    )
    enums = [key for key, kind in needed.items() if isinstance(kind, GraphQLEnumType)]
    inputs = [key for key, kind in needed.items() if isinstance(kind, GraphQLInputObjectType)]
    own: dict[str, Iterable[str]] = {
        ".enums": enums,
        ".inputs": inputs,
        "..carriers": [carriers],
        "collections.abc": ["AsyncIterator", "Iterator"],
    }
    own |= {f".answers.{one.module}": [one.answer, one.module.upper()] for one in documents}
    title = "Operations that are awaited." if awaited else "Operations that are waited for."
    return MADE.format(title) + imports(body, own) + "\n\n" + body


def _method(schema: GraphQLSchema, document: Document, awaited: bool) -> str:
    required, optional, sent = [], [], []
    for one in document.variables:
        kind = type_from_ast(schema, one.type)
        assert is_input_type(kind)
        original, own = one.variable.name.value, snake(one.variable.name.value)
        inner = get_named_type(kind)
        annotated = annotation(kind, SCALARS.get(inner.name, inner.name))
        sent.append(f"{original!r}: {own}")
        if annotated.endswith("| None") or one.default_value is not None:
            optional.append(f"{own}: {_or_unset(annotated)} = UNSET")
        else:
            required.append(f"{own}: {annotated}")
    parameters = ["self", *required, *(["*", *optional] if optional else [])]
    constant, variables = document.module.upper(), "{" + ", ".join(sent) + "}"
    if document.subscribes:
        answer = f"{'AsyncIterator' if awaited else 'Iterator'}[{document.answer}]"
        start, call = "def", f"self.follow({constant}, {variables})"
    else:
        answer = document.answer
        start = "async def" if awaited else "def"
        call = f"{'await ' if awaited else ''}self.ask({constant}, {variables})"
    return (
        f"    {start} {document.module}({', '.join(parameters)}) -> {answer}:\n"
        f"{docstring(document.summary, document.name, ' ' * 8)}\n        return {call}"
    )


def _or_unset(annotated: str) -> str:
    if annotated.endswith(" | None"):
        return annotated.removesuffix("None") + "UnsetType | None"
    return f"{annotated} | UnsetType"


def _words(text: str) -> set[str]:
    letters = "".join(one if one.isalnum() or one == "_" else " " for one in text)
    return set(letters.split())
