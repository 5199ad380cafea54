"""What is kept is bounded."""

from markupsafe import Markup

from archive.byte_cache import ByteCache, Remade, forget_all, weigh
from archive.web.safe_html import Rendered
from archive.web.threads.pages import Note


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


def test_what_is_asked_for_together_was_used_as_well() -> None:
    cache: ByteCache[str, str] = ByteCache(400)
    for name in "abcd":
        cache.put(name, name, 100)
    assert cache.get_all(["a", "x"]) == ["a", None]
    cache.put("e", "e", 100)
    assert cache.get_all(["a", "b"]) == ["a", None]


def test_what_was_made_is_used_again_until_that_is_another_which_it_was_made_of() -> None:
    made: list[int] = []

    def make(number: int) -> str:
        made.append(number)
        return f"{number}"

    cache: Remade[str, int, str] = Remade(400, weigh=lambda _, value: len(value))
    assert [cache.of("a", 1, make), cache.of("a", 1, make), cache.of("a", 2, make)] == ["1", "1", "2"]
    assert cache.of_all(["a", "b"], [2, 3], make) == ["2", "3"]
    assert made == [1, 2, 3]


def test_all_that_a_process_holds_can_be_forgotten_together() -> None:
    one: ByteCache[str, str] = ByteCache(400)
    other: Remade[str, int, str] = Remade(400, weigh=lambda _, value: len(value))
    one.put("a", "a", 1)
    other.of("a", 1, str)
    forget_all()
    assert (one.get("a"), one.held, other.cache.held) == (None, 0, 0)


def test_a_thing_weighs_what_it_holds_and_a_text_what_its_characters_need() -> None:
    assert weigh("𒀀" * 1000) > 4000
    assert weigh({"a": ["b" * 1000]}) > 1000
    assert weigh(Rendered(Markup("c" * 1000), cut=False)) > 1000
    assert weigh(Note(number=1, words="d" * 1000, marked=True, end=0)) > 1000
