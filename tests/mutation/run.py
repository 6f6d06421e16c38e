"""Mutation testing: whether the tests notice each small change to code that must not be wrong.

`python -m tests.mutation.run`; `--help` tells the rest. Mutants are made by cosmic-ray. No file is
changed: each process that tests one is told another source of that module. A mutant that survives
is named; `equivalent.toml` lists those that no test can find, each with its reason.
"""

import argparse
import importlib.abc
import importlib.machinery
import json
import os
import resource
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from random import Random
from types import ModuleType

import cryptography.hazmat.primitives.asymmetric.ed25519
import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from msgspec import Struct, convert

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LONGEST_S = 15  # of CPU, which a busy machine does not shorten
PRELOADED: tuple[ModuleType, ...] = (cryptography, psycopg)  # so that no child loads them again


class Target(Struct, frozen=True, forbid_unknown_fields=True):
    """A module, the tests that answer for it, and the least share of mutants they must find."""

    path: str
    tests: tuple[str, ...]
    goal: float

    @property
    def module(self) -> str:
        """The name that it is imported by."""
        return ".".join(Path(self.path.removeprefix("src/")).with_suffix("").parts)


class Mutant(Struct, frozen=True):
    """One small change: in which function, and the lines before and after."""

    operator: str
    line: int
    within: str
    was: str
    becomes: str
    source: str

    @property
    def identity(self) -> tuple[str, str, str]:
        """What tells it from others, wherever its line has moved to."""
        return self.within, self.was, self.becomes


class Equivalent(Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that does the same, or nothing that anybody could notice, and why."""

    path: str
    within: str
    was: str
    becomes: str
    because: str


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module with another source than that on disk."""

    def __init__(self, target: Target, source: str) -> None:
        self._target = target
        self._code = compile(source, str(ROOT / target.path), "exec")

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


def started(target: Target, source: str) -> int:
    """Return the process that runs the tests of a module with this source of it."""
    child = os.fork()
    if child:
        return child
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_S, LONGEST_S))  # it dies of it, and is found
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    sys.meta_path.insert(0, Mutated(target, source))
    # What the parent has loaded is not rewritten again.
    loaded = "ignore::pytest.PytestAssertRewriteWarning"
    os._exit(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-W", loaded, *target.tests]))


def survivors(target: Target, mutants: Sequence[Mutant], jobs: int) -> list[Mutant]:
    """Return the mutants that no test found."""
    running: dict[int, Mutant] = {}
    waiting, found = list(reversed(mutants)), []
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            running[started(target, mutant.source)] = mutant
        child, status = os.wait()
        mutant = running.pop(child)
        if status == 0:
            found.append(mutant)
    return found


def made(python: Path, target: Target) -> list[Mutant]:
    """Return all mutants of a module."""
    command = [str(python), str(HERE / "mutants.py"), str(ROOT / target.path)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [convert(json.loads(line), Mutant, strict=False) for line in lines.splitlines()]


def targets(only: Sequence[str]) -> list[Target]:
    """Return the modules that are asked for, by default all."""
    listed = tomllib.loads((HERE / "targets.toml").read_text())["target"]
    found = convert(listed, list[Target])
    return [one for one in found if not only or any(part in one.path for part in only)]


def equivalents(target: Target) -> set[tuple[str, str, str]]:
    """Return the mutants of a module that no test can find."""
    listed = tomllib.loads((HERE / "equivalent.toml").read_text())["equivalent"]
    found = convert(listed, list[Equivalent])
    return {(one.within, one.was, one.becomes) for one in found if one.path == target.path}


def check(target: Target, options: argparse.Namespace) -> bool:
    """Print what survived of one module; tell whether enough was found."""
    began = time.monotonic()
    listed = equivalents(target)
    every = made(options.cosmic_ray, target)
    for identity in sorted(listed - {one.identity for one in every}):
        print(f"  equivalent.toml lists what is no mutant any more: {identity}")
    mutants = [one for one in every if one.identity not in listed]
    if options.sample is not None and options.sample < len(mutants):
        mutants = Random(options.seed).sample(mutants, options.sample)
    if os.waitpid(started(target, (ROOT / target.path).read_text()), 0)[1] != 0:
        print(f"{target.path}: its tests fail without any change")
        return False
    left = survivors(target, mutants, options.jobs)
    share = 1 - len(left) / len(mutants)
    print(
        f"{target.path}: {len(mutants) - len(left)} of {len(mutants)} found, {share:.1%} "
        f"(goal: {target.goal:.0%}); {len(every) - len(listed)} of {len(every)} can be found; "
        f"{time.monotonic() - began:,.0f} s",
        flush=True,
    )
    for one in sorted(left, key=lambda one: one.line):
        print(f"  line {one.line}, {one.within}: {one.was}  ->  {one.becomes}", flush=True)
    return share >= target.goal


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.run", description=__doc__)
    parser.add_argument("only", nargs="*", help="parts of the paths that are meant; all if none")
    parser.add_argument("--cosmic-ray", type=Path, required=True, help="the Python that has it")
    parser.add_argument("--sample", type=int, help="so many mutants of each module, not all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--jobs", type=int, default=1, help="how many are tested at once")
    options = parser.parse_args()
    os.chdir(ROOT)
    # What fails once is enough: an example need not be the smallest.
    quickly = settings(
        phases=[Phase.explicit, Phase.generate],
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    settings.register_profile("mutation", quickly)
    settings.load_profile("mutation")
    enough = [check(target, options) for target in targets(options.only)]
    sys.exit(0 if all(enough) else 1)


if __name__ == "__main__":
    main()
