"""The project's own files, as the architecture tests look at them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def modules(*folders: str) -> tuple[tuple[str, ast.Module], ...]:
    """Each Python file below the folders: its path from the root, and what it says."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    assert paths, f"nothing below {folders}"
    return tuple((path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))) for path in paths)


def imported(module: ast.Module) -> Iterator[str]:
    """Full names of what a module imports: `a.b` for `import a.b`, and `a.b.c` for `from a.b import c`."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def dotted(module: ast.Module) -> Iterator[str]:
    """Names with dots that a module speaks of, such as `os.environ`."""
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node)


def is_below(name: str, *packages: str) -> bool:
    """Whether a full name is one of the packages, or something in one."""
    return any(name == package or name.startswith(package + ".") for package in packages)
