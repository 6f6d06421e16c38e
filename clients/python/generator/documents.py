"""The operations as they are shared: one a file, with the sentence that it begins with."""

from dataclasses import dataclass
from pathlib import Path

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableDefinitionNode,
    parse,
    validate,
)

from .names import snake


@dataclass(frozen=True)
class Document:
    """An operation with its text, exactly as it lies there: its SHA-256 names it to a server."""

    text: str
    summary: str
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]

    @property
    def name(self) -> str:
        assert self.operation.name is not None, "an operation without a name has no method"
        return self.operation.name.value

    @property
    def answer(self) -> str:
        """The class of the whole answer, such as BoardQuery or LearnFactMutation."""
        return self.name + self.operation.operation.value.title()

    @property
    def module(self) -> str:
        return snake(self.name)

    @property
    def variables(self) -> tuple[VariableDefinitionNode, ...]:
        return tuple(self.operation.variable_definitions or ())

    @property
    def subscribes(self) -> bool:
        return self.operation.operation.value == "subscription"


def read(schema: GraphQLSchema, folder: Path) -> list[Document]:
    """Return all operations of a folder, by name.

    Raises:
        ValueError: one of them is not valid by this schema.
    """
    found = []
    for path in sorted(folder.glob("*.graphql")):
        text = path.read_text()
        parsed = parse(text)
        if errors := validate(schema, parsed):
            raise ValueError(f"{path.name}: {errors[0].message}")
        found.append(_document(text, parsed))
    return found


def _document(text: str, parsed: DocumentNode) -> Document:
    [operation] = [one for one in parsed.definitions if isinstance(one, OperationDefinitionNode)]
    fragments = [one for one in parsed.definitions if isinstance(one, FragmentDefinitionNode)]
    comments = [line for line in text.split("\n") if line.startswith("#")]
    summary = " ".join(line.removeprefix("#").strip() for line in comments)
    return Document(text, summary, operation, {one.name.value: one for one in fragments})
