"""Codes of errors are stable, so every one is on the page that tells what to do about it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import opps.api

CODE = re.compile(r"[A-Z][A-Z_]{5,}")
# What says why a request is not answered; errors of commands are types of the schema.
SAYING = {"Refused", "NotAcceptable", "Reason", "refused", "refusal", "Ended"}
TABLES = ("_TOLD", "_NOT_LET_IN")


def codes_of(module: ast.Module) -> Iterator[str]:
    """Yield the codes that a module says errors under."""
    named = {
        target.id: node.value.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(module):
        for part in _said(node):
            value = named.get(part.id) if isinstance(part, ast.Name) else _constant(part)
            if isinstance(value, str) and CODE.fullmatch(value):
                yield value


def _said(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may be a code."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
        yield from (*node.args, *(one.value for one in node.keywords))
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "code":
                yield value
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(one, ast.Name) and one.id in TABLES for one in targets):
            yield from ast.walk(node)


def _constant(node: ast.AST) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def test_every_code_of_an_error_is_explained() -> None:
    rooms = Path(opps.api.__file__).parent
    said = {code for path in rooms.rglob("*.py") for code in codes_of(ast.parse(path.read_text()))}
    page = (Path(__file__).parents[2] / "docs" / "limits.md").read_text()
    explained = set(re.findall(r"`([A-Z_]+)`", page))

    assert {"THROTTLED", "TOO_SLOW", "UNAUTHENTICATED", "PERSISTED_QUERY_ONLY"} <= said
    assert said - explained == set()
