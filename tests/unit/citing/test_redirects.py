"""Maps from old addresses to new ones."""

import pytest

from archive.domain.citing import redirects
from archive.domain.citing.old_addresses import understand
from archive.domain.citing.redirects import Lead, MapForm, Source, old_paths, written
from archive.domain.records import PostKind

REPLY, ANSWER, QUESTION = PostKind.REPLY, PostKind.ANSWER, PostKind.QUESTION
POSTS = [
    (Source("reddit", "t3_9xyz", "t3_9xyz", QUESTION, None), ["/comments/9xyz"]),
    (
        Source("reddit", "t1_e1", "t3_9xyz", ANSWER, "https://www.reddit.com/r/x/comments/9xyz/a/e1/"),
        ["/r/x/comments/9xyz/a/e1/", "/comments/9xyz/_/e1"],
    ),
    (Source("stack-exchange", "p12", "p12", QUESTION, None), ["/questions/12", "/q/12"]),
    (Source("stack-exchange", "p13", "p12", ANSWER, None), ["/a/13"]),
    (Source("stack-exchange-comments", "c14", "p12", REPLY, None), ["/posts/comments/14"]),
    (
        Source("hacker-news", "8863", "8863", QUESTION, "https://news.ycombinator.com/item?id=8863"),
        ["/item?id=8863"],
    ),
    (Source("discourse", "30/1", "30", QUESTION, None), ["/t/30", "/t/30/1"]),
    (Source("discourse", "30/4", "30", REPLY, None), ["/t/30/4"]),
    (Source("mbox", 'a/b"%@example.org', "x", ANSWER, None), ["mid:a%2Fb%22%25@example.org"]),
    (Source("footnote", "t1_e1", "t3_9xyz", ANSWER, None), ["/comments/9xyz/_/e1"]),
    (Source("footnote", "p12", "p12", QUESTION, None), ["/questions/12", "/q/12"]),
    (Source("footnote", "a@b.c", "a@b.c", QUESTION, None), ["mid:a@b.c"]),
    (Source("footnote", "12", "12", QUESTION, None), []),
    (Source("mbox", "sha256:00", "x", ANSWER, None), []),
    (Source("plain", "maud#1", "0" * 64, ANSWER, None), []),
    (Source("hacker-news", "１２", "1", REPLY, None), []),
    # What a source tells is nobody's but its own, and must not write lines of a server's configuration.
    *(
        (Source("plain", "x", "x", ANSWER, f"https://a.example{path}"), [])
        for path in ("", "/", '/x" "//evil.example";', "/a b", "/a;b", "/a{b", "/a\nb", "/$request_uri", "/ä", "/~\\x")
    ),
    (Source("plain", "x", "x", ANSWER, "http://[::1"), []),
]  # fmt: skip


@pytest.mark.parametrize(("post", "paths"), POSTS)
def test_old_addresses_follow_from_the_key_and_from_what_the_source_tells(post: Source, paths: list[str]) -> None:
    assert old_paths(post) == paths


@pytest.mark.parametrize(("post", "paths"), POSTS)
def test_whatever_stands_in_a_map_is_understood_when_it_is_asked_for(post: Source, paths: list[str]) -> None:
    hosts = {"reddit": "www.reddit.com", "stack": "history.stackexchange.com", "hacker": "news.ycombinator.com"}
    site = {"t": "reddit", "p": "stack", "c": "stack"}.get(post.key[0], "") if post.format == "footnote" else ""
    host = hosts.get(site or post.format.split("-")[0], "forum.example.org")
    for path in paths:
        understood = understand(path if path.startswith("mid:") else host + path)
        assert understood is not None
        assert understood.posts[0].key == post.key


def test_a_map_is_written_as_its_server_reads_it() -> None:
    new = "https://a.example/posts/0123456789abcd"
    leads = [Lead("/questions/12", new, "12"), Lead("mid:a,b@c.d", new, "x")]

    def read() -> list[Lead]:
        return leads

    assert list(written(MapForm.CSV, read)) == [
        "old_address,new_address\r\n",
        f"/questions/12,{new}\r\n",
        f'"mid:a,b@c.d",{new}\r\n',
    ]
    assert list(written(MapForm.NGINX, read)) == [f'"/questions/12" "{new}";\n']
    assert list(written(MapForm.APACHE, read)) == [f"/questions/12 {new}\n"]


@pytest.mark.parametrize("bits", [redirects.BITS, 1])
def test_a_map_has_each_address_once_and_none_that_could_lead_to_several_threads(
    bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redirects, "BITS", bits)  # with one of them, every address may be one that came before
    told = [  # address, thread
        ("https://a.example/page.html#p1", "one"),
        ("https://a.example/page.html#p2", "one"),
        ("https://a.example/x?page=1", "one"),
        ("https://a.example/x?page=2", "two"),
        ("https://a.example/index.html", "one"),
        ("https://b.example/index.html", "two"),
        ("https://b.example/index.html", "one"),
        ("https://b.example/Index.html", "two"),
    ]
    sources = [Source("plain", str(n), thread, ANSWER, address) for n, (address, thread) in enumerate(told)]
    leads = [Lead(old, f"/posts/{one.key}", one.thread) for one in sources for old in old_paths(one)]
    lines = {form: [*written(form, lambda: leads)] for form in MapForm}
    assert sorted(lines[MapForm.CSV]) == [
        "/Index.html,/posts/7\r\n",
        "/page.html,/posts/0\r\n",
        "/x?page=1,/posts/2\r\n",
        "/x?page=2,/posts/3\r\n",
        "old_address,new_address\r\n",
    ]
    left_out = "# Left out, since posts of several threads stood there: 1\n"
    assert lines[MapForm.APACHE][-1] == left_out
    assert [line.split()[0] for line in sorted(lines[MapForm.APACHE][:-1])] == [
        *("/Index.html", "/page.html", "/x?page=1", "/x?page=2")
    ]
    assert lines[MapForm.NGINX][-1] == left_out
    assert sorted(lines[MapForm.NGINX][:-1]) == [  # to nginx, letters of either case are one
        f'"{old}" "/posts/{n}";\n' for old, n in (("/page.html", 0), ("/x?page=1", 2), ("/x?page=2", 3))
    ]
