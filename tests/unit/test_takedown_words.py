"""Words by their hashes: found again however they are written, and nothing else with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.records import Markup
from archive.domain.redaction import Order, Said, redacted
from archive.domain.takedown import (
    Edit,
    ReasonClass,
    TakedownNotAllowedError,
    clean_passages,
    find_passages,
    moved,
    moved_back,
    print_of,
    removed,
)

KEY = "a key"


def without(text: str, *passages: str) -> str:
    prints = [print_of(passage, key=KEY) for passage in passages]
    return removed(text, find_passages(text, prints, key=KEY), "…")


@pytest.mark.parametrize(
    ("text", "passage", "left"),
    [
        ("Ask Jane Quill, please.", "Jane Quill", "Ask …, please."),
        ("Ask JANE   quill, please.", "Jane Quill", "Ask …, please."),
        ("Ask Jane\nQuill.", "Jane Quill", "Ask …."),
        ("Call +49 555-12 34!", "+49 (555) 1234", "Call +49 555-12 34!"),
        ("Call +49 555-12 34!", "49 555 12 34", "Call +…!"),
        ("Janet Quill and Jane Quills", "Jane Quill", "Janet Quill and Jane Quills"),
        ("<p>Jane <b>Quill</b></p>", "Jane Quill", "<p>…</b></p>"),
        ('<a href="mailto:j@q.example">j@q.example</a>', "j@q.example", '<a href="mailto:…">…</a>'),
        ("[write](mailto:j@q.example) or not", "j@q.example", "[write](mailto:…) or not"),
        ("Straße und STRASSE", "strasse", "… und …"),
        ("ﬁne and fine", "fine", "… and …"),
        ("a b a b a", "a b", "… … a"),
        ("x_1 and x 1", "x 1", "… and …"),
        ("3 < 4 Jane > Quill", "Jane Quill", "3 < 4 …"),
    ],
)
def test_words_are_found_however_they_are_written(text: str, passage: str, left: str) -> None:
    assert without(text, passage) == left


def test_another_key_finds_nothing() -> None:
    assert find_passages("Jane Quill", [print_of("Jane Quill", key="another")], key=KEY) == []


@given(text=st.text(max_size=200), passage=st.text(max_size=20))
def test_what_is_taken_out_is_not_found_again(text: str, passage: str) -> None:
    if not any(char.isalnum() for char in passage):
        return
    prints = [print_of(passage, key=KEY)]
    if prints[0].words == 0:
        return
    edits = find_passages(text, prints, key=KEY)
    assert all(0 <= edit.start < edit.end <= len(text) for edit in edits)
    left = removed(text, edits, " | ")
    assert find_passages(left, prints, key=KEY) == [] or prints[0].words > 1


@given(st.text(alphabet="ab ", max_size=60), st.integers(0, 60), st.integers(1, 10))
def test_a_place_that_stays_holds_the_same_words(text: str, start: int, length: int) -> None:
    edits = find_passages(text, [print_of("a", key=KEY)], key=KEY)
    place = moved(Edit(start, start + length), edits, "[…]")
    if start + length <= len(text) and place is not None:
        assert removed(text, edits, "[…]")[place.start : place.end] == text[start : start + length]


@pytest.mark.parametrize("typed", ["", " \n ", "…!?", "\n".join(f"word {n}" for n in range(21)), "x" * 501])
def test_what_cannot_be_taken_out_is_refused(typed: str) -> None:
    with pytest.raises(TakedownNotAllowedError):
        clean_passages(typed)


def test_several_orders_follow_one_another_and_a_whole_one_is_all() -> None:
    said = Said(title="On Quill", text="Jane Quill and Tom Reed", words=None, facts='{"flair":"Quill fan"}')
    quill = Order(reason=ReasonClass.PERSONAL, key=KEY, prints=[print_of("quill", key=KEY)])
    reed = Order(reason=ReasonClass.LAW, key=KEY, prints=[print_of("Tom Reed", key=KEY)])
    left = redacted(said, Markup.PLAIN, [quill, reed])
    assert left.said.text == "Jane [… removed: personal data] and [… removed: court order or law]"
    assert left.said.title == "On [… removed: personal data]"
    assert left.said.facts == '{"flair":"[… removed: personal data] fan"}'
    assert left.place(11, 14) == (32, 35)
    assert left.place(5, 7) is None
    whole = redacted(said, Markup.PLAIN, [quill, Order(reason=ReasonClass.HARM, key=KEY, prints=())])
    assert (whole.said.text, whole.said.title, whole.said.facts) == ("", "[Title removed: harm to somebody]", None)


@given(text=st.text(alphabet="ab c", max_size=40), passage=st.sampled_from(["a", "b", "a b", "c"]), data=st.data())
def test_where_words_stood_is_found_from_where_they_stand(text: str, passage: str, data: st.DataObject) -> None:
    edits = find_passages(text, [print_of(passage, key=KEY)], key=KEY)
    start = data.draw(st.integers(0, len(text)))
    place = Edit(start, data.draw(st.integers(start, len(text))))
    stands = moved(place, edits, "[mark]")
    if stands is not None and place.start < place.end:
        assert moved_back(stands, edits, len("[mark]")) == place


@pytest.mark.parametrize("chosen", ["x … y", "[…]", "x [", "] y", "…"])
def test_words_around_a_mark_stood_around_what_it_stands_for(chosen: str) -> None:
    chosen = chosen.replace(" … ", " […] ")
    edits = [Edit(2, 12)]
    left = removed("x Jane Quill y", edits, "[…]")
    start = left.index(chosen)
    was = moved_back(Edit(start, start + len(chosen)), edits, 3)
    assert (was.start, was.end) == (0 if chosen[0] == "x" else 2, 14 if chosen[-1] == "y" else 12)
