"""The wheel holds what it needs, and serves a page from an empty environment outside the checkout."""

import os
import re
import signal
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.packaging.processes import serving


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an empty environment into which the wheel was installed.

    It borrows the libraries of the environment that runs the tests, but not the checkout: a path in
    a .pth file is searched, and the .pth files in there are not read.
    """
    environment = tmp_path_factory.mktemp("installed") / "environment"
    _run(sys.executable, "-m", "venv", "--without-pip", environment)
    python = environment / "bin" / "python"
    _run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    site = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment / "bin"


def test_wheel_holds_every_file_of_the_program(wheel: Path) -> None:
    wanted = _files("archive", "archive") | _files("imports", "imports")
    wanted |= _files("templates", "archive/templates") | _files("migrations", "archive/migrations")
    held = set(zipfile.ZipFile(wheel).namelist())
    assert wanted - held == set()
    assert {name for name in held - wanted if ".dist-info/" not in name} == set()
    assert {"archive/migrations/env.py", "archive/templates/layouts/base.html"} <= held


def test_wheel_carries_its_licence(wheel: Path) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in zipfile.ZipFile(wheel).namelist())


def test_installed_wheel_runs_from_its_own_files(installed: Path, tmp_path: Path) -> None:
    said = _run(
        installed / "python",
        "-c",
        "import archive, imports; from archive.places import folder;"
        "print(archive.__file__, imports.__file__, folder('templates'), folder('migrations'))",
        cwd=tmp_path,
    )
    assert all(Path(path).is_relative_to(installed.parent) for path in said.split())


def test_installed_wheel_serves_a_page_and_ends_cleanly(installed: Path, tmp_path: Path) -> None:
    with serving([installed / "footnote", "serve"], tmp_path) as server:
        status, page = server.get("/")
        assert status == 200
        assert "<h1" in page
        stylesheet = re.search(r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"', page)
        assert stylesheet
        assert server.get(stylesheet[1])[0] == 200
        assert server.stop(signal.SIGTERM) == 0
        assert server.has_ended(within=1)


def _files(folder: str, place: str) -> set[str]:
    paths = [path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {f"{place}/{path.relative_to(ROOT / folder).as_posix()}" for path in paths}


def _run(*command: str | Path, cwd: Path | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FOOTNOTE_", "PYTHON"))}
    run = subprocess.run([*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
