"""Dates that two captures give the post of one number."""

from datetime import datetime, timedelta

from archive.domain.capture import KnownPost
from archive.domain.records import KeyBasis, PostRecord

_SAME_MOMENT = timedelta(seconds=1)  # what was written without fractions of a second is no other date


def is_redated(known: KnownPost, record: PostRecord) -> bool:
    """Whether two texts of a numbered post bear different dates: it may be a post of another site with that number."""
    return record.key_basis is KeyBasis.SOURCE and is_another_date(known.posted_at, record.posted_at)


def is_another_date(known: datetime | None, said: datetime | None) -> bool:
    """Whether two dates of one number are those of two posts."""
    return known is not None and said is not None and abs(known - said) >= _SAME_MOMENT
