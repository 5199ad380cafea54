"""What an address that a post had before names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.citing.old_addresses import MAX_TYPED, understand
from archive.domain.citing.site_names import is_called_like

# what is typed, the keys of posts that it may mean, and of threads
FOUND = [
    ("https://www.reddit.com/r/AskHist/comments/9Xyz12/slug/E1abc/", ["t1_e1abc", "e1abc"], ["t3_9xyz12", "9xyz12"]),
    ("http://old.reddit.com/r/x/comments/9xyz12//e1abc?context=3", ["t1_e1abc", "e1abc"], ["t3_9xyz12", "9xyz12"]),
    ("reddit.com/comments/9xyz12/_/e1abc", ["t1_e1abc", "e1abc"], ["t3_9xyz12", "9xyz12"]),
    ("https://www.reddit.com/r/AskHistorians/comments/9xyz12/some_slug/", ["t3_9xyz12", "9xyz12"], []),
    ("https://np.reddit.com/r/x/comments/9xyz12.json?limit=1", ["t3_9xyz12", "9xyz12"], []),
    ("https://www.reddit.com/user/me/comments/9xyz12/slug", ["t3_9xyz12", "9xyz12"], []),
    ("https://redd.it/9xyz12", ["t3_9xyz12", "9xyz12"], []),
    ("T1_E1abc", ["t1_e1abc"], []),
    ("https://history.stackexchange.com/questions/123/some-slug", ["p123"], []),
    ("https://history.stackexchange.com/questions/123", ["p123"], []),
    ("https://history.stackexchange.com/q/123/77", ["p123"], []),
    ("https://history.stackexchange.com/questions/123/slug/456#456", ["p456"], ["p123"]),
    ("https://history.stackexchange.com/questions/123/slug/456", ["p456"], ["p123"]),
    ("https://stackoverflow.com/questions/123/slug#456", ["p456"], ["p123"]),
    ("https://pt.stackoverflow.com/a/456/77", ["p456"], []),
    ("https://meta.askubuntu.com/posts/456/revisions", ["p456"], []),
    ("https://superuser.com/questions/123/slug#comment9_456", ["c9", "p456", "p123"], ["p123"]),
    ("https://superuser.com/questions/123/slug#comment9", ["c9", "p123"], ["p123"]),
    ("https://superuser.com/posts/comments/9", ["c9"], []),
    ("https://news.ycombinator.com/item?id=8863", ["8863"], ["8863"]),
    ("news.ycombinator.com/item?p=2&id=8863#9224", ["9224", "8863"], []),
    ("https://hn.algolia.com/api/v1/items/8863", ["8863"], ["8863"]),
    ("https://meta.discourse.org/t/some-topic/30155/4?u=me", ["30155/4"], ["30155"]),
    ("https://forum.example.org/t/30155/4", ["30155/4"], ["30155"]),
    ("https://forum.example.org/t/2001-a-space-odyssey/30155", ["30155/1"], ["30155"]),
    ("https://forum.example.org/t/30155.json", ["30155/1"], ["30155"]),
    ("<CAF.x+1@mail.example.org>", ["CAF.x+1@mail.example.org"], []),
    (" CAF.x+1@mail.example.org ", ["CAF.x+1@mail.example.org"], []),
    ("Message-ID: <a/b@example.org>", ["a/b@example.org"], []),
    ("<a/b@example.org>", ["a/b@example.org"], []),
    ("mid:CAF.x%2B1@mail.example.org/part1", ["CAF.x+1@mail.example.org"], []),
    ("news:a@b.c", ["a@b.c"], []),
    ("https://lore.kernel.org/all/a%2Fb@example.org/T/#u", ["a/b@example.org"], []),
    ("https://marc.info/?i=a@b.c", ["a@b.c"], []),
    ("https://www.postgresql.org/message-id/flat/a@b.c", ["a@b.c"], []),
    ("https://web.archive.org/web/20190309120000id_/https://redd.it/9xyz12", ["t3_9xyz12", "9xyz12"], []),
    ("https:/redd.it/9xyz12", ["t3_9xyz12", "9xyz12"], []),
]  # fmt: skip
NOT_UNDERSTOOD = [
    "",
    "   ",
    "dykes of holland",
    "https://www.reddit.com/r/AskHistorians/",
    "https://reddit.com.evil.example/comments/9xyz12",
    "https://evil.example/?u=https://redd.it/9xyz12",
    "https://user@host.example/path",
    "mailto:somebody@example.org",
    "https://history.stackexchange.com/users/12/somebody",
    "https://news.ycombinator.com/item?id=x",
    "https://lists.example.org/archives/list/l@example.org/message/ABCDEF/",
    "javascript:alert(1)",
    "//",
    "http://[::1",
    "https://forum.example.org/tags/5",
    "https://www.reddit.com/comments/" + "9" * 40,
]


@pytest.mark.parametrize(("typed", "posts", "threads"), FOUND)
def test_an_old_address_is_read_as_the_keys_that_readers_make(typed: str, posts: list[str], threads: list[str]) -> None:
    understood = understand(typed)
    assert understood is not None
    assert [wanted.key for wanted in understood.posts] == posts
    assert [wanted.key for wanted in understood.threads] == threads
    assert "{" not in understood.what


@pytest.mark.parametrize("typed", NOT_UNDERSTOOD)
def test_what_is_no_address_of_a_post_is_not_understood(typed: str) -> None:
    assert understand(typed) is None


def test_an_address_of_an_archive_is_understood_wherever_it_stood() -> None:
    for path in ("posts/0123456789abcd", "posts/0123456789abcd/at/0123456789abcdef?tag=4", "posts/0123456789abcd#x"):
        understood = understand(f"https://former.example/{path}")
        assert understood is not None
        assert understood.ours == ("posts", "0123456789abcd")


def test_what_a_host_is_called_may_be_the_name_of_a_collection() -> None:
    stack, reddit = understand("https://history.stackexchange.com/q/1"), understand("reddit.com/r/AskHist/comments/9x")
    assert stack is not None
    assert reddit is not None
    assert "history" in stack.hints
    assert "askhist" in reddit.hints


@pytest.mark.parametrize(
    ("name", "host", "is_like"),
    [
        ("Beer", "beer.stackexchange.com", True),
        ("beer.stackexchange.com", "beer.stackexchange.com", True),
        ("Beer Stack Exchange", "beer.stackexchange.com", True),
        ("Beer", "meta.beer.stackexchange.com", False),
        ("Meta Beer", "beer.meta.stackexchange.com", True),
        ("beer-meta", "beer.stackexchange.com", False),
        ("Beer", "cooking.stackexchange.com", False),
        ("Stack Exchange", "beer.stackexchange.com", False),
        ("Root beer", "beer.stackexchange.com", False),
        ("Stack Overflow", "stackoverflow.com", True),
        ("Stack Overflow", "pt.stackoverflow.com", False),
        ("Ask Ubuntu", "askubuntu.com", True),
        ("Meta", "meta.discourse.org", True),
        ("Python", "discuss.python.org", True),
        ("Forum", "forum.example.org", False),
        ("", "beer.stackexchange.com", False),
        ("com", "forum.com", False),
    ],
)
def test_a_collection_is_called_like_a_site_or_not(name: str, host: str, is_like: bool) -> None:
    assert is_called_like(name, host) is is_like


@given(st.text(max_size=200) | st.from_regex(r"(https?://)?[a-z.]{1,12}/[ -~]{0,60}"))
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    understand(typed)


def test_a_long_address_is_cut_before_it_is_read() -> None:
    assert understand("https://evil.example/" + "a/" * 10 * MAX_TYPED + "t/5") is None
