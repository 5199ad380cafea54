"""Kept pages: bounded, never stale, and given back packed."""

import gzip

import pytest
from flask import Flask

from archive.web.byte_cache import ByteCache
from archive.web.page_cache import kept_page

pytestmark = pytest.mark.database("sqlite")


def test_what_was_not_used_for_longest_goes_first() -> None:
    cache: ByteCache[str, str] = ByteCache(400)
    for name in "abcd":
        cache.put(name, name, 100)
    assert cache.get("a") == "a"
    cache.put("e", "e", 100)
    assert cache.get("b") is None
    assert cache.get("a") == "a"
    assert cache.held == 400


def test_one_value_never_takes_all_the_room() -> None:
    cache: ByteCache[str, str] = ByteCache(400)
    cache.put("a", "a", 101)
    assert cache.get("a") is None
    assert cache.held == 0


def test_a_value_put_twice_is_weighed_once() -> None:
    cache: ByteCache[str, str] = ByteCache(400)
    cache.put("a", "a", 100)
    cache.put("a", "b", 50)
    assert (cache.get("a"), cache.held) == ("b", 50)


def test_a_page_is_made_once_and_sent_packed_plain_or_not_at_all(app: Flask) -> None:
    made = []

    def make() -> str:
        made.append(1)
        return "<p>page</p>"

    with app.test_request_context(headers={"Accept-Encoding": "gzip"}):
        packed = kept_page("key", make)
    assert gzip.decompress(packed.get_data()) == b"<p>page</p>"
    with app.test_request_context():
        assert kept_page("key", make).get_data() == b"<p>page</p>"
    with app.test_request_context(headers={"Accept-Encoding": "gzip;q=0"}):
        assert "Content-Encoding" not in kept_page("key", make).headers
    with app.test_request_context(headers={"If-None-Match": packed.headers["ETag"]}):
        unchanged = kept_page("key", make)
    assert (unchanged.status_code, unchanged.get_data()) == (304, b"")
    assert len(made) == 1
