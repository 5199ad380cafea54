"""Routes that are compiled once for all tests of a process: each has an application of its own, which would do it
again, and take longer for that than for all else.
"""

from functools import wraps
from typing import Any

from werkzeug.routing import Rule

_compile = Rule.compile
_COMPILED = ("_parts", "_trace", "_converters", "arguments")
_BUILDERS = ("_build", "_build_unknown")  # of addresses; bound to the rule


def share_routes() -> None:
    """From now on, every application of this process uses what another one has compiled."""
    if Rule.compile is not _compile:
        return
    compiled: dict[object, dict[str, Any]] = {}

    @wraps(_compile)
    def compile_once(rule: Rule) -> None:
        key = rule.rule, rule.merge_slashes
        if rule.defaults or rule.subdomain or rule.host:  # they are compiled into it
            _compile(rule)
        elif key not in compiled:
            _compile(rule)
            compiled[key] = {name: getattr(rule, name) for name in _COMPILED}
            compiled[key] |= {name: getattr(rule, name).__func__ for name in _BUILDERS}
        else:
            vars(rule).update(compiled[key])
            vars(rule).update({name: compiled[key][name].__get__(rule) for name in _BUILDERS})

    Rule.compile = compile_once  # type: ignore[method-assign]
