"""Sites that number their posts from 1 each: a collection holds one of them, and refuses others as they come."""

from collections.abc import Callable, Sequence
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from archive.domain.batch import Balance
from archive.domain.quarantine import Dismissal
from archive.services.ingest import chunks, run, sites
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.preview import preview_batch
from archive.services.ingest.publish import publish, roll_back
from archive.services.ingest.receive import receive_files, receive_paths
from archive.services.ingest.run import ImportStoppedError, sources_of
from archive.services.ingest.sites import refuse_other_sites
from archive.services.quarantine.dismiss import dismiss, take_back
from archive.services.quarantine.pages import item_page
from archive.services.quarantine.reading import StillUnreadableError
from archive.services.quarantine.repair import repair
from archive.services.quarantine.units import NotMendableError
from archive.services.verify import find_faults
from archive.store.batches import Remark, RemarkKind, list_remarks
from archive.store.collections import find_collection
from imports.formats import AUTO
from tests.integration.conftest import BY, COLLECTION, Archive, Content
from tests.integration.seven_zips import seven_zipped
from tests.unit.imports.conftest import shared_data

__all__ = ["shared_data"]

Counts = Callable[[Balance], dict[str, int]]
BEER, MUSIC = 2014, 2011  # the years in which two sites began


def row(number: int, year: int, body: str = "", seconds: str = "05.383") -> str:
    """A question, or each second time an answer to the one before."""
    what = 'PostTypeId="1" Title="A title"' if number % 2 else f'PostTypeId="2" ParentId="{number - 1}"'
    body = body or f"Words of {year} and number {number}."
    moment = f"{year}-01-{1 + number // 1440:02}T{number // 60 % 24:02}:{number % 60:02}:{seconds}"
    return f'<row Id="{number}" {what} CreationDate="{moment}" Body="{body}" OwnerDisplayName="zoe" />'


def posts(year: int, *numbers: int, **how: str) -> str:
    rows = "\n".join(row(number, year, **how) for number in numbers or (1, 2))
    return f"<posts>\n{rows}\n</posts>\n"


def comments(year: int, *numbers: int) -> str:
    rows = "\n".join(
        f'<row Id="{number}" PostId="1" Text="Aside {number} of {year}." CreationDate="{year}-02-01T00:00:00.000" />'
        for number in numbers
    )
    return f"<comments>\n{rows}\n</comments>\n"


def history(year: int) -> str:
    rows = "\n".join(
        f'<row Id="{number}" PostHistoryTypeId="{type_}" PostId="1" Text="Draft {number} of {year}." />'
        for number, type_ in ((1, 2), (2, 5))
    )
    return f"<posthistory>\n{rows}\n</posthistory>\n"


def site(folder: str, year: int) -> dict[str, Content]:
    files = {"Comments.xml": comments(year, 1), "PostHistory.xml": history(year), "Posts.xml": posts(year)}
    return {f"{folder}/{name}": content for name, content in files.items()}


def refused(archive: Archive, batch: int) -> list[Remark]:
    archive.session.rollback()
    found = list_remarks(archive.session, batch, kind=RemarkKind.QUARANTINED)
    return [remark for remark in found if remark.is_refused]


def names(archive: Archive, batch: int) -> list[str]:
    """The last two parts of the names of refused files."""
    return sorted("/".join(remark.name.split("/")[-2:]) for remark in refused(archive, batch))


def texts(archive: Archive) -> list[str]:
    return [post.text for post in archive.posts()]


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    return [*find_faults(archive.session, archive.vault, say=lambda _: None)]


@pytest.mark.parametrize(("first", "second"), [(BEER, MUSIC), (MUSIC, BEER)])
def test_a_second_site_is_refused_and_the_first_stays_as_it_was(
    archive: Archive, counts: Counts, first: int, second: int
) -> None:
    archive.import_({"a/Posts.xml": posts(first)}, public=True)
    before = archive.posts()
    other = archive.import_({"b/Posts.xml": posts(second)}, public=True)
    assert counts(other.balance) == {"quarantined": 1}
    assert other.balance.bytes_set_aside == len(posts(second))
    assert archive.posts() == before
    (remark,) = refused(archive, other.batch)
    assert (remark.offset, remark.length) == (0, len(posts(second)))
    assert remark.detail["row"] == posts(second).index("<row")
    assert f"its post p1, at byte 8, is of {second}-01-01 00:01:05 UTC" in remark.text
    assert f"a/Posts.xml”, which the collection has, is of {first}-01-01 00:01:05 UTC" in remark.text
    assert "Import it, with the files beside it, into a collection of its own." in remark.text
    assert "same site" not in remark.text
    assert faults(archive) == []


def test_of_two_sites_in_one_import_the_first_is_taken_and_all_tables_of_the_second_are_refused(
    archive: Archive, counts: Counts
) -> None:
    imported = archive.import_(site("beer", BEER) | site("music", MUSIC))
    assert counts(imported.balance) == {"added": 3, "changed": 1, "quarantined": 3}
    assert names(archive, imported.batch) == ["music/Comments.xml", "music/PostHistory.xml", "music/Posts.xml"]
    assert not [text for text in texts(archive) if str(MUSIC) in text]
    reasons = [remark.text for remark in refused(archive, imported.batch)]
    assert "beer/Posts.xml”, which is taken, is of 2014" in reasons[0]
    assert all("music/Posts.xml”, which is of another site" in reason for reason in reasons[1:])
    remarks = list_remarks(archive.session, imported.batch)
    assert [remark.is_refused for remark in remarks[:4]] == [True, True, True, False]  # they are told first
    assert faults(archive) == []


def test_each_site_has_room_in_a_collection_of_its_own(archive: Archive, counts: Counts) -> None:
    archive.import_({"a/Posts.xml": posts(BEER)})
    assert counts(archive.import_({"b/Posts.xml": posts(MUSIC)}, collection="music").balance) == {"added": 2}


def test_sites_in_archives_are_told_apart(archive: Archive, counts: Counts) -> None:
    beer = {"Posts.xml": posts(BEER), "Comments.xml": comments(BEER, 1)}
    music = {"Posts.xml": posts(MUSIC), "Comments.xml": comments(MUSIC, 7)}
    imported = archive.import_({"beer.7z": seven_zipped(beer), "music.7z": seven_zipped(music)})
    assert counts(imported.balance) == {"added": 3, "quarantined": 2}


def test_the_same_again_says_the_same(archive: Archive, counts: Counts, monkeypatch: pytest.MonkeyPatch) -> None:
    files = site("beer", BEER) | site("music", MUSIC)
    archive.import_(files)
    before = archive.posts()
    assert counts(archive.import_(files).balance) == {"duplicate": 1, "unchanged": 3, "quarantined": 3}
    monkeypatch.setattr(run, "repeat", lambda *_: None)  # as another version of the program does
    assert counts(archive.import_(files).balance) == {"duplicate": 1, "unchanged": 3, "quarantined": 3}
    assert counts(archive.import_(site("music", MUSIC)).balance) == {"quarantined": 3}
    assert archive.posts() == before


@pytest.mark.parametrize("seconds", ["05.383", "05"])
def test_a_newer_dump_of_the_same_site_brings_new_texts(archive: Archive, counts: Counts, seconds: str) -> None:
    archive.import_({"a/Posts.xml": posts(BEER)})
    newer = posts(BEER, 1, 2, 3, body="Edited.", seconds=seconds)
    imported = archive.import_({"b/Posts.xml": newer, "c/Posts.xml": posts(BEER, 4)})
    assert counts(imported.balance) == {"added": 2, "changed": 2}
    notes = list_remarks(archive.session, imported.batch, kind=RemarkKind.NOTE)
    assert not [note for note in notes if "other dates" in note.text]


def test_a_number_that_clashes_only_at_the_end_of_a_file_keeps_all_of_it_out(
    archive: Archive, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_POSTS", 100)
    archive.import_({"a/Posts.xml": posts(BEER, 2501)})
    other = archive.import_({"b/Posts.xml": posts(MUSIC, *range(1, 2502))})
    assert counts(other.balance) == {"quarantined": 1}
    assert len(texts(archive)) == 1
    late = archive.import_({"c/Posts.xml": posts(BEER, *range(1, 2501)), "d/Posts.xml": posts(MUSIC, 2400)})
    assert counts(late.balance) == {"added": 2500, "quarantined": 1}


def test_a_file_of_which_other_posts_bear_the_known_dates_may_only_be_damaged_and_that_is_said(
    archive: Archive, counts: Counts
) -> None:
    archive.import_({"a/Posts.xml": posts(BEER, 1, 2)})
    damaged = posts(BEER, 1).replace("</posts>\n", row(2, MUSIC)) + "\n</posts>\n"
    imported = archive.import_({"b/Posts.xml": damaged})
    assert counts(imported.balance) == {"quarantined": 1}
    (remark,) = refused(archive, imported.batch)
    assert "if it is the same site after all, mend the date in that row" in remark.text


def test_what_was_refused_keeps_nothing_else_out(
    archive: Archive, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sites, "_AT_ONCE", 1)
    archive.import_({"a/Posts.xml": posts(BEER, 3)})
    other = archive.import_({"b/Posts.xml": posts(MUSIC, 1, 2, 3), "c/Posts.xml": posts(BEER, 1, 2)})
    assert counts(other.balance) == {"added": 2, "quarantined": 1}
    asides = {"Comments.xml": comments(BEER, 2), "comments.XML": comments(MUSIC, 1, 2)}
    more = archive.import_({"Posts.xml": posts(BEER)} | asides | {"d/Comments.xml": comments(BEER, 1)})
    assert counts(more.balance) == {"added": 1, "quarantined": 2, "unchanged": 2}
    assert "Which site the file is of" in refused(archive, more.batch)[1].text


def test_comments_that_clash_keep_the_posts_beside_them_out(archive: Archive, counts: Counts) -> None:
    archive.import_({"a/Posts.xml": posts(BEER, 1), "a/Comments.xml": comments(BEER, 1)})
    other = archive.import_({"b/Posts.xml": posts(MUSIC, 3, 4), "b/Comments.xml": comments(MUSIC, 1)})
    assert counts(other.balance) == {"quarantined": 2}


def test_posts_of_no_folder_are_compared_too(archive: Archive, counts: Counts) -> None:
    files = [NamedFile("Posts.xml", lambda year=year: BytesIO(posts(year).encode())) for year in (BEER, MUSIC)]
    files += [NamedFile("Comments.xml", lambda: BytesIO(comments(MUSIC, 7).encode()))]
    batch = receive_files(archive.session, archive.vault, files, collection=COLLECTION, by=BY)
    imported = archive.read_in(batch)
    assert counts(imported.balance) == {"added": 2, "quarantined": 2}
    assert sorted(remark.text.partition(" cannot")[0] for remark in refused(archive, batch))[1] == (
        "Which site the file is of"
    )


def test_comments_without_their_posts_go_out_with_a_site_that_is_refused(archive: Archive, counts: Counts) -> None:
    archive.import_({"a/Posts.xml": posts(BEER)})
    apart = {"posts/Posts.xml": posts(MUSIC), "comments/Comments.xml": comments(MUSIC, 7)}
    assert counts(archive.import_(apart).balance) == {"quarantined": 2}
    assert counts(archive.import_({"c/Comments.xml": comments(BEER, 7)}).balance) == {"added": 1}


def test_of_two_tables_of_comments_beside_one_table_of_posts_the_second_is_refused_alone(
    archive: Archive, counts: Counts
) -> None:
    given = {"Posts.xml": posts(BEER), "Comments.xml": comments(BEER, 1), "comments.XML": comments(MUSIC, 1)}
    imported = archive.import_(dict(given))
    assert counts(imported.balance) == {"added": 3, "quarantined": 1}


def test_a_site_that_was_rolled_back_keeps_its_numbers(archive: Archive, counts: Counts) -> None:
    first = archive.import_({"a/Posts.xml": posts(BEER)}, public=True)
    roll_back(archive.session, first.batch, reason="", by=BY)
    other = archive.import_({"b/Posts.xml": posts(MUSIC)})
    assert counts(other.balance) == {"quarantined": 1}
    assert "(it was rolled back, and its numbers stay taken)" in refused(archive, other.batch)[0].text
    assert counts(archive.import_({"a/Posts.xml": posts(BEER)}).balance) == {"added": 2}


def test_a_dry_run_tells_what_would_be_refused(archive: Archive, counts: Counts) -> None:
    files = site("beer", BEER) | site("music", MUSIC)
    dry = archive.preview(files)
    assert counts(dry.balance) == {"added": 3, "changed": 1, "quarantined": 3}
    assert len(dry.refused) == 3
    assert dry.balance.adds_up
    archive.import_({"a/Posts.xml": posts(BEER)})
    assert len(archive.preview(site("music", MUSIC)).refused) == 3
    batch = archive.receive(site("music", MUSIC))
    assert len(preview_batch(archive.session, archive.vault, batch).refused) == 3


def test_the_order_of_a_format_does_not_open_a_way_round(archive: Archive, counts: Counts) -> None:
    archive.import_({"a/Posts.xml": posts(BEER)})
    paths = archive.write({"b/Posts.xml": posts(MUSIC)})
    batch = receive_paths(
        archive.session, archive.vault, paths, collection=COLLECTION, by=BY, format_name="stack-exchange"
    )
    assert counts(archive.read_in(batch).balance) == {"quarantined": 1}


def test_an_import_that_was_cut_off_ends_as_if_nothing_had_happened(
    archive: Archive, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_POSTS", 2)
    batch = archive.receive(site("beer", BEER) | site("music", MUSIC))
    with pytest.MonkeyPatch.context() as patch:
        _stop_after(patch, commits=2)
        with pytest.raises(ImportStoppedError):
            archive.read_in(batch)
    assert counts(archive.read_in(batch).balance) == {"added": 3, "changed": 1, "quarantined": 3}
    assert faults(archive) == []


def test_the_rest_of_a_file_is_refused_if_another_site_came_while_it_was_cut_off(
    archive: Archive, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_POSTS", 2)
    content = posts(BEER, 1, 2, 3, 4)
    batch = archive.receive({"a/Posts.xml": content})
    with pytest.MonkeyPatch.context() as patch:
        _stop_after(patch, commits=1)
        with pytest.raises(ImportStoppedError):
            archive.read_in(batch)
    archive.import_({"b/Posts.xml": posts(MUSIC, 4)})
    imported = archive.read_in(batch)
    assert imported.balance.adds_up
    assert counts(imported.balance) == {"added": 2, "quarantined": 1}
    (remark,) = refused(archive, batch)
    assert (remark.offset, remark.offset + remark.length) == (content.index('\n<row Id="3"'), len(content))
    publish(archive.session, batch, by=BY)
    assert [post.text for post in archive.posts(drafts=False)] == [
        "Words of 2014 and number 1.",
        "Words of 2014 and number 2.",
    ]
    assert faults(archive) == []


def _stop_after(patch: pytest.MonkeyPatch, *, commits: int) -> None:
    commit, left = run._Run._commit, iter(range(commits))

    def stop(self: run._Run, chunk: chunks.Chunk) -> None:
        if next(left, None) is None:
            raise OSError("The disk gave way")
        commit(self, chunk)

    patch.setattr(run._Run, "_commit", stop)


def test_a_stop_is_heeded_while_numbers_are_compared(archive: Archive) -> None:
    archive.import_({"a/Posts.xml": posts(BEER)})
    batch = archive.receive({"b/Posts.xml": posts(BEER, 3)})
    collection = find_collection(archive.session, COLLECTION)
    assert collection is not None

    def stop() -> None:
        raise KeyboardInterrupt

    with closing(sources_of(archive.session, archive.vault, batch)) as sources, pytest.raises(KeyboardInterrupt):
        refuse_other_sites(archive.session, sources, collection=collection, format_name=AUTO, heed=stop)


def test_a_refused_file_cannot_be_repaired_and_the_page_says_what_to_do(archive: Archive) -> None:
    archive.import_({"a/Posts.xml": posts(BEER)})
    batch = archive.import_({"b/Posts.xml": posts(MUSIC)}).batch
    (remark,) = refused(archive, batch)
    page = item_page(archive.session, archive.vault, batch, remark.number)
    assert (page.unit, page.item.is_refused, page.item.row) == (None, True, 8)
    assert page.why_not == (
        "There is nothing to repair: the file could be read, and is not for this collection. "
        "Import it into a collection of its own, and dismiss it here."
    )
    with pytest.raises(NotMendableError):
        repair(archive.session, archive.vault, batch, remark.number, text=posts(BEER), by=BY)


def test_a_refused_file_is_dismissed_and_that_is_taken_over_and_taken_back(archive: Archive, counts: Counts) -> None:
    archive.import_({"a/Posts.xml": posts(BEER)})
    batch = archive.import_({"b/Posts.xml": posts(MUSIC)}).batch
    (remark,) = refused(archive, batch)
    dismiss(archive.session, batch, [remark.number], reason=Dismissal.UNWANTED, words="", by=BY)
    again = archive.import_({"c/Posts.xml": posts(MUSIC)})
    assert (again.balance.quarantined, again.balance.dismissed) == (0, 1)
    take_back(archive.session, archive.vault, again.batch, [remark.number], by=BY)
    assert faults(archive) == []


def test_a_row_is_not_repaired_to_a_number_that_another_post_has(archive: Archive) -> None:
    archive.import_({"a/Posts.xml": posts(BEER, 1, 2)})
    broken = row(3, MUSIC).replace("Body=", "Body")
    content = f"<posts>\n{broken}\n</posts>\n"
    batch = archive.import_({"b/Posts.xml": content}).batch
    (number,) = [remark.number for remark in list_remarks(archive.session, batch, kind=RemarkKind.QUARANTINED)]
    with pytest.raises(StillUnreadableError, match="The archive has post p1, and of another date: 2014-01-01 00:01:05"):
        repair(archive.session, archive.vault, batch, number, text=row(1, MUSIC), by=BY)
    repair(archive.session, archive.vault, batch, number, text=row(3, MUSIC), by=BY)
    assert len(texts(archive)) == 3


def test_the_command_says_which_file_is_refused_and_exits_as_with_other_quarantined_ones(archive: Archive) -> None:
    archive.write(site("beer", BEER) | site("music", MUSIC))
    for how in (["--dry-run"], []):
        told = archive.run("import", str(archive.folder), *how)
        assert told.exit_code == 3
        reasons = [line for line in told.stderr.splitlines() if line.startswith(f"{archive.folder}/music/")]
        assert [reason.partition(": ")[0].rpartition("/")[2] for reason in reasons] == [
            "Posts.xml",
            "Comments.xml",
            "PostHistory.xml",
        ]
        assert f"{archive.folder}/beer/Posts.xml”, which is taken" in reasons[0]
        assert "7 read = 3 added + 1 changed + 3 quarantined." in told.stderr


@pytest.mark.parametrize("order", [("beer", "music-meta"), ("music-meta", "beer")])
def test_of_two_real_sites_the_one_that_came_first_stays(
    archive: Archive, shared_data: Path, order: Sequence[str]
) -> None:
    folder = shared_data / "threads" / "stackexchange"
    first = archive.import_paths([folder / order[0]], public=True)
    before = archive.posts()
    for paths in ([folder / order[1]], [folder], [folder / order[1]], [folder]):
        again = archive.import_paths(paths)
        assert names(archive, again.batch) == [f"{order[1]}/Posts.xml"]
        assert (again.balance.added, again.balance.changed) == (0, 0)
    assert first.balance.added == len(before)
    assert archive.posts() == before
    assert archive.import_paths([folder / order[1]], collection="other").balance.quarantined == 0
    assert faults(archive) == []
