"""Versions of the codebook: saved one after the other, named by each tag, and what is to be looked at again."""

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from archive.domain.codebook import Codebook, WordingError
from archive.domain.permissions import Role
from archive.domain.shipped_codebook import SHIPPED, SHIPPED_VERSION
from archive.domain.source_quality import Level
from archive.services.accounts import add_user
from archive.services.bench.history import history
from archive.services.bench.undo import undo
from archive.services.browse import NotFoundError
from archive.services.codebook.revisit import RevisitPage, count_to_revisit, is_any_redefined, revisit_page
from archive.services.codebook.versions import CodebookConflictError, Version, current, save, version, versions
from archive.services.ingest.publish import roll_back
from archive.services.verify import find_faults
from archive.store.codebook import current_number
from archive.store.ledger import read_entries, read_head
from archive.store.users import User
from archive.store.votes import Vote
from tests.conftest import PASSWORD
from tests.databases import opened
from tests.integration.conftest import BY, Archive
from tests.integration.written import DYKES_FILE, RUSTICUS

Edit = Callable[..., Version]


@pytest.fixture
def ada(archive: Archive) -> User:
    """An admin."""
    return add_user(archive.session, name="ada", password=PASSWORD, roles=frozenset({Role.ADMIN}), by=BY)


@pytest.fixture
def edit(archive: Archive, ada: User) -> Edit:
    """Redefine levels, from the codebook as it stands."""

    def edit(
        *levels: Level, words: str = "Other words.", redefines: bool = True, reason: str = "They are clearer."
    ) -> Version:
        now = current(archive.session)
        wording = redefined(now.wording, *levels, words=words)
        return save(archive.session, based_on=now.number, wording=wording, reason=reason, redefines=redefines, by=ada)

    return edit


@pytest.fixture
def tagged(archive: Archive) -> Archive:
    """An archive with three tagged answers, of which two are From memory."""
    archive.import_({"a.txt": THREAD}, public=True)
    maud = archive.add_moderator("maud")
    for author, level in (("anna", Level.RECOLLECTED), ("bert", Level.CITED), ("carl", Level.RECOLLECTED)):
        archive.judge(author, level, maud)
    return archive


THREAD = """Who built the old mill?

by asker
anna

I read about it once, and cannot cite it now.

bert

E. Harrow, Mills of the Upper Wend.

carl

My teacher told us that it was the abbot.
"""


def redefined(codebook: Codebook, *levels: Level, words: str = "Other words.") -> Codebook:
    return replace(codebook, meanings={**codebook.meanings, **dict.fromkeys(levels, words)})


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))


def authors(page: RevisitPage) -> list[str | None]:
    return [line.post.byline for line in page.lines]


def test_an_archive_starts_with_the_codebook_that_the_program_comes_with(archive: Archive) -> None:
    now = current(archive.session)
    assert (now.number, now.wording, now.is_shipped) == (SHIPPED_VERSION, SHIPPED, True)
    assert [line.number for line in versions(archive.session)] == [SHIPPED_VERSION]
    with pytest.raises(NotFoundError):
        version(archive.session, SHIPPED_VERSION + 1)


def test_an_edit_is_the_next_version_with_one_entry_in_the_ledger(archive: Archive, edit: Edit) -> None:
    before = read_head(archive.session).number
    saved = edit(Level.CITED, Level.UNSOURCED)
    assert (saved.number, saved.by, saved.reason) == (SHIPPED_VERSION + 1, "ada", "They are clearer.")
    assert saved.revisit == {Level.CITED, Level.UNSOURCED}
    assert current(archive.session) == saved
    assert version(archive.session, SHIPPED_VERSION).wording == SHIPPED
    assert [line.number for line in versions(archive.session)] == [SHIPPED_VERSION + 1, SHIPPED_VERSION]
    [entry] = [entry for entry in read_entries(archive.session) if entry.number > before]
    assert (entry.act, entry.subject, entry.actor) == ("edit codebook", "codebook", "ada")
    assert "Other words." in entry.detail
    assert faults(archive) == []


@pytest.mark.parametrize(
    ("wording", "reason", "place"),
    [
        (redefined(SHIPPED, Level.CITED, words=""), "So.", "meaning-cited"),
        (redefined(SHIPPED, Level.CITED), " ", "reason"),
        (redefined(SHIPPED, Level.CITED), "x" * 501, "reason"),
        (SHIPPED, "Nothing.", ""),
    ],
)
def test_what_cannot_be_saved_leaves_no_trace(
    archive: Archive, ada: User, wording: Codebook, reason: str, place: str
) -> None:
    head = read_head(archive.session)
    with pytest.raises(WordingError) as refused:
        save(archive.session, based_on=SHIPPED_VERSION, wording=wording, reason=reason, redefines=True, by=ada)
    assert [fault.place for fault in refused.value.faults] == [place]
    assert current(archive.session).is_shipped
    assert read_head(archive.session) == head


def test_an_edit_of_an_older_version_overwrites_nothing(archive: Archive, ada: User, edit: Edit) -> None:
    theirs = edit(Level.CITED)
    with pytest.raises(CodebookConflictError, match="ada saved version 3") as refused:
        save(
            archive.session,
            based_on=SHIPPED_VERSION,
            wording=redefined(SHIPPED, Level.TESTIMONY),
            reason="Mine.",
            redefines=True,
            by=ada,
        )
    assert refused.value.theirs == theirs
    assert current(archive.session) == theirs


def test_of_edits_at_once_one_is_saved_and_the_others_are_told(archive: Archive, ada: User) -> None:
    url, start = archive.session.get_bind().engine.url.render_as_string(hide_password=False), Barrier(5)
    archive.session.rollback()
    outcomes: list[str] = []

    def edit(number: int) -> None:
        with opened(url) as engine, Session(engine) as session:
            start.wait()
            try:
                wording = redefined(SHIPPED, Level.CITED, words=f"Of {number}.")
                save(session, based_on=SHIPPED_VERSION, wording=wording, reason="At once.", redefines=True, by=ada)
                outcomes.append("saved")
            except CodebookConflictError:
                outcomes.append("told")

    threads = [Thread(target=edit, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved", *["told"] * 4]
    assert current_number(archive.session) == SHIPPED_VERSION + 1
    assert faults(archive) == []


def test_each_tag_keeps_the_version_that_it_was_given_under(tagged: Archive, edit: Edit) -> None:
    edit(Level.UNSOURCED)
    tagged.judge("bert", Level.CITED, tagged.person("maud"))
    newest, oldest = history(tagged.session, tagged.answer("bert").public_id)
    assert (newest.codebook_version, oldest.codebook_version) == (SHIPPED_VERSION + 1, SHIPPED_VERSION)
    undo(tagged.session, moderator=tagged.person("maud"))
    brought_back = history(tagged.session, tagged.answer("bert").public_id)[0]
    assert brought_back.codebook_version == SHIPPED_VERSION
    assert faults(tagged) == []


def test_the_same_vote_counts_once_under_one_version_and_anew_under_the_next(tagged: Archive, edit: Edit) -> None:
    edit(Level.CITED)
    for _ in range(2):
        tagged.judge("bert", Level.CITED, tagged.person("maud"))
    votes = select(Vote.codebook_version).where(Vote.post_id == tagged.answer("bert").id).order_by(Vote.id)
    assert tagged.session.scalars(votes).all() == [SHIPPED_VERSION, SHIPPED_VERSION + 1]


def test_the_version_is_asked_of_the_database_each_time(tagged: Archive, edit: Edit) -> None:
    """What another process saved counts at once."""
    assert current_number(tagged.session) == SHIPPED_VERSION
    url = tagged.session.get_bind().engine.url.render_as_string(hide_password=False)
    tagged.session.rollback()
    with opened(url) as engine, Session(engine) as elsewhere:
        wording = redefined(SHIPPED, Level.CITED)
        save(
            elsewhere, based_on=SHIPPED_VERSION, wording=wording, reason="So.", redefines=True, by=tagged.person("ada")
        )
    tagged.judge("bert", Level.CITED, tagged.person("maud"))
    assert history(tagged.session, tagged.answer("bert").public_id)[0].codebook_version == SHIPPED_VERSION + 1


def test_a_redefined_level_lists_its_tags_the_newest_first(tagged: Archive, edit: Edit) -> None:
    assert not is_any_redefined(tagged.session)
    assert revisit_page(tagged.session).redefined == {}
    edit(Level.RECOLLECTED, reason="Dreams count.")
    page = revisit_page(tagged.session)
    assert authors(page) == ["carl", "anna"]
    assert page.counts == {Level.RECOLLECTED: 2}
    assert [edit.reason for edit in page.lines[0].because] == ["Dreams count."]
    assert is_any_redefined(tagged.session)


def test_a_tag_given_again_under_the_new_words_leaves_the_list_and_comes_back_when_it_is_undone(
    tagged: Archive, edit: Edit
) -> None:
    edit(Level.RECOLLECTED)
    tagged.judge("anna", Level.RECOLLECTED, tagged.person("maud"))
    assert authors(revisit_page(tagged.session)) == ["carl"]
    tagged.judge("carl", Level.UNSOURCED, tagged.person("maud"))
    assert count_to_revisit(tagged.session) == 0
    undo(tagged.session, moderator=tagged.person("maud"))
    assert authors(revisit_page(tagged.session)) == ["carl"]


def test_a_slip_of_the_pen_lists_no_tag(tagged: Archive, edit: Edit) -> None:
    assert edit(Level.RECOLLECTED, redefines=False).revisit == frozenset()
    assert count_to_revisit(tagged.session) == 0


def test_only_what_readers_see_is_listed(archive: Archive, edit: Edit) -> None:
    batch = archive.import_({"a.txt": DYKES_FILE}, public=True).batch
    archive.judge(RUSTICUS, Level.RECOLLECTED, archive.add_moderator("maud"))
    edit(Level.RECOLLECTED)
    assert authors(revisit_page(archive.session)) == [RUSTICUS]
    roll_back(archive.session, batch, by=BY, reason="")
    assert count_to_revisit(archive.session) == 0
    assert authors(revisit_page(archive.session)) == []


def test_the_list_is_narrowed_to_a_level_and_goes_on_behind_a_tag(
    tagged: Archive, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.services.codebook.revisit.TAGS_A_PAGE", 1)
    edit(Level.RECOLLECTED)
    edit(Level.CITED)
    assert authors(revisit_page(tagged.session, level=Level.CITED)) == ["bert"]
    assert authors(revisit_page(tagged.session, level=Level.UNSOURCED)) == []
    seen: list[str | None] = []
    after: int | None = None
    while True:
        page = revisit_page(tagged.session, after=after)
        assert page.counts == {Level.CITED: 1, Level.RECOLLECTED: 2}
        seen += authors(page)
        after = page.further
        if after is None:
            break
    assert seen == ["carl", "bert", "anna"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE codebook_version SET reason = 'None.' WHERE number = 3", "its reason is not the one"),
        ("UPDATE codebook_version SET revisit = '[]' WHERE number = 3", "its revisit is not the one"),
        ("UPDATE codebook_version SET wording = '{}' WHERE number = 3", "its wording is not the one"),
        ("UPDATE codebook_version SET at = '2001-01-01 00:00:00' WHERE number = 3", "its at is not the one"),
        (
            "UPDATE codebook_version SET by_id = (SELECT id FROM user_account WHERE name = 'maud') WHERE number = 3",
            "its actor is not the one",
        ),
        ("UPDATE codebook_version SET number = 5 WHERE number = 4", "version 5: the ledger does not know of it"),
        ("DELETE FROM codebook_version WHERE number = 3", "version 3: the ledger holds it"),
    ],
)
def test_a_version_that_was_edited_or_removed_in_its_table_is_found(
    archive: Archive, edit: Edit, statement: str, said: str
) -> None:
    archive.add_moderator("maud")
    edit(Level.CITED)
    edit(Level.CITED, words="Words again.")
    assert faults(archive) == []
    archive.session.execute(text(statement))
    archive.session.commit()
    found = faults(archive)
    assert any(said in fault for fault in found), found
