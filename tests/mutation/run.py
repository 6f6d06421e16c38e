"""Mutation testing: whether the tests notice each small change to code that must not be wrong.

`python -m tests.mutation.run`; `--help` tells the rest. Mutants are made by cosmic-ray. No file is
changed: each process that tests one has other code for that module. A mutant that survives is
named; `equivalent.toml` lists those that no test can find, each with its reason.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import ModuleType

import cryptography.hazmat.primitives.asymmetric.ed25519
import psycopg
from hypothesis import HealthCheck, Phase, settings
from msgspec import convert

from opps.embedded import EmbeddedPostgres
from tests.mutation.listed import HERE, ROOT, Mutant, Target, equivalents, targets
from tests.mutation.trying import survivors

PRELOADED: tuple[ModuleType, ...] = (cryptography, psycopg)  # so that no child loads them again


def made(python: Path, target: Target) -> list[Mutant]:
    """Return all mutants of a module."""
    command = [str(python), str(HERE / "mutants.py"), str(target.file)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [convert(json.loads(line), Mutant, strict=False) for line in lines.splitlines()]


def check(target: Target, options: argparse.Namespace) -> bool:
    """Print what survived of one module; tell whether enough was found."""
    began = time.monotonic()
    listed = equivalents(target)
    every = made(options.cosmic_ray, target)
    for identity in sorted(listed - {one.identity for one in every}):
        print(f"  equivalent.toml lists what is no mutant any more: {identity}")
    mutants = possible = [one for one in every if one.identity not in listed]
    if options.line:
        mutants = [one for one in possible if one.line in options.line]
    elif options.sample is not None and options.sample < len(possible):
        mutants = Random(options.seed).sample(possible, options.sample)
    left = survivors(target, mutants)
    if left is None:
        print(f"{target.path}: its tests fail without any change")
        return False
    share = 1 - len(left) / max(len(mutants), 1)
    print(
        f"{target.path}: {len(mutants) - len(left)} of {len(mutants)} found, {share:.1%} "
        f"(goal: {target.goal:.0%}); {len(possible)} of {len(every)} can be found; "
        f"{time.monotonic() - began:,.0f} s",
        flush=True,
    )
    for one in sorted(left, key=lambda one: one.line):
        print(f"  line {one.line}, {one.within}: {one.was}  ->  {one.becomes}", flush=True)
    return share >= target.goal


def _check_with_its_database(target: Target, options: argparse.Namespace) -> bool:
    if not target.database or "OPPS_TEST_DATABASE_URL" in os.environ:
        return check(target, options)
    with TemporaryDirectory() as room:
        with EmbeddedPostgres(Path(room) / "postgres", durable=False) as server:
            os.environ["OPPS_TEST_DATABASE_URL"] = server.conninfo("postgres")
            enough = check(target, options)
        del os.environ["OPPS_TEST_DATABASE_URL"]
    return enough


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.run", description=__doc__)
    parser.add_argument("only", nargs="*", help="parts of the paths that are meant; all if none")
    parser.add_argument("--cosmic-ray", type=Path, required=True, help="the Python that has it")
    parser.add_argument("--sample", type=int, help="so many mutants of each module, not all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--line", type=int, action="append", help="only those of these lines")
    options = parser.parse_args()
    os.chdir(ROOT)
    # What fails once is enough: an example need not be the smallest.
    quickly = settings(
        phases=[Phase.explicit, Phase.generate],
        database=None,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    settings.register_profile("mutation", quickly)
    settings.load_profile("mutation")
    with TemporaryDirectory() as room:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = room  # forks leave behind what pytest tidies up
        enough = [_check_with_its_database(target, options) for target in targets(options.only)]
    sys.exit(0 if all(enough) else 1)


if __name__ == "__main__":
    main()
