"""What an import does to a thread whose source does not number its posts."""

from dataclasses import replace

from archive.domain.capture import KnownPost, KnownThread, match_unnumbered, record_fingerprint
from archive.domain.ids import PostKey, PublicId, Sha256, ThreadKey
from archive.domain.records import Edge, KeyBasis, Markup, PostKind, PostRecord, RawRef
from tests.stalls import finishing

NOBODY = "[deleted]"


def _answer(number: int) -> PostRecord:
    return PostRecord(
        thread=ThreadKey("why"),
        key=PostKey(f"{NOBODY}#{number}"),
        key_basis=KeyBasis.POSITION,
        parent=None,
        kind=PostKind.ANSWER,
        byline=NOBODY,
        title=None,
        text=f"as first read: {number}",
        markup=Markup.PLAIN,
        posted_at=None,
        ref=RawRef(original=Sha256("0" * 64), offset=number, length=1),
        edge=Edge.LAYOUT,
    )


def _known(record: PostRecord, id_: int) -> KnownPost:
    return KnownPost(
        id=id_,
        thread_id=1,
        said_thread_id=1,
        key=record.key,
        kind=record.kind,
        stands_as=record.kind,
        byline=record.byline,
        fingerprint=record_fingerprint(record),
        markup=record.markup,
        revision_id=id_,
        is_earlier=False,
        last_number=1,
        seen={},
        live={id_},
        in_batch=False,
        parent_id=None,
        position=id_,
        depth=0,
    )


def test_thousands_of_new_texts_by_nobody_get_the_next_free_keys_in_a_time_that_grows_with_their_number() -> None:
    answers = [_answer(number) for number in range(1, 20_001)]
    posts = {answer.key: _known(answer, place) for place, answer in enumerate(answers)}
    thread = KnownThread(1, ThreadKey("why"), PublicId("t"), posts=posts)
    others = [replace(answer, text=f"as read now: {place}") for place, answer in enumerate(answers)]
    with finishing():
        matches = [*match_unnumbered(thread, others, reading_id=2)]
    assert [match.key for match in matches] == [f"{NOBODY}#{number}" for number in range(20_001, 40_001)]
