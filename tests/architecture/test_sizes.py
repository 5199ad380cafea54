"""Files and functions that a person can hold in mind: about 300 lines, and 5 to 20."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import ROOT, modules

MOST_LINES_OF_A_FILE = 350
MOST_LINES_OF_A_FUNCTION = 45  # with its signature and docstring


def test_files_stay_short() -> None:
    lengths = {path: len((ROOT / path).read_text("utf-8").splitlines()) for path, _ in modules("archive", "imports")}
    assert {path: length for path, length in lengths.items() if length > MOST_LINES_OF_A_FILE} == {}


def test_functions_stay_short() -> None:
    lengths = {
        f"{path}:{function.name}": length
        for path, module in modules("archive", "imports")
        for function, length in _functions(module)
    }
    assert {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_FUNCTION} == {}


def _functions(module: ast.Module) -> Iterator[tuple[ast.FunctionDef, int]]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef):
            yield node, (node.end_lineno or node.lineno) - node.lineno + 1
