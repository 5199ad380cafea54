"""For any page of a moderator: how many practice answers are left before their votes count."""

from archive.services.practice import answers_to_go
from archive.store.database import db
from archive.web.current_user import current_user


def practice_to_go() -> int:
    """How many are left; 0 where the votes of whoever asks count, or there are none."""
    user = current_user()
    return 0 if user is None else answers_to_go(db.session(), user)
