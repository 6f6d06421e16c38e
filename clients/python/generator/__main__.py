"""Write the typed client anew, or check that it is current: python -m clients.python.generator."""

import argparse
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    get_named_type,
    type_from_ast,
    visit,
)
from graphql.language import FieldNode

from . import modules
from .documents import Document, read

ROOT = Path(__file__).resolve().parents[3]
GENERATED = ROOT / "clients/python/src/opps_client/generated"


def generated(schema: GraphQLSchema, documents: list[Document]) -> dict[str, str]:
    """Return each module by its path below the generated ones."""
    needed: modules.Needed = {}
    for document in documents:
        for variable in document.variables:
            kind = type_from_ast(schema, variable.type)
            assert kind is not None
            _reach(get_named_type(kind), needed)
        _answered_enums(schema, document, needed)
    enums = [one for one in needed.values() if isinstance(one, GraphQLEnumType)]
    names = [one.name for one in enums]
    found = {
        "__init__.py": modules.MADE.format("What the schema and the operations say."),
        "enums.py": modules.enums_module(enums),
        "inputs.py": modules.inputs_module(needed, names),
        "operations.py": modules.methods_module(schema, documents, needed, awaited=False),
        "async_operations.py": modules.methods_module(schema, documents, needed, awaited=True),
        "answers/__init__.py": modules.MADE.format("What each operation answers."),
    }
    for document in documents:
        found[f"answers/{document.module}.py"] = modules.answer_module(schema, document, names)
    return found


def _reach(kind: object, needed: modules.Needed) -> None:
    if isinstance(kind, GraphQLEnumType):
        needed[kind.name] = kind
    if isinstance(kind, GraphQLInputObjectType) and kind.name not in needed:
        needed[kind.name] = kind
        for one in kind.fields.values():
            _reach(get_named_type(one.type), needed)


def _answered_enums(schema: GraphQLSchema, document: Document, needed: modules.Needed) -> None:
    info = TypeInfo(schema)

    class Enums(Visitor):
        def enter_field(self, *_: FieldNode) -> None:
            _reach(get_named_type(info.get_type()), needed)

    for definition in (document.operation, *document.fragments.values()):
        visit(definition, TypeInfoVisitor(info, Enums()))


def formatted(files: dict[str, str]) -> dict[str, str]:
    """Return the files as ruff formats and sorts them."""
    with TemporaryDirectory() as directory:
        home = Path(directory)
        for name, text in files.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text)
        for tool in (["check", "--select", "I,F401", "--fix"], ["format"]):
            command = [sys.executable, "-m", "ruff", *tool, "--quiet", "--isolated"]
            subprocess.run([*command, "--line-length", "100", directory], check=True)
        return {name: (home / name).read_text() for name in files}


def differing(files: dict[str, str]) -> Iterable[str]:
    """Yield the names of the files that are missing, other than they should be, or too many."""
    for name, text in files.items():
        path = GENERATED / name
        if not path.exists() or path.read_text() != text:
            yield name
    for path in GENERATED.rglob("*.py"):
        if (name := path.relative_to(GENERATED).as_posix()) not in files:
            yield name


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if it would")
    check: bool = parser.parse_args(arguments).check
    schema = build_schema((ROOT / "schema.graphql").read_text())
    files = formatted(generated(schema, read(schema, ROOT / "operations")))
    stale = list(differing(files))
    if check:
        if stale:
            print(f"The Python client is not current ({', '.join(stale)}): run make client.")
        return int(bool(stale))
    for name in stale:
        path = GENERATED / name
        if name not in files:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[name])
    return 0


if __name__ == "__main__":
    sys.exit(main())
