"""What a chunk of records means for the archive: rows to write, and the balance of them.

Nothing is written here, so that a dry run and an import decide by the same code.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from archive.domain.batch import Balance, Outcome
from archive.domain.capture import (
    KnownPost,
    KnownThread,
    Match,
    author_name,
    is_other_thread,
    matches,
    other_thread_key,
    outcome_of,
)
from archive.domain.ids import (
    CollectionSlug,
    PostKey,
    PublicId,
    ThreadKey,
    author_address,
    post_address,
    thread_address,
)
from archive.domain.records import PostKind, PostRecord
from archive.domain.thread_tree import Node, places
from archive.store.captures import NextIds, Rows, load_authors, load_known

_COUNTED = {PostKind.QUESTION: "questions", PostKind.ANSWER: "answers", PostKind.REPLY: "replies"}
_UNTITLED = "Untitled"  # what lists print for a thread whose question was not received


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one thread that follow one another in one reading."""

    reading_id: int
    key: ThreadKey
    records: list[PostRecord]


@dataclass(frozen=True, slots=True)
class PlannedThread:
    """A group, and what becomes of each of its posts."""

    public_id: PublicId
    posts: Sequence[tuple[PostRecord, Outcome]]


@dataclass(slots=True)
class Planner:
    """Turns groups into rows. Holds what is known of the threads of one chunk, or of all in a dry run."""

    session: Session
    collection_id: int
    collection: CollectionSlug
    batch_id: int
    balance: Balance
    ids: NextIds
    now: datetime
    keep_known: bool = False  # a dry run writes nothing, so it must remember what it has decided
    rows: Rows = field(default_factory=Rows)
    changed: set[int] = field(default_factory=set)  # ids of threads that existed and now hold something new
    _threads: dict[PublicId, KnownThread | None] = field(default_factory=dict)
    _authors: dict[str, int] = field(default_factory=dict)

    def begin_chunk(self, groups: Sequence[Group]) -> None:
        """Look up what the archive knows of a chunk's threads and authors."""
        self.rows, self.changed = Rows(), set()
        if not self.keep_known:
            self._threads, self._authors = {}, {}
        self._look_up({thread_address(self.collection, group.key) for group in groups})
        names = {name for group in groups for record in group.records if (name := author_name(record.byline))}
        self._authors |= load_authors(self.session, self.collection_id, sorted(names - self._authors.keys()))

    def plan(self, group: Group) -> PlannedThread:
        """Decide on the posts of a group and make their rows."""
        thread, is_new = self._thread_of(group)
        found = list(matches(None if is_new else thread, group.records, reading_id=group.reading_id))
        if not any(post.in_batch for post in thread.posts.values()):
            self.balance.threads += 1
        post_ids = {match.record.key: match.known.id for match in found if match.known}
        planned = []
        for match in found:
            outcome = outcome_of(match)
            self._count(match.record.kind, outcome)
            if match.known is None:
                post_ids[match.record.key] = self._add_post(thread, match, post_ids, group.reading_id)
            elif match.revision_id is None:
                self._add_revision(thread, match.known, match, group.reading_id)
            else:
                self._see_again(match.known, match, match.revision_id, group.reading_id)
            planned.append((match.record, outcome))
        if is_new:
            self._add_thread(thread, group.records)
        elif any(outcome is not Outcome.UNCHANGED for _, outcome in planned):
            self.changed.add(thread.id)
        self._place(thread)
        return PlannedThread(thread.public_id, planned)

    def _thread_of(self, group: Group) -> tuple[KnownThread, bool]:
        key = group.key
        thread = self._known(key)
        if thread is not None and is_other_thread(thread, group.records):
            key = other_thread_key(key, group.records)
            thread = self._known(key)
        if thread is not None:
            return thread, False
        thread = KnownThread(self.ids.thread, key, thread_address(self.collection, key))
        self.ids.thread += 1
        self._threads[thread.public_id] = thread
        return thread, True

    def _known(self, key: ThreadKey) -> KnownThread | None:
        public_id = thread_address(self.collection, key)
        self._look_up({public_id})
        return self._threads[public_id]

    def _look_up(self, public_ids: set[PublicId]) -> None:
        """Remember what the archive holds of these threads: None where there is nothing."""
        unknown = public_ids - self._threads.keys()
        if unknown:
            self._threads |= dict.fromkeys(unknown) | load_known(self.session, unknown, batch_id=self.batch_id)

    def _count(self, kind: PostKind, outcome: Outcome) -> None:
        for name in ("read", outcome.value, _COUNTED[kind]):
            setattr(self.balance, name, getattr(self.balance, name) + 1)

    def _add_thread(self, thread: KnownThread, records: Sequence[PostRecord]) -> None:
        title = next((record.title for record in records if record.title), _UNTITLED)
        self.rows.threads.append(
            {
                "id": thread.id,
                "public_id": thread.public_id,
                "collection_id": self.collection_id,
                "source_key": thread.key,
                "title": title,
                "version": 1,
                "changed_at": self.now,
                "public": False,
                "answers": 0,
                "replies": 0,
            }
        )

    def _add_post(self, thread: KnownThread, match: Match, post_ids: dict[PostKey, int], reading_id: int) -> int:
        record, post_id = match.record, self.ids.post
        self.ids.post += 1
        parent_id = None if record.parent is None else post_ids.get(record.parent)
        if parent_id is None and record.parent in thread.posts:  # it came in an earlier stretch
            parent_id = thread.posts[record.parent].id
        self.rows.posts.append(
            {
                "id": post_id,
                "public_id": post_address(self.collection, thread.key, match.key),
                "thread_id": thread.id,
                "source_key": match.key,
                "key_basis": record.key_basis,
                "parent_id": parent_id,
                "kind": record.kind,
                "author_id": self._author_id(record.byline),
                "byline": record.byline,
                "position": 0,
                "depth": 0,
                "posted_at": record.posted_at,
                "public": False,
                "level": None,
                "tag_id": None,
                "tag_version": 0,
            }
        )
        known = KnownPost(
            id=post_id,
            key=match.key,
            kind=record.kind,
            byline=record.byline,
            fingerprint=match.fingerprint,
            revision_id=0,
            last_number=0,
            seen={},
            live=set(),
            in_batch=True,
            parent_id=parent_id,
            position=-1,
            depth=-1,
            row=self.rows.posts[-1],
        )
        thread.posts[match.key] = known
        self._add_revision(thread, known, match, reading_id)
        return post_id

    def _add_revision(self, thread: KnownThread, known: KnownPost, match: Match, reading_id: int) -> None:
        record, revision_id = match.record, self.ids.revision
        self.ids.revision += 1
        known.last_number += 1
        known.fingerprint, known.revision_id = match.fingerprint, revision_id
        known.seen[reading_id, match.fingerprint] = revision_id
        known.live.add(revision_id)
        known.in_batch = True
        self.rows.revisions.append(
            {
                "id": revision_id,
                "thread_id": thread.id,
                "post_id": known.id,
                "number": known.last_number,
                "markup": record.markup,
                "fingerprint": match.fingerprint,
                "reading_id": reading_id,
                "offset": record.ref.offset,
                "length": record.ref.length,
                "batch_id": self.batch_id,
                "captured_at": self.now,
                "public": False,
                "is_current": False,
            }
        )
        self.rows.texts.append({"revision_id": revision_id, "title": record.title, "text": record.text})

    def _see_again(self, known: KnownPost, match: Match, revision_id: int, reading_id: int) -> None:
        known.live.add(revision_id)
        known.in_batch = True
        if (reading_id, match.fingerprint) not in known.seen:
            known.seen[reading_id, match.fingerprint] = revision_id
            self.rows.sightings.append(
                {
                    "reading_id": reading_id,
                    "revision_id": revision_id,
                    "offset": match.record.ref.offset,
                    "length": match.record.ref.length,
                }
            )

    def _author_id(self, byline: str | None) -> int | None:
        name = author_name(byline)
        if name is None:
            return None
        if name not in self._authors:
            self._authors[name] = self.ids.author
            self.rows.authors.append(
                {
                    "id": self.ids.author,
                    "public_id": author_address(self.collection, name),
                    "collection_id": self.collection_id,
                    "name": name,
                }
            )
            self.ids.author += 1
        return self._authors[name]

    def _place(self, thread: KnownThread) -> None:
        """Put the thread's posts in reading order; rows not yet written are filled in, others updated."""
        by_id = {post.id: post for post in thread.posts.values()}
        for place in places([Node(post.id, post.parent_id) for post in by_id.values()]):
            post = by_id[place.id]
            if (post.position, post.depth) == (place.position, place.depth):
                continue
            post.position, post.depth = place.position, place.depth
            if post.row is not None:
                post.row["position"], post.row["depth"] = place.position, place.depth
            else:
                self.rows.places.append({"post_id": post.id, "new_position": place.position, "new_depth": place.depth})
