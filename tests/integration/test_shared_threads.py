"""Hostile threads, and what EXPECT.json beside them says must become of each."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.domain.records import Edge
from archive.store.batches import Batch, RemarkKind, list_remarks
from archive.store.threads import Post, Revision, Thread
from tests.integration.conftest import Archive, Imported
from tests.unit.imports.conftest import shared_data

__all__ = ["shared_data"]


def _posts(archive: Archive, imported: Imported) -> list[Post]:
    """The posts of the batch's collection, in the order in which they came."""
    archive.session.rollback()
    archive.session.expire_all()
    collection = archive.session.get_one(Batch, imported.batch).collection_id
    query = select(Post).join(Thread, Thread.id == Post.thread_id).where(Thread.collection_id == collection)
    return [*archive.session.scalars(query.order_by(Post.id))]


def _notes(archive: Archive, imported: Imported, words: str) -> list[str]:
    notes = list_remarks(archive.session, imported.batch, kind=RemarkKind.NOTE, limit=10_000)
    return [note.text for note in notes if words in note.text]


def _is_deep(archive: Archive, imported: Imported, rows: int) -> None:
    assert imported.balance.added == rows
    assert max(post.depth for post in _posts(archive, imported)) == rows - 1


def _is_a_cut_circle(archive: Archive, imported: Imported, rows: int) -> None:
    assert imported.balance.added == rows
    posts = _posts(archive, imported)
    assert sorted(post.position for post in posts) == list(range(rows))
    assert [post.edge for post in posts].count(Edge.CUT) == 1
    (note,) = _notes(archive, imported, "answer one another in a circle")
    assert "t1_0" in note


def _keeps_its_tail(archive: Archive, imported: Imported, rows: int) -> None:
    _is_a_cut_circle(archive, imported, 2 * rows)
    by_id = {post.id: post for post in _posts(archive, imported)}
    assert sum(post.parent_id is None for post in by_id.values()) == 1


def _answers_itself(archive: Archive, imported: Imported, rows: int) -> None:
    assert imported.balance.added == rows
    assert {(post.parent_id, post.depth) for post in _posts(archive, imported)} == {(None, 0)}
    assert len(_notes(archive, imported, "is said to answer itself")) == rows


def _waits_for_its_parents(archive: Archive, imported: Imported, rows: int) -> None:
    assert imported.balance.added == rows
    assert all(post.parent_id is None and post.awaits for post in _posts(archive, imported))
    parent = {"id": "zz0", "link_id": "t3_root", "parent_id": "t3_root", "author": "late", "body": "I am late."}
    archive.import_({"late.ndjson": json.dumps(parent)}, collection="missing_1000", public=True)
    linked = [post for post in _posts(archive, imported) if post.parent_id is not None]
    assert [post.source_key for post in linked] == ["t1_0"]


def _has_a_thread_each(archive: Archive, imported: Imported, rows: int) -> None:
    assert (imported.balance.threads, imported.balance.added) == (rows, rows)
    assert len({post.thread_id for post in _posts(archive, imported)}) == rows


def _is_twice_the_same(archive: Archive, imported: Imported, rows: int) -> None:
    assert (imported.balance.added, imported.balance.duplicate) == (rows, 2 * rows)


def _is_twice_and_differs(archive: Archive, imported: Imported, rows: int) -> None:
    assert (imported.balance.added, imported.balance.changed) == (rows, rows)
    ids = [post.id for post in _posts(archive, imported)]
    assert len(archive.session.scalars(select(Revision.id).where(Revision.post_id.in_(ids))).all()) == 2 * rows


def _contradicts_itself(archive: Archive, imported: Imported, rows: int) -> None:
    assert imported.balance.added == rows
    lines = [json.loads(line) for line in (archive.folder / "hostile.ndjson").read_bytes().splitlines()]
    thread_of = {f"t1_{line['id']}": line["link_id"] for line in lines}
    contradictions = sum(thread_of.get(line["parent_id"], line["link_id"]) != line["link_id"] for line in lines)
    assert contradictions > 0
    assert len(_notes(archive, imported, "which is in another thread; it was not moved")) == contradictions


def _is_older_than_its_parent(archive: Archive, imported: Imported, rows: int) -> None:
    assert imported.balance.added == rows
    assert max(post.depth for post in _posts(archive, imported)) == rows - 1
    assert _notes(archive, imported, "older than")


def _differs_in_case(archive: Archive, imported: Imported, rows: int) -> None:
    posts = _posts(archive, imported)
    assert (len(posts), len({post.public_id for post in posts})) == (imported.balance.added, imported.balance.added)
    assert len({post.source_key.lower() for post in posts}) < len(posts) == rows


def _is_as_long_as_it_was(archive: Archive, imported: Imported, rows: int) -> None:
    assert imported.balance.added == rows == len(_posts(archive, imported))


def _is_a_comb(archive: Archive, imported: Imported, rows: int) -> None:
    _is_as_long_as_it_was(archive, imported, 2 * rows)


def _has_the_same_tree_in_order(archive: Archive, imported: Imported, rows: int) -> None:
    _is_as_long_as_it_was(archive, imported, rows)
    lines = (archive.folder / "hostile.ndjson").read_bytes().splitlines(keepends=True)
    again = archive.import_({"sorted.ndjson": b"".join(sorted(lines))}, collection="in order")
    places = [
        {(post.source_key, post.position, post.depth) for post in _posts(archive, each)} for each in (imported, again)
    ]
    assert places[0] == places[1]


Check = Callable[[Archive, Imported, int], None]
_CHECKS: dict[str, tuple[str, Check]] = {  # by the names in EXPECT.json: the files that they speak of
    "deep_N": ("deep_*", _is_deep),
    "siblings_N / siblings_under_one_N": ("siblings_*", _is_as_long_as_it_was),
    "comb_N": ("comb_*", _is_a_comb),
    "random_N / forward_N / reverse_chain_N": ("[rf][aoe][nrv]*_*", _has_the_same_tree_in_order),
    "cycle_N": ("cycle_[0-9]*", _is_a_cut_circle),
    "cycle_with_tail_50": ("cycle_with_tail_50", _keeps_its_tail),
    "selfparent_100": ("selfparent_100", _answers_itself),
    "missing_1000": ("missing_1000", _waits_for_its_parents),
    "missing_root_500": ("missing_root_500", _has_a_thread_each),
    "dupsame_200": ("dupsame_200", _is_twice_the_same),
    "dupdiff_200": ("dupdiff_200", _is_twice_and_differs),
    "crossthread_200": ("crossthread_200", _contradicts_itself),
    "time_backwards_200": ("time_backwards_200", _is_older_than_its_parent),
    "same_second_5000": ("same_second_5000", _is_as_long_as_it_was),
    "casefold_100": ("casefold_100", _differs_in_case),
    "many_threads_5000": ("many_threads_5000", _has_a_thread_each),
}


def test_every_entry_is_looked_at(shared_data: Path) -> None:
    expected = json.loads((shared_data / "hostile/threads/EXPECT.json").read_bytes())
    assert expected.keys() - {"_note"} == _CHECKS.keys()
    folder = shared_data / "hostile/threads"
    matched = {path for glob, _ in _CHECKS.values() for path in folder.glob(f"{glob}.ndjson")}
    assert matched == set(folder.glob("*.ndjson"))


@pytest.mark.parametrize("name", _CHECKS)
def test_a_hostile_thread_becomes_what_it_must(
    archive: Archive, shared_data: Path, client: FlaskClient, name: str
) -> None:
    glob, check = _CHECKS[name]
    paths = sorted((shared_data / "hostile" / "threads").glob(f"{glob}.ndjson"))
    if not paths:
        pytest.skip(f"the shared data hold no file of the name {glob}.ndjson")
    for path in paths:
        (archive.folder / "hostile.ndjson").write_bytes(path.read_bytes())
        imported = archive.import_paths([archive.folder / "hostile.ndjson"], collection=path.stem, public=True)
        check(archive, imported, int(path.stem.rpartition("_")[2]))
        _opens(archive, imported, client)


def _opens(archive: Archive, imported: Imported, client: FlaskClient) -> None:
    address = archive.session.get_one(Thread, _posts(archive, imported)[0].thread_id).public_id
    assert client.get(f"/threads/{address}").status_code == 200
