"""Whether a moderator may see what the program would say of an answer, wherever that is shown."""

from sqlalchemy.orm import Session

from archive.domain.ids import UserId
from archive.services import assess
from archive.store.circumstances import circumstances
from archive.store.pages import PostRow
from archive.store.votes import votes_on


def sees_suggestion(session: Session, row: PostRow, moderator: UserId) -> bool:
    """Whether the rules of its collection show it to a moderator who has said of the text what they have said."""
    around = circumstances(session, row, row.revision_id, moderator=moderator, base=assess.BASE)
    voted = any(vote.moderator_id == moderator for vote in votes_on(session, row.id, row.revision_id))
    return around.rules.shows_suggestion(read_before=voted or around.decided)
