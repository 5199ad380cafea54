"""Purging what is down for good: from the database and from the originals. Hashes stay, and a tombstone.

What is purged once is purged again whenever it comes in anew.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import Sha256
from archive.domain.takedown import MAX_REPLY, TakedownNotAllowedError, TakedownState
from archive.services.ledger import Actor
from archive.services.takedown.request import held, step
from archive.services.takedown.sealing import drop_sealed
from archive.services.transaction import writing
from archive.store.blocks import BytesLostError
from archive.store.originals import Original
from archive.store.publishing import arranging_lock
from archive.store.sealed import PurgedOriginal, PurgedStretch, Stretch, stretches_of
from archive.store.searching.forms import learn_anew
from archive.store.takedowns import Takedown, posts_under, purged_takedowns
from archive.store.users import User
from archive.store.vault import Vault


def purge(session: Session, vault: Vault, *, takedown_id: int, version: int, reason: str, admin: User) -> None:
    """Destroy what is sealed by a takedown in force. It is decided and recorded first, and then done: whatever stops
    it, it is done at the next import or when it is asked for again.

    :raises NotFoundError: if there is none of that number.
    :raises TakedownConflictError: if somebody decided since the page was made.
    :raises TakedownNotAllowedError: if it is not in force, or no reason is given.
    """
    reason = reason.replace("\0", "").strip()
    if not reason:
        raise TakedownNotAllowedError("Say why it has to be destroyed, and why sealing it is not enough.")
    if len(reason) > MAX_REPLY:
        raise TakedownNotAllowedError(f"A reason has at most {MAX_REPLY:,} characters.")
    with writing(session):
        arranging_lock(session)
        takedown = held(session, takedown_id, version)
        if takedown.state is not TakedownState.IN_FORCE:
            raise TakedownNotAllowedError("Only what is down by the decision of two can be purged.")
        if takedown.purged_at is not None:
            raise TakedownNotAllowedError("This was purged already.")
        takedown.purged_at, takedown.lift_by = now(), None
        takedown.words = takedown.name = takedown.contact = ""  # whoever asked may have said it all again
        posts = posts_under(session, takedown)
        drop_sealed(session, posts)
        learn_anew(session)
        stretches = [
            {"original": stretch.original, "offset": stretch.offset, "length": stretch.length}
            for stretch in stretches_of(session, posts)
        ]
        step(session, takedown, act="purge", by=Actor.of(admin), why=reason, stretches=stretches)
    purge_again(session, vault)


def purge_again(session: Session, vault: Vault) -> int:
    """Overwrite what is still there of what was purged; how many stretches that were, and packed files."""
    done = 0
    for takedown in purged_takedowns(session):
        by_original: dict[Sha256, list[Stretch]] = {}
        for stretch in stretches_of(session, posts_under(session, takedown)):
            by_original.setdefault(stretch.original, []).append(stretch)
        for original, stretches in by_original.items():
            with suppress(BytesLostError):  # `footnote verify` names what is lost
                done += _overwrite(session, vault, takedown, original, stretches)
            done += _remove_containers(session, vault, original)
    return done


def _overwrite(
    session: Session, vault: Vault, takedown: Takedown, original: Sha256, stretches: Sequence[Stretch]
) -> int:
    there = [stretch for stretch in stretches if _holds(vault, stretch)]
    if not there and session.get(PurgedOriginal, original) is not None:
        return 0
    with writing(session):  # first what is to be seen of it later, or nobody could tell this from damage
        for stretch in stretches:
            if session.get(PurgedStretch, (original, stretch.offset)) is None:
                place = {"original": original, "offset": stretch.offset, "length": stretch.length}
                told = {"sha256": _print(vault, stretch), "takedown_id": takedown.id, "at": now()}
                session.add(PurgedStretch(**place, **told))
    stands = vault.overwrite(original, [(stretch.offset, stretch.length) for stretch in stretches])
    with writing(session):
        session.merge(PurgedOriginal(original=original, sha256=stands))
    return len(there)


def _remove_containers(session: Session, vault: Vault, original: Sha256) -> int:
    """What came packed with it: a packed file cannot lose a part, and its members are kept apart from it."""
    container, done = session.scalar(select(Original.container).where(Original.sha256 == original)), 0
    while container is not None:
        if vault.holds_packed(container):
            with writing(session):
                session.merge(PurgedOriginal(original=container, sha256=None))
                vault.remove(container)
            done += 1
        container = session.scalar(select(Original.container).where(Original.sha256 == container))
    return done


def _holds(vault: Vault, stretch: Stretch) -> bool:
    return bool(_read(vault, stretch).strip(b" "))


def _print(vault: Vault, stretch: Stretch) -> Sha256:
    return Sha256(hashlib.sha256(_read(vault, stretch)).hexdigest())


def _read(vault: Vault, stretch: Stretch) -> bytes:
    with vault.open(stretch.original) as file:
        file.seek(stretch.offset)
        return file.read(stretch.length)
