"""Who wrote a mail, as readers are shown it: a name, never a whole address.

Format: RFC 5322, section 3.4. The address itself stays in the original.
"""

import re
from email.utils import getaddresses

from imports.mail_charset import decode_raw_words
from imports.mail_header import decode_words, unfold, without_controls

_ORDINARY = re.compile(r'"?([^"<>()@,:;\\\[\]]*?)"?[ \t]*<([^<>()@,:;\\"\s]+)@[^<>()@,:;\\"\s]+>')
_OBSCURED = re.compile(r"(\S+) at \S+(?: +\((.*)\))?")  # as the web pages of list programs write addresses
_ADDRESS = re.compile(r"([^\s<>()\"',;:@]+)@[^\s<>()\"',;:@]+")
_QUOTES = " \t'\"<>"
_NOT_IN_ADDRESSES = frozenset(' <>"')
_MOST_CHARACTERS = 4_000  # of a field that is taken apart: longer ones make no name that is kept
_ODD_FIELDS = (ValueError, IndexError, TypeError, AttributeError, RecursionError)  # what the parser dies of


def read_byline(value: bytes | None, charset: str | None) -> str | None:
    """The name of each author, or the part of the address before the “@” where there is no name.

    :param charset: of the body, for names that are not encoded as they should be.
    """
    if not value:
        return None
    text = without_controls(decode_raw_words(unfold(value), charset))
    match = _ORDINARY.fullmatch(text)
    if match is not None:
        return _shown(match[1], match[2]) or None
    match = _OBSCURED.fullmatch(text)
    if match is not None:
        return _shown(match[2] or "", match[1]) or None
    names = [name for name in _read_list(text) if name.strip(_QUOTES)]
    return ", ".join(names) or None


def _read_list(text: str) -> list[str]:
    """The name of each author in a list, or the field without domains where it is no list of addresses."""
    whole = [hide_addresses(without_controls(decode_words(text)))]
    if len(text) > _MOST_CHARACTERS:
        return whole
    try:
        pairs = getaddresses([text])
    except _ODD_FIELDS:
        return whole
    names = [_shown(name, address.partition("@")[0]) for name, address in pairs]
    misread = not any(names) or any(_NOT_IN_ADDRESSES & set(address) for _, address in pairs)
    return whole if misread else names


def _shown(name: str, local_part: str) -> str:
    name = without_controls(decode_words(name) if "=?" in name else name).strip(_QUOTES)
    if not name or _ADDRESS.fullmatch(name):  # a name that is an address may be another’s
        return local_part
    return hide_addresses(name)


def hide_addresses(text: str) -> str:
    """The text without the domains of the addresses in it."""
    return _ADDRESS.sub(r"\1@…", text) if "@" in text else text
