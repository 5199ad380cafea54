"""What builds an address of a route is compiled once for all tests of a process: each has an application of its own,
which would do it again, and take twice as long for that as for all else.
"""

from collections.abc import Callable
from functools import wraps

from werkzeug.routing import Rule

_Builder = Callable[..., tuple[str, str]]
_compile = Rule._compile_builder


def share_routes() -> None:
    """From now on, every application of this process uses what another one has compiled."""
    if Rule._compile_builder is not _compile:
        return
    built: dict[object, _Builder] = {}

    @wraps(_compile)
    def compile_once(rule: Rule, append_unknown: bool = True) -> _Builder:
        if rule.defaults:  # they are compiled into it
            return _compile(rule, append_unknown)
        key = (rule.rule, append_unknown, *rule._trace)
        if key not in built:
            built[key] = _compile(rule, append_unknown)
        return built[key]

    Rule._compile_builder = compile_once  # type: ignore[method-assign]
