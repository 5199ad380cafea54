"""Names of things, each a type of its own, and the permanent addresses derived from them."""

import hashlib
from base64 import b32encode
from typing import NewType

Sha256 = NewType("Sha256", str)  # 64 lower-case hex digits
CollectionSlug = NewType("CollectionSlug", str)
ThreadKey = NewType("ThreadKey", str)  # what identifies a thread in its source
PostKey = NewType("PostKey", str)  # what identifies a post in its thread
PublicId = NewType("PublicId", str)  # what stands in an address, 14 characters
UserId = NewType("UserId", int)

PUBLIC_ID_LENGTH = 14  # characters of 5 bits: 2**70 ids, so 100 million posts collide once in 200,000 archives
# From the alphabet of RFC 4648 to Crockford's, which has no i, l, o, u to be misread.
_TO_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789abcdefghjkmnpqrstvwxyz")


def thread_address(collection: CollectionSlug, thread: ThreadKey) -> PublicId:
    """The permanent address of a thread: the same input gives the same address in any archive."""
    return _public_id("thread", collection, thread)


def post_address(collection: CollectionSlug, thread: ThreadKey, post: PostKey) -> PublicId:
    """The permanent address of a post: the same input gives the same address in any archive."""
    return _public_id("post", collection, thread, post)


def numbered_post_address(collection: CollectionSlug, post: PostKey) -> PublicId:
    """The permanent address of a post that its source numbers: the same wherever in a collection it hangs."""
    return _public_id("post", collection, post)


def author_address(collection: CollectionSlug, name: str) -> PublicId:
    """The permanent address of an author's page."""
    return _public_id("author", collection, name)


def _public_id(*parts: str) -> PublicId:
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return PublicId(b32encode(digest[:10])[:PUBLIC_ID_LENGTH].translate(_TO_CROCKFORD).decode("ascii"))
