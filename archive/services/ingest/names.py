"""The authors of posts: whom by-lines name, and what captures of a known post say otherwise than those before."""

from dataclasses import dataclass

from archive.domain.capture import KnownPost, author_name
from archive.domain.ids import author_address
from archive.services.ingest.known import Known
from archive.services.ingest.planned import Names
from archive.store.capture_rows import NextIds, Rows


@dataclass(frozen=True, slots=True)
class Naming:
    """Makes the rows of authors and of names, for one chunk."""

    known: Known
    ids: NextIds
    rows: Rows

    def author_id(self, byline: str | None) -> int | None:
        """The author whom a by-line names, made where there is none yet."""
        name = author_name(byline)
        if name is None:
            return None
        if name not in self.known.authors:
            self.known.authors[name] = self.ids.author
            self.rows.authors.append(
                {
                    "id": self.ids.author,
                    "public_id": author_address(self.known.collection, name),
                    "collection_id": self.known.collection_id,
                    "name": name,
                }
            )
            self.ids.author += 1
        return self.known.authors[name]

    def take(self, post: KnownPost, byline: str | None, reading_id: int) -> Names | None:
        """Note what a capture calls the author of a known post; the names before and now, if that changes the newest.

        Of one reading, the first word on a post counts. To be called before the post is known to be seen there.
        """
        if post.names is None and byline == post.byline:
            return None
        if any(reading == reading_id for reading, _ in post.seen):
            if post.names is None or reading_id not in post.names:
                return None
            byline = post.names[reading_id]
        else:
            self._note(post, byline, reading_id)
        before = post.byline
        post.call(byline, reading_id)
        return None if post.byline == before else (before, post.byline)

    def _note(self, post: KnownPost, byline: str | None, reading_id: int) -> None:
        if post.names is None:  # from now on it matters what the first one said
            post.names = {post.namer: post.byline}
            self._add(post, post.byline, post.author_id, post.namer)
        post.names[reading_id] = byline
        self._add(post, byline, self.author_id(byline), reading_id)

    def _add(self, post: KnownPost, byline: str | None, author_id: int | None, reading_id: int) -> None:
        row = {"reading_id": reading_id, "post_id": post.id, "byline": byline, "author_id": author_id}
        self.rows.namings.append(row)
