"""Names of things, each a type of its own, and the permanent addresses derived from them."""

import hashlib
from itertools import product
from typing import NewType

Sha256 = NewType("Sha256", str)  # 64 lower-case hex digits
CollectionSlug = NewType("CollectionSlug", str)
ThreadKey = NewType("ThreadKey", str)  # what identifies a thread in its source
PostKey = NewType("PostKey", str)  # what identifies a post in its thread
# What stands in an address, 14 characters of 5 bits: 2**70 ids, so 100 million posts collide once in 200,000 archives.
PublicId = NewType("PublicId", str)
UserId = NewType("UserId", int)

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"  # which has no i, l, o, u to be misread
_PAIRS = ["".join(pair) for pair in product(_CROCKFORD, repeat=2)]  # by their 10 bits; base64's way takes 3 x as long


def thread_address(collection: CollectionSlug, thread: ThreadKey, *, own: bool = False) -> PublicId:
    """The permanent address of a thread: the same input gives the same address in any archive.

    :param own: whether a person began it; no key in a file leads to such a thread.
    """
    return _public_id("own thread" if own else "thread", collection, thread)


def post_address(collection: CollectionSlug, thread: ThreadKey, post: PostKey) -> PublicId:
    """The permanent address of a post: the same input gives the same address in any archive."""
    return _public_id("post", collection, thread, post)


def numbered_post_address(collection: CollectionSlug, post: PostKey) -> PublicId:
    """The permanent address of a post that its source numbers: the same wherever in a collection it hangs."""
    return _public_id("post", collection, post)


def author_address(collection: CollectionSlug, name: str) -> PublicId:
    """The permanent address of an author's page."""
    return _public_id("author", collection, name)


def source_address(name: str, *, again: int = 0) -> PublicId:
    """The permanent address of the page of a work, by the name under which it was first known.

    :param again: counts up where the work is split off another one that has that address.
    """
    return _public_id("source", name, *([str(again)] if again else []))


def _public_id(*parts: str) -> PublicId:
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    bits = int.from_bytes(digest[:9], "big") >> 2
    high, middle, low = bits >> 40, bits >> 20 & 0xFFFFF, bits & 0xFFFFF
    return PublicId(
        f"{_PAIRS[high >> 20]}{_PAIRS[high >> 10 & 1023]}{_PAIRS[high & 1023]}"
        f"{_PAIRS[middle >> 10]}{_PAIRS[middle & 1023]}{_PAIRS[low >> 10]}{_PAIRS[low & 1023]}"
    )
