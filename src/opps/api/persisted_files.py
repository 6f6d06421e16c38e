"""Documents that the operator keeps in a directory: as they are, or as compilers list them."""

from pathlib import Path

import orjson
from graphql import GraphQLError, GraphQLSchema

from opps.api.documents import read
from opps.api.limits import Limits
from opps.api.persisted import PREFIX, id_of


class CannotLoad(Exception):
    """A file holds no document, or one that would be refused; the message says which and why."""


def loaded(directory: Path, schema: GraphQLSchema, limits: Limits) -> list[str]:
    """Return the documents of a directory: each `.graphql` file, and those that `.json` files list.

    Such a list is an object of texts under their SHA-256, as compilers of clients write it.

    Raises:
        CannotLoad: a file cannot be read, is neither, or would be refused.
    """
    found: list[str] = []
    try:
        for path in sorted(directory.iterdir()):
            texts = _texts(path)
            for text in texts:
                _check(path, text, schema, limits)
            found += texts
    except (OSError, UnicodeDecodeError) as error:
        raise CannotLoad(f"The documents in {directory} cannot be read: {error}.") from None
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


def _check(path: Path, text: str, schema: GraphQLSchema, limits: Limits) -> None:
    try:
        faults = read(schema, text, limits).faults
    except GraphQLError as error:
        faults = (error,)
    if faults:
        raise CannotLoad(f"{path} holds a document that would be refused: {faults[0].message}")
