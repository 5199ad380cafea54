"""What is kept is bounded."""

from archive.byte_cache import ByteCache


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
