"""Where an address that a post had before leads: to the archived post, to several, or nowhere."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.citing.old_addresses import Understood, Wanted, understand
from archive.domain.citing.site_names import is_called_like
from archive.domain.ids import (
    CollectionSlug,
    PostKey,
    PublicId,
    ThreadKey,
    numbered_post_address,
    thread_address,
)
from archive.store.collections import Collection
from archive.store.old_places import Found, posts_found, threads_found
from archive.store.pages import public_collections
from imports.formats import FORMATS

_OURS = frozenset(format_.name for format_ in FORMATS)


@dataclass(frozen=True, slots=True)
class Match:
    """Something public that an old address may mean."""

    found: Found
    is_thread: bool  # in which the post is missing that was meant, or which was meant itself
    instead: bool = False  # what was meant is not here itself

    @property
    def address(self) -> str:
        """Its permalink."""
        return f"/{'threads' if self.is_thread else 'posts'}/{self.found.address}"

    @property
    def kind(self) -> str:
        """What it is, in a word; a question stands for its thread."""
        return "thread" if self.is_thread or self.found.kind == "question" else self.found.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What an old address was taken for, and what there is of it."""

    understood: Understood | None
    matches: Sequence[Match]  # the likeliest first
    other_site: bool = False  # none of their collections is called like the site, whose numbers are its own

    @property
    def sure(self) -> Match | None:
        """The only one that can be meant."""
        only = self.matches[0] if len(self.matches) == 1 and not self.other_site else None
        return only if only and not only.instead else None


def look_for(session: Session, typed: str) -> Looked:
    """Public posts, or else threads, that an address may mean. Nothing is opened."""
    understood = understand(typed)
    if understood is None:
        return Looked(understood=None, matches=())
    if understood.ours:
        return Looked(understood=understood, matches=_ours(session, *understood.ours))
    collections = sorted(public_collections(session), key=lambda one: not _is_hinted(one, understood.hints))
    if not understood.numbered_by:
        return Looked(understood=understood, matches=_matches(session, understood, collections))
    called = [one for one in collections if _is_called_like(one, understood.numbered_by)]
    if matches := _matches(session, understood, called):
        return Looked(understood=understood, matches=matches)
    others = [one for one in collections if one not in called]
    return Looked(understood=understood, matches=_matches(session, understood, others), other_site=True)


def _matches(session: Session, understood: Understood, collections: Sequence[Collection]) -> Sequence[Match]:
    for wanted in understood.posts:
        addresses = {_post_address(one, wanted): one for one in collections}
        if found := _in_order(addresses, posts_found(session, [*addresses]), wanted):
            return [Match(one, is_thread=False, instead=wanted.instead) for one in found]
    for wanted in understood.threads:
        addresses = {_thread_address(one, wanted): one for one in collections}
        if found := _in_order(addresses, threads_found(session, [*addresses]), wanted):
            return [Match(one, is_thread=True, instead=wanted.instead) for one in found]
    return ()


def _ours(session: Session, kind: str, address: str) -> Sequence[Match]:
    find = threads_found if kind == "threads" else posts_found
    return [Match(found, kind == "threads") for found in find(session, [PublicId(address)])]


def _post_address(collection: Collection, wanted: Wanted) -> PublicId:
    return numbered_post_address(CollectionSlug(collection.slug), PostKey(wanted.key))


def _thread_address(collection: Collection, wanted: Wanted) -> PublicId:
    return thread_address(CollectionSlug(collection.slug), ThreadKey(wanted.key))


def _in_order(addresses: Iterable[PublicId], found: Sequence[Found], wanted: Wanted) -> list[Found]:
    """What was found, in the order of the collections, but for what another kind of file calls by the same key."""
    by_address = {one.address: one for one in found if one.format in wanted.formats or one.format not in _OURS}
    return [*_present(addresses, by_address)]


def _present(addresses: Iterable[PublicId], found: dict[PublicId, Found]) -> Iterator[Found]:
    yield from (found[address] for address in addresses if address in found)


def _is_hinted(collection: Collection, hints: frozenset[str]) -> bool:
    return not hints.isdisjoint({collection.slug.lower(), collection.name.lower()})


def _is_called_like(collection: Collection, host: str) -> bool:
    return is_called_like(collection.slug, host) or is_called_like(collection.name, host)
