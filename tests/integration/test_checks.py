"""Looking citations up: verdicts in order, none overwritten unseen, and works that do not exist struck."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from archive.domain.checking import CheckNotAllowedError
from archive.domain.ids import PublicId
from archive.domain.ledger import find_faults
from archive.domain.source_quality import Level
from archive.domain.sources.verdicts import Verdict
from archive.domain.typed_identifier import read_identifier
from archive.services.bench.cast import Said, Sight, cast
from archive.services.bench.history import history
from archive.services.bench.take_back import undo_tag
from archive.services.bench.undo import undo
from archive.services.browse import NotFoundError, thread_state
from archive.services.checking.check import CheckConflictError, Seen, check, check_words, strike
from archive.services.checking.pages import cited_works, sources_page, strike_page
from archive.services.decisions import TagConflictError
from archive.services.ingest.publish import roll_back
from archive.services.post_views import post_views
from archive.services.sources import merging
from archive.services.tracing.offer import Offer, accept, offer
from archive.services.tracing.pages import supplied_for
from archive.services.verify import find_faults as find_archive_faults
from archive.store.checks import CitationCheck
from archive.store.cited import CitedRow
from archive.store.decided_texts import decided_texts
from archive.store.ledger import read_entries, read_head
from archive.store.sources import Citation
from archive.store.users import User
from tests.integration.citing import DREAMER, FORGETFUL, INVENTED, LEAGUE, ON_LEAGUE, SCHOLAR, store_citations
from tests.integration.conftest import BY, Archive, Filled
from tests.integration.written import thread


def _fill(archive: Archive) -> None:
    archive.import_({"a.txt": thread(LEAGUE, ON_LEAGUE)}, public=True)
    store_citations(archive.session)
    maud = archive.add_moderator("maud")
    archive.add_moderator("teasel")
    archive.judge(SCHOLAR, Level.CITED, maud)
    archive.judge(DREAMER, Level.CITED, maud)


@pytest.fixture
def cited(filled: Filled) -> Archive:
    """A thread with an answer of two references, and one whose book does not exist, both tagged Cited."""
    return filled(_fill)


def citations(archive: Archive, author: str) -> list[CitedRow]:
    page = sources_page(archive.session, archive.answer(author).public_id)
    return [line.cited for line in page.citations]


def look_up(
    archive: Archive, author: str, number: int, verdict: Verdict, by: str, *, note: str = "", seen: int | None = None
) -> None:
    cited = citations(archive, author)[number]
    check(
        archive.session,
        post=archive.answer(author).public_id,
        citation=cited.id,
        seen=(cited.check_id or 0) if seen is None else seen,
        verdict=verdict,
        note=note,
        moderator=archive.person(by),
    )


def sum_of(archive: Archive, author: str) -> str:
    (view,) = post_views(archive.session, [archive.answer(author)], drafts=False)
    assert view.checked is not None
    return view.checked.words


def test_a_cited_answer_says_that_nobody_looked_its_sources_up_until_somebody_did(cited: Archive) -> None:
    assert sum_of(cited, SCHOLAR) == "not checked"
    look_up(cited, SCHOLAR, 0, Verdict.SUPPORTS, "maud", note=" Page 465. ")
    assert sum_of(cited, SCHOLAR) == "1 of 2 looked up: 1 supports"
    look_up(cited, SCHOLAR, 1, Verdict.DEAD, "teasel")
    assert sum_of(cited, SCHOLAR) == "2 of 2 looked up: 1 supports, 1 dead"
    first, second = citations(cited, SCHOLAR)
    assert (first.verdict, first.note, first.by) == (Verdict.SUPPORTS, "Page 465.", "maud")
    assert (second.verdict, second.note, second.by) == (Verdict.DEAD, "", "teasel")


def test_two_works_of_an_answer_that_are_merged_by_hand_are_one_reference(cited: Archive) -> None:
    first, second = citations(cited, SCHOLAR)
    maud = cited.person("maud")
    look_up(cited, SCHOLAR, 1, Verdict.SUPPORTS, "maud")
    merging.merge(cited.session, work=first.source, other=second.source, note="", by=maud)
    page = sources_page(cited.session, cited.answer(SCHOLAR).public_id)
    assert (sum_of(cited, SCHOLAR), page.sum.words) == ("looked up: supports", "looked up: supports")


def test_a_verdict_is_said_only_of_answers_whose_level_says_that_something_can_be_retrieved(cited: Archive) -> None:
    cited.judge(SCHOLAR, Level.TESTIMONY, cited.person("maud"))
    (view,) = post_views(cited.session, [cited.answer(SCHOLAR)], drafts=False)
    assert view.checked is None


def test_a_work_that_is_only_remembered_counts_once_somebody_looked_it_up(cited: Archive) -> None:
    cited.judge(FORGETFUL, Level.CITED, cited.person("maud"))
    (view,) = post_views(cited.session, [cited.answer(FORGETFUL)], drafts=False)
    assert view.checked is not None
    assert (view.checked.references, view.checked.words) == (0, "not checked")
    look_up(cited, FORGETFUL, 0, Verdict.SUPPORTS, "maud")
    assert sum_of(cited, FORGETFUL) == "looked up: supports"
    assert sources_page(cited.session, cited.answer(FORGETFUL).public_id).sum.words == "looked up: supports"
    look_up(cited, FORGETFUL, 0, Verdict.UNCHECKED, "maud")
    (view,) = post_views(cited.session, [cited.answer(FORGETFUL)], drafts=False)
    assert view.checked is not None
    assert view.checked.references == 0


def test_words_that_the_tag_rests_on_are_looked_up_though_the_program_takes_them_for_no_source(cited: Archive) -> None:
    row = cited.answer(DREAMER)
    words = "a book on the Peterhof"
    start = row.text.index(words)
    cast(
        cited.session,
        post=row.public_id,
        revision_id=row.revision_id,
        version=row.tag_version,
        said=Said(
            level=Level.CITED,
            evidence=[(start, start + len(words)), (row.text.index(INVENTED), row.text.index(INVENTED) + 8)],
            seen=Sight.MARKS,
        ),
        moderator=cited.person("maud"),
    )
    page = sources_page(cited.session, row.public_id)
    (unseen,) = page.unseen
    assert unseen.quoted.words == words

    def look_up_words(end: int) -> None:
        check_words(
            cited.session,
            post=row.public_id,
            words=(unseen.start, end),
            verdict=Verdict.FOUND,
            note="",
            moderator=cited.person("maud"),
        )

    look_up_words(unseen.end)
    page = sources_page(cited.session, row.public_id)
    assert page.unseen == []
    assert [line.quoted.words for line in page.citations] == [words, INVENTED]
    assert page.sum.words == "1 of 2 looked up: 1 found"
    assert page.citations[0].cited.has_page
    with pytest.raises(CheckNotAllowedError, match="among the sources"):
        look_up_words(unseen.end)
    with pytest.raises(CheckNotAllowedError, match="not in the text"):
        look_up_words(10_000)
    assert faults(cited) == []


def test_a_source_that_a_moderator_named_stays_whatever_the_engine_finds_later(
    cited: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, words = cited.answer(DREAMER), "a book on the Peterhof"
    start = row.text.index(words)
    added = check_words(
        cited.session,
        post=row.public_id,
        words=(start, start + len(words)),
        verdict=Verdict.FOUND,
        note="",
        moderator=cited.person("maud"),
    )

    def stays() -> bool:
        cited.session.expire_all()
        citation = cited.session.get_one(Citation, added)
        named = next(line.cited for line in sources_page(cited.session, row.public_id).citations)
        return citation.is_current and (named.id, named.has_page) == (added, True)

    assert stays()
    for number in range(2):  # of which the second follows one that found something else
        monkeypatch.setattr("archive.services.assess.ENGINE", f"newer-{number}")
        store_citations(cited.session)
        assert stays()
    second = row.text.index("nobody has read")
    check_words(
        cited.session,
        post=row.public_id,
        words=(second, second + len("nobody has read")),
        verdict=Verdict.FOUND,
        note="",
        moderator=cited.person("maud"),
    )
    monkeypatch.setattr("archive.services.assess.ENGINE", "newest")
    store_citations(cited.session)
    assert stays()
    assert [line.quoted.words for line in sources_page(cited.session, row.public_id).citations] == [
        words,
        INVENTED,
        "nobody has read",
    ]
    assert cited.session.scalar(select(func.count(Citation.id)).where(~Citation.is_current)) == 0
    assert faults(cited) == []


def test_words_that_are_no_title_become_no_work(cited: Archive) -> None:
    row = cited.answer(DREAMER)
    assert row.text.startswith("It is")
    with pytest.raises(CheckNotAllowedError, match="title of at least two words"):
        check_words(
            cited.session,
            post=row.public_id,
            words=(0, 2),
            verdict=Verdict.FOUND,
            note="",
            moderator=cited.person("maud"),
        )
    assert len(citations(cited, DREAMER)) == 1


def test_a_verdict_changes_the_page_at_once_and_stands_in_the_ledger(cited: Archive) -> None:
    post = cited.answer(SCHOLAR).public_id
    address = sources_page(cited.session, post).thread.public_id
    before = thread_state(cited.session, address, drafts=False).version
    look_up(cited, SCHOLAR, 0, Verdict.FOUND, "maud")
    assert thread_state(cited.session, address, drafts=False).version > before
    *_, entry = read_entries(cited.session, subject=f"post {post}")
    assert (entry.act, entry.actor) == ("check", "maud")
    assert '"verdict":"found"' in entry.detail
    assert '"work":"doi:10.1093/ehr/cxvi.465.1"' in entry.detail
    assert list(find_faults(read_entries(cited.session), read_head(cited.session))) == []


def test_the_second_of_two_is_told_what_the_first_found_and_nothing_is_overwritten(cited: Archive) -> None:
    look_up(cited, SCHOLAR, 0, Verdict.SUPPORTS, "maud", note="Read it.")
    with pytest.raises(CheckConflictError, match=r"maud gave this citation the verdict “Supports” on ") as caught:
        look_up(cited, SCHOLAR, 0, Verdict.DEAD, "teasel", seen=0)
    assert (caught.value.verdict, caught.value.note) == (Verdict.SUPPORTS, "Read it.")
    assert cited.session.scalar(select(func.count(CitationCheck.id))) == 1
    look_up(cited, SCHOLAR, 0, Verdict.PARTLY, "teasel", seen=caught.value.check)
    assert citations(cited, SCHOLAR)[0].verdict is Verdict.PARTLY


def test_a_verdict_is_taken_back_by_a_new_entry(cited: Archive) -> None:
    with pytest.raises(CheckNotAllowedError, match="no verdict to take back"):
        look_up(cited, SCHOLAR, 0, Verdict.UNCHECKED, "maud")
    look_up(cited, SCHOLAR, 0, Verdict.SUPPORTS, "maud")
    look_up(cited, SCHOLAR, 0, Verdict.UNCHECKED, "teasel")
    assert sum_of(cited, SCHOLAR) == "not checked"
    page = sources_page(cited.session, cited.answer(SCHOLAR).public_id)
    assert [(entry.verdict, entry.by) for entry in page.citations[0].entries] == [
        (Verdict.UNCHECKED, "teasel"),
        (Verdict.SUPPORTS, "maud"),
    ]


def test_a_verdict_against_a_citation_needs_a_note(cited: Archive) -> None:
    with pytest.raises(CheckNotAllowedError, match="needs a note"):
        look_up(cited, SCHOLAR, 0, Verdict.DOES_NOT_SUPPORT, "maud")
    with pytest.raises(CheckNotAllowedError, match="on a page of its own"):
        look_up(cited, SCHOLAR, 0, Verdict.FABRICATED, "maud", note="No such book.")
    assert cited.session.scalar(select(func.count(CitationCheck.id))) == 0


def test_citations_of_other_posts_and_of_withdrawn_texts_are_not_found(cited: Archive) -> None:
    other = citations(cited, DREAMER)[0]
    post = cited.answer(SCHOLAR).public_id
    with pytest.raises(NotFoundError):
        check(
            cited.session,
            post=post,
            citation=other.id,
            seen=0,
            verdict=Verdict.FOUND,
            note="",
            moderator=cited.person("maud"),
        )
    look_up(cited, DREAMER, 0, Verdict.FOUND, "maud")
    dreamer = cited.answer(DREAMER).public_id
    roll_back(cited.session, 1, reason="", by=BY)
    for address in (post, dreamer):
        with pytest.raises(NotFoundError):
            sources_page(cited.session, address)


def do_strike(
    archive: Archive, author: str, level: Level, *, note: str = "No catalogue has it.", by: str = "maud"
) -> None:
    row, line = archive.answer(author), citations(archive, author)[0]
    strike(
        archive.session,
        post=row.public_id,
        citation=line.id,
        seen=Seen(line.check_id or 0, row.tag_version),
        level=level,
        note=note,
        moderator=archive.person(by),
    )


def test_striking_a_work_settles_the_level_by_the_codebook_in_the_same_act(cited: Archive) -> None:
    post = cited.answer(DREAMER).public_id
    page = strike_page(cited.session, post, citations(cited, DREAMER)[0].id, moderator=cited.person("maud").id)
    assert page.proposal is not None
    assert not page.proposal.level.sourced
    assert page.left == 0
    before = read_head(cited.session).number
    do_strike(cited, DREAMER, page.proposal.level)
    assert cited.answer(DREAMER).level is page.proposal.level
    assert citations(cited, DREAMER)[0].verdict is Verdict.FABRICATED
    newest = history(cited.session, post)[0]
    assert newest.note == "Struck, as there is no such work: “ISBN 0-306-40615-2”. No catalogue has it."
    assert (newest.was, newest.because) == (Level.CITED, "as a reference was struck")
    acts = [entry.act for entry in read_entries(cited.session, subject=f"post {post}")][-2:]
    assert acts == ["tag", "check"]
    assert read_head(cited.session).number == before + 3


def test_what_still_stands_is_the_evidence_after_a_strike(cited: Archive) -> None:
    row = cited.answer(SCHOLAR)
    struck, standing = citations(cited, SCHOLAR)
    whole = (0, len(row.text))
    for evidence, expected in [
        ([], [(standing.start, standing.end)]),
        ([(struck.start, struck.end)], [(standing.start, standing.end)]),
        ([(struck.start, struck.end), (standing.start, standing.end)], [(standing.start, standing.end)]),
        ([whole], [(0, struck.start - 1), (struck.end + 1, len(row.text))]),
    ]:
        cited.judge(SCHOLAR, Level.CITED, cited.person("maud"), evidence=evidence)
        do_strike(cited, SCHOLAR, Level.CITED)
        newest = history(cited.session, row.public_id)[0]
        assert [(words.start, words.end) for words in newest.evidence] == expected
        look_up(cited, SCHOLAR, 0, Verdict.UNCHECKED, "maud")


def test_words_that_speak_for_a_lower_level_stay_its_evidence_after_a_strike(cited: Archive) -> None:
    text = cited.answer(DREAMER).text
    words = (text.index("which nobody"), len(text) - 1)
    cited.judge(DREAMER, Level.CITED, cited.person("maud"), evidence=[(0, 33), words])
    do_strike(cited, DREAMER, Level.UNSOURCED)
    newest = history(cited.session, cited.answer(DREAMER).public_id)[0]
    assert [one.text for one in newest.evidence][-1] == "which nobody has read"
    assert all(INVENTED not in one.text for one in newest.evidence)


def test_an_answer_whose_work_was_struck_is_none_to_learn_from(cited: Archive) -> None:
    text = cited.answer(DREAMER).text
    assert text in [one.text for one in decided_texts(cited.session)]
    do_strike(cited, DREAMER, Level.UNSOURCED)
    assert text not in [one.text for one in decided_texts(cited.session)]


def test_an_answer_keeps_its_level_when_another_reference_is_left(cited: Archive) -> None:
    page = strike_page(
        cited.session,
        cited.answer(SCHOLAR).public_id,
        citations(cited, SCHOLAR)[0].id,
        moderator=cited.person("maud").id,
    )
    assert page.proposal is not None
    assert (page.proposal.level, page.left) == (Level.CITED, 1)
    do_strike(cited, SCHOLAR, Level.CITED)
    assert cited.answer(SCHOLAR).level is Level.CITED
    assert sum_of(cited, SCHOLAR) == "1 of 2 looked up: 1 struck"
    page = strike_page(
        cited.session,
        cited.answer(SCHOLAR).public_id,
        citations(cited, SCHOLAR)[1].id,
        moderator=cited.person("maud").id,
    )
    assert page.left == 0
    assert page.proposal is not None
    assert not page.proposal.level.sourced


def supply(archive: Archive, author: str, identifier: str) -> None:
    """Have a reference be supplied for an answer, and accepted."""
    maud = archive.person("maud")
    archive.judge(author, Level.RECOLLECTED, maud)
    given = Offer(
        citation=None,
        reference="Anna Maier, The Peterhof of Novgorod (Visby, 1988)",
        identifier=identifier,
        locator="p. 12",
        note="",
        name="Ada",
        work=read_identifier(identifier),
    )
    trace_id = offer(archive.session, post=archive.answer(author).public_id, given=given, giver=None, seen_as=())
    version = archive.answer(author).tag_version
    accept(archive.session, trace_id=trace_id, version=version, level=Level.PINPOINT, moderator=maud)


def test_an_answer_keeps_its_level_when_a_supplied_reference_is_left(cited: Archive) -> None:
    supply(cited, DREAMER, "10.1093/ehr/cxvi.465.9")
    post = cited.answer(DREAMER).public_id
    page = strike_page(cited.session, post, citations(cited, DREAMER)[0].id, moderator=cited.person("maud").id)
    assert page.left == 1
    assert page.chosen is Level.PINPOINT
    assert Level.PINPOINT in page.levels
    do_strike(cited, DREAMER, Level.PINPOINT)
    assert cited.answer(DREAMER).level is Level.PINPOINT
    assert len(supplied_for(cited.session, [cited.answer(DREAMER).id])) == 1


def test_a_supplied_reference_to_the_struck_work_itself_leaves_nothing_to_retrieve(cited: Archive) -> None:
    supply(cited, DREAMER, INVENTED)
    page = strike_page(
        cited.session,
        cited.answer(DREAMER).public_id,
        citations(cited, DREAMER)[0].id,
        moderator=cited.person("maud").id,
    )
    assert page.left == 0
    assert page.proposal is not None
    assert page.chosen is page.proposal.level
    with pytest.raises(CheckNotAllowedError, match="can be retrieved any more"):
        do_strike(cited, DREAMER, Level.PINPOINT)


def test_readers_see_a_struck_work_also_where_no_tag_is_left(cited: Archive) -> None:
    post = cited.answer(DREAMER).public_id
    do_strike(cited, DREAMER, Level.UNSOURCED)
    for entry in history(cited.session, post):
        undo_tag(cited.session, post=post, tag_id=entry.id, moderator=cited.person("maud"))
    views = post_views(cited.session, [cited.answer(DREAMER), cited.answer(FORGETFUL)], drafts=False)
    assert views[0].decision is None
    (works,) = cited_works(cited.session, views).values()
    assert [(work.words, work.cited.verdict) for work in works] == [(INVENTED, Verdict.FABRICATED)]


def test_a_strike_that_cannot_be_leaves_neither_verdict_nor_tag(cited: Archive) -> None:
    before = read_head(cited.session)
    with pytest.raises(CheckNotAllowedError, match="can be retrieved any more"):
        do_strike(cited, DREAMER, Level.CITED)
    with pytest.raises(CheckNotAllowedError, match="needs a note"):
        do_strike(cited, DREAMER, Level.UNSOURCED, note="")
    row, line = cited.answer(DREAMER), citations(cited, DREAMER)[0]
    maud = cited.person("maud")

    def attempt(seen: Seen) -> None:
        strike(
            cited.session,
            post=PublicId(row.public_id),
            citation=line.id,
            seen=seen,
            level=Level.UNSOURCED,
            note="No.",
            moderator=maud,
        )

    with pytest.raises(TagConflictError):
        attempt(Seen(0, row.tag_version - 1))
    assert read_head(cited.session) == before
    look_up(cited, DREAMER, 0, Verdict.FOUND, "teasel")
    with pytest.raises(CheckConflictError):
        attempt(Seen(0, row.tag_version))
    assert cited.answer(DREAMER).level is Level.CITED
    assert citations(cited, DREAMER)[0].verdict is Verdict.FOUND


def test_strike_and_tag_are_each_taken_back_by_an_entry_of_their_own(cited: Archive) -> None:
    do_strike(cited, DREAMER, Level.UNSOURCED)
    undo(cited.session, moderator=cited.person("maud"))
    assert cited.answer(DREAMER).level is Level.CITED
    assert citations(cited, DREAMER)[0].verdict is Verdict.FABRICATED
    look_up(cited, DREAMER, 0, Verdict.UNCHECKED, "maud")
    assert sum_of(cited, DREAMER) == "not checked"
    acts = [entry.act for entry in read_entries(cited.session, subject=f"post {cited.answer(DREAMER).public_id}")]
    assert acts == ["vote", "tag", "set votes aside", "tag", "check", "undo", "put votes back", "check"]


def test_of_many_who_saw_the_same_page_one_is_stored(cited: Archive) -> None:
    row, line, maud_id = cited.answer(SCHOLAR), citations(cited, SCHOLAR)[0], cited.person("maud").id
    engine = cited.session.get_bind()
    cited.session.rollback()
    together = threading.Barrier(8)

    def attempt(number: int) -> bool:
        together.wait()
        with Session(engine, expire_on_commit=False) as session:
            try:
                check(
                    session,
                    post=row.public_id,
                    citation=line.id,
                    seen=0,
                    verdict=Verdict.FOUND,
                    note=str(number),
                    moderator=session.get_one(User, maud_id),
                )
            except CheckConflictError:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(attempt, range(8), timeout=120))
    assert stored.count(True) == 1
    assert cited.session.scalars(select(CitationCheck.note)).all() == [str(stored.index(True))]


def test_what_was_decided_on_sources_verifies_and_what_was_changed_behind_its_back_is_named(cited: Archive) -> None:
    look_up(cited, SCHOLAR, 0, Verdict.SUPPORTS, "maud", note="Read it.")
    look_up(cited, SCHOLAR, 0, Verdict.PARTLY, "teasel")
    do_strike(cited, DREAMER, Level.UNSOURCED)
    assert faults(cited) == []
    cited.session.execute(update(CitationCheck).where(CitationCheck.id == 1).values(note="Never read it."))
    cited.session.execute(update(Citation).where(Citation.check_id == 2).values(check_id=1))
    cited.session.execute(update(CitationCheck).where(CitationCheck.id == 3).values(verdict=Verdict.FOUND))
    cited.session.commit()
    found = "\n".join(faults(cited))
    assert "its note is Never read it., and the ledger says Read it." in found
    assert "shows verdict 1, and 2 is the newest on it" in found
    assert "its verdict is found, and the ledger says fabricated" in found
    cited.session.execute(update(Citation).values(check_id=None))
    cited.session.execute(delete(CitationCheck))
    cited.session.commit()
    assert "the table of verdicts does not" in "\n".join(faults(cited))


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    archive.session.expunge_all()
    return list(find_archive_faults(archive.session, archive.vault, say=lambda _: None))
