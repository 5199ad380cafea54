"""The rules of a collection's bench: set once each, told in the ledger, and what they lead to."""

from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from archive.domain.bench_rules import BenchRules, BenchRulesError, Showing
from archive.domain.permissions import Role
from archive.domain.queue_mix import Stream
from archive.domain.source_quality import Level
from archive.services.accounts import set_roles
from archive.services.bench import rules
from archive.services.bench.rules import RulesConflictError, Settled, rules_page, set_rules, turns_of
from archive.services.browse import NotFoundError
from archive.services.verify import find_faults
from archive.store.ledger import read_entries, read_head
from archive.store.pending import Pending
from archive.store.users import User
from tests.integration.conftest import BY, COLLECTION, Archive, Filled
from tests.integration.written import ANNALIST, DYKES_FILE, RUSTICUS

TWO = BenchRules(votes_needed=2)


def _fill(archive: Archive) -> None:
    for name in ("maud", "teasel", "alkmaar"):
        archive.add_moderator(name)
    set_roles(archive.session, name="alkmaar", roles=frozenset({Role.ADMIN}), by=BY)
    archive.import_({"a.txt": DYKES_FILE}, public=True)


@pytest.fixture
def dykes(filled: Filled) -> Archive:
    """Two answers, two moderators and an admin."""
    return filled(_fill)


def admin(archive: Archive) -> User:
    return archive.person("alkmaar")


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    archive.session.expunge_all()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))


def test_rules_are_the_usual_ones_until_somebody_sets_others(dykes: Archive) -> None:
    page = rules_page(dykes.session, COLLECTION)
    assert (page.rules, page.version, page.wanting) == (BenchRules(), 0, 0)
    set_rules(dykes.session, COLLECTION, TWO, version=0, by=admin(dykes))
    page = rules_page(dykes.session, COLLECTION)
    assert (page.rules, page.version) == (TWO, 1)
    entry = list(read_entries(dykes.session))[-1]
    assert (entry.act, entry.actor, entry.subject) == ("set bench rules", "alkmaar", f"collection {COLLECTION}")
    assert '"votes_needed":2' in entry.detail
    assert faults(dykes) == []


def test_the_same_rules_again_change_nothing(dykes: Archive) -> None:
    set_rules(dykes.session, COLLECTION, TWO, version=0, by=admin(dykes))
    before = read_head(dykes.session)
    set_rules(dykes.session, COLLECTION, TWO, version=0, by=admin(dykes))
    assert read_head(dykes.session) == before


def test_rules_from_an_old_page_overwrite_nothing(dykes: Archive) -> None:
    set_rules(dykes.session, COLLECTION, TWO, version=0, by=admin(dykes))
    with pytest.raises(RulesConflictError):
        set_rules(dykes.session, COLLECTION, BenchRules(double_percent=20), version=0, by=admin(dykes))
    assert rules_page(dykes.session, COLLECTION).rules == TWO


@pytest.mark.parametrize(
    "wrong", [BenchRules(votes_needed=4), BenchRules(double_percent=101), BenchRules(uncertain_percent=80)]
)
def test_rules_that_cannot_be_are_refused(dykes: Archive, wrong: BenchRules) -> None:
    before = read_head(dykes.session)
    with pytest.raises(BenchRulesError):
        set_rules(dykes.session, COLLECTION, wrong, version=0, by=admin(dykes))
    assert read_head(dykes.session) == before
    with pytest.raises(NotFoundError):
        set_rules(dykes.session, "nowhere", TWO, version=0, by=admin(dykes))


def test_answers_whose_votes_are_enough_by_new_rules_are_decided_with_them(dykes: Archive) -> None:
    set_rules(dykes.session, COLLECTION, TWO, version=0, by=admin(dykes))
    dykes.judge(RUSTICUS, Level.RECOLLECTED, dykes.person("maud"))
    assert rules_page(dykes.session, COLLECTION).wanting == 1
    settled = set_rules(dykes.session, COLLECTION, BenchRules(), version=1, by=admin(dykes))
    assert settled == Settled(decided=1, left=0)
    assert dykes.answer(RUSTICUS).level is Level.RECOLLECTED
    assert dykes.session.scalars(select(Pending)).all() == []
    assert faults(dykes) == []


def test_a_share_that_is_drawn_no_more_is_decided_too(dykes: Archive) -> None:
    drawn = replace(BenchRules(), double_percent=100)
    set_rules(dykes.session, COLLECTION, drawn, version=0, by=admin(dykes))
    dykes.judge(RUSTICUS, Level.RECOLLECTED, dykes.person("maud"))
    assert dykes.answer(RUSTICUS).level is None
    set_rules(dykes.session, COLLECTION, BenchRules(), version=1, by=admin(dykes))
    assert dykes.answer(RUSTICUS).level is Level.RECOLLECTED


def test_two_neighbouring_votes_still_want_a_third(dykes: Archive) -> None:
    set_rules(dykes.session, COLLECTION, replace(TWO, votes_needed=3), version=0, by=admin(dykes))
    dykes.judge(RUSTICUS, Level.RECOLLECTED, dykes.person("maud"))
    dykes.judge(RUSTICUS, Level.UNSOURCED, dykes.person("teasel"))
    settled = set_rules(dykes.session, COLLECTION, TWO, version=1, by=admin(dykes))
    assert settled == Settled(decided=0, left=0)
    assert dykes.answer(RUSTICUS).level is None


def test_more_than_a_moment_allows_are_left_to_their_next_vote(dykes: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_SETTLED", 1)
    set_rules(dykes.session, COLLECTION, TWO, version=0, by=admin(dykes))
    for author in (RUSTICUS, ANNALIST):
        dykes.judge(author, Level.RECOLLECTED, dykes.person("maud"))
    settled = set_rules(dykes.session, COLLECTION, BenchRules(), version=1, by=admin(dykes))
    assert settled == Settled(decided=1, left=1)
    assert Counter(row.level for row in dykes.answers()) == {Level.RECOLLECTED: 1, None: 1}


def test_a_decision_stays_when_more_votes_are_asked_for(dykes: Archive) -> None:
    dykes.judge(RUSTICUS, Level.RECOLLECTED, dykes.person("maud"))
    set_rules(dykes.session, COLLECTION, TWO, version=0, by=admin(dykes))
    assert dykes.answer(RUSTICUS).level is Level.RECOLLECTED


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE bench_rules SET votes_needed = 1", "its votes_needed is 1, and the ledger says 2"),
        ("UPDATE bench_rules SET version = 3", "version is 3, and the ledger says 1"),
        ("DELETE FROM bench_rules", "the ledger holds them, and the table of rules does not"),
        (
            "INSERT INTO bench_rules SELECT 2, 1, 0, 'marks', 0, 0, 0, 0, 1",
            "Rules of collection salt: the ledger does not know of them.",
        ),
    ],
)
def test_rules_that_are_changed_behind_the_ledger_are_found(dykes: Archive, damage: str, found: str) -> None:
    set_rules(dykes.session, COLLECTION, TWO, version=0, by=admin(dykes))
    dykes.import_({"b.txt": "Why was salt taxed?\n\nby clio_reads7\n"}, collection="salt")
    assert faults(dykes) == []
    dykes.session.execute(text(damage))
    dykes.session.commit()
    assert any(found.replace("its ", "") in fault for fault in faults(dykes))


def test_what_the_mix_means_for_twenty_answers() -> None:
    turns = turns_of(BenchRules(showing=Showing.BLIND))
    assert {turn.stream: len(turn.turns) for turn in turns} == {
        Stream.UNCERTAIN: 12,
        Stream.SECOND: 4,
        Stream.RANDOM: 2,
        Stream.ORDER: 2,
    }
    assert sorted(number for turn in turns for number in turn.turns) == list(range(1, 21))
