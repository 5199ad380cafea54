"""What anybody may send in is counted by kind: who offers many references may still object."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from archive.domain.flooding import Sent, TooManyError
from archive.domain.tracing import OFFERS
from archive.services.flooding import count_one_more
from archive.services.transaction import writing
from archive.store.attempts import Attempt
from tests.integration.conftest import Archive

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
TWICE = replace(OFFERS, most=2)
HERE = ("address 192.0.2.1", "browser a")


def send(
    archive: Archive, *, at: datetime = NOON, sent: Sent = Sent.REFERENCE, seen_as: tuple[str, ...] = HERE
) -> None:
    with writing(archive.session):
        count_one_more(archive.session, replace(TWICE, sent=sent), seen_as=seen_as, at=at)


def test_whoever_sends_one_thing_too_often_may_still_send_another(archive: Archive) -> None:
    send(archive)
    send(archive, seen_as=("address 192.0.2.1", "browser b"))
    with pytest.raises(TooManyError, match=r"^2 references came from here within an hour"):
        send(archive, seen_as=("address 192.0.2.1", "browser c"))
    send(archive, sent=Sent.OBJECTION)
    send(archive, seen_as=("address 192.0.2.2", "browser c"))


def test_what_was_sent_long_ago_counts_no_longer_and_is_forgotten(archive: Archive) -> None:
    send(archive)
    send(archive)
    send(archive, sent=Sent.OBJECTION)
    send(archive, at=NOON + timedelta(hours=1, minutes=1))
    kept = archive.session.execute(select(Attempt.sent, func.count()).group_by(Attempt.sent).order_by(Attempt.sent))
    assert [tuple(row) for row in kept] == [(Sent.OBJECTION, 2), (Sent.REFERENCE, 2)]
