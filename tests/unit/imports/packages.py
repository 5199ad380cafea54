"""Tiny packages that bring readers along, installed into a folder of their own."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import invalidate_caches
from pathlib import Path

import pytest

from imports import plug_ins

Install = Callable[..., None]

EMPTY = 'Format(name="{name}", title="T", sniff=lambda head: head.startswith(b"{name}"), read=read)'


@contextmanager
def room_for_packages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """A function that installs a package with one module and its entry points; all are gone afterwards."""
    monkeypatch.syspath_prepend(str(folder))

    def install(module: str, source: str, *, entry: str = "READER", version: str = "1.0") -> None:
        (folder / f"{module}.py").write_text(source, "utf-8")
        info = folder / f"{module}-{version}.dist-info"
        info.mkdir()
        info.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: {version}\n")
        info.joinpath("entry_points.txt").write_text(f"[{plug_ins.GROUP}]\n{module} = {module}:{entry}\n")
        invalidate_caches()
        plug_ins.load_plug_ins.cache_clear()

    yield install
    for path in folder.glob("*.py"):
        sys.modules.pop(path.stem, None)
    monkeypatch.undo()
    plug_ins.load_plug_ins.cache_clear()


def reader(body: str, *, name: str) -> str:
    """A module whose reader has this body, and tells its files by its name at their beginning."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return (
        "from archive.domain.records import *\nfrom archive.domain import records as r\nfrom imports import Format\n"
        f"def read(file, *, original, start=0, **_):\n    size = len(file.read())\n{lines}\n"
        f"READER = {EMPTY.format(name=name)}\n"
    )
