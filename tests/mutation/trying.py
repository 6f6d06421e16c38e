"""Tries mutants: the tests are collected once, and each mutant is tested in a fork of that process.

A test that does not enter the changed function cannot notice, and is left out. Of the others the
quick ones come first, and those that found much before; a mutant survives when all have passed.
"""

import importlib.abc
import importlib.machinery
import json
import os
import resource
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from types import CodeType, FrameType, FunctionType, ModuleType

import pytest

from tests.mutation.changing import exchanged, has_inner, outermost
from tests.mutation.listed import Mutant, Target

# How much more CPU than without a change a test may take; a busy machine does not shorten that.
SLOWER, AT_LEAST_S = 10, 1
IMPORTS_S = 15
OPTIONS = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
# What the parent has loaded is not rewritten again.
OPTIONS += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
Changes = Mapping[FunctionType, CodeType]


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module with another source than that on disk."""

    def __init__(self, target: Target, source: str) -> None:
        self._target = target
        self._code = compile(source, str(target.file), "exec")

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._target.module:
            return None
        spec = importlib.machinery.ModuleSpec(fullname, self, origin=self._code.co_filename)
        spec.has_location = True
        return spec

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


def forked(work: Callable[[int], None]) -> tuple[bool, str]:
    """Return whether work in a process of its own went well, and what it wrote to its pipe."""
    begin, end = os.pipe()
    child = os.fork()
    if not child:
        try:
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, 1)
            os.dup2(sink, 2)
            work(end)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(end)
    with open(begin) as pipe:
        told = pipe.read()
    return os.waitpid(child, 0)[1] == 0, told


def survivors(target: Target, mutants: Sequence[Mutant]) -> list[Mutant] | None:
    """Return the mutants that no test found; None if a test fails without any change."""
    well, told = forked(lambda end: _at_the_bench(Bench(target, mutants, end), target))
    if not well:
        return None
    found = json.loads(told)
    survived = set(found["survived"])
    for number in found["to import"]:
        if forked(partial(_imported, target, mutants[number], found["seconds"]))[0]:
            survived.add(number)
    return [mutants[number] for number in sorted(survived)]


def _at_the_bench(bench: "Bench", target: Target) -> None:
    if pytest.main([*OPTIONS, "-s", *target.tests], plugins=[bench]) or not bench.done:
        os._exit(1)


def _imported(target: Target, mutant: Mutant, seconds: float, _: int) -> None:
    """Run all tests with a module that is another from its import on."""
    _limit(IMPORTS_S + 3 * seconds)
    sys.meta_path.insert(0, Mutated(target, mutant.source))
    os._exit(pytest.main([*OPTIONS, *target.tests]))


def _limit(seconds: float) -> None:
    """Let the process die after so much more CPU, and be found."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, hard))


class Bench:
    """In place of running the collected tests once, runs them for each mutant."""

    def __init__(self, target: Target, mutants: Sequence[Mutant], end: int) -> None:
        self._target, self._mutants, self._end = target, mutants, end
        self._seconds: dict[str, float] = {}
        self._entering: dict[str, set[str]] = {}
        self._found: dict[str, Counter[str]] = defaultdict(Counter)
        self.done = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Tell which mutants survive, and which must be there from the import on."""
        well, told = forked(lambda end: self._learn(session.items, end))
        if not well:
            return True
        for line in told.splitlines():
            name, self._seconds[name], entered = json.loads(line)
            for function in entered:
                self._entering.setdefault(function, set()).add(name)
        # Without any change it must survive.
        if not forked(lambda end: self._try(session.items, {}, end))[0]:
            return True
        survived, to_import = list[int](), list[int]()
        module, source = sys.modules[self._target.module], self._target.file.read_text()
        for number, mutant in enumerate(self._mutants):
            changes = exchanged(module, source, mutant.source)
            if changes is not None and not self._survives(session.items, changes):
                continue
            # Functions in functions may have been made already, with the code of before.
            again = changes is None or any(has_inner(one) for one in changes.values())
            (to_import if again else survived).append(number)
        seconds = sum(self._seconds.values())
        answer = {"survived": survived, "to import": to_import, "seconds": seconds}
        os.write(self._end, json.dumps(answer).encode())
        self.done = True
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """End the process, which is one for a mutant, with the first test that fails."""
        if report.failed:
            os._exit(1)

    def _learn(self, tests: Sequence[pytest.Item], end: int) -> None:
        """Tell for each test its CPU time and the functions of the module that it enters."""
        file, entered = str(self._target.file), set[str]()

        def notice(frame: FrameType, event: str, _: object) -> None:
            if event == "call" and frame.f_code.co_filename == file:
                entered.add(outermost(frame.f_code.co_qualname))

        threading.setprofile(notice)
        sys.setprofile(notice)
        for test in tests:
            entered.clear()
            began = time.process_time()
            _run(test)
            told = [test.nodeid, time.process_time() - began, sorted(entered)]
            os.write(end, json.dumps(told).encode() + b"\n")

    def _survives(self, tests: Sequence[pytest.Item], changes: Changes) -> bool:
        functions = {outermost(one.__code__.co_qualname) for one in changes}
        entering = {name for one in functions for name in self._entering.get(one, ())}
        likely = sorted(
            (one for one in tests if one.nodeid in entering),
            key=lambda test: self._expense(test.nodeid, functions),
        )
        well, told = forked(lambda end: self._try(likely, changes, end))
        if not well and told:
            for function in functions:
                self._found[function][told.splitlines()[-1]] += 1
        return well

    def _expense(self, name: str, functions: Collection[str]) -> float:
        """Return what a test costs: little if it found other changes of these functions."""
        return self._seconds[name] / (1 + 10 * sum(self._found[one][name] for one in functions))

    def _try(self, tests: Sequence[pytest.Item], changes: Changes, end: int) -> None:
        for function, code in changes.items():
            function.__code__ = code
        for test in tests:
            os.write(end, test.nodeid.encode() + b"\n")
            _limit(max(SLOWER * self._seconds[test.nodeid], AT_LEAST_S))
            _run(test)


def _run(test: pytest.Item) -> None:
    # No next test: what its module shares is made anew, as if it were run alone.
    test.config.hook.pytest_runtest_protocol(item=test, nextitem=None)
