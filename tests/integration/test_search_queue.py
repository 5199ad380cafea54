"""Any search is a queue: its answers come one after the other, and none twice."""

from collections.abc import Sequence

import pytest
from sqlalchemy import event

from archive.domain.ids import PublicId
from archive.domain.source_quality import Level
from archive.services.bench import queue
from archive.services.bench.asides import leave, skip
from archive.services.bench.cast import Said, Sight, cast
from archive.services.bench.marks import mark
from archive.services.bench.queue import Working, after_in_order, claim_coming, claim_first, coming, look_ahead
from archive.services.search import Wanted
from tests.integration.conftest import Archive, Filled
from tests.integration.written import DYKES, SALT, thread

DYKE = Wanted(text="dyke")


def _fill(archive: Archive) -> None:
    archive.add_moderator("maud")
    archive.add_moderator("teasel")
    said = [
        (f"writer_{number}x", f"On {'salt' if number % 3 == 2 else 'dyke'} number {number}.") for number in range(9)
    ]
    archive.import_({"a.txt": thread(DYKES, said[:5]), "b.txt": thread(SALT, said[5:])}, public=True)


@pytest.fixture
def dykes(filled: Filled) -> Archive:
    """Nine answers, six of which are on dykes."""
    return filled(_fill)


def on_dykes(archive: Archive) -> list[PublicId]:
    rows = [row for row in archive.answers() if "dyke" in row.text]
    return [row.public_id for row in sorted(rows, key=lambda row: row.revision_id)]


def come(archive: Archive, most: int = 20, *, name: str = "maud", search: Wanted = DYKE) -> Sequence[PublicId]:
    return coming(archive.session, archive.person(name).id, search=search, most=most)


def vote(archive: Archive, post: PublicId, name: str = "maud") -> None:
    row = next(row for row in archive.answers() if row.public_id == post)
    cast(
        archive.session,
        post=post,
        revision_id=row.revision_id,
        version=row.tag_version,
        said=Said(level=Level.CITED, seen=Sight.MARKS),
        moderator=archive.person(name),
    )


def test_the_answers_of_a_search_come_in_their_order_and_no_others(dykes: Archive) -> None:
    assert come(dykes) == on_dykes(dykes)
    assert len(on_dykes(dykes)) == 6
    assert come(dykes, 2) == on_dykes(dykes)[:2]
    assert come(dykes, search=Wanted(text="dyke", author="writer_3x")) == [on_dykes(dykes)[2]]
    for text in ("dyke author:writer_3x", "author:writer_3x", '"dyke number 3"', "dyke -(0 OR 1 OR 4 OR 6 OR 7)"):
        assert come(dykes, search=Wanted(text=text)) == [on_dykes(dykes)[2]], text
    assert come(dykes, search=Wanted(text="quality:none (dykes OR unicorns)")) == on_dykes(dykes)


def test_what_one_has_read_left_or_marked_comes_no_more_and_what_was_passed_over_last(dykes: Archive) -> None:
    every, maud = on_dykes(dykes), dykes.person("maud")
    vote(dykes, every[0])
    skip(dykes.session, post=every[1], moderator=maud)
    leave(dykes.session, post=every[2], moderator=maud)
    mark(dykes.session, post=every[3], moderator=maud)
    assert come(dykes) == [*every[4:], every[1]]
    assert come(dykes, name="teasel") == every


def test_it_goes_on_behind_the_answer_read_last_and_comes_back_to_the_beginning(dykes: Archive) -> None:
    every = on_dykes(dykes)
    vote(dykes, every[3])
    assert come(dykes) == [*every[4:], *every[:3]]
    assert after_in_order(dykes.session, dykes.person("maud").id, every[4], search=DYKE) == every[5]
    assert after_in_order(dykes.session, dykes.person("maud").id, every[5], search=DYKE) == every[0]


def test_what_a_colleague_is_about_to_read_comes_behind_all_else(dykes: Archive) -> None:
    every = on_dykes(dykes)
    assert claim_coming(dykes.session, dykes.person("teasel").id, search=DYKE) == every[:3]
    assert come(dykes) == [*every[3:], *every[:3]]


def test_decided_answers_are_read_too_unless_the_search_asks_for_open_ones(dykes: Archive) -> None:
    every = on_dykes(dykes)
    vote(dykes, every[0], "teasel")
    assert come(dykes) == every
    assert come(dykes, search=Wanted(text="dyke", levels=frozenset({None}))) == every[1:]


@pytest.mark.parametrize("search", [Wanted(), Wanted(text="-dyke"), Wanted(text="gulden")])
def test_a_search_that_finds_nothing_serves_nothing(dykes: Archive, search: Wanted) -> None:
    assert come(dykes, search=search) == []


def test_no_more_is_looked_through_than_a_moment_allows(dykes: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST_FOUND", 2)
    every = on_dykes(dykes)
    assert come(dykes) == every[:2]
    vote(dykes, every[1])
    assert come(dykes) == [every[2], every[3], every[0]]


def test_the_next_answer_takes_a_few_statements_however_many_there_are(dykes: Archive) -> None:
    maud, statements = dykes.person("maud").id, list[str]()
    bind = dykes.session.get_bind()
    note = lambda *arguments: statements.append(arguments[2])  # noqa: E731 - what SQLAlchemy calls
    event.listen(bind, "before_cursor_execute", note)
    coming(dykes.session, maud, search=DYKE, most=3)
    event.remove(bind, "before_cursor_execute", note)
    assert sum("revision_fts" in statement or "to_tsquery" in statement for statement in statements) == 1


def test_of_two_who_look_ahead_at_the_same_moment_each_claims_other_answers(dykes: Archive) -> None:
    maud, teasel = dykes.person("maud").id, dykes.person("teasel").id
    seen = {name: look_ahead(dykes.session, name, Working(search=DYKE), done=0) for name in (maud, teasel)}
    assert seen[maud] == seen[teasel]
    first, second = (claim_first(dykes.session, name, seen[name]) for name in (maud, teasel))
    assert first == seen[maud][:3]
    assert second != []
    assert not {*first} & {*second}
