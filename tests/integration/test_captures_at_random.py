"""Whatever is imported, rolled back and imported again in whatever order, some things hold."""

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from archive.domain.batch import Balance
from archive.domain.records import Markup
from archive.services.ingest import chunks
from archive.services.ingest.publish import publish, roll_back
from archive.services.verify import find_faults
from archive.store.threads import Post, Revision, RevisionText
from tests.integration.conftest import BY, Archive, Imported, NewArchive
from tests.integration.contents import contents
from tests.integration.written import lines, thread

CHUNKS = (1, 5_000)  # posts
STEPS = 5
_NOUNS = ("threads", "authors", "posts", "revisions", "sightings")  # of the others, names of files are a part
_AUTHORS = ("bob_brewer1", "carl_carter2", "[deleted]", "[removed]")
_TEXTS = ("Thanks!", "[removed]", "Alpha said so, in a book that I no longer have at hand.", "Beta **said** so.")
_BODIES = ("", "", "[removed]", "I mean those of the north.")

Capture = tuple[str, str, tuple[tuple[str, str], ...]]  # title, body, answers
Said = tuple[str | None, str]  # by-line and text


@dataclass(frozen=True, slots=True)
class Desk:
    """Files that are imported together, and what they say."""

    files: dict[str, str | bytes]
    said: frozenset[Said]
    markup: Markup


@dataclass(slots=True)
class Played:
    """An archive with its batches and how they are to be read."""

    archive: Archive
    posts_at_once: int
    desks: dict[int, Desk] = field(default_factory=dict)  # by batch
    balances: list[Balance] = field(default_factory=list)
    public: set[int] = field(default_factory=set)
    rolled_back: set[int] = field(default_factory=set)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("seed", range(6))
def test_imports_and_rollbacks_in_any_order(
    new_archive: NewArchive, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    with ExitStack() as stack:
        played = [Played(stack.enter_context(new_archive()), posts) for posts in CHUNKS]
        for act in _acts(random.Random(seed)):
            for one in played:
                monkeypatch.setattr(chunks, "CHUNK_POSTS", one.posts_at_once)
                act(one)
                assert _public_texts(one.archive) == _published(one)
        held = [_held(one) for one in played]
        assert held[0] == held[1], "what pieces an import is cut into makes a difference"
        for one in played:
            assert not list(find_faults(one.archive.session, one.archive.vault, say=lambda _: None))


def _acts(dice: random.Random) -> Iterator[Callable[[Played], None]]:
    known: list[Desk] = []
    for batch in range(STEPS):
        desk = _known_desk(dice, known) if known and dice.random() < 0.5 else _desk(dice)
        known.append(desk)
        makes_public, takes_back = dice.random() < 0.6, dice.randrange(5)
        yield lambda one, desk=desk, public=makes_public: _import(one, desk, public=public)
        yield lambda one, desk=desk: _import_again(one, _renamed(desk))
        for _ in range(takes_back):
            chosen = dice.random()
            yield lambda one, chosen=chosen: _roll_back(one, chosen)
        if batch % 3 == 2:
            chosen = dice.random()
            yield lambda one, chosen=chosen: _publish(one, chosen)


def _known_desk(dice: random.Random, known: Sequence[Desk]) -> Desk:
    """One from before, or two at once."""
    one, two = dice.choice(known), dice.choice(known)
    if one.markup is not two.markup:
        return one
    return Desk(one.files | {f"too {name}": text for name, text in two.files.items()}, one.said | two.said, one.markup)


def _desk(dice: random.Random) -> Desk:
    captures = [_capture(dice) for _ in range(dice.randrange(1, 4))]
    written = [thread(title, answers, body=body) for title, body, answers in captures]
    files: dict[str, str | bytes] = {f"{number}.txt": text for number, text in enumerate(written)}
    if dice.random() < 0.5:
        files = {"a.jsonl": lines(*written), "b.txt": written[0].replace("\n", "\r\n")}
    said = frozenset(answer for _, _, answers in captures for answer in answers)
    return Desk(files, said, dice.choice((Markup.PLAIN, Markup.PLAIN, Markup.MARKDOWN)))


def _capture(dice: random.Random) -> Capture:
    answers = tuple((dice.choice(_AUTHORS), dice.choice(_TEXTS)) for _ in range(dice.randrange(4)))
    return f"What is number {dice.randrange(2)} about?", dice.choice(_BODIES), answers


def _renamed(desk: Desk) -> Desk:
    """The same bytes among others: so they are read, and not taken over from the batch before."""
    print_ = hashlib.sha256(repr((desk.files, desk.markup)).encode()).hexdigest()
    other = thread(f"What is {print_[:12]} about?")
    return Desk({f"other {name}": text for name, text in desk.files.items()} | {"z.txt": other}, desk.said, desk.markup)


def _import(one: Played, desk: Desk, *, public: bool = False) -> Balance:
    told = one.archive.preview(desk.files, markup=desk.markup).balance
    imported: Imported = one.archive.import_(desk.files, markup=desk.markup, public=public)
    assert told == imported.balance, "a preview and an import do not say the same"
    one.desks[imported.batch] = desk
    one.balances.append(imported.balance)
    if public:
        one.public.add(imported.batch)
    return imported.balance


def _import_again(one: Played, desk: Desk) -> None:
    """Once with a file that may be new, and once more with a copy of each."""
    first = _import(one, desk)
    assert (first.added <= 1, first.changed) == (True, 0), "the same file again adds or changes something"
    before = one.archive.posts()
    again = _import(one, Desk(desk.files | {"y.txt": desk.files["z.txt"]}, desk.said, desk.markup))
    assert (again.added, again.changed) == (0, 0), "the same file again adds or changes something"
    assert one.archive.posts() == before


def _roll_back(one: Played, chosen: float) -> None:
    left = sorted(one.desks.keys() - one.rolled_back)
    if not left:
        return
    batch = _pick(left, chosen)
    roll_back(one.archive.session, batch, reason="", by=BY)
    one.rolled_back.add(batch)
    one.public.discard(batch)


def _publish(one: Played, chosen: float) -> None:
    drafts = sorted(one.desks.keys() - one.rolled_back - one.public)
    if drafts:
        batch = _pick(drafts, chosen)
        publish(one.archive.session, batch, by=BY)
        one.public.add(batch)


def _pick(batches: Sequence[int], chosen: float) -> int:
    return batches[int(chosen * len(batches))]


def _held(one: Played) -> tuple[object, object]:
    everything = contents(one.archive.session)
    return one.balances, {noun: everything[noun] for noun in _NOUNS}


def _published(one: Played) -> set[Said]:
    return {said for batch in one.public for said in one.desks[batch].said}


def _public_texts(archive: Archive) -> set[Said]:
    """What was answered, by whomever, in all public texts, old and current."""
    query = (
        select(Post.byline, RevisionText.text)
        .join(Revision, Revision.post_id == Post.id)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
        .where(Revision.public, Post.kind == "answer")
    )
    archive.session.rollback()
    return {(byline, text) for byline, text in archive.session.execute(query)}
