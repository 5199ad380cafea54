"""Names of things, each a type of its own, and the permanent addresses derived from them."""

import hashlib
from typing import NewType

Sha256 = NewType("Sha256", str)  # 64 lower-case hex digits
CollectionSlug = NewType("CollectionSlug", str)
ThreadKey = NewType("ThreadKey", str)  # what identifies a thread in its source
PostKey = NewType("PostKey", str)  # what identifies a post in its thread
PublicId = NewType("PublicId", str)  # what stands in an address, 14 characters
UserId = NewType("UserId", int)

PUBLIC_ID_LENGTH = 14  # characters of 5 bits: 2**70 ids, so 100 million posts collide once in 200,000 archives
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u


def thread_address(collection: CollectionSlug, thread: ThreadKey) -> PublicId:
    """The permanent address of a thread: the same input gives the same address in any archive."""
    return _public_id("thread", collection, thread)


def post_address(collection: CollectionSlug, thread: ThreadKey, post: PostKey) -> PublicId:
    """The permanent address of a post: the same input gives the same address in any archive."""
    return _public_id("post", collection, thread, post)


def author_address(collection: CollectionSlug, name: str) -> PublicId:
    """The permanent address of an author's page."""
    return _public_id("author", collection, name)


def _public_id(*parts: str) -> PublicId:
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    number = int.from_bytes(digest[:9], "big") >> 2  # 72 bits, of which 70 are used
    digits = []
    for _ in range(PUBLIC_ID_LENGTH):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return PublicId("".join(reversed(digits)))
