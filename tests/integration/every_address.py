"""Every address that can be asked for, by what an archive holds."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from archive.domain.citing.redirects import MapForm
from archive.services.citing.cite import pin_of
from archive.store.batches import RemarkKind
from archive.store.collections import Collection
from archive.store.originals import Original
from archive.store.sources import Source
from archive.store.threads import Author, Post, Revision, Thread
from archive.web.citing.files import FILES

Places = Mapping[str, Sequence[str]]  # by the name of an argument of a route, or of its converter, what can stand there


def places_of(session: Session, *, rows: int) -> Places:
    """What can stand in an address, by what the archive holds now.

    A thing is asked for where such things are found. Where others are found, there is nothing to see: the first and
    the last of a kind will do there.

    :param rows: how many numbers to ask for.
    """
    session.rollback()
    posts, threads, authors, works = (
        [*session.scalars(select(kind.public_id).order_by(kind.id))] for kind in (Post, Thread, Author, Source)
    )
    texts = session.scalars(select(Revision.fingerprint).order_by(Revision.id)).all()
    return {
        "post": [*posts, *_ends(threads), *_ends(authors)],
        "thread": [*threads, *_ends(posts), *_ends(authors)],
        "author": [*authors, *_ends(posts), *_ends(threads)],
        "work": [*works, *_ends(posts)],
        "source": [*works, *_ends(posts)],
        "public_id": [*threads, *authors, *_ends(posts)],  # of a feed
        "pin": [*map(pin_of, _ends(texts))],
        "ending": [*FILES][:1],  # all say the same
        "form": [*MapForm],
        "when": ["undated", "2015", "2017"],
        "kind": [*RemarkKind],
        "topic": ["quokka"],
        "original": ["forum.example/t/1/2", "quokka"],
        "token": ["q" * 32],
        "sha256": [*session.scalars(select(Original.sha256).order_by(Original.sha256))],
        "SlugConverter": [*session.scalars(select(Collection.slug).order_by(Collection.id))],
        "RowConverter": [str(number + 1) for number in range(rows)],
    }


def _ends(those: Sequence[str]) -> Sequence[str]:
    return [*dict.fromkeys((*those[:1], *those[-1:]))]


def addresses(app: Flask, places: Places, asked: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Every address that can be asked for, but for static files.

    :param asked: what may follow an address, by the kind of place that it names.
    """
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static_files.send":
            kind = "".join(type(converter).__name__ for converter in rule._converters.values())
            yield from (path + more for path in _paths(rule, places) for more in asked.get(kind, ("",)))


def _paths(rule: Rule, places: Places) -> Iterator[str]:
    known = {name: places.get(name) or places[type(one).__name__] for name, one in rule._converters.items()}
    for values in product(*known.values()):
        built = rule.build(dict(zip(known, values, strict=True)))
        assert built is not None
        yield built[1]
