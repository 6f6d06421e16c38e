"""Documents that the operator keeps in a directory: as they are, or as compilers list them."""

from pathlib import Path

import orjson
from graphql import GraphQLError, GraphQLSchema
from msgspec import Struct

from opps.api.documents import read
from opps.api.limits import Limits
from opps.api.persisted import PREFIX, id_of


class CannotLoad(Exception):
    """A file holds no document, or one that would be refused; the message says which and why."""


class Stored(Struct, frozen=True, kw_only=True):
    """A document in a file: what it is known by, what it does and costs, and what is wrong."""

    file: str
    identifier: str
    operations: tuple[str, ...]
    cost: int
    fault: str | None
    text: str


def loaded(directory: Path, schema: GraphQLSchema, limits: Limits) -> list[str]:
    """Return the texts of a directory.

    Raises:
        CannotLoad: what `stored` raises, or one of them would be refused.
    """
    found = stored(directory, schema, limits)
    for one in found:
        if one.fault is not None:
            place = directory / one.file
            raise CannotLoad(f"{place} holds a document that would be refused: {one.fault}")
    return [one.text for one in found]


def stored(directory: Path, schema: GraphQLSchema, limits: Limits) -> list[Stored]:
    """Return the documents of a directory: each `.graphql` file, and those that `.json` files list.

    Such a list is an object of texts under their SHA-256, as compilers of clients write it.

    Raises:
        CannotLoad: a file cannot be read or is neither, or there is none.
    """
    try:
        found = [
            _stored(path.name, text, schema, limits)
            for path in sorted(directory.iterdir())
            for text in _texts(path)
        ]
    except OSError as error:
        raise CannotLoad(f"{error.filename} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise CannotLoad(f"A document in {directory} is no UTF-8: {error}.") from None
    if not found:
        raise CannotLoad(f"There is no document in {directory}.")
    return found


def _texts(path: Path) -> list[str]:
    if path.suffix == ".graphql":
        # As it is, down to the end of its last line: its SHA-256 is that of the file.
        return [path.read_bytes().decode()]
    if path.suffix == ".json" and not path.name.endswith(".variables.json"):
        return _listed(path)
    return []


def _listed(path: Path) -> list[str]:
    try:
        texts = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise CannotLoad(f"{path} is no JSON: {error}.") from None
    if not isinstance(texts, dict) or not all(isinstance(one, str) for one in texts.values()):
        raise CannotLoad(f"{path} is no JSON object of documents under their SHA-256.")
    for key, text in texts.items():
        if PREFIX + key.removeprefix(PREFIX) != id_of(text):
            raise CannotLoad(f"{path} has a document under {key!r}, which is not its SHA-256.")
    return list(texts.values())


def _stored(file: str, text: str, schema: GraphQLSchema, limits: Limits) -> Stored:
    operations: tuple[str, ...] = ()
    cost = 0
    try:
        document = read(schema, text, limits)
        faults = document.faults
        cost = max(document.costs.values(), default=0)
        names = [(one.operation.value, one.name) for one in document.operations]
        operations = tuple(f"{kind} {name.value}" if name else kind for kind, name in names)
    except GraphQLError as error:
        faults = (error,)
    return Stored(
        file=file,
        identifier=id_of(text),
        operations=operations,
        cost=cost,
        fault=faults[0].message if faults else None,
        text=text,
    )
