"""Twenty moderators at once, over HTTP, against the server that is used: what was acknowledged is what is stored."""

import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from archive.services.verify import find_faults
from archive.store.threads import Post
from archive.store.users import User
from archive.store.votes import Vote
from tests.bench.moderators import Work, stored, work_at_once
from tests.conftest import PASSWORD
from tests.integration.conftest import Archive
from tests.integration.written import thread
from tests.packaging.processes import serving

_SERVE = (sys.executable, "-c", "from archive.cli import main; main(['serve'])")
_MODERATORS, _VOTES, _THREADS, _ANSWERS = 20, 10, 20, 15  # `make bench` has them give fifty votes each
_SHARED = 5  # answers that everybody votes on


def test_twenty_moderators_at_once_lose_no_vote_that_was_acknowledged(
    archive: Archive, make_user: Callable[..., User], database_url: str, tmp_path: Path
) -> None:
    files = {
        f"{number}.txt": thread(
            f"Who paid for dyke {number}?",
            [(f"author_{number}_{answer}", f"The levy of {1200 + answer}, they say.") for answer in range(_ANSWERS)],
        )
        for number in range(_THREADS)
    }
    archive.import_(files, public=True)
    names = [f"moderator_{number}" for number in range(_MODERATORS)]
    for name in names:
        make_user(name, "moderator")
    shared = [row.public_id for row in archive.answers()[-_SHARED:]]
    archive.session.rollback()
    root = str(Path(__file__).parents[2])
    with serving(_SERVE, tmp_path, FOOTNOTE_DATABASE_URL=database_url, PYTHONPATH=root) as server:
        tallies = work_at_once(server.address, names, Work(password=PASSWORD, votes=_VOTES, shared=shared))
    query = select(User.name, Post.public_id, Vote.level).where(Vote.stands)
    query = query.join(User, User.id == Vote.moderator_id).join(Post, Post.id == Vote.post_id)
    standing = stored((name, post, str(level)) for name, post, level in archive.session.execute(query))
    assert standing == {tally.name: tally.acknowledged for tally in tallies}
    assert archive.session.scalar(select(func.count()).select_from(Vote)) == sum(tally.votes for tally in tallies)
    refused = [page for tally in tallies for page in tally.refused]
    assert refused
    assert all("Nothing was overwritten: your choice has not been stored." in page for page in refused)
    archive.session.expunge_all()
    assert list(find_faults(archive.session, archive.vault, say=lambda _: None)) == []
