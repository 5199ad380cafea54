"""What services find, in the shapes that go out."""

from collections.abc import Sequence
from urllib.parse import quote

from archive.api.callers import caller
from archive.api.shapes import basics, posts
from archive.domain.ids import Sha256
from archive.domain.permissions import Permission
from archive.domain.signing import Signature, signed
from archive.domain.source_quality import Level
from archive.services.citing.cite import pin_of
from archive.services.posts_in_full import FullPost
from archive.services.views import Evidence, PostView, Shares, ThreadLine
from archive.store.cited import CitedRow
from archive.store.pages import ThreadTitle
from archive.web.given import settings
from archive.web.own_address import own_address


class Shaper:
    """Makes the shapes of one answer: its addresses begin as this request's does, and names are told as it may know."""

    def __init__(self) -> None:
        self.root = own_address()
        holder = caller()
        knows = holder is not None and Permission.MODERATE in holder.permissions
        self._signature = Signature.NAME if knows else settings().moderator_names

    def url(self, path: str) -> str:
        """The address of one of our pages."""
        return self.root + quote(path, safe="/#")

    def by(self, name: str) -> str:
        """Whoever decided."""
        return signed(name, self._signature)

    @property
    def tells_names(self) -> bool:
        """Whether it tells who decided."""
        return self._signature is Signature.NAME

    def post(self, found: FullPost) -> posts.Post:
        """A post."""
        post, down = found.post, found.post.taken_down is not None
        return posts.Post(
            id=post.public_id,
            url=self.url(f"/posts/{post.public_id}"),
            kind=post.kind,
            thread=self.thread_name(found.thread),
            parent=post.parent,
            awaits=post.awaits,
            depth=post.depth,
            author=self.author_name(post.author_id, post.author),
            byline=post.byline,
            posted_at=post.posted_at,
            state=post.state,
            text=None if down else post.text,
            markup=post.markup,
            facts={} if down else dict(post.facts),
            revision=self._revision(post, found.fingerprint),
            tag=self._tag(post),
            tag_version=post.tag_version,
            checked=_checked(post),
            citations=[self.citation(post, row) for row in found.citations],
            original=None if down else posts.Original(sha256=found.original, offset=found.offset, length=found.length),
            taken_down=posts.TakenDown(reason=post.taken_down.reason, at=post.taken_down.at)
            if post.taken_down
            else None,
        )

    def thread_name(self, thread: ThreadTitle | ThreadLine) -> basics.ThreadName:
        """A thread, by name."""
        return basics.ThreadName(
            id=thread.public_id,
            title=thread.title,
            url=self.url(f"/threads/{thread.public_id}"),
            collection=self.collection_name(thread.collection, thread.collection_name),
        )

    def collection_name(self, slug: str, name: str) -> basics.CollectionName:
        """A collection, by name."""
        return basics.CollectionName(slug=slug, name=name, url=self.url(f"/collections/{slug}"))

    def author_name(self, public_id: str | None, name: str | None) -> basics.AuthorName | None:
        """An author, by name; None where nobody is named."""
        if public_id is None or name is None:
            return None
        return basics.AuthorName(id=public_id, name=name, url=self.url(f"/authors/{public_id}"))

    def citation(self, post: PostView, row: CitedRow) -> posts.Citation:
        """A place in a post that points to a work."""
        return posts.Citation(
            id=row.id,
            source=posts.SourceName(
                id=row.source,
                title=row.title,
                kind=row.kind,
                url=self.url(f"/sources/{row.source}") if row.has_page else None,
            ),
            words=posts.Words(start=row.start, end=row.end, text=post.text[row.start : row.end]),
            locator=row.locator,
            manner=row.manner,
            csl=row.csl,
            found=self.found(row),
        )

    def found(self, row: CitedRow) -> posts.Found | None:
        """What came of looking a citation up."""
        if row.verdict is None or row.by is None or row.at is None:
            return None
        return posts.Found(verdict=row.verdict, note=row.note or "", by=self.by(row.by), at=row.at)

    def _revision(self, post: PostView, fingerprint: str | None) -> posts.RevisionName:
        pin = f"/posts/{post.public_id}/at/{pin_of(Sha256(fingerprint))}" if fingerprint else None
        return posts.RevisionName(
            number=post.revision_number,
            of=post.revisions,
            captured_at=post.captured_at,
            fingerprint=fingerprint,
            pinned=self.url(pin) if pin else None,
        )

    def _tag(self, post: PostView) -> posts.Tag | None:
        decision = post.decision
        if decision is None:
            return None
        return posts.Tag(
            level=decision.level,
            badge=decision.level.badge,
            sourced=decision.level.sourced,
            basis=decision.basis,
            basis_words=decision.basis_words,
            agreeing=decision.agreeing,
            votes=decision.votes,
            by=self.by(decision.by),
            at=decision.at,
            codebook=decision.codebook_version,
            note=decision.note,
            evidence=words_of(decision.evidence),
            revision=decision.revision_number,
        )


def words_of(evidence: Sequence[Evidence]) -> list[posts.Words]:
    """Words of a text."""
    return [posts.Words(start=one.start, end=one.end, text=one.text) for one in evidence]


def counts(shares: Shares) -> dict[str, int]:
    """Answers by level, in its order, without those of which there are none."""
    return {level.value if level else "none": shares[level] for level in (*Level, None) if shares.get(level)}


def _checked(post: PostView) -> posts.Checked | None:
    found = post.checked
    if found is None:
        return None
    return posts.Checked(references=found.references, looked_up=found.looked_up, words=found.words)
