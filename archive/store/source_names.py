"""Names of works: whose they are, and moving them from one work to another."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import insert, or_, select, text, update
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import PublicId, source_address
from archive.domain.sources.naming import by_strength, kind_of
from archive.store.parts import parts
from archive.store.source_merges import MergeProposal, ProposalState
from archive.store.sources import Source, SourceKey

_CITING = 0x43697465  # PostgreSQL: whoever names, joins or counts works holds this until the commit
_QUIET = {"synchronize_session": False}
_A, _B = aliased(SourceKey), aliased(SourceKey)


def citing_lock(session: Session) -> None:
    """From here to the commit, let nobody else name works, join them or count who cites them.

    Two texts that name one new work at once would make two of it. To be taken after the lock of publishing and after
    posts that are changed, and before the ledger, or two could wait for each other.
    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CITING})


def owners_of(session: Session, names: Iterable[str]) -> dict[str, int]:
    """The works that have these names, by all of their names."""
    works: set[int] = set()
    for part in parts(sorted(set(names))):
        works |= {*session.scalars(select(SourceKey.source_id).where(SourceKey.key.in_(part)))}
    return {name: work for work, of_work in names_of(session, works).items() for name in of_work}


def names_of(session: Session, works: Iterable[int]) -> dict[int, list[str]]:
    """All names of works, the strongest first; also those that no public answer gives."""
    found: dict[int, list[str]] = {}
    for part in parts(sorted(works)):
        query = select(SourceKey.source_id, SourceKey.key).where(SourceKey.source_id.in_(part))
        for work, name in session.execute(query):
            found.setdefault(work, []).append(name)
    return {work: by_strength(of_work) for work, of_work in found.items()}


def apart(session: Session, works: Iterable[int]) -> set[frozenset[int]]:
    """Pairs, one of each among these works, of which a person said that they are two."""
    pairs: set[frozenset[int]] = set()
    for part in parts(sorted(works)):
        query = (
            select(_A.source_id, _B.source_id)
            .select_from(MergeProposal)
            .join(_A, _A.key == MergeProposal.key_a)
            .join(_B, _B.key == MergeProposal.key_b)
            .where(MergeProposal.state == ProposalState.DISMISSED, or_(_A.source_id.in_(part), _B.source_id.in_(part)))
        )
        pairs |= {frozenset((one, other)) for one, other in session.execute(query)}
    return pairs


def add_works(session: Session, works: Sequence[Sequence[str]]) -> None:
    """Store new works, each with its names, of which none was ever known. Nothing is said of them yet."""
    added = [_work(names[0], source_address(names[0])) for names in works]
    session.add_all(added)
    session.flush()
    add_names(session, {name: work.id for work, names in zip(added, works, strict=True) for name in names})


def add_work(session: Session, name: str) -> Source:
    """Store a work that is split off the one that has this name, and so perhaps the address made from it."""
    again = 0
    while session.scalar(select(Source.id).where(Source.public_id == source_address(name, again=again))):
        again += 1
    work = _work(name, source_address(name, again=again))
    session.add(work)
    session.flush()
    return work


def _work(name: str, address: PublicId) -> Source:
    return Source(
        public_id=address,
        merged_into_id=None,
        kind=kind_of(name),
        title="",
        csl={},
        names=[],
        title_key=None,
        family_key=None,
        domain=None,
        words="",
        answers=0,
        from_memory=0,
    )


def add_names(session: Session, owners: Mapping[str, int]) -> None:
    """Store new names of works that are there."""
    rows = [{"key": name, "source_id": work} for name, work in sorted(owners.items())]
    if rows:
        session.execute(insert(SourceKey), rows)


def move_names(session: Session, names: Sequence[str], into: int) -> None:
    """Have names be of another work."""
    for part in parts(names):
        query = update(SourceKey).where(SourceKey.key.in_(part)).values(source_id=into)
        session.execute(query.execution_options(**_QUIET))


def lead_to(session: Session, work: int, into: int | None) -> None:
    """Have the address of a work lead to another one; None: to itself."""
    session.get_one(Source, work).merged_into_id = into
    session.flush()
