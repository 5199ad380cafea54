"""What the archive knows of the threads, posts and authors of a chunk, looked up at once, and what a run adds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from archive.domain.capture import KnownParent, KnownPost, KnownThread, author_name
from archive.domain.ids import CollectionSlug, PostKey, PublicId, ThreadKey, numbered_post_address, thread_address
from archive.domain.records import KeyBasis, PostRecord
from archive.services.ingest.chunks import Chunk, Stretch
from archive.services.ingest.remembered import Remembered
from archive.store.capture_rows import Rows
from archive.store.known_posts import (
    load_authors,
    load_known,
    load_numbered,
    load_parents,
    load_threads,
    readings_before,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one thread, in the order of their reading."""

    reading_id: int
    key: ThreadKey
    records: list[PostRecord]
    whole: bool = False  # whether they are all that the source showed of the thread
    gaps: Mapping[PostKey | None, int] = field(default_factory=dict)  # how many more there are, by the post above them

    @property
    def numbered(self) -> bool:
        """Whether the source numbers its posts."""
        return self.records[0].key_basis is KeyBasis.SOURCE


def group_of(chunk: Chunk, stretch: Stretch, readings: Mapping[int, int]) -> Group:
    """A stretch of a chunk as a group."""
    place = stretch.source.position, stretch.key
    return Group(
        reading_id=readings[stretch.source.position],
        key=stretch.key,
        records=stretch.records,
        whole=place in chunk.whole,
        gaps=chunk.gaps.get(place, {}),
    )


@dataclass(slots=True)
class Known:
    """What is known of what a chunk brings, and what was decided of it since."""

    session: Session
    collection_id: int
    collection: CollectionSlug
    batch_id: int
    remembered: Remembered | None = None  # what was decided on the chunks before, where it is not in the archive
    authors: dict[str, int] = field(default_factory=dict)  # name → id
    read_before: set[int] = field(default_factory=set)  # readings of whole threads that another batch holds
    _threads: dict[PublicId, KnownThread | None] = field(default_factory=dict)
    _namesakes: dict[PublicId, list[KnownThread]] = field(default_factory=dict)  # by the address of the first
    _numbered: dict[PublicId, KnownPost] = field(default_factory=dict)
    _parents: dict[PublicId, KnownParent] = field(default_factory=dict)  # those that the chunk does not bring
    _addresses: dict[PostKey, PublicId] = field(default_factory=dict)  # each is asked for three times, and hashed once

    def look_up(self, groups: Sequence[Group]) -> None:
        """Read what the archive holds of what a chunk brings."""
        self._look_up_threads({thread_address(self.collection, group.key) for group in groups if not group.numbered})
        self._look_up_whole([group for group in groups if group.whole])
        self._look_up_numbered([group for group in groups if group.numbered])
        names = {name for group in groups for record in group.records if (name := author_name(record.byline))}
        self.authors |= load_authors(self.session, self.collection, sorted(names - self.authors.keys()))

    def thread(self, key: ThreadKey) -> KnownThread | None:
        """The thread; where its posts are numbered, only with those that were looked up."""
        public_id = thread_address(self.collection, key)
        if public_id not in self._threads:
            self._look_up_threads({public_id})
        return self._threads[public_id]

    def alike(self, key: ThreadKey) -> list[KnownThread]:
        """The threads with the title and asker that make that key, in the order in which they came."""
        first = self.thread(key)
        return [] if first is None else [first, *self._namesakes.get(first.public_id, ())]

    def add_thread(self, thread: KnownThread) -> None:
        """Know a thread that is about to be written."""
        self._threads[thread.public_id] = thread
        if thread.namesake is not None:
            self._namesakes.setdefault(thread.namesake, []).append(thread)

    def post(self, record: PostRecord) -> KnownPost | None:
        """The post of that number."""
        return self._numbered.get(self.address(record.key))

    def parent(self, address: PublicId) -> KnownPost | KnownParent | None:
        """The post at that address, which a numbered one hangs under."""
        return self._numbered.get(address) or self._parents.get(address)

    def add_post(self, public_id: PublicId, post: KnownPost) -> None:
        """Know a numbered post that is about to be written."""
        self._numbered[public_id] = post

    def at(self, address: PublicId | None) -> KnownPost | None:
        """The numbered post at that address, if there is one."""
        return self._numbered.get(address) if address is not None else None

    def mentions(self, record: PostRecord, reading_id: int) -> Iterator[dict[str, Any]]:
        """Yield what a mail tells of others as rows."""
        for key, above in record.mentions:
            places = {"address": self.address(key), "above": self.address(above)}
            yield {**places, "reading_id": reading_id, "above_key": above}

    def look_up_keys(self, keys: Iterable[PostKey]) -> None:
        """Read what is known of numbered posts."""
        self._look_up_posts({*map(self.address, keys)} - self._numbered.keys())

    def address(self, key: PostKey) -> PublicId:
        """The address of a numbered post."""
        address = self._addresses.get(key)
        if address is None:
            address = self._addresses[key] = numbered_post_address(self.collection, key)
        return address

    def remember(self, rows: Rows) -> None:
        """Keep in mind what was decided, for the chunks that follow.

        :param rows: what an import would write of it.
        """
        if self.remembered is not None:
            threads = [thread for thread in self._threads.values() if thread is not None]
            self.remembered.keep(rows, self._numbered, threads)

    def _look_up_posts(self, addresses: set[PublicId]) -> None:
        self._numbered |= load_numbered(self.session, addresses, batch_id=self.batch_id)
        if self.remembered is not None:
            self._numbered |= self.remembered.posts(addresses)

    def _look_up_threads(self, public_ids: set[PublicId]) -> None:
        """Remember what the archive holds of these threads: None where there is nothing."""
        unknown = public_ids - self._threads.keys()
        if unknown:
            self._threads |= dict.fromkeys(unknown)
            for thread in self._load_known(unknown):
                self.add_thread(thread)

    def _look_up_whole(self, groups: Sequence[Group]) -> None:
        """What a whole thread lacks can only be said of one whose posts are all at hand."""
        readings = {group.reading_id for group in groups}
        self.read_before |= readings_before(self.session, readings - self.read_before, batch_id=self.batch_id)
        addresses = {thread_address(self.collection, group.key) for group in groups if group.numbered}
        for loaded in self._load_known(addresses):
            thread = self._threads.get(loaded.public_id)
            if thread is None:
                thread = self._threads[loaded.public_id] = KnownThread(loaded.id, loaded.key, loaded.public_id)
            held = {key: self._numbered.setdefault(self.address(key), post) for key, post in loaded.posts.items()}
            thread.posts = held | thread.posts

    def _load_known(self, addresses: set[PublicId]) -> Sequence[KnownThread]:
        """Threads and their namesakes with their posts, in the order in which they came."""
        loaded = load_known(self.session, addresses, batch_id=self.batch_id)
        if self.remembered is not None:
            loaded |= self.remembered.alike(addresses)
            for thread in loaded.values():
                self.remembered.complete(thread)
        return sorted(loaded.values(), key=attrgetter("id"))

    def _look_up_numbered(self, groups: Sequence[Group]) -> None:
        threads = {thread_address(self.collection, group.key) for group in groups} - self._threads.keys()
        self._threads |= dict.fromkeys(threads) | load_threads(self.session, threads)
        records = [record for group in groups for record in group.records]
        wanted = {self.address(record.key) for record in records}
        above = {self.address(record.parent) for record in records if record.parent is not None}
        wanted, above = wanted - self._numbered.keys(), above - wanted - self._numbered.keys()
        self._look_up_posts(wanted)
        self._parents |= load_parents(self.session, above)
        if self.remembered is not None:
            self._threads |= self.remembered.threads(threads)
            self._parents |= self.remembered.parents(above)
