"""What a chunk of records means for the archive: rows to write, and the balance of them.

Nothing is written here, so that a dry run and an import decide by the same code.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from archive.domain.batch import Balance, Outcome
from archive.domain.capture import (
    KnownParent,
    KnownPost,
    KnownThread,
    Match,
    choose_thread,
    match_numbered,
    match_unnumbered,
    other_thread_key,
    outcome_of,
)
from archive.domain.ids import PublicId, post_address, thread_address
from archive.domain.placement import kind_below
from archive.domain.records import PostKind, PostRecord
from archive.domain.subjects import subject_key
from archive.domain.thread_tree import Node, places, sibling_rank
from archive.domain.visible_words import visible_words
from archive.services.ingest.absent import find_absent
from archive.services.ingest.chunks import Chunk
from archive.services.ingest.known import Group, Known
from archive.services.ingest.names import Naming
from archive.services.ingest.odd import Odd
from archive.services.ingest.planned import Names, PlannedPost, PlannedThread, known_post
from archive.services.ingest.taken_ids import look_up_groups
from archive.services.ingest.titles import first_title, subject, title_of
from archive.store.capture_rows import NextIds, Rows
from archive.store.gaps import SOMEWHERE

_COUNTED = {PostKind.QUESTION: "questions", PostKind.ANSWER: "answers", PostKind.REPLY: "replies"}
_NEWS = frozenset({Outcome.ADDED, Outcome.CHANGED})


@dataclass(slots=True)
class Planner:
    """Turns the groups of a chunk into rows; in a dry run, of one chunk after the other."""

    known: Known
    balance: Balance
    ids: NextIds
    now: datetime
    rows: Rows = field(default_factory=Rows)
    naming: Naming = field(init=False)
    changed: set[int] = field(default_factory=set)  # ids of threads that existed and now hold something new
    unsettled: set[int] = field(default_factory=set)  # those of them whose posts are put in order once all have come
    odd: Odd = field(default_factory=Odd)

    def plan(self, chunk: Chunk, readings: Mapping[int, int]) -> list[PlannedThread]:
        """Decide on the posts of a chunk and make their rows.

        :param readings: the id of the reading of each input, by the input's position.
        """
        self.rows, self.changed, self.unsettled, self.odd = Rows(), set(), set(), Odd()
        self.naming = Naming(self.known, self.ids, self.rows)
        groups = look_up_groups(chunk, readings, self.known)
        return [self._plan(group) for group in groups]

    def _plan(self, group: Group) -> PlannedThread:
        thread, is_new = self._thread_of(group)
        planned, thread_ids, matches = [], set(), []
        for match in self._matches(group, thread, is_new=is_new):
            names = self._names_of(match, group)
            outcome = outcome_of(match, renamed=names is not None)
            before_id, has_text = _before(match, outcome), match.is_live
            self._count(match.record.kind, outcome)
            self._take(thread, match, group)
            if match.known is not None and outcome in _NEWS:
                revision_id = match.known.seen[group.reading_id, match.fingerprint]
                self._note_change(revision_id, before_id, names)
            if match.known is not None:
                self.odd.weigh(match.known, match.record, outcome)
            matches.append(match)
            known = match.known or thread.posts[match.key]
            thread_ids.add(known.thread_id)
            if outcome in _NEWS and not has_text:  # another name moves nothing in its thread
                self.changed.add(known.thread_id)
            planned.append(PlannedPost(match.record, outcome, before_id, names, match.key))
        absent = [] if is_new else find_absent(self.known, group, thread, matches)
        self._note_absent(absent, group)
        if thread.id in thread_ids:  # it is not where all of its posts were moved
            self._note_gaps(thread, group)
        if is_new:
            self._begin_thread(thread, group)
        elif group.numbered:
            self._add_to_thread(thread, group)
        elif thread.has_guests or any(post.thread_id != thread.id for post in thread.posts.values()):
            self.unsettled |= {thread.id} & self.changed
        else:
            self._place([*thread.posts.values()])
        return PlannedThread(thread, frozenset(thread_ids), planned, absent)

    def _note_change(self, revision_id: int, before_id: int | None, names: Names | None) -> None:
        old, new = names or (None, None)
        row = {"batch_id": self.known.batch_id, "revision_id": revision_id, "before_id": before_id}
        self.rows.changes.append({**row, "old_byline": old, "new_byline": new})

    def _names_of(self, match: Match, group: Group) -> Names | None:
        """Where posts are not numbered, the name is a part of what a post is known by."""
        if match.known is None or not group.numbered:
            return None
        return self.naming.take(match.known, match.record.byline, group.reading_id)

    def _note_absent(self, posts: Sequence[KnownPost], group: Group) -> None:
        self.rows.absences += [
            {"batch_id": self.known.batch_id, "post_id": post.id, "reading_id": group.reading_id} for post in posts
        ]

    def _note_gaps(self, thread: KnownThread, group: Group) -> None:
        """Only sources that number posts tell how many they leave out."""
        for parent, posts in group.gaps.items():
            above = SOMEWHERE if parent is None else self.known.address(parent)
            place = {"reading_id": group.reading_id, "thread_id": thread.id, "parent": above}
            self.rows.gaps.append({**place, "posts": posts})

    def _take(self, thread: KnownThread, match: Match, group: Group) -> None:
        self.rows.mentions += self.known.mentions(match.record, group.reading_id)
        known = match.known
        if known is None:
            known = self._add_post(thread, match, group)
        elif match.revision_id is None:
            self._add_revision(known, match, group.reading_id)
        else:
            self._see_again(thread, known, match, match.revision_id, group)
        if not group.numbered:
            thread.show((group.reading_id, match.record.ref.offset), known)

    def _matches(self, group: Group, thread: KnownThread, *, is_new: bool) -> Iterator[Match]:
        if not group.numbered:  # they are weighed against one another first
            return iter([*match_unnumbered(None if is_new else thread, group.records, reading_id=group.reading_id)])
        return (
            match_numbered(self.known.post(record), record, reading_id=group.reading_id) for record in group.records
        )

    def _thread_of(self, group: Group) -> tuple[KnownThread, bool]:
        key, namesake = group.key, None
        if group.numbered:
            thread = self.known.thread(key)
        else:
            alike = self.known.alike(key)
            thread = choose_thread(alike, group.records, reading_id=group.reading_id)
            if alike and thread is None:
                key, namesake = other_thread_key(alike, group.records), alike[0].public_id
        if thread is not None:
            return thread, False
        return KnownThread(self.ids.thread, key, thread_address(self.known.collection, key), namesake), True

    def _count(self, kind: PostKind, outcome: Outcome) -> None:
        for name in ("read", outcome.value, _COUNTED[kind]):
            setattr(self.balance, name, getattr(self.balance, name) + 1)

    def _begin_thread(self, thread: KnownThread, group: Group) -> None:
        self.changed.discard(thread.id)
        if not thread.posts:  # all of them are known, and hang in other threads
            return
        self.ids.thread += 1
        self.known.add_thread(thread)
        posts = [*thread.posts.values()]
        self._place(sorted(posts, key=_rank) if group.numbered else posts)
        self.rows.threads.append(
            {
                "id": thread.id,
                "public_id": thread.public_id,
                "collection_id": self.known.collection_id,
                "source_key": thread.key,
                "own": False,
                "namesake": thread.namesake,
                "title": title_of(group.records),
                "version": 1,
                "changed_at": self.now,
                "public": False,
                "answers": 0,
                "replies": 0,
                "sourced": 0,
                "decided": 0,
                "began_at": None,
                "unsettled": False,
            }
        )

    def _add_to_thread(self, thread: KnownThread, group: Group) -> None:
        """Of a known thread not all posts are at hand: it is put in order, and takes its title, in the store."""
        if thread.id in self.changed:
            self.unsettled.add(thread.id)
            if title := first_title(group.records):
                self.rows.titles.append({"thread_id": thread.id, "new_title": title})

    def _add_post(self, thread: KnownThread, match: Match, group: Group) -> KnownPost:
        record, post_id = match.record, self.ids.post
        self.ids.post += 1
        public_id, parent, awaits = self._place_of(thread, match, numbered=group.numbered)
        thread_id = parent.thread_id if parent else thread.id
        kind = _kind_below(parent, record)
        if thread_id != thread.id:  # its parent was moved there
            self.unsettled.add(thread_id)
        self.rows.posts.append(
            {
                "id": post_id,
                "public_id": public_id,
                "thread_id": thread_id,
                "source_thread_id": None if thread_id == thread.id else thread.id,
                "source_key": match.key,
                "key_basis": record.key_basis,
                "parent_id": parent.id if parent else None,
                "awaits": awaits,
                "edge": record.edge,
                "kind": kind,
                "source_kind": None if kind is record.kind else record.kind,
                "author_id": self.naming.author_id(record.byline),
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
        known = known_post(self.rows.posts[-1], match, group.reading_id)
        thread.posts[match.key] = known
        if group.numbered:
            self.known.add_post(public_id, known)
        self._add_revision(known, match, group.reading_id)
        return known

    def _place_of(
        self, thread: KnownThread, match: Match, *, numbered: bool
    ) -> tuple[PublicId, KnownPost | KnownParent | None, PublicId | None]:
        """A new post's address, its parent, and where that has not come, the address that it will have."""
        record = match.record
        if not numbered:
            beside = thread.posts.get(record.parent) if record.parent is not None else None
            return post_address(self.known.collection, thread.key, match.key), beside, None
        address = self.known.address(record.key)
        if record.parent is None:
            return address, None, None
        above = self.known.address(record.parent)
        parent = self.known.parent(above)
        if parent is None or parent.said_thread_id != thread.id:
            return address, None, above
        return address, parent, None

    def _add_revision(self, known: KnownPost, match: Match, reading_id: int) -> None:
        record, revision_id = match.record, self.ids.revision
        self.ids.revision += 1
        known.last_number += 1
        if known.yields_to(revision_id, record):
            known.take(revision_id, record, match.fingerprint)
        known.seen[reading_id, match.fingerprint] = revision_id
        known.live.add(revision_id)
        known.in_batch = True
        self.rows.revisions.append(
            {
                "id": revision_id,
                "thread_id": known.thread_id,
                "post_id": known.id,
                "number": known.last_number,
                "markup": record.markup,
                "state": record.state,
                "fingerprint": match.fingerprint,
                "facts": orjson.dumps(record.facts).decode() if record.facts else None,
                "subject": subject_key(record.title or subject(record)),
                "reading_id": reading_id,
                "offset": record.ref.offset,
                "length": record.ref.length,
                "batch_id": self.known.batch_id,
                "captured_at": self.now,
                "earlier": record.is_earlier,
                "public": False,
                "is_current": False,
            }
        )
        words = visible_words(record.text, record.markup)
        self.rows.texts.append({"revision_id": revision_id, "title": record.title, "text": record.text, "words": words})

    def _see_again(self, thread: KnownThread, known: KnownPost, match: Match, revision_id: int, group: Group) -> None:
        if known.yields_to(revision_id, match.record):  # the newest live one, as when it is looked up
            known.take(revision_id, match.record, match.fingerprint)
        known.live.add(revision_id)
        known.in_batch = True
        reading_id, offset = group.reading_id, match.record.ref.offset
        sighted = group.numbered or thread.shown.get((reading_id, offset)) is known
        if not sighted or (reading_id, match.fingerprint) not in known.seen:
            known.seen[reading_id, match.fingerprint] = revision_id
            self.rows.sightings.append(
                {
                    "reading_id": reading_id,
                    "revision_id": revision_id,
                    "offset": offset,
                    "length": match.record.ref.length,
                }
            )

    def _place(self, posts: Sequence[KnownPost]) -> None:
        """Put a thread's posts in reading order; rows not yet written are filled in, others updated."""
        by_id = {post.id: post for post in posts}
        for place in places([Node(post.id, post.parent_id) for post in posts]):
            post = by_id[place.id]
            if (post.position, post.depth) == (place.position, place.depth):
                continue
            post.position, post.depth = place.position, place.depth
            if post.row is not None:
                post.row["position"], post.row["depth"] = place.position, place.depth
            else:
                self.rows.places.append({"id": post.id, "position": place.position, "depth": place.depth})


def _before(match: Match, outcome: Outcome) -> int | None:
    """The text that a changed post had: where it is only called otherwise, the one that it has."""
    if match.known is None or outcome is not Outcome.CHANGED:
        return None
    return match.revision_id if match.is_live else match.known.revision_id


def _kind_below(parent: KnownPost | KnownParent | None, post: PostRecord) -> PostKind:
    if parent is None:
        return post.kind
    return kind_below(post.kind, edge=post.edge, parent_said=parent.kind, parent_is=parent.stands_as)


def _rank(post: KnownPost) -> tuple[datetime, str]:
    return sibling_rank(post.posted_at, post.key)
