"""What is installed is what was locked, and the lock names no place to fetch it from."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import opps

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["embedded"],
]
LOCKS = [
    ("requirements.lock", RUNTIME),
    ("requirements-dev.lock", RUNTIME + PROJECT["dependency-groups"]["dev"]),
]


def pins(lock: str) -> dict[str, str]:
    """Return the locked version of each package."""
    lines = re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in lines}


@pytest.mark.parametrize(("lock", "requirements"), LOCKS)
def test_every_dependency_is_locked_at_a_version_it_allows(
    lock: str, requirements: list[str]
) -> None:
    locked = pins(lock)
    for requirement in map(Requirement, requirements):
        version = locked.get(canonicalize_name(requirement.name))

        assert version is not None, f"{requirement.name} is not in {lock}: run make lock"
        assert requirement.specifier.contains(version), f"{requirement} in {lock}: run make lock"


@pytest.mark.parametrize("lock", [lock for lock, _ in LOCKS])
def test_every_locked_package_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    packages = re.split(r"^(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE), flags=re.M)

    assert all("--hash=sha256:" in package for package in packages if package)
    assert "://" not in text


def test_tools_and_users_get_the_same_versions() -> None:
    tools = pins("requirements-dev.lock")

    assert pins("requirements.lock").items() <= tools.items()


def test_the_package_knows_its_version() -> None:
    assert opps.__version__ == PROJECT["project"]["version"]
