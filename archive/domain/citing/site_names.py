"""Whether a collection is called like a site that counts its posts by itself: Stack Exchange, Discourse."""

import re

_SAYS_NOTHING = frozenset(
    {"www", "com", "net", "org", "co", "stackexchange", "forum", "forums", "discourse", "discuss"}
)
_SIGNS = re.compile(r"[\W_]+")


def is_called_like(name: str, host: str) -> bool:
    """Whether a name says all that a host says, and nothing else.

    “Beer” and “beer.stackexchange.com” are called like beer.stackexchange.com; like its meta site is “Meta Beer” alone.
    """
    *labels, ending = (_SIGNS.sub("", label) for label in host.lower().split("."))
    said = {label for label in labels if label not in _SAYS_NOTHING} or set(labels)
    rest = _SIGNS.sub("", name.lower())
    for label in sorted(said, key=lambda one: (-len(one), one)):
        if label not in rest:
            return False
        rest = rest.replace(label, "", 1)
    for label in (*labels, ending):
        rest = rest.removeprefix(label).removesuffix(label)
    return not rest
