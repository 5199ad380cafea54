"""Where the objects of a nested document stand."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports import json_places
from imports.json_places import OUTSIDE, Places, find_places

ROUTE = {("", ""): "post", ("post", "kids"): "post"}
KEYS = ("text", "title")


def _places(raw: bytes) -> Places:
    places = find_places(raw, ROUTE, KEYS)
    assert places.fault is None
    return places


def _own(raw: bytes) -> list[Any]:
    places = _places(raw)
    return [orjson.loads(places.own_bytes(raw, node)) for node in places.nodes]


def _main(raw: bytes) -> list[bytes]:
    places = _places(raw)
    pieces = [places.pieces[node.main_piece(KEYS)] for node in places.nodes]
    return [raw[piece.start : piece.end] for piece in pieces]


def test_an_object_is_read_without_those_inside_it() -> None:
    raw = b'{"id": 1, "kids": [{"id": 2, "kids": []}, {"id": 3}], "text": "x"}'
    assert _own(raw) == [{"id": 1, "kids": [0, 0], "text": "x"}, {"id": 2, "kids": []}, {"id": 3}]


def test_the_piece_with_the_text_stands_for_the_object_wherever_it_is() -> None:
    before = b'{"text": "x", "kids": [{"text": "y"}], "title": "z"}'
    after = b'{"title": "z", "kids": [{"text": "y"}], "text": "x"}'
    without = b'{"id": 1, "kids": [{"text": "y"}], "title": "z", "text": null}'
    assert _main(before) == [b'{"text": "x", "kids": [', b'{"text": "y"}']
    assert _main(after) == [b'], "text": "x"}', b'{"text": "y"}']
    assert _main(without) == [b'], "title": "z", "text": null}', b'{"text": "y"}']


def test_of_a_key_given_twice_the_last_counts_as_in_json() -> None:
    raw = b'{"text": "x", "kids": [{"id": 2}], "text": "y"}'
    assert (_main(raw)[0], _own(raw)[0]["text"]) == (b'], "text": "y"}', "y")


def test_keys_may_be_escaped_and_texts_may_look_like_json() -> None:
    raw = rb'{"k\u0069ds": [{"te\u0078t": "\\\"{[", "id": 2}], "text": "\"kids\": [{}]"}'
    assert _own(raw) == [{"kids": [0], "text": '"kids": [{}]'}, {"text": '\\"{[', "id": 2}]
    assert _main(raw)[1] == rb'{"te\u0078t": "\\\"{[", "id": 2}'


def test_a_text_deeper_in_or_in_a_list_is_not_that_of_the_object() -> None:
    raw = b'{"meta": {"text": "no", "kids": [{"id": 9}]}, "kids": [{"id": 2}, "text"], "text": "yes"}'
    assert (_main(raw)[0], len(_places(raw).nodes)) == (b', "text"], "text": "yes"}', 2)


def test_a_list_is_found_where_it_begins() -> None:
    places = find_places(b'{"kids": [{"id": 2}, "late"]}', ROUTE, ("kids",))
    assert places.nodes[0].main_piece(("kids",)) == places.nodes[0].pieces[0]


def test_outermost_objects_may_follow_one_another_or_stand_in_a_list() -> None:
    for raw in (b'[{"id": 1}, {"id": 2}]', b'{"id": 1}\n{"id": 2}\n'):
        assert _own(raw) == [{"id": 1}, {"id": 2}]
        assert {node.parent for node in _places(raw).nodes} == {OUTSIDE}


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b'{"id": 1', "breaks off"),
        (b'{"id": 1]', "closes a bracket that is not open"),
        (b"}", "closes a bracket that is not open"),
        (b'{"text": "x}', "breaks off in a string"),
        (b"[[", "breaks off"),
        (b'"', "breaks off in a string"),
        (b'{"a": "\\"}', "breaks off in a string"),
    ],
)
def test_what_does_not_close_is_said_and_covered(raw: bytes, fault: str) -> None:
    places = find_places(raw, ROUTE, KEYS)
    assert places.fault == fault
    assert [node.is_whole for node in places.nodes] == [False] * raw.count(b"{")
    assert b"".join(raw[piece.start : piece.end] for piece in places.pieces) == raw


def test_what_came_whole_is_found_in_a_document_that_breaks_off() -> None:
    raw = b'{"text": "x", "kids": [{"id": 2, "kids": [{"id": 3}]}, {"text": "y", "kids": [{"id": 5}, '
    places = find_places(raw, ROUTE, KEYS)
    assert [node.is_whole for node in places.nodes] == [False, True, True, False, True]
    assert [places.pieces[node.main_piece(KEYS)][:2] for node in places.nodes if not node.is_whole] == [
        (0, 23),
        (55, 78),
    ]


def test_objects_on_the_way_stay_part_of_the_one_around_them() -> None:
    raw = b'{"box": {"text": "no", "kids": [{"box": {"text": "x", "kids": [{"id": 2}]}}]}}'
    route = {("", ""): "way", ("way", "box"): "box", ("box", "kids"): "post", ("post", "box"): "box"}
    places = find_places(raw, route, KEYS, ways=("way", "box"))
    assert [node.parent for node in places.nodes] == [OUTSIDE, 0]
    assert orjson.loads(places.own_bytes(raw, places.nodes[0])) == {"box": {"text": "x", "kids": [0]}}
    assert places.nodes[0].marks == {"text": places.nodes[0].pieces[0]}
    assert places.outside_bytes(raw) == b'{"box": {"text": "no", "kids": [0]}}'


def test_more_objects_or_levels_than_are_allowed_end_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_places, "MAX_JSON_OBJECTS", 2)
    monkeypatch.setattr(json_places, "MAX_JSON_LEVELS", 3)
    assert find_places(b'{"kids": [{}]} {}', ROUTE, KEYS).fault == "holds more than 2 posts"
    assert find_places(b"[[[[", ROUTE, KEYS).fault == "is nested more than 3 levels deep"


def test_nesting_has_no_depth_at_which_it_fails() -> None:
    depth = 20_000
    raw = b'{"text": "x", "kids": [' * depth + b"]}" * depth
    places = _places(raw)
    assert len(places.nodes) == depth
    assert orjson.loads(places.own_bytes(raw, places.nodes[depth // 2])) == {"text": "x", "kids": [0]}


_POSTS = st.recursive(
    st.fixed_dictionaries({"text": st.text()}),
    lambda kids: st.fixed_dictionaries(
        {}, optional={"text": st.text(), "kids": st.lists(kids), "title": st.text(), "n": st.none() | st.lists(kids)}
    ),
)


@given(_POSTS, st.booleans(), st.sampled_from([None, 1]))
def test_pieces_cover_any_document_and_hold_the_texts(post: dict[str, Any], plain: bool, indent: int | None) -> None:
    raw = json.dumps(post, ensure_ascii=plain, indent=indent).encode("utf-8", "surrogatepass")
    places = _places(raw)
    assert b"".join(raw[piece.start : piece.end] for piece in places.pieces) == raw
    wanted, ahead = [], [post]
    while ahead:
        wanted.append(here := ahead.pop())
        ahead += reversed(here.get("kids", []))
    assert [json.loads(places.own_bytes(raw, node)).get("text") for node in places.nodes] == [
        here.get("text") for here in wanted
    ]
    for node, here in zip(places.nodes, wanted, strict=True):
        piece = places.pieces[node.main_piece(KEYS)]
        if "text" in here:
            assert (
                json.dumps(here["text"], ensure_ascii=plain).encode("utf-8", "surrogatepass") in raw[slice(*piece[:2])]
            )


@given(st.binary() | st.text(alphabet='{}[]":,\\ab').map(str.encode))
def test_any_bytes_are_cut_into_pieces_that_cover_them(raw: bytes) -> None:
    places = find_places(raw, ROUTE, KEYS)
    assert b"".join(raw[piece.start : piece.end] for piece in places.pieces) == raw
    assert all(node.pieces for node in places.nodes)
    assert places.fault or all(node.is_whole for node in places.nodes)
