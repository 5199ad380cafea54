"""What the fuzzer looks for holds of every fixture that it begins with."""

from pathlib import Path

import pytest

from imports import FORMATS, Format
from tests.fuzz.__main__ import write_seeds
from tests.fuzz.check import check


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds")
    write_seeds(folder)
    return folder


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_every_seed_is_read_as_the_fuzzer_wants_it(seeds: Path, known: Format) -> None:
    paths = sorted((seeds / known.name).iterdir())
    assert paths
    for path in paths:
        check(known, path.read_bytes())
