"""Subjects of mails without what programs put before and around them."""

import hashlib
import re
from unicodedata import normalize

# "Re:", "Fwd:" as programs write them in several languages, also "Re[2]:" and "Re^2:".
_PREFIX = re.compile(
    r"\s*(?:re|aw|sv|vs|antw|odp|rif|ynt|tr|wg|fw|fwd)\s*(?:[\[(^]\d{1,4}[\])]?)?\s*[:：]\s*", re.IGNORECASE
)
_LIST = re.compile(r"\s*\[[^\]\n]{1,60}\]\s*")  # the name of a list
_MOST = 1_000  # characters that are looked at
_MOST_PREFIXES = 20


def base_subject(subject: str) -> str:
    """The subject without "Re:", "Fwd:" and the name of a list before it, on one line."""
    rest = subject[:_MOST]
    for _ in range(_MOST_PREFIXES):
        found = _PREFIX.match(rest) or _LIST.match(rest)
        if found is None or found.end() == len(rest):
            break
        rest = rest[found.end() :]
    return " ".join(rest.split())


def subject_key(subject: str | None) -> str | None:
    """By which equal subjects are found, whatever their case; None where there is none."""
    if not subject:
        return None
    base = normalize("NFC", base_subject(subject).casefold())
    if not base:
        return None
    return hashlib.blake2b(base.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
