"""Which mail a mail is, and which it answers.

Format: RFC 5322, section 3.6.4; how a parent is found: RFC 5256, THREAD=REFERENCES, after
https://www.jwz.org/doc/threading.html. A subject never makes a thread.
"""

import hashlib
import re
from typing import NamedTuple

from archive.domain.ids import PostKey
from imports.limits import MAX_KEY_CHARACTERS
from imports.mail_header import Header

_ID = re.compile(rb"<([^<>]*)>")
_FOLD = re.compile(rb"[ \t\r]*\n[ \t]*")  # programs break long ids
_REPLY_SUBJECT = re.compile(rb"(?:re|aw|sv|antw|ynt)(?:\[\d+\])?[ \t]*:", re.IGNORECASE)


class MailIds(NamedTuple):
    """What a header says of a mail's place among others."""

    key: PostKey | None  # None when the mail has no id
    line: tuple[PostKey, ...]  # of mails above it, the root first and the parent last
    names_itself: bool  # as its own parent


def read_ids(header: Header) -> MailIds:
    """The ids that a header gives."""
    key = _own_id(header.get(b"message-id"))
    references = _find_ids(header.get_all(b"references"))
    line = _without_repeats(references, key)
    replies = [] if line else _find_ids(header.get(b"in-reply-to"))
    others = [reply for reply in replies if reply != key]
    return MailIds(key, line or tuple(others[:1]), bool(references or replies) and not line and not others)


def key_of_bytes(message: bytes | memoryview) -> PostKey:
    """The key of a mail that has no id of its own."""
    return PostKey(f"sha256:{hashlib.sha256(message).hexdigest()}")


def seems_reply(subject: bytes | None) -> bool:
    """Whether a subject begins as a reply’s does."""
    return subject is not None and _REPLY_SUBJECT.match(subject) is not None


def _own_id(value: bytes | None) -> PostKey | None:
    if not value:
        return None
    ids = _find_ids(value)
    if ids:
        return ids[0]
    bare = _FOLD.sub(b"", value).strip(b"<> \t\r\n")  # some programs leave the brackets out
    return _key(bare) if bare else None


def _find_ids(value: bytes | None) -> list[PostKey]:
    if not value:
        return []
    found = (_FOLD.sub(b"", part) if b"\n" in part else part for part in _ID.findall(value))
    return [_key(part) for raw in found if (part := raw.strip())]


def _without_repeats(ids: list[PostKey], own: PostKey | None) -> tuple[PostKey, ...]:
    """The ids without the mail’s own, each where it stands last."""
    kept = dict.fromkeys(key for key in reversed(ids) if key != own)
    return tuple(reversed(kept))


def _key(raw: bytes) -> PostKey:
    """An id as a key; one that cannot be kept, by its hash, so that those who name it still find it."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    if len(text) > MAX_KEY_CHARACTERS or "\0" in text:
        return PostKey(f"id-sha256:{hashlib.sha256(raw).hexdigest()}")
    return PostKey(text)
