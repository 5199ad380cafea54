"""What the bench says of how suggestions do, and when it shows none."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.assessment import ENGINE
from archive.domain.assessment.engine import shipped_model
from archive.domain.bench_rules import Showing
from archive.domain.source_quality import Level
from archive.store.bench_rules import StoredRules
from archive.store.collections import Collection
from archive.store.tags import StoredSuggestion
from archive.store.threads import Post, Revision
from archive.store.votes import Vote
from tests.conftest import csrf_token

Moderator = Callable[[str], FlaskClient]
Counted = Callable[[int, int], list[dict[str, object]]]


@pytest.fixture
def post(session: Session, answers: list[str]) -> str:
    """An answer for which "from memory" is suggested, in a collection that shows suggestions from the start."""
    query = select(Revision).join(Post, Post.id == Revision.post_id).where(Post.public_id == answers[0])
    revision = session.scalars(query).one()
    session.add(
        StoredSuggestion(
            revision_id=revision.id,
            thread_id=revision.thread_id,
            engine=ENGINE,
            level=Level.RECOLLECTED,
            confidence=0.784,
            second=Level.CITED,
            second_confidence=0.1,
            telling=None,
            path=[],
            signals=[],
        )
    )
    set_showing(session, Showing.SHOWN)
    return answers[0]


def set_showing(session: Session, showing: Showing) -> None:
    """Have the collection show so much of the program's reading."""
    values = dict.fromkeys(
        ("double_percent", "uncertain_percent", "random_percent", "second_percent", "audit_percent"), 0
    )
    number = session.scalars(select(Collection.id)).one()
    session.merge(StoredRules(collection_id=number, votes_needed=1, showing=showing, version=1, **values))
    session.commit()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """Have blind votes have agreed so often with whatever is suggested; what is asked is written down."""

    def counted(agreed: int, votes: int) -> list[dict[str, object]]:
        asked: list[dict[str, object]] = []

        def count(_: Session, **about: object) -> tuple[int, int]:
            asked.append(about)
            return agreed, votes

        monkeypatch.setattr("archive.services.trials.count_trial", count)
        return asked

    return counted


def _reveal(client: FlaskClient, post: str) -> str:
    """The words of the part of the page that tells of the suggestion."""
    part = client.get(f"/moderation/posts/{post}").text.partition('class="reveal"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", part).split())


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        (4, "On labelled texts that it had not seen, {1:,} of {0:,} suggestions as sure as this one were right."),
        (5, "Suggestions of this kind agreed with blind votes in 3 of 5 answers."),
        (20, "Suggestions of this kind agreed with blind votes in 3 of 20 answers (95 %: 5 to 36 %)."),
    ],
)
def test_from_five_votes_on_the_moderators_of_this_archive_are_counted(
    moderator: Moderator, post: str, counted: Counted, votes: int, said: str
) -> None:
    asked = counted(3, votes)
    assert said.format(*shipped_model().tested[7]) in _reveal(moderator("maud"), post)
    assert asked[0] == {"engine": ENGINE, "level": Level.RECOLLECTED, "path": "No signal", "newest": 1_000}


def test_a_suggestion_of_a_kind_that_does_badly_is_not_shown(moderator: Moderator, post: str, counted: Counted) -> None:
    counted(9, 31)
    reveal = _reveal(moderator("maud"), post)
    assert "Nothing is suggested" in reveal
    said = "Suggestions of this kind agreed with blind votes in 9 of 31 answers (95 %: 16 to 47 %), so none is shown."
    assert said in reveal
    for told in ("78 %", "From memory", "What speaks for it", "Next likely", "What would change it", "no cues"):
        assert told not in reveal


def test_a_vote_beside_a_suggestion_that_is_not_shown_is_blind(
    moderator: Moderator, post: str, counted: Counted, session: Session
) -> None:
    counted(9, 31)
    maud = moderator("maud")
    html = maud.get(f"/moderation/posts/{post}").text
    sight = re.search(r'name="seen" value="(\w+)"', html)
    assert sight is not None
    assert sight[1] == "marks"


@pytest.mark.parametrize("agreed", [25, 9])
def test_after_a_vote_a_suggestion_that_is_not_shown_is_not_put_beside_it(
    moderator: Moderator, post: str, counted: Counted, session: Session, agreed: int
) -> None:
    set_showing(session, Showing.MARKS)
    counted(agreed, 31)
    maud = moderator("maud")
    html = maud.get(f"/moderation/posts/{post}").text
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    form |= {
        "csrf_token": csrf_token(maud, f"/moderation/posts/{post}"),
        "level": "unsourced",
        "note": "",
        "reason": "",
    }
    answer = maud.post(f"/posts/{post}/tags", data=form)
    assert ("/reveal" in answer.headers["Location"]) is (agreed == 25)
    assert session.scalars(select(Vote.suggested)).all() == [Level.RECOLLECTED]  # it is counted all the same
