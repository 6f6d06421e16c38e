"""Changes code that is loaded already: the functions that differ in a mutant are exchanged.

Who imported a function keeps the one object, so that all of them see the other code.
"""

import functools
import inspect
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType

Path = tuple[str, ...]


def exchanged(module: ModuleType, was: str, becomes: str) -> dict[FunctionType, CodeType] | None:
    """Return the functions of a module that differ and their new code; None if more differs."""
    file = str(module.__file__)
    before, after = _compiled(was, file), compile(becomes, file, "exec", dont_inherit=True)
    if _skeleton(before) != _skeleton(after):
        return None
    found = {}
    for (path, old), (_, code) in zip(_functions(before), _functions(after), strict=True):
        if _meaning(code) == _meaning(old):
            continue
        function = _function(module, path)
        if function is None or _meaning(function.__code__) != _meaning(old):
            return None
        if code.co_freevars != old.co_freevars:
            return None
        found[function] = code
    return found


@functools.lru_cache(maxsize=1)
def _compiled(source: str, file: str) -> CodeType:
    return compile(source, file, "exec", dont_inherit=True)


def has_inner(code: CodeType) -> bool:
    """Tell whether there are functions in a function, comprehensions too."""
    return any(True for _ in _nested(code))


def outermost(qualified_name: str) -> str:
    """Return the name of the function of the module or class that a function is part of."""
    return qualified_name.partition(".<locals>")[0]


def _is_function(code: CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_OPTIMIZED)


def _nested(code: CodeType) -> Iterator[CodeType]:
    return (one for one in code.co_consts if isinstance(one, CodeType))


def _functions(code: CodeType, path: Path = ()) -> Iterator[tuple[Path, CodeType]]:
    """Yield the functions of a module or class and of the classes in it."""
    for one in _nested(code):
        if _is_function(one):
            yield (*path, one.co_name), one
        else:
            yield from _functions(one, (*path, one.co_name))


def _meaning(code: CodeType) -> tuple[object, ...]:
    """Return what code does, wherever its lines are."""
    constants = tuple(
        _meaning(one) if isinstance(one, CodeType) else (type(one), repr(one))
        for one in code.co_consts
    )
    return code.co_code, constants, code.co_names, code.co_varnames, code.co_cellvars


def _skeleton(code: CodeType) -> tuple[object, ...]:
    """Return what a module or class does by itself, without the inside of its functions."""
    constants = tuple(
        (one.co_name if _is_function(one) else _skeleton(one))
        if isinstance(one, CodeType)
        else (type(one), repr(one))
        for one in code.co_consts
    )
    return code.co_code, constants, code.co_names


def _function(module: ModuleType, path: Path) -> FunctionType | None:
    """Return the function of that name, out of what wraps it."""
    found: object = module
    for name in path:
        found = getattr(found, "__dict__", {}).get(name)
    if isinstance(found, property):
        found = found.fget
    elif isinstance(found, functools.cached_property):
        found = found.func
    elif isinstance(found, staticmethod | classmethod):
        found = found.__func__
    found = inspect.unwrap(found) if callable(found) else None
    return found if isinstance(found, FunctionType) else None
