"""What readers send, about which moderators' programs decide then."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.takedown import ReasonClass
from archive.domain.typed_identifier import read_reference
from archive.services.browse import visible_post
from archive.services.objections.objecting import Given, object_to
from archive.services.takedown.request import Request, ask
from archive.services.tracing.offer import Offer
from archive.services.tracing.offer import offer as give_offer
from archive.store.ledger import read_entries
from archive.store.takedowns import Takedown
from tests.unit.web.api.conftest import Program

REFERENCE = "Nikita Khrushchev, Memoirs, vol. 1 (Pennsylvania State University Press, 2004)"
CONTACT = "somebody@example.org"


def object_as_reader(session: Session, post: str) -> int:
    """The number of an objection to the tag of an answer."""
    given = Given(
        reason="It names page 94 & <b>the</b> edition.",
        expected=None,
        reference="",
        locator="",
        identifier="doi:10.1093/ehr/cxvi.465.1",
        name="Rita",
        by_author=False,
    )
    version = visible_post(session, post, drafts=False).tag_version
    return object_to(
        session, post=PublicId(post), version=version, given=given, objector=None, seen_as=["address of a reader"]
    )


def offer_as_reader(session: Session, post: str) -> int:
    """The number of a reference that is supplied for an answer."""
    given = Offer(
        citation=None,
        reference=REFERENCE,
        identifier="",
        locator="",
        note="",
        name="",
        work=read_reference(REFERENCE),
    )
    return give_offer(session, post=PublicId(post), given=given, giver=None, seen_as=["address of a reader"])


def ask_as_reader(session: Session, post: str) -> int:
    """The number of a request that a post be taken down."""
    asked = Request(reason=ReasonClass.PERSONAL, words="That is my name.", name="Rita", contact=CONTACT)
    ask(session, post=PublicId(post), asked=asked, by=None, seen_as=["address of a reader"])
    return session.scalars(select(func.max(Takedown.id))).one()


def vote_of(program: Program, post: str, level: str, **said: object) -> None:
    """Have a program vote on an answer as it stands."""
    item = program.read(f"/moderation/posts/{post}")["post"]
    body = {
        "level": level,
        "revision": item["revision"]["number"],
        "tag_version": item["tag_version"],
        "seen": "marks",
    } | said
    answer = program.post(f"/moderation/posts/{post}/votes", body)
    assert answer.status_code == 201, answer.text


def untag(program: Program, post: str) -> None:
    """Have a program take the decision on an answer back."""
    (decision,) = program.read(f"/posts/{post}/decisions")["items"]
    assert program.post(f"/moderation/posts/{post}/undos", {"decision": decision["id"]}).status_code == 200


def acts_of(session: Session, who: str) -> list[str]:
    """What the ledger says that somebody did with a token, in order."""
    session.rollback()
    return [entry.act for entry in read_entries(session) if entry.actor == who and entry.act != "make token"]


def refused(program: Program, path: str, bodies: list[tuple[Mapping[str, object], int, str]]) -> None:
    """Whether each body is refused with its status, as a problem with these words."""
    for body, status, words in bodies:
        answer = program.post(path, body)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), (body, answer.text)
        assert words in answer.json["detail"], (body, answer.json["detail"])
