"""Things that only one module may do, so that one look there tells how they are done."""

import ast

import pytest

from tests.architecture.sources import dotted, imported, is_below, modules

_ONE_PLACE_EACH = [
    pytest.param(("os.environ", "os.environb", "os.getenv", "os.putenv"), "archive/settings.py", id="environment"),
    pytest.param(
        ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"),
        "archive/clock.py",
        id="clock",
    ),
]
_HTML_WALLS = ("bleach", "nh3", "markupsafe", "flask.Markup", "jinja2.filters")
_HTML_PLACE = "archive/web/safe_html.py"


@pytest.mark.parametrize(("names", "place"), _ONE_PLACE_EACH)
def test_only_one_module_reads_it(names: tuple[str, ...], place: str) -> None:
    readers = {
        path
        for path, module in modules("archive", "imports")
        for name in (*dotted(module), *imported(module))
        if any(name == full or name.endswith("." + full) for full in names)
    }
    assert readers == {place}


def test_only_one_module_knows_bleach_and_markup() -> None:
    readers = {
        path
        for path, module in modules("archive", "imports")
        for name in imported(module)
        if is_below(name, *_HTML_WALLS)
    }
    assert readers == {_HTML_PLACE}


def test_only_services_commit() -> None:
    committers = {
        path
        for path, module in modules("archive", "imports")
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    }
    assert committers
    committers.discard("archive/store/engine.py")  # ends what only read, without a rollback (test_reading.py)
    assert all(path.startswith("archive/services/") for path in committers), committers


def test_only_the_two_rims_catch_everything() -> None:
    rims = {"archive/cli/__init__.py", "archive/web/errors.py"}
    catchers = {
        path
        for path, module in modules("archive", "imports")
        for node in ast.walk(module)
        if isinstance(node, ast.ExceptHandler) and not _raises_again(node) and _catches_everything(node)
    }
    assert catchers <= rims, catchers - rims


def test_only_the_bench_takes_times() -> None:
    """A test that does fails on a busy machine: see `tests.stalls`."""
    takers = {
        path
        for path, module in modules("tests")
        for name in (*dotted(module), *imported(module))
        if name in ("time.perf_counter", "time.perf_counter_ns", "time.process_time", "time.process_time_ns")
    }
    assert takers
    assert all(path.startswith("tests/bench/") for path in takers), takers


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in ("Exception", "BaseException")


def _raises_again(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))
