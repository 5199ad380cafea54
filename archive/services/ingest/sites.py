"""Which files of an import are of another site than its collection: they are refused, and nothing of them is read in.

A site of Stack Exchange counts its posts from 1 and does not say which it is: two in one collection would be taken for
newer texts of one another. But a post keeps its date. So a number with two dates is of two sites, and the file that
brings the second of them is refused as a whole, with the tables of its site. What came first, stays.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from itertools import chain, islice

from sqlalchemy.orm import Session

from archive.domain.dates import is_another_date
from archive.domain.ids import CollectionSlug, PostKey, numbered_post_address
from archive.services.ingest.chunks import Chunk, Refusal, Source
from archive.services.ingest.inputs import beside, place_of
from archive.services.ingest.numbers_seen import NumbersSeen, Seen
from archive.store.collections import Collection
from archive.store.known_posts import load_dates, load_numbered
from archive.store.originals import Original
from archive.store.sightings import find_place
from archive.store.threads import has_threads
from imports.formats import AUTO, UnknownFormatError, choose_format, known_formats
from imports.limits import DETECTION_BYTES
from imports.reader import Format, Numbered

_AT_ONCE = 1_000  # posts that are compared
_IN_ARCHIVE = -1  # in place of a file's position
_NO_BATCH = -1


@dataclass(frozen=True, slots=True)
class _Table:
    """A file whose posts may only stand beside those of the same site."""

    source: Source
    format: Format

    @property
    def above(self) -> tuple[str, str] | None:
        """Where the table lies that its posts are on; None: it needs none."""
        name = self.format.stands_under
        return None if name is None else beside(self.source.name, name)


@dataclass(frozen=True, slots=True)
class _Clash:
    """A number that has two dates."""

    post: Numbered
    other: Seen
    agreeing: bool  # whether a post before it bears the date that its number has there


def refuse_other_sites(
    session: Session,
    sources: Iterable[Source],
    *,
    collection: Collection | CollectionSlug,
    format_name: str,
    most_bytes: int | None = None,
    heed: Callable[[], None] = lambda: None,
) -> Iterable[Source]:
    """The sources, once; those that are refused say why, and come first, so that they are told first.

    Files that may be of another site are gone through for their numbers, if there is anything to compare them with.

    :param sources: they can be gone through again.
    :param collection: one that there is, or the name of one that is yet to be made.
    :param most_bytes: of each file that are looked at; None: all.
    :param heed: called now and then; it may raise to end the work.
    :raises OSError: if a file cannot be read, or there is no room for a temporary one.
    """
    tables = [*_tables(sources, format_name)]
    if not tables:
        return sources
    with closing(NumbersSeen()) as seen:
        comparison = _Comparison(session, collection, tables, seen)
        refused = comparison.refused(most=most_bytes, heed=heed)
    first = [replace(source, refusal=refused[source.position]) for source in sources if source.position in refused]
    first.sort(key=lambda source: refused[source.position].row is None)  # the others speak of those that clash
    return chain(first, (source for source in sources if source.position not in refused))


def numbers_taken(session: Session, collection: CollectionSlug, chunks: Sequence[Chunk]) -> list[str]:
    """What there is to be said of posts of a site that bear a number of the archive, and another date."""
    formats = {known.name for known in known_formats() if known.is_of_one_site}
    stretches = [stretch for chunk in chunks for stretch in chunk.stretches if stretch.format in formats]
    records = [record for stretch in stretches for record in stretch.records]
    dates = _dates_in_archive(session, collection, [record.key for record in records])
    return [
        f"The archive has post {record.key}, and of another date: {_moment(known)}, not {_moment(record.posted_at)}."
        for record in records
        if (known := dates.get(record.key)) is not None
        and record.posted_at is not None
        and is_another_date(known, record.posted_at)
    ]


class _Comparison:
    """Of the tables of one import with the archive, and with one another."""

    def __init__(
        self,
        session: Session,
        collection: Collection | CollectionSlug,
        tables: Sequence[_Table],
        seen: NumbersSeen,
    ) -> None:
        self._session, self._tables, self._seen = session, tables, seen
        if isinstance(collection, Collection):
            self._collection, self._is_begun = collection.slug, has_threads(session, collection.id)
        else:
            self._collection, self._is_begun = collection, False
        self._rivals = Counter(table.format.name for table in tables)

    def refused(self, *, most: int | None, heed: Callable[[], None]) -> dict[int, Refusal]:
        """The files that are refused, by their positions, as the first `most` bytes of each tell, or all of them."""
        refused: dict[int, Refusal] = {}
        for site in _sites(self._tables):
            refused |= self._refused_of(site, most, heed)
        if refused:
            lie_at = Counter(place_of(table.source.name) for table in self._tables)
            unsure = (table for table in self._tables if table.above is not None and lie_at[table.above] != 1)
            refused = {table.source.position: _UNSURE for table in unsure} | refused
        return refused

    def _refused_of(self, site: Sequence[_Table], most: int | None, heed: Callable[[], None]) -> dict[int, Refusal]:
        """Of tables that lie together: all, if one of them is of another site than what came before."""
        here = [table.source.position for table in site]
        refused: dict[int, Refusal] = {}
        for table in site:
            clash = self._clash(table, most, heed)
            if clash is None:
                continue
            position = table.source.position
            refused[position] = self._refusal(clash)
            if clash.other.position in here:  # a second table of one kind, and only one of them can be the site's
                self._seen.forget([position])
                continue
            self._seen.forget(here)
            return dict.fromkeys(here, _refusal_beside(table.source.name)) | refused
        return refused

    def _clash(self, table: _Table, most: int | None, heed: Callable[[], None]) -> _Clash | None:
        """The first number of a table that has another date in the archive, or in a table before it."""
        is_compared, position, agreeing = self._rivals[table.format.name] > 1, table.source.position, False
        if table.format.find_numbers is None or not (self._is_begun or is_compared):
            return None
        with table.source.open() as file:
            posts = table.format.find_numbers(file if most is None else BytesIO(file.read(most)))
            while part := [*islice(posts, _AT_ONCE)]:
                heed()
                for post, other in self._known(part, position):
                    if is_another_date(other.posted_at, post.posted_at):
                        return _Clash(post, other, agreeing)
                    agreeing = True
                if is_compared:
                    self._seen.add(part, position)
        return None

    def _known(self, posts: Sequence[Numbered], position: int) -> Iterator[tuple[Numbered, Seen]]:
        """Yield those of some posts whose numbers the archive has, or another file of this import, with their dates."""
        keys = [post.key for post in posts]
        dates = _dates_in_archive(self._session, self._collection, keys) if self._is_begun else {}
        seen = self._seen.find(keys)
        for post in posts:
            if (date := dates.get(post.key)) is not None:
                yield post, Seen(date, _IN_ARCHIVE)
            elif (other := seen.get(post.key)) is not None and other.position != position:
                yield post, other

    def _refusal(self, clash: _Clash) -> Refusal:
        post, other = clash.post, clash.other
        where = self._where_in_archive(post) if other.position == _IN_ARCHIVE else self._where_in_import(other)
        damaged = _MAYBE_DAMAGED if clash.agreeing else ""
        return Refusal(
            f"The file is of another site than this collection: its post {post.key}, at byte {post.offset:,}, is of "
            f"{_moment(post.posted_at)}, and post {post.key} of {where}, is of {_moment(other.posted_at)}. Each site "
            "counts its posts from 1, and a post keeps its date. Nothing of the file is read in. Import it, with the "
            f"files beside it, into a collection of its own.{damaged}",
            row=post.offset,
        )

    def _where_in_import(self, other: Seen) -> str:
        name = next(table.source.name for table in self._tables if table.source.position == other.position)
        return f"“{name}”, which is taken"

    def _where_in_archive(self, numbered: Numbered) -> str:
        address = numbered_post_address(self._collection, numbered.key)
        post = load_numbered(self._session, [address], batch_id=_NO_BATCH)[address]
        place = find_place(self._session, post.revision_id, drafts=True)
        file = self._session.get(Original, place.original) if place else None
        kept = " (it was rolled back, and its numbers stay taken)" if post.rolled_back else ""
        return f"“{file.name if file else 'an earlier import'}”, which the collection has{kept}"


def _dates_in_archive(
    session: Session, collection: CollectionSlug, keys: Sequence[PostKey]
) -> Mapping[PostKey, datetime]:
    addresses = {numbered_post_address(collection, key): key for key in keys}
    return {addresses[address]: date for address, date in load_dates(session, [*addresses]).items()}


def _tables(sources: Iterable[Source], format_name: str) -> Iterator[_Table]:
    """Yield the files that may be of another site than others."""
    formats = [known for known in known_formats() if known.is_of_one_site]
    if format_name != AUTO:
        yield from (_Table(source, known) for known in formats if known.name == format_name for source in sources)
        return
    for source in sources:
        with source.open() as file:
            head = file.read(DETECTION_BYTES)
        if any(known.sniff(head) for known in formats):  # for most files, this is quicker than to choose
            chosen = _chosen(head)
            if chosen is not None and chosen.is_of_one_site:
                yield _Table(source, chosen)


def _chosen(head: bytes) -> Format | None:
    try:
        return choose_format(head)
    except UnknownFormatError:
        return None


def _sites(tables: Sequence[_Table]) -> Iterator[Sequence[_Table]]:
    """Yield the tables that lie together, those that others stand under first."""
    upper = {place_of(table.source.name): table.source.position for table in reversed(tables) if table.above is None}
    sites: dict[int, list[_Table]] = {}
    for table in tables:
        position = table.source.position
        sites.setdefault(upper.get(table.above, position) if table.above else position, []).append(table)
    for site in sites.values():
        yield sorted(site, key=lambda table: table.above is not None)


_MAYBE_DAMAGED = (
    " Posts before it bear the dates that the archive has: if it is the same site after all, mend the date in that row "
    "and import the file anew."
)
_UNSURE = Refusal(
    "Which site the file is of cannot be told: it names posts by their numbers, the one file that has the posts does "
    "not lie beside it, and other files of this import are of another site than the collection. Nothing of it is read "
    "in. Import it together with the files of its site."
)


def _refusal_beside(name: str) -> Refusal:
    return Refusal(
        f"The file lies beside “{name}”, which is of another site than this collection. Nothing of it is read in. "
        "Import them together into a collection of their own."
    )


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
