"""From recollection to source: a reference that somebody supplies, its way through the moderators, and back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from archive.domain.flooding import EnoughError, TooManyError
from archive.domain.ids import PublicId
from archive.domain.ledger import find_faults
from archive.domain.moderation import TagNotAllowedError
from archive.domain.source_quality import Level
from archive.domain.sources.verdicts import TraceState
from archive.domain.tracing import OFFERS, OfferNotAllowedError
from archive.domain.typed_identifier import Typed, joined, read_identifier
from archive.services.bench.history import history
from archive.services.bench.take_back import undo_tag
from archive.services.bench.undo import undo
from archive.services.browse import NotFoundError, thread_state
from archive.services.checking.check import Seen, strike
from archive.services.checking.pages import sources_page
from archive.services.decisions import TagConflictError
from archive.services.ingest.publish import publish, roll_back
from archive.services.tracing.offer import Offer, TraceStateError, accept, decline, offer
from archive.services.tracing.pages import Supplied, answer_of, queue_page, supplied_for, supplied_to, trace_page
from archive.services.tracing.take_back import take_back
from archive.services.verify import find_faults as find_archive_faults
from archive.store.attempts import Attempt
from archive.store.decided_texts import decided_texts
from archive.store.ledger import read_entries, read_head
from archive.store.pages import PostRow
from archive.store.sources import Citation
from archive.store.traces import Trace, count_all_waiting
from archive.store.users import User
from tests.integration.citing import DREAMER, FORGETFUL, LEAGUE, NAMER, ON_LEAGUE, SCHOLAR, store_citations
from tests.integration.conftest import BY, Archive, Filled
from tests.integration.written import DYKES, thread

REFERENCE = "Nikita Khrushchev, Memoirs, vol. 1 (Pennsylvania State University Press, 2004)"


def _fill(archive: Archive) -> None:
    archive.import_({"a.txt": thread(LEAGUE, ON_LEAGUE)}, public=True)
    store_citations(archive.session)
    maud = archive.add_moderator("maud")
    archive.add_moderator("teasel")
    archive.judge(FORGETFUL, Level.RECOLLECTED, maud)
    archive.judge(NAMER, Level.ATTRIBUTED, maud)
    archive.judge(SCHOLAR, Level.CITED, maud)


@pytest.fixture
def told(filled: Filled) -> Archive:
    """A thread with an answer from memory whose work is named, one that names somebody, and one that cites."""
    return filled(_fill)


def give(
    archive: Archive,
    author: str = FORGETFUL,
    *,
    locator: str = "p. 94",
    identifier: str = "0-306-40615-2",
    citation: int | None = None,
    name: str = "Ada",
    seen_as: tuple[str, ...] = ("address 192.0.2.1",),
    giver: User | None = None,
    reference: str = REFERENCE,
    work: Typed | None = None,
) -> int:
    given = Offer(
        citation=citation,
        reference=reference,
        identifier=identifier,
        locator=locator,
        note="It is in the chapter on the decline.",
        name=name,
        work=read_identifier(identifier) if work is None else work,
    )
    return offer(archive.session, post=archive.answer(author).public_id, given=given, giver=giver, seen_as=seen_as)


def take(archive: Archive, trace_id: int, *, level: Level = Level.PINPOINT, by: str = "maud") -> None:
    version = archive.answer(FORGETFUL).tag_version
    accept(archive.session, trace_id=trace_id, version=version, level=level, moderator=archive.person(by))


def supplied(archive: Archive, row: PostRow | None = None) -> list[Supplied]:
    row = row or archive.answer(FORGETFUL)
    return list(supplied_for(archive.session, [row.id]).get(row.id, ()))


def states(archive: Archive) -> list[TraceState]:
    archive.session.rollback()
    return list(archive.session.scalars(select(Trace.state).order_by(Trace.id)))


def test_answers_from_memory_whose_work_is_named_wait_for_a_reference(told: Archive) -> None:
    page = trace_page(told.session, before=None)
    assert [(answer.post.author, answer.waiting) for answer in page.answers] == [(NAMER, 0), (FORGETFUL, 0)]
    (candidate,) = page.answers[1].candidates
    assert candidate.quoted.words == "Khrushchev's memoirs"
    assert (candidate.quoted.before, candidate.quoted.behind[:10]) == ("I read ", " years ago")
    give(told)
    assert [answer.waiting for answer in trace_page(told.session, before=None).answers] == [0, 1]
    older = trace_page(told.session, before=told.answer(NAMER).id).answers
    assert [answer.post.author for answer in older] == [FORGETFUL]
    assert trace_page(told.session, before=told.answer(FORGETFUL).id).answers == []


def test_a_reference_waits_for_a_moderator_and_is_shown_to_nobody_else(told: Archive) -> None:
    citation = answer_of(told.session, told.answer(FORGETFUL).public_id).candidates[0].cited.id
    trace_id = give(told, citation=citation)
    (line,) = queue_page(told.session, after=0).offers
    assert (line.trace.id, line.level) == (trace_id, Level.PINPOINT)
    assert [words.quoted.words for words in line.candidate] == ["Khrushchev's memoirs"]
    assert (line.trace.giver_name, line.giver, line.trace.keys) == ("Ada", None, ["isbn:9780306406157"])
    assert supplied(told) == []
    assert told.answer(FORGETFUL).level is Level.RECOLLECTED
    *_, entry = read_entries(told.session, subject=f"post {told.answer(FORGETFUL).public_id}")
    assert (entry.act, entry.actor) == ("offer reference", "a reader")


def test_an_accepted_reference_is_shown_and_the_history_tells_the_way(told: Archive) -> None:
    citation = answer_of(told.session, told.answer(FORGETFUL).public_id).candidates[0].cited.id
    trace_id, post = give(told, citation=citation), told.answer(FORGETFUL).public_id
    address = answer_of(told.session, post).thread.public_id
    before = thread_state(told.session, address, drafts=False).version
    take(told, trace_id)
    assert thread_state(told.session, address, drafts=False).version > before
    (shown,) = supplied(told)
    assert (shown.reference, shown.giver, shown.has_account) == (f"{REFERENCE}, p. 94", "Ada", False)
    assert (shown.accepted_by, shown.note) == ("maud", "It is in the chapter on the decline.")
    row = told.answer(FORGETFUL)
    assert row.level is Level.PINPOINT
    assert REFERENCE not in row.text
    newest = history(told.session, post)[0]
    assert (newest.was, newest.level, newest.because) == (
        Level.RECOLLECTED,
        Level.PINPOINT,
        "by a supplied reference",
    )
    assert newest.evidence[0].text == "Khrushchev's memoirs"
    assert newest.note == f"By a reference that Ada (a reader) supplied: {REFERENCE}, p. 94"
    assert [entry.act for entry in read_entries(told.session, subject=f"post {post}")][-4:] == [
        "offer reference",
        "set votes aside",
        "tag",
        "accept reference",
    ]
    assert [answer.post.author for answer in trace_page(told.session, before=None).answers] == [NAMER]
    assert queue_page(told.session, after=0).offers == []
    assert list(find_faults(read_entries(told.session), read_head(told.session))) == []


def test_an_answer_for_which_a_reference_was_supplied_is_none_to_learn_from(told: Archive) -> None:
    text = told.answer(FORGETFUL).text
    assert text in [one.text for one in decided_texts(told.session)]
    take(told, give(told))
    assert text not in [one.text for one in decided_texts(told.session)]


def test_the_level_that_follows_is_cited_where_no_place_was_given(told: Archive) -> None:
    trace_id = give(told, locator="", identifier="")
    assert queue_page(told.session, after=0).offers[0].level is Level.CITED
    with pytest.raises(OfferNotAllowedError, match="decline it"):
        take(told, trace_id, level=Level.ATTRIBUTED)
    take(told, trace_id, level=Level.CITED)
    assert told.answer(FORGETFUL).level is Level.CITED


def test_a_further_reference_takes_neither_the_page_nor_the_evidence_of_the_first_away(told: Archive) -> None:
    citation = answer_of(told.session, told.answer(FORGETFUL).public_id).candidates[0].cited.id
    first, second = give(told, citation=citation), give(told, locator="")
    take(told, first)
    (line,) = queue_page(told.session, after=0).offers
    assert (line.trace.id, line.level) == (second, Level.PINPOINT)
    take(told, second, level=line.level)
    newest = history(told.session, told.answer(FORGETFUL).public_id)[0]
    assert (newest.was, newest.level) == (Level.PINPOINT, Level.PINPOINT)
    assert [words.text for words in newest.evidence] == ["Khrushchev's memoirs"]
    assert len(supplied(told)) == 2


def test_the_page_of_a_work_knows_the_answers_for_which_a_reference_to_it_was_supplied(told: Archive) -> None:
    """By a number that other answers cite, and by the words that name it."""
    remembered = answer_of(told.session, told.answer(FORGETFUL).public_id).candidates[0].cited
    (numbered,) = (line.cited for line in sources_page(told.session, told.answer(DREAMER).public_id).citations)
    other = sources_page(told.session, told.answer(SCHOLAR).public_id).citations[0].cited
    first = give(told, citation=remembered.id)
    assert supplied_to(told.session, remembered.source_id) == []
    take(told, first)
    for work in (remembered.source_id, numbered.source_id):
        (one,) = supplied_to(told.session, work)
        assert (one.reference.reference, one.post.author) == (f"{REFERENCE}, p. 94", FORGETFUL)
    assert supplied_to(told.session, other.source_id) == []
    undo(told.session, moderator=told.person("maud"))
    assert supplied_to(told.session, numbered.source_id) == []


def test_undo_of_the_tag_opens_the_offer_again_and_undo_of_that_accepts_it(told: Archive) -> None:
    trace_id, post = give(told), told.answer(FORGETFUL).public_id
    take(told, trace_id)
    undo(told.session, moderator=told.person("maud"))
    assert told.answer(FORGETFUL).level is Level.RECOLLECTED
    assert states(told) == [TraceState.OFFERED]
    assert supplied(told) == []
    assert [line.trace.id for line in queue_page(told.session, after=0).offers] == [trace_id]
    in_force = history(told.session, post)[0].id
    undo_tag(told.session, post=post, tag_id=in_force, moderator=told.person("teasel"))
    assert told.answer(FORGETFUL).level is Level.PINPOINT
    assert states(told) == [TraceState.ACCEPTED]
    assert len(supplied(told)) == 1
    acts = [entry.act for entry in read_entries(told.session, subject=f"post {post}")][-6:]
    assert acts == ["undo", "reopen reference", "put votes back", "undo", "accept reference", "set votes aside"]


def test_an_offer_that_was_opened_again_can_be_accepted_and_declined_like_any(told: Archive) -> None:
    trace_id = give(told)
    take(told, trace_id)
    undo(told.session, moderator=told.person("maud"))
    take(told, trace_id, level=Level.CITED, by="teasel")
    assert told.answer(FORGETFUL).level is Level.CITED
    undo(told.session, moderator=told.person("teasel"))
    decline(told.session, trace_id=trace_id, reason="Another edition.", moderator=told.person("maud"))
    in_force = history(told.session, told.answer(FORGETFUL).public_id)[0].id
    before = read_head(told.session)
    with pytest.raises(TagNotAllowedError, match=r"reference on which this tag rests was declined by maud on "):
        undo_tag(told.session, post=told.answer(FORGETFUL).public_id, tag_id=in_force, moderator=told.person("maud"))
    assert states(told) == [TraceState.DECLINED]
    assert told.answer(FORGETFUL).level is Level.RECOLLECTED
    assert read_head(told.session) == before


def test_a_reference_is_shown_exactly_while_its_tag_stands_however_often_it_is_undone(told: Archive) -> None:
    take(told, give(told))
    post, maud = told.answer(FORGETFUL).public_id, told.person("maud")
    for level, state in [(Level.RECOLLECTED, TraceState.OFFERED), (Level.PINPOINT, TraceState.ACCEPTED)] * 3:
        undo_tag(told.session, post=post, tag_id=history(told.session, post)[0].id, moderator=maud)
        assert (told.answer(FORGETFUL).level, states(told)) == (level, [state])
    told.judge(FORGETFUL, Level.CITED, maud)
    for level in (Level.PINPOINT, Level.CITED, Level.PINPOINT):
        undo_tag(told.session, post=post, tag_id=history(told.session, post)[0].id, moderator=maud)
        assert (told.answer(FORGETFUL).level, states(told)) == (level, [TraceState.ACCEPTED])
    assert faults(told) == []


def test_a_reference_that_was_opened_again_and_accepted_goes_with_its_newer_tag(told: Archive) -> None:
    trace_id, post = give(told), told.answer(FORGETFUL).public_id
    take(told, trace_id)
    undo(told.session, moderator=told.person("maud"))
    take(told, trace_id, level=Level.CITED, by="teasel")
    for level, state in [(Level.RECOLLECTED, TraceState.OFFERED), (Level.CITED, TraceState.ACCEPTED)] * 2:
        newest = history(told.session, post)[0].id
        undo_tag(told.session, post=post, tag_id=newest, moderator=told.person("maud"))
        assert (told.answer(FORGETFUL).level, states(told)) == (level, [state])


def test_a_later_tag_leaves_the_note_and_its_undo_too(told: Archive) -> None:
    take(told, give(told))
    told.judge(FORGETFUL, Level.CITED, told.person("teasel"))
    assert len(supplied(told)) == 1
    undo(told.session, moderator=told.person("teasel"))
    assert (told.answer(FORGETFUL).level, states(told)) == (Level.PINPOINT, [TraceState.ACCEPTED])


def withdraw(archive: Archive, trace_id: int, *, by: str = "teasel") -> None:
    version = archive.answer(FORGETFUL).tag_version
    take_back(archive.session, trace_id=trace_id, version=version, moderator=archive.person(by))


def test_a_reference_is_taken_back_below_later_decisions_and_the_level_stays(told: Archive) -> None:
    trace_id, post = give(told), told.answer(FORGETFUL).public_id
    take(told, trace_id)
    told.judge(FORGETFUL, Level.RECOLLECTED, told.person("maud"))
    undo(told.session, moderator=told.person("maud"))
    told.judge(FORGETFUL, Level.ATTRIBUTED, told.person("maud"))
    told.judge(FORGETFUL, Level.RECOLLECTED, told.person("maud"))
    address = answer_of(told.session, post).thread.public_id
    before, decisions = thread_state(told.session, address, drafts=False).version, len(history(told.session, post))
    withdraw(told, trace_id)
    assert (states(told), supplied(told)) == ([TraceState.OFFERED], [])
    assert told.answer(FORGETFUL).level is Level.RECOLLECTED
    assert len(history(told.session, post)) == decisions
    assert thread_state(told.session, address, drafts=False).version > before
    *_, entry = read_entries(told.session, subject=f"post {post}")
    assert (entry.act, entry.actor) == ("reopen reference", "teasel")
    assert [line.trace.id for line in queue_page(told.session, after=0).offers] == [trace_id]
    assert faults(told) == []
    undo(told.session, moderator=told.person("maud"))
    assert (told.answer(FORGETFUL).level, states(told)) == (Level.ATTRIBUTED, [TraceState.OFFERED])
    undo(told.session, moderator=told.person("maud"))
    assert (told.answer(FORGETFUL).level, states(told)) == (Level.PINPOINT, [TraceState.ACCEPTED])
    assert faults(told) == []


@pytest.mark.parametrize("detours", [0, 1])
def test_with_the_reference_goes_the_tag_in_force_by_which_it_was_accepted(told: Archive, detours: int) -> None:
    trace_id, post = give(told), told.answer(FORGETFUL).public_id
    take(told, trace_id)
    for _ in range(detours):
        told.judge(FORGETFUL, Level.RECOLLECTED, told.person("maud"))
        undo(told.session, moderator=told.person("maud"))
    withdraw(told, trace_id)
    assert (told.answer(FORGETFUL).level, states(told)) == (Level.RECOLLECTED, [TraceState.OFFERED])
    assert supplied(told) == []
    acts = [entry.act for entry in read_entries(told.session, subject=f"post {post}")]
    assert acts[-3:] == ["undo", "reopen reference", "put votes back"]
    newest = history(told.session, post)[0].id
    undo_tag(told.session, post=post, tag_id=newest, moderator=told.person("teasel"))
    assert (told.answer(FORGETFUL).level, states(told)) == (Level.PINPOINT, [TraceState.ACCEPTED])
    assert faults(told) == []


def test_a_reference_that_was_taken_back_is_accepted_anew_by_a_tag_of_its_own(told: Archive) -> None:
    trace_id = give(told)
    take(told, trace_id)
    told.judge(FORGETFUL, Level.RECOLLECTED, told.person("maud"))
    withdraw(told, trace_id)
    take(told, trace_id, level=Level.CITED)
    assert (told.answer(FORGETFUL).level, states(told)) == (Level.CITED, [TraceState.ACCEPTED])
    undo(told.session, moderator=told.person("maud"))
    assert (told.answer(FORGETFUL).level, states(told)) == (Level.RECOLLECTED, [TraceState.OFFERED])


def test_a_tag_whose_reference_was_taken_back_and_declined_is_not_brought_back_but_those_above_are(
    told: Archive,
) -> None:
    trace_id = give(told)
    take(told, trace_id)
    told.judge(FORGETFUL, Level.ATTRIBUTED, told.person("maud"))
    told.judge(FORGETFUL, Level.RECOLLECTED, told.person("teasel"))
    withdraw(told, trace_id)
    decline(told.session, trace_id=trace_id, reason="Another edition.", moderator=told.person("maud"))
    undo(told.session, moderator=told.person("teasel"))
    assert (told.answer(FORGETFUL).level, states(told)) == (Level.ATTRIBUTED, [TraceState.DECLINED])
    with pytest.raises(TagNotAllowedError, match="was declined by maud"):
        undo(told.session, moderator=told.person("maud"))


def test_whoever_takes_a_reference_back_too_late_is_told_and_changes_nothing(told: Archive) -> None:
    trace_id, teasel = give(told), told.person("teasel")
    with pytest.raises(TraceStateError):
        withdraw(told, trace_id)
    take(told, trace_id)
    version = told.answer(FORGETFUL).tag_version
    told.judge(FORGETFUL, Level.RECOLLECTED, told.person("maud"))
    before = read_head(told.session)
    with pytest.raises(TagConflictError, match="maud tagged this answer"):
        take_back(told.session, trace_id=trace_id, version=version, moderator=teasel)
    with pytest.raises(NotFoundError):
        withdraw(told, trace_id + 1)
    assert read_head(told.session) == before
    withdraw(told, trace_id)
    with pytest.raises(TraceStateError, match="is open again by teasel"):
        withdraw(told, trace_id, by="maud")


def test_the_second_of_two_who_decide_is_told_and_changes_nothing(told: Archive) -> None:
    trace_id, version = give(told), told.answer(FORGETFUL).tag_version
    decline(told.session, trace_id=trace_id, reason="Another edition.", moderator=told.person("maud"))
    before = read_head(told.session)
    with pytest.raises(TraceStateError, match=r"was declined by maud on "):
        take(told, trace_id, by="teasel")
    with pytest.raises(TraceStateError):
        decline(told.session, trace_id=trace_id, reason="No.", moderator=told.person("teasel"))
    assert read_head(told.session) == before
    other = give(told)
    told.judge(FORGETFUL, Level.ATTRIBUTED, told.person("maud"))
    with pytest.raises(TagConflictError):
        accept(told.session, trace_id=other, version=version, level=Level.CITED, moderator=told.person("teasel"))
    assert states(told) == [TraceState.DECLINED, TraceState.OFFERED]


def test_no_reference_is_taken_for_an_answer_that_has_one_or_of_which_enough_wait(told: Archive) -> None:
    with pytest.raises(OfferNotAllowedError, match="is tagged “Cited”"):
        give(told, SCHOLAR)
    for _ in range(5):
        give(told, NAMER, seen_as=())
    with pytest.raises(EnoughError, match="wait for a moderator"):
        give(told, NAMER, seen_as=())
    other = sources_page(told.session, told.answer(SCHOLAR).public_id).citations[0].cited.id
    with pytest.raises(NotFoundError):
        give(told, citation=other)


def test_who_floods_is_stopped_wherever_the_requests_arrive_and_others_are_not(told: Archive) -> None:
    """What counts stands in the database, so that it holds for all processes."""
    maud = told.person("maud")
    for number in range(OFFERS.most):
        seen_as = ("address 192.0.2.1", f"browser {number}")
        trace_id = give(told, seen_as=seen_as)
        decline(told.session, trace_id=trace_id, reason="Spam.", moderator=maud)
    with pytest.raises(TooManyError, match="Try again in an hour"):
        give(told, seen_as=("address 192.0.2.1", "browser new"))
    give(told, seen_as=("address 192.0.2.2", "browser new"))
    assert told.session.scalar(select(func.count(Trace.id))) == OFFERS.most + 1
    assert told.session.scalar(select(func.count(Attempt.id))) == 2 * OFFERS.most + 2


def test_of_many_offers_at_once_no_more_are_taken_than_one_after_another(
    told: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.services.tracing.offer.OFFERS", replace(OFFERS, most=3))
    posts = [told.answer(author).public_id for author in (FORGETFUL, NAMER)]
    engine = told.session.get_bind()
    told.session.rollback()
    together = threading.Barrier(8)

    def attempt(number: int) -> bool:
        together.wait()
        given = Offer(
            citation=None, reference=REFERENCE, identifier="", locator="", note="", name="", work=Typed((), {})
        )
        with Session(engine, expire_on_commit=False) as session:
            try:
                offer(session, post=posts[number % 2], given=given, giver=None, seen_as=("address 192.0.2.1",))
            except TooManyError:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(attempt, range(8), timeout=120)).count(True) == 3
    assert len(states(told)) == 3


def test_with_the_text_goes_what_was_supplied_for_it(told: Archive) -> None:
    take(told, give(told))
    waiting = give(told, NAMER)
    row = told.answer(FORGETFUL)
    roll_back(told.session, 1, reason="", by=BY)
    assert supplied(told, row) == []
    assert queue_page(told.session, after=0).offers == []
    assert trace_page(told.session, before=None).answers == []
    with pytest.raises(NotFoundError):
        answer_of(told.session, row.public_id)
    for act in (lambda: take_withdrawn(told, waiting), lambda: decline_withdrawn(told, waiting)):
        with pytest.raises(NotFoundError):
            act()


def test_references_for_a_withdrawn_text_neither_wait_nor_keep_out_new_ones(told: Archive) -> None:
    changed = [(author, text + " And more.") for author, text in ON_LEAGUE]
    later = told.import_({"c.txt": thread(LEAGUE, changed)}, public=True)
    for _ in range(5):
        give(told, NAMER, seen_as=())
    roll_back(told.session, later.batch, reason="", by=BY)
    page, post = queue_page(told.session, after=0), told.answer(NAMER)
    assert (page.offers, page.waiting) == ([], 0)
    assert count_all_waiting(told.session, strangers=True) == 0
    assert answer_of(told.session, post.public_id).waiting == 0
    give(told, NAMER, seen_as=())
    page = queue_page(told.session, after=0)
    assert (len(page.offers), page.waiting) == (1, 1)
    assert count_all_waiting(told.session, strangers=True) == 1
    assert answer_of(told.session, post.public_id).waiting == 1


@pytest.mark.parametrize(
    ("identifier", "link"),
    [
        ("10.1093/ehr/cxvi.465.1", "https://doi.org/10.1093/ehr/cxvi.465.1"),
        ("doi:10.1093/ehr/cxvi.465.1", "https://doi.org/10.1093/ehr/cxvi.465.1"),
        ("https://doi.org/10.1093/ehr/cxvi.465.1", "https://doi.org/10.1093/ehr/cxvi.465.1"),
        ("10.1002/(SICI)1099#a?b", "https://doi.org/10.1002/(SICI)1099%23a%3Fb"),
        ("https://www.hanse.example.org/novgorod", "https://hanse.example.org/novgorod"),
        ("0-306-40615-2", None),
        ("", None),
    ],
)
def test_a_link_leads_where_its_label_says_whatever_the_words_of_the_reference_name(
    told: Archive, identifier: str, link: str | None
) -> None:
    elsewhere = read_identifier("https://evil.example.com/page")
    typed = read_identifier(identifier)
    words = "See https://evil.example.com/page, by Nikita Khrushchev"
    give(told, identifier=identifier, reference=words, work=joined(typed, elsewhere))
    (line,) = queue_page(told.session, after=0).offers
    assert line.link == link


def take_withdrawn(archive: Archive, trace_id: int) -> None:
    accept(archive.session, trace_id=trace_id, version=1, level=Level.CITED, moderator=archive.person("maud"))


def decline_withdrawn(archive: Archive, trace_id: int) -> None:
    decline(archive.session, trace_id=trace_id, reason="Gone.", moderator=archive.person("maud"))


def test_with_a_later_text_goes_what_was_supplied_for_it_alone(told: Archive) -> None:
    changed = [(author, text + " And more.") for author, text in ON_LEAGUE]
    later = told.import_({"c.txt": thread(LEAGUE, changed)}, public=True)
    trace_id = give(told)
    take(told, trace_id)
    waiting = give(told, NAMER)
    roll_back(told.session, later.batch, reason="", by=BY)
    assert told.answer(FORGETFUL).level is None
    assert supplied(told) == []
    assert queue_page(told.session, after=0).offers == []
    with pytest.raises(NotFoundError):
        take_withdrawn(told, waiting)


def test_a_work_that_is_struck_or_found_no_more_waits_for_no_reference(told: Archive) -> None:
    answer = answer_of(told.session, told.answer(FORGETFUL).public_id)
    strike(
        told.session,
        post=answer.post.public_id,
        citation=answer.candidates[0].cited.id,
        seen=Seen(0, answer.post.tag_version),
        level=Level.RECOLLECTED,
        note="There are no such memoirs.",
        moderator=told.person("maud"),
    )
    assert answer_of(told.session, answer.post.public_id).candidates == []
    assert [one.post.author for one in trace_page(told.session, before=None).answers] == [NAMER]
    told.session.execute(update(Citation).values(is_current=False))
    told.session.commit()
    assert trace_page(told.session, before=None).answers == []


def test_drafts_are_neither_traced_nor_shown_and_a_draft_text_changes_nothing(told: Archive) -> None:
    draft = archive_draft(told)
    store_citations(told.session)
    assert [answer.post.author for answer in trace_page(told.session, before=None).answers] == [NAMER, FORGETFUL]
    with pytest.raises(NotFoundError):
        answer_of(told.session, draft)
    take(told, give(told))
    changed = [(author, text + " And more.") for author, text in ON_LEAGUE]
    batch = told.import_({"c.txt": thread(LEAGUE, changed)})
    assert len(supplied(told)) == 1
    publish(told.session, batch.batch, by=BY)
    assert told.answer(FORGETFUL).revision_number == 2
    assert len(supplied(told)) == 1


def archive_draft(archive: Archive) -> PublicId:
    known = archive.addresses()
    archive.import_(
        {"b.txt": thread(DYKES, [("secret_writer8", "I read Simon Schama, Citizens, but cannot cite it now.")])}
    )
    (draft,) = [row.public_id for row in archive.posts() if row.public_id not in known and row.depth == 1]
    return PublicId(draft)


def test_supplied_references_verify_and_what_was_changed_behind_their_back_is_named(told: Archive) -> None:
    take(told, give(told))
    undo(told.session, moderator=told.person("maud"))
    give(told, NAMER)
    assert faults(told) == []
    told.session.execute(update(Trace).where(Trace.id == 1).values(state=TraceState.ACCEPTED))
    told.session.execute(update(Trace).where(Trace.id == 2).values(reference="Another work altogether"))
    told.session.commit()
    found = "\n".join(faults(told))
    assert "its state is accepted, and the ledger says offered" in found
    assert "its reference is Another work altogether, and the ledger says" in found


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    archive.session.expunge_all()
    return list(find_archive_faults(archive.session, archive.vault, say=lambda _: None))
