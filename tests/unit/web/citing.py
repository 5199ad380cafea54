"""A published thread whose answers cite, remember and invent works, for tests of pages."""

from collections.abc import Mapping
from functools import partial
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.permissions import Role
from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.services.assess import assess_all
from archive.services.bench.cast import Said, Sight, cast
from archive.services.browse import visible_post
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.threads import Post
from archive.store.users import User
from archive.store.vault import Vault
from tests.accounts import make_user
from tests.integration.citing import DREAMER, FORGETFUL, LEAGUE, NAMER, ON_LEAGUE, SCHOLAR
from tests.integration.written import thread

LEVELS = {
    SCHOLAR: Level.CITED,
    DREAMER: Level.CITED,
    FORGETFUL: Level.RECOLLECTED,
    NAMER: Level.ATTRIBUTED,
}


def publish_league(session: Session, vault: Vault, moderator: str) -> Mapping[str, str]:
    """By author, the addresses of four answers, all tagged, and what they cite stored."""
    file = NamedFile("league.txt", partial(BytesIO, thread(LEAGUE, ON_LEAGUE).encode()))
    batch = receive_files(session, vault, [file], collection="League", by=Actor.of(None))
    run_batch(session, vault, batch, by=Actor.of(None))
    publish(session, batch, by=Actor.of(None))
    for _ in assess_all(session):
        pass
    query = select(Post.byline, Post.public_id).where(Post.kind == PostKind.ANSWER)
    found = {row.byline: row.public_id for row in session.execute(query)}
    by = session.scalars(select(User).where(User.name == moderator)).one()
    for author, level in LEVELS.items():
        row = visible_post(session, found[author], drafts=False)
        cast(
            session,
            post=row.public_id,
            revision_id=row.revision_id,
            version=row.tag_version,
            said=Said(level=level, seen=Sight.MARKS),
            moderator=by,
        )
    return found


def league_by_ida(session: Session, vault: Vault) -> Mapping[str, str]:
    """By author, the addresses of four answers, all tagged by ida."""
    make_user(session, "ida", Role.MODERATOR)
    return publish_league(session, vault, "ida")
