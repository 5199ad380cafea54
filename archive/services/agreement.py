"""How far moderators agree who read the same answers independently, for one collection or for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from archive.domain.agreement.figures import ENOUGH, Agreement, Figures, Reading, ReadTwice, agreement_of, whole_of
from archive.domain.bench_rules import BenchRules, is_drawn
from archive.domain.ids import CollectionSlug, UserId
from archive.services.browse import NotFoundError
from archive.store.bench_rules import all_rules
from archive.store.blind_votes import ReadingRow, readings
from archive.store.collections import find_collection
from archive.store.pages import public_collections, select_posts
from archive.store.threads import Post
from archive.store.users import names_of

MOST_ANSWERS = 10_000  # that are looked at: the newest
MOST_IN_SHORT = 1_000  # the same, for a page that everybody asks for
DIFFERENCES_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Drawn:
    """A collection, and what it asks for."""

    slug: CollectionSlug
    name: str
    rules: BenchRules

    @property
    def draws(self) -> bool:
        """Whether there are answers in it that are read twice by its rules, and so count."""
        return self.rules.votes_needed > 1 or self.rules.double_percent > 0


@dataclass(frozen=True, slots=True)
class InShort:
    """How far moderators agree, in what everybody is told."""

    figures: Figures  # by nominal alpha
    is_of_newest: bool  # whether there are more answers than those, the newest


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer of which not all said the same."""

    answer: ReadTwice
    byline: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPage:
    """What is known of agreement, and of whose."""

    collections: Sequence[Drawn]
    chosen: Drawn | None  # None: all collections
    version: int | None  # of the codebook by which the answers were read; None: any
    versions: Sequence[int]
    answers: int  # that were read independently, and count
    found: Agreement | None  # None: the answers are too few for any figure
    names: Mapping[UserId, str]
    only: int | None  # so many of the newest answers were looked at; None: all


def agreement_page(session: Session, *, collection: str | None, version: int | None) -> AgreementPage:
    """Every figure of the answers that count.

    :raises NotFoundError: if there is no such collection.
    """
    by_id, chosen = _collections(session, collection)
    answers, only = _read_twice(session, by_id, chosen)
    versions = sorted({answer.version for answer in answers if answer.version is not None})
    if version is not None:
        answers = [answer for answer in answers if answer.version == version]
    found = agreement_of(answers) if len(answers) >= ENOUGH else None
    pairs = found.pairs if found else ()
    return AgreementPage(
        collections=list(by_id.values()),
        chosen=None if chosen is None else by_id[chosen],
        version=version,
        versions=versions,
        answers=len(answers),
        found=found,
        names=names_of(session, {moderator for one, other, _ in pairs for moderator in (one, other)}),
        only=only,
    )


def agreement_in_short(session: Session, *, collection: str) -> InShort | None:
    """How far moderators of a collection agree, for everybody; None where too few answers were read independently.

    :raises NotFoundError: if there is no such collection.
    """
    by_id, chosen = _collections(session, collection)
    if chosen is None or not by_id[chosen].draws:
        return None  # without a look at the votes: most collections draw none, and any reader asks for this
    answers, only = _read_twice(session, by_id, chosen, most=MOST_IN_SHORT)
    return InShort(whole_of(answers), only is not None) if len(answers) >= ENOUGH else None


def differences(session: Session, *, collection: str | None) -> tuple[Sequence[Difference], int]:
    """The answers of which not all said the same, the last read first, and how many there are in all.

    :raises NotFoundError: if there is no such collection.
    """
    answers, _ = _read_twice(session, *_collections(session, collection))
    if len(answers) < ENOUGH:
        return (), 0
    parted = [answer for answer in answers if not answer.is_same]
    parted.sort(key=lambda answer: answer.readings[1].at, reverse=True)
    listed = parted[:DIFFERENCES_A_PAGE]
    query = select_posts(drafts=False).where(Post.public_id.in_([answer.post for answer in listed]))
    rows = {row.public_id: row for row in session.execute(query)}
    shown = [(answer, rows[answer.post]) for answer in listed if answer.post in rows]
    return [Difference(answer, row.byline, row.text) for answer, row in shown], len(parted)


def _collections(session: Session, slug: str | None) -> tuple[dict[int, Drawn], int | None]:
    """All collections that hold something public by number, and the number of the one that is named."""
    rules = all_rules(session)
    by_id = {
        collection.id: Drawn(collection.slug, collection.name, rules.get(collection.id, BenchRules()))
        for collection in public_collections(session)
    }
    if slug is None:
        return by_id, None
    named = find_collection(session, slug)
    if named is None or named.id not in by_id:
        raise NotFoundError("collection")
    return by_id, named.id


def _read_twice(
    session: Session, collections: Mapping[int, Drawn], chosen: int | None, *, most: int | None = None
) -> tuple[Sequence[ReadTwice], int | None]:
    """The answers that count, and to how many of the newest the look was bounded, if it was."""
    most = most or MOST_ANSWERS
    rows = readings(session, collection=chosen, most=most + 1)
    texts = [list(votes) for _, votes in groupby(rows, key=lambda row: row.revision_id)]
    found = (_counted(votes, collections) for votes in texts[-most:])
    return [answer for answer in found if answer is not None], most if len(texts) > most else None


def _counted(votes: Sequence[ReadingRow], collections: Mapping[int, Drawn]) -> ReadTwice | None:
    """An answer with the votes that count: those that it would have got whatever the first one said."""
    place = collections.get(votes[0].collection_id)
    if place is None or not (place.rules.votes_needed > 1 or is_drawn(votes[0].post, place.rules.double_percent)):
        return None
    counted = votes[: max(2, place.rules.votes_needed)]
    if len(counted) < 2:
        return None
    return ReadTwice(
        votes[0].post, [Reading(row.moderator, row.level, row.at, row.codebook_version) for row in counted]
    )
