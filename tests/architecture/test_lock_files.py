"""What is installed is locked: with hashes, without hosts, one version for users and developers."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, imported, modules

LOCKS = ("requirements.lock", "requirements-dev.lock")
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_host_and_no_folder(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert not re.findall(r"\S*(?:://|\bfile:|@ )\S*|^-.*|(?:^|\s)/\S+", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_in_the_lock_has_a_hash(lock: str) -> None:
    assert not [line for line in _entries(lock) if "--hash=sha256:" not in line]


def test_users_and_developers_have_the_same_versions() -> None:
    users, developers = (set(map(_pin, _entries(lock))) for lock in LOCKS)
    assert users <= developers


@pytest.mark.parametrize(
    ("lock", "groups"), [("requirements.lock", ["build"]), ("requirements-dev.lock", ["build", "dev", "postgresql"])]
)
def test_everything_asked_for_is_locked(lock: str, groups: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lists = project["dependency-groups"] | project["project"]["optional-dependencies"]
    asked = project["project"]["dependencies"] + [wanted for group in groups for wanted in lists[group]]
    locked = {_normal(entry) for entry in _entries(lock)}
    assert not [wanted for wanted in asked if _normal(wanted) not in locked]


def test_every_direct_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    record = (ROOT / "docs/decisions/0001-dependencies.md").read_text("utf-8").lower()
    named = {re.sub(r"[-_.]+", "-", word) for word in re.findall(r"[a-z0-9][a-z0-9_.-]*", record)}
    asked = (
        project["project"]["dependencies"] + project["dependency-groups"]["dev"] + project["dependency-groups"]["build"]
    )
    assert not [wanted for wanted in asked if _normal(wanted) not in named]


def test_the_program_imports_only_what_users_have() -> None:
    """The environment of the tests holds more, so a stray import would work everywhere but with users."""
    users = {_normal(entry) for entry in _entries("requirements.lock")} | {
        "psycopg",
        "scipy",
        "threadpoolctl",
    }  # with extras
    owners = packages_distributions()
    own = sys.stdlib_module_names | {"archive", "imports", "compression"}  # the last is standard from Python 3.14 on
    strays = [
        f"{path}: {name}"
        for path, module in modules("archive", "imports")
        for name in imported(module)
        if (top := name.partition(".")[0]) not in own and not users & {_normal(owner) for owner in owners.get(top, ())}
    ]
    assert not strays


def test_only_what_learns_needs_scipy() -> None:
    """It is an extra: whoever reads, tags and imports does so without it."""
    places = {path for path, module in modules("archive", "imports") for name in imported(module) if "scipy" in name}
    assert {str(Path(path).parent) for path in places} == {"archive/domain/assessment/learning"}


def _entries(lock: str) -> list[str]:
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _pin(entry: str) -> str:
    return entry.partition(" --hash")[0].strip()


def _normal(wanted: str) -> str:
    found = _NAME.match(wanted)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()
