"""Where templates and migrations lie: inside the package in a wheel, beside it in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """The folder of that name."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
