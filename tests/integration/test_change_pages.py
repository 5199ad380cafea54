"""The pages of what batches changed: who sees them, and what they say."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive.services.ingest import differences, pages
from tests.integration.conftest import Archive
from tests.integration.written import ANNALIST, DYKES, RUSTICUS, thread

OLD = thread(DYKES, [(ANNALIST, "Out of a levy on every <holder> of land."), (RUSTICUS, "The counts paid.")])
NEW = thread(DYKES, [(ANNALIST, "Out of a levy on every <owner> of land.")])


@pytest.fixture
def archivist(client: FlaskClient, make_user: Callable, log_in: Callable) -> FlaskClient:
    """An archivist, logged in."""
    make_user("arno", "archivist")
    log_in(client, "arno")
    return client


def _text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_a_batch_lists_what_it_changed_word_by_word(archive: Archive, archivist: FlaskClient) -> None:
    archive.import_({"1.txt": OLD})
    batch = archive.import_({"2.txt": NEW}).batch
    assert f'href="/imports/{batch}/changes"' in _text(archivist, f"/imports/{batch}")
    page = _text(archivist, f"/imports/{batch}/changes")
    assert "every &lt;[deleted: holder][inserted: owner]&gt; of land." in _words(page)
    assert '<del><span class="vh">[deleted: </span>holder<span class="vh">]</span></del>' in page
    assert {"Changed: 1", "Absent: 1", "Added: 0"} <= set(re.findall(r">(\w+: \d+)</a>", page))
    absent = _text(archivist, f"/imports/{batch}/changes?list=absent")
    assert RUSTICUS in absent
    assert "2.txt" in absent
    assert "The archive held every post" in _text(archivist, f"/imports/{batch}/changes?list=added")


@pytest.mark.parametrize("query", ["?list=deleted", "?after=x", "?list=added&after=-1"])
def test_an_address_that_asks_for_nonsense_is_refused(archive: Archive, archivist: FlaskClient, query: str) -> None:
    batch = archive.import_({"1.txt": OLD}).batch
    _text(archivist, f"/imports/{batch}/changes{query}", 400)


def test_what_there_is_not_is_not_found(archive: Archive, archivist: FlaskClient) -> None:
    batch = archive.import_({"1.txt": OLD}).batch
    for path in ("/imports/99/changes", "/imports/99/remarks/note", f"/imports/{batch}/remarks/gossip"):
        _text(archivist, path, 404)


@pytest.mark.parametrize("roles", [(), ("reader",), ("moderator",)])
def test_only_who_may_import_sees_what_a_draft_changed(
    archive: Archive, client: FlaskClient, make_user: Callable, log_in: Callable, roles: tuple[str, ...]
) -> None:
    archive.import_({"1.txt": OLD}, public=True)
    batch = archive.import_({"2.txt": NEW}).batch
    if roles:
        make_user("rita", *roles)
        log_in(client, "rita")
    for path in (f"/imports/{batch}/changes", f"/imports/{batch}/remarks/note"):
        assert client.get(path).status_code in (302, 303, 403)
    post = archive.answer(ANNALIST).public_id
    revisions = _text(client, f"/posts/{post}/revisions")
    assert "owner" not in revisions
    assert "<ins>" not in revisions


def test_the_lists_of_a_batch_go_on_from_page_to_page(
    archive: Archive, archivist: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(differences._POSTS_A_PAGE, "added", 2)
    authors = [f"author_{number}" for number in range(5)]
    batch = archive.import_({"1.txt": thread(DYKES, [(author, f"Said {author}.") for author in authors])}).batch
    path, met, turned = f"/imports/{batch}/changes?list=added", "", 0
    while path:
        page = _text(archivist, path)
        further = re.search(r'href="([^"]+)" rel="next"', page)
        met, turned, path = met + page, turned + 1, further[1].replace("&amp;", "&") if further else ""
    assert turned == 3
    assert [met.count(f"<bdi>{author}</bdi>") for author in authors] == [1] * 5


def test_readers_compare_the_texts_that_they_may_see(archive: Archive, client: FlaskClient) -> None:
    archive.import_({"1.txt": OLD}, public=True)
    archive.import_({"2.txt": NEW}, public=True)
    page = _text(client, f"/posts/{archive.answer(ANNALIST).public_id}/revisions")
    assert "What has changed since number 1" in page
    assert "every &lt;[deleted: holder][inserted: owner]&gt; of land." in _words(page)


def test_a_thread_page_says_in_words_that_a_capture_lacks_a_post(archive: Archive, client: FlaskClient) -> None:
    archive.import_({"1.txt": OLD}, public=True)
    address = f"/posts/{archive.answer(RUSTICUS).public_id}"
    assert "not in the capture of" not in _text(client, client.get(address).headers["Location"].partition("#")[0])
    archive.import_({"2.txt": NEW}, public=True)
    page = _text(client, client.get(address).headers["Location"].partition("#")[0])
    assert re.search(r"not in the capture of \d+ \w+ \d{4}", page)


def test_many_remarks_are_listed_by_kind_ten_of_each(
    archive: Archive, archivist: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "REMARKS_A_PAGE", 20)
    batch = archive.import_({"1.jsonl": '{"text": 7}\n' * 32 + '{"text": ""}\n' * 3}).batch
    page = _text(archivist, f"/imports/{batch}")
    assert "In quarantine: 32" in page
    assert len(re.findall(r"Line \d+ has no field", page)) == 10
    assert "All 32 under" in page
    assert "All 3 under" not in page
    first = _text(archivist, f"/imports/{batch}/remarks/quarantined")
    further = re.search(r'href="([^"]+)" rel="next"', first)
    assert further
    second = _text(archivist, further[1])
    assert [len(re.findall(r"Line \d+ has no field", part)) for part in (first, second)] == [20, 12]


def test_the_web_s_dry_run_shows_changes_and_writes_nothing(archive: Archive, archivist: FlaskClient) -> None:
    archive.import_({"1.txt": OLD})
    batch = archive.receive({"2.txt": NEW})
    page = _text(archivist, f"/imports/{batch}/preview")
    assert "every &lt;[deleted: holder][inserted: owner]&gt; of land." in _words(page)
    assert "Posts that the archive knows and this lacks: 1" in page
    assert [row.revision_number for row in archive.posts()] == [1, 1, 1]


def test_the_command_s_dry_run_marks_words_in_plain_text(archive: Archive) -> None:
    archive.import_({"1.txt": OLD})
    (path,) = archive.write({"2.txt": NEW})
    told = archive.run("import", str(path), "--collection", "history", "--dry-run")
    assert "on every <[-holder-]{+owner+}> of land." in told.output
    assert f"Absent: answer by {RUSTICUS}" in told.output
    assert "1 post of earlier captures is not in what was read." in told.output
