"""A draft changes no byte of any page that others are sent; publishing it does."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.domain.permissions import Role
from archive.domain.source_quality import Level
from archive.services.ingest.publish import publish, roll_back
from archive.store import windows
from archive.store.users import User
from tests.integration.conftest import BY, Archive
from tests.integration.every_address import addresses, places_of
from tests.integration.test_companions import POSTS, USERS
from tests.integration.test_numbered_threads import asked, comment, dump
from tests.integration.test_reattach import Hand
from tests.integration.written import ANNALIST, DYKES, DYKES_FILE, ON_DYKES, RUSTICUS, thread

Pages = Mapping[str, tuple[int, dict[str, str], bytes]]  # by address, the status, the headers and the body
PAGE = 4  # posts
_TOKEN = re.compile(rb'(name="csrf.token" (?:content|value)=")[^"]+')
_OF_THE_MOMENT = ("Date", "Expires", "Set-Cookie")
_FURTHER = re.compile(r'<a href="([^"]+)" rel="next">')
SEARCHES = ("/search?q=canal", "/search?q=words+number", "/search?q=levy+books", "/search?q=words&collection=history")


@dataclass(frozen=True, slots=True)
class Case:
    """What is published, what comes as a draft, and which posts a person moves under which in between."""

    public: dict[str, str | bytes]
    draft: dict[str, str | bytes]
    moves: tuple[tuple[str, str], ...] = ()


def mail(number: int, subject: str, *, answers: int | None = None) -> str:
    named = f"References: <{answers}@list.example>\nIn-Reply-To: <{answers}@list.example>\n" if answers else ""
    return (
        f"From writer@list.example Thu Jan  1 00:00:00 2015\nFrom: Writer {number} <writer{number}@list.example>\n"
        f"Date: Thu, {number} Jan 2015 10:00:00 +0000\nMessage-ID: <{number}@list.example>\n{named}"
        f"Subject: {subject}\n\nWords of mail {number}, about canals.\n\n"
    )


_LOST = {"thread": "lost"}
CASES = {
    "missing parents, and posts between others": Case(
        {
            "a.ndjson": dump(
                asked(),
                comment(1),
                comment(3, 2),
                comment(4, 3),
                comment(13, 1),
                comment(20),
                comment(21, 20),
                comment(5, "t3_lost", **_LOST),
                comment(6, 5, **_LOST),
            )
        },
        {
            "b.ndjson": dump(
                comment(2, 1),
                comment(10, at=1_499_999_999),
                comment(11),
                comment(12, 11),
                comment(14, 13),
                asked("lost", "Who lost the canal?", "A canal, and words of canals."),
                comment(0, 5, **_LOST),
            )
        },
    ),
    "other texts, titles and by-lines": Case(
        {"a.ndjson": dump(asked(), comment(1), comment(2, 1), comment(3))},
        {
            "b.ndjson": dump(
                asked(title="Who dug the other canal?", text="Words of canals.") | {"author": "[deleted]"},
                comment(1, body="Other words.") | {"author": "[deleted]"},
                comment(2, 1, body="[removed]") | {"author": "somebody_else"},
            )
        },
    ),
    "names that were missing, and others": Case(
        {
            "site/Posts.xml": POSTS,
            "a.ndjson": dump(
                asked(),
                comment(1) | {"author": None},
                comment(2, 1) | {"author": "[deleted]"},
                comment(3, 2),
                comment(4),
            ),
        },
        {
            "b/Posts.xml": POSTS,
            "b/Users.xml": USERS,
            "b.ndjson": dump(*(comment(number) | {"author": f"another_{number}"} for number in (1, 2, 3))),
        },
    ),
    "a name taken back": Case(
        {"a.ndjson": dump(asked(), comment(1), comment(2, 1))},
        {"b.ndjson": dump(asked() | {"author": "[deleted]"}, comment(1) | {"author": "[deleted]"})},
    ),
    "a plain thread again": Case(
        {"a.txt": DYKES_FILE},
        {"b.txt": thread(DYKES, [("first_one", "I dug it."), ON_DYKES[1], ("new_one", "Not so."), ON_DYKES[0]])},
    ),
    "a changed plain thread": Case(
        {"a.txt": DYKES_FILE},
        {"b.txt": thread(DYKES, [(ANNALIST, "The comital accounts name every gulden of the levy books.")])},
    ),
    "the first mail of a thread": Case(
        {"a.mbox": mail(3, "Re: Canals", answers=2) + mail(4, "Re: Canals, again", answers=3)},
        {"b.mbox": mail(1, "Canals of Holland") + mail(2, "Re: Canals of Holland", answers=1)},
    ),
    "a circle closed": Case(
        {"a.ndjson": dump(asked(), comment(0, 1), comment(1, 2), comment(3, 0), comment(4))},
        {"b.ndjson": dump(comment(2, 0))},
    ),
    "texts by which others are ranked": Case(
        {
            "a.ndjson": dump(
                asked(title="Who dug it?"),
                comment(1, body="Canal, canal: " + "nobody forgets it " * 6),
                comment(2, body="Canal money spent here."),
                *(comment(number, body=f"Other thing {number}.") for number in range(3, 9)),
            )
        },
        {"b.ndjson": dump(comment(10, body="Nothing of that is what they say. " * 300))},
    ),
    "a parent below a post that was moved": Case(
        {
            "a.ndjson": dump(
                asked(), comment(1), comment(3, 2), comment(4, 3), asked("other", "Where does it end?", "At the mill.")
            )
        },
        {"b.ndjson": dump(comment(2, 1))},
        (("Words of number 1.", "At the mill."),),
    ),
}


@pytest.fixture
def maud(make_user: Callable[..., User]) -> User:
    return make_user("maud", Role.MODERATOR)


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "PART_POSTS", PAGE)


def sent(client: FlaskClient, paths: list[str]) -> Pages:
    """What is sent for each address, and for those that it leads on to."""
    client.application.extensions["packed_pages"].cache.clear()  # those that are kept ready would hide it
    answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
    for path in paths:
        at: str | None = path
        while at is not None and at not in answers:
            answer = client.get(at)
            headers = {name: value for name, value in answer.headers if name not in _OF_THE_MOMENT}
            answers[at] = answer.status_code, headers, _TOKEN.sub(rb"\1", answer.data)
            further = _FURTHER.search(answer.get_data(as_text=True))
            at = further[1].replace("&amp;", "&") if further else None
            answer.close()
    return answers


def differing(before: Pages, after: Pages) -> list[str]:
    return [path for path in before if after.get(path) != before[path]]


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def published(archive: Archive, case: Case, maud: User) -> Archive:
    archive.import_(case.public, public=True)
    if RUSTICUS in str(case.public):
        archive.judge(RUSTICUS, Level.RECOLLECTED, maud)
    hand = Hand(archive, maud)
    for words, under in case.moves:
        hand.move(words, under)
    return archive


# Whose pages are compared. Who may see what, and what SQL a database speaks, know nothing of one another.
PEOPLE = {"sqlite": (None, Role.MODERATOR), "postgresql": (Role.READER,)}


@pytest.fixture
def people(
    app: Flask, database_kind: str, make_user: Callable[..., User], log_in: Callable[..., None]
) -> list[FlaskClient]:
    """The browsers of a stranger, and of people with accounts."""
    clients = []
    for role in PEOPLE[database_kind]:
        client = app.test_client()
        client.get("/login")  # from here on a stranger has a session, as the others have
        if role:
            make_user(f"some_{role}", role)
            log_in(client, f"some_{role}")
        clients.append(client)
    return clients


@pytest.mark.usefixtures("published", "one_moment")
def test_a_draft_changes_no_page_and_publishing_it_does(
    app: Flask, archive: Archive, case: Case, people: list[FlaskClient]
) -> None:
    paths = [*addresses(app, places_of(archive.session, rows=1), {}), *SEARCHES]
    before = [sent(client, paths) for client in people]
    draft = archive.import_(case.draft)
    for client, pages_ in zip(people, before, strict=True):
        assert differing(pages_, sent(client, [*pages_])) == []
    publish(archive.session, draft.batch, by=BY)
    for client, pages_ in zip(people, before, strict=True):
        assert any(differing({path: page}, sent(client, [path])) for path, page in pages_.items())


@pytest.mark.database("sqlite")  # minutes of walks; the other test asks both databases for the same pages
@pytest.mark.usefixtures("published", "one_moment")
def test_taking_a_draft_back_changes_no_page(app: Flask, archive: Archive, case: Case) -> None:
    paths = [*addresses(app, places_of(archive.session, rows=1), {}), *SEARCHES]
    before = sent(app.test_client(), paths)
    draft = archive.import_(case.draft)
    roll_back(archive.session, draft.batch, reason="", by=BY)
    assert differing(before, sent(app.test_client(), [*before])) == []
