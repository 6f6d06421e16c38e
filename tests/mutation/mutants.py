"""Mutants of a file as JSON, one a line; run by the Python that has cosmic-ray, and by no other.

`python mutants.py FILE` changes nothing: each line holds a whole mutated source.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from difflib import unified_diff
from itertools import chain, pairwise
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

_COMPARISONS = (
    "Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is Lt_LtE LtE_Lt Gt_GtE GtE_Gt Lt_GtE LtE_Gt Gt_LtE GtE_Lt"
)
_ARITHMETIC = (
    "Add_Sub Sub_Add Mul_Add Div_Mul FloorDiv_Mul Mod_Add LShift_RShift RShift_LShift BitAnd_BitOr"
    " BitOr_BitAnd BitXor_BitAnd"
)
# `frozen=True` is what the type checker holds, and `gc=False` only saves time.
_DECLARES = ("class ", "@dataclass")
OPERATORS = (
    *(f"core/ReplaceComparisonOperator_{one}" for one in _COMPARISONS.split()),
    *(f"core/ReplaceBinaryOperator_{one}" for one in _ARITHMETIC.split()),
    "core/AddNot",
    "core/ExceptionReplacer",
    "core/NumberReplacer",
    "core/RemoveDecorator",
    "core/ReplaceAndWithOr",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceContinueWithBreak",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceOrWithAnd",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/ReplaceUnaryOperator_Delete_USub",
    "core/ZeroIterationForLoop",
)


def mutants(source: str) -> Iterator[dict[str, str]]:
    """Yield each mutant of a source: where it is, the lines before and after, and all of it."""
    functions = _functions(source)
    for begin, end in _pieces(source):
        lines = source.splitlines(keepends=True)
        before, piece, after = (
            "".join(part) for part in (lines[:begin], lines[begin:end], lines[end:])
        )
        for operator, mutated in chain(_mutated(piece), _membership(piece)):
            line, was, becomes = _difference(piece, mutated)
            if was.startswith(_DECLARES) or _typeless(mutated) in (None, _typeless(piece)):
                continue
            yield {
                "operator": operator,
                "line": str(begin + line),
                "within": functions.get(begin + line, "the module"),
                "was": was,
                "becomes": becomes,
                "source": before + mutated + after,
            }


def _pieces(source: str) -> Iterator[tuple[int, int]]:
    """Yield from which line to which each statement of the module goes: small ones parse fast."""
    begins = [
        min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))]) - 1
        for node in ast.parse(source).body
    ]
    yield from pairwise([0, *begins[1:], len(source.splitlines())])


def _mutated(piece: str) -> Iterator[tuple[str, str]]:
    nodes = list(ast_nodes(get_ast(piece)))
    for name in OPERATORS:
        operator = get_operator(name)()
        places = sum(len(list(operator.mutation_positions(node))) for node in nodes)
        for occurrence in range(places):
            mutated = mutate_code(piece, operator, occurrence)
            if mutated is not None and mutated != piece:
                yield name.partition("/")[2], mutated


def _membership(piece: str) -> Iterator[tuple[str, str]]:
    """Yield each `in` as `not in` and the other way round, which cosmic-ray leaves alone."""
    encoded = piece.encode()
    begins = [0, *(match.end() for match in re.finditer(b"\n", encoded))]
    for node in ast.walk(ast.parse(piece)):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            right = node.comparators[0]
            begin = begins[(node.left.end_lineno or 0) - 1] + (node.left.end_col_offset or 0)
            end = begins[right.lineno - 1] + right.col_offset
            word = b"not in" if isinstance(node.ops[0], ast.In) else b"in"
            between = re.sub(rb"\b(not\s+)?in\b", word, encoded[begin:end])
            yield "Membership", (encoded[:begin] + between + encoded[end:]).decode()


def _typeless(source: str) -> str | None:
    """Return a piece without its types, in which `|` adds nothing; none if it is no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    tree.body = [one for one in tree.body if not _names_a_type(one)]
    return ast.dump(tree)


def _names_a_type(node: ast.stmt) -> bool:
    """Tell whether a line of the module is like `Lens = AsKnown | InHindsight`."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.BinOp):
        return False
    return isinstance(node.value.op, ast.BitOr | ast.BitAnd)


def _difference(source: str, mutated: str) -> tuple[int, str, str]:
    """Return the first line that changed, what stood there, and what stands there now."""
    diff = list(unified_diff(source.splitlines(), mutated.splitlines(), lineterm="", n=0))[2:]
    removed = [one[1:].strip() for one in diff if one.startswith("-")]
    added = [one[1:].strip() for one in diff if one.startswith("+")]
    line = int(diff[0].split()[1].lstrip("-").partition(",")[0])
    return line, " ".join(removed), " ".join(added)


def _functions(source: str) -> dict[int, str]:
    """Return the innermost function of each line that is in one."""
    found: dict[int, str] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            begin = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            found.update(dict.fromkeys(range(begin, (node.end_lineno or begin) + 1), node.name))
    return found


if __name__ == "__main__":
    for mutant in mutants(Path(sys.argv[1]).read_text()):
        print(json.dumps(mutant))
