"""A page that is made of what is kept is the page that is made of nothing but the database: after each change, for each
kind of reader.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from archive import byte_cache
from archive.clock import now
from archive.domain.source_quality import Level
from archive.domain.sources.verdicts import Verdict
from archive.services.objections.objecting import keep
from archive.store import windows
from archive.store.threads import Post, Thread, touch_threads
from archive.store.users import User
from tests.integration.citing import FORGETFUL, LEAGUE, ON_LEAGUE, SCHOLAR, store_citations
from tests.integration.conftest import Archive
from tests.integration.reddit_pages import comment, more, page
from tests.integration.taking_down import Two
from tests.integration.test_checks import look_up
from tests.integration.test_long_threads import line
from tests.integration.test_objections import question
from tests.integration.test_reattach import Hand
from tests.integration.test_traces import give, take
from tests.integration.written import thread

_PARENTS = {"b": "q", "c": "q", "r1": "a", "r2": "r1", "r3": "r2", "r4": "r1", "s1": "b", "s2": "b", "d": "q"}
_FURTHER = re.compile(r'<a [^>]*href="(/threads/[^"]*after=[^"]*)"')
_OF_A_LOGIN = re.compile(r'(csrf[^>]*(?:content|value)=")[^"]*')  # another with each answer


def _told(*, words: str = "Words of") -> bytes:
    lines = [line("q", None, "question", 0), line("a", "q", "answer", 1)]
    for minutes, (key, parent) in enumerate(_PARENTS.items(), start=2):
        lines.append(line(key, parent, "answer" if key in "bc" else "reply", minutes))
    lines.append(line("o", "lost", "reply", 40))
    return b"\n".join(lines).replace(b"Words of r2", f"{words} r2".encode())


class Changes:
    """What people and files do to an archive, one after the other."""

    def __init__(self, archive: Archive, two: Two) -> None:
        self.archive, self.two = archive, two
        self.hand = Hand(archive, two.one)

    def each(self) -> Iterator[tuple[str, int]]:
        """Do them; what was done, and to which thread, from 0 in the order in which they came."""
        archive, one = self.archive, self.two.one
        for author, level in (("answerer_a", Level.UNSOURCED), (FORGETFUL, Level.RECOLLECTED), (SCHOLAR, Level.CITED)):
            archive.judge(author, level, one)
        yield "tags", 0
        self.hand.move("Words of r4.", "Words of b.")
        yield "a move", 0
        self._name(one, "maud_of_old")
        yield "another name of who moved", 0
        self._name(one, "maud")
        look_up(archive, SCHOLAR, 0, Verdict.FOUND, "maud")
        yield "a verdict", 1
        objection = question(archive)
        keep(
            archive.session,
            objection_id=objection,
            version=archive.answer(FORGETFUL).tag_version,
            reply="It stays as it is.",
            moderator=self.two.other,
        )
        yield "an objection with a reply", 1
        take(archive, give(archive))
        yield "a supplied reference", 1
        yield from self._takedowns()
        yield from self._captures()

    def _takedowns(self) -> Iterator[tuple[str, int]]:
        whole = self.two.take_down(self.hand.row("Words of r1.").public_id)
        yield "a takedown of a post", 0
        words = self.two.take_down(self.hand.row("Words of s1.").public_id, "s1")
        yield "a takedown of words", 0
        self.two.lift(whole.id)
        self.two.lift(words.id)
        yield "both lifted", 0

    def _captures(self) -> Iterator[tuple[str, int]]:
        self.archive.import_({"b.jsonl": _told(words="Other words of")}, public=True)
        yield "another text", 0
        again = page(comment("a", "One.", at=110, replies=(more("t1_a", 3),)), more("t3_t", 2))
        self.archive.import_({"2.json": again}, public=True)
        yield "an absence and gaps", 2
        self.hand.move("Words of r3.", None)
        yield "a thread that was begun", 0

    def _name(self, user: User, name: str) -> None:
        session = self.archive.session
        session.execute(update(User).where(User.id == user.id).values(name=name))
        touch_threads(session, session.scalars(select(Thread.id)).all(), now=now())
        session.commit()


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Caches that are empty, and afterwards as they were."""
    before = [(cache, cache._entries.copy(), cache.held) for cache in byte_cache._all]
    byte_cache.forget_all()
    yield
    for cache, entries, held in before:
        cache._entries, cache.held = entries, held


@pytest.fixture
def readers(
    app: Flask, make_user: Callable[..., User], log_in: Callable[[FlaskClient, str], None]
) -> Sequence[FlaskClient]:
    """An archivist, a moderator and a stranger."""
    for name, role in (("arno", "archivist"), ("maud", "moderator"), ("nora", "moderator")):
        make_user(name, role)
    clients = [app.test_client() for _ in range(3)]
    for client, name in zip(clients, ("arno", "maud"), strict=False):
        log_in(client, name)
    return clients


def test_a_page_is_the_same_whether_or_not_anything_is_kept(
    archive: Archive, readers: Sequence[FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "PART_POSTS", 5)
    archive.import_({"a.jsonl": _told()}, public=True)
    archive.import_({"a.txt": thread(LEAGUE, ON_LEAGUE)}, public=True)
    store_citations(archive.session)
    archive.import_({"1.json": page(comment("a", "One.", at=110), comment("b", "Two.", at=120))}, public=True)
    before, _ = "", [_page(readers[-1], address) for at in range(3) for address in _addresses(archive, at, readers[-1])]
    for change, number in Changes(archive, Two(archive, ("maud", "nora"))).each():
        addresses = _addresses(archive, number, readers[-1])
        warm = [_page(reader, address) for reader in readers for address in addresses]
        with nothing_kept():
            cold = [_alone(reader, address) for reader in readers for address in addresses]
        assert warm == cold, change
        assert "".join(warm) != before, f"{change} changes nothing"
        before = "".join(warm)


def _addresses(archive: Archive, number: int, reader: FlaskClient) -> list[str]:
    """The pages of a thread: as a whole, without its question, and its parts."""
    archive.session.rollback()
    thread = archive.session.scalars(select(Thread).order_by(Thread.id)).all()[number]
    question = archive.session.scalars(select(Post.public_id).where(Post.thread_id == thread.id).order_by(Post.id))
    part: str | None = f"/threads/{thread.public_id}"
    found = [f"{part}?whole=yes", f"{part}?order=posted&after={question.first()}"]
    while part is not None:
        found.append(part)
        links = [link.replace("&amp;", "&") for link in _FURTHER.findall(reader.get(part).text)]
        part = next((link for link in links if link not in found), None)
    return found


def _page(reader: FlaskClient, address: str) -> str:
    answer = reader.get(address)
    assert answer.status_code == 200, address
    return _OF_A_LOGIN.sub(r"\1", answer.text)


def _alone(reader: FlaskClient, address: str) -> str:
    byte_cache.forget_all()
    return _page(reader, address)
