"""A change inside functions is seen by everybody who imported them; other changes are refused."""

import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType

import pytest

from tests.mutation.changing import exchanged

SOURCE = """
LIMIT = 3

def below(number, limit=LIMIT):
    return number < limit

class Counter:
    @property
    def next(self):
        return 1 + 1

PAIR = (lambda: 1, lambda: 2)
"""


@pytest.fixture
def module() -> Iterator[ModuleType]:
    """Yield what the source above makes."""
    spec = spec_from_loader("told", loader=None)
    assert spec is not None
    made = module_from_spec(spec)
    made.__file__ = "told.py"
    exec(compile(SOURCE, "told.py", "exec"), made.__dict__)
    sys.modules["told"] = made
    yield made
    del sys.modules["told"]


def test_whoever_imported_a_function_sees_the_change(module: ModuleType) -> None:
    imported = module.below
    changes = exchanged(module, SOURCE, SOURCE.replace("number < limit", "number <= limit"))

    assert changes is not None
    assert not imported(3)
    for function, code in changes.items():
        function.__code__ = code
    assert imported(3)


def test_a_property_is_changed_in_its_class(module: ModuleType) -> None:
    changes = exchanged(module, SOURCE, SOURCE.replace("1 + 1", "number - 1"))

    assert changes is not None
    assert [one.__qualname__ for one in changes] == ["Counter.next"]


def test_the_same_code_further_down_is_no_change(module: ModuleType) -> None:
    assert exchanged(module, SOURCE, "\n\n" + SOURCE) == {}


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("LIMIT = 3", "LIMIT = 4"),
        ("limit=LIMIT", "limit=5"),
        ("@property", ""),
        ("lambda: 2", "lambda: 3"),
        ("def below", "def above"),
    ],
)
def test_what_only_an_import_can_change_is_refused(
    was: str, becomes: str, module: ModuleType
) -> None:
    assert exchanged(module, SOURCE, SOURCE.replace(was, becomes)) is None
