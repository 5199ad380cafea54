"""Who imports whom: the contracts in pyproject.toml, and what they cannot say."""

import subprocess
import sysconfig
import tomllib
from pathlib import Path

from tests.architecture.sources import ROOT, imported, is_below, modules


def test_the_contracts_in_pyproject_are_kept() -> None:
    program = Path(sysconfig.get_path("scripts")) / "lint-imports"
    run = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_readers_import_nothing_of_the_archive_but_its_domain_and_errors() -> None:
    allowed = ("archive.domain", "archive.errors")
    strays = [
        f"{path}: {name}"
        for path, module in modules("imports")
        for name in imported(module)
        if is_below(name, "archive") and not is_below(name, *allowed)
    ]
    assert not strays


def test_the_contract_for_readers_names_every_other_part_of_the_archive() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    named = next(
        c["forbidden_modules"]
        for c in contracts
        if c["source_modules" if "source_modules" in c else "name"] == ["imports"]
    )
    parts = {
        f"archive.{path.stem}"
        for path in (ROOT / "archive").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert set(named) == parts - {"archive.domain", "archive.errors", "archive.__init__"}


def test_migrations_import_no_application_code() -> None:
    strays = [
        f"{path}: {name}"
        for path, module in modules("migrations")
        for name in imported(module)
        if is_below(name, "archive", "imports")
    ]
    assert not strays
