"""Bytes to text, and back to the byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.text_encoding import decode

SAMPLES = {
    "cp1252": "Le café est fermé, mais “déjà” vu à l’été. Où êtes-vous ?",
    "cp1250": "Zażółć gęślą jaźń. Książka została napisana wcześniej, ponieważ autor żył w Łodzi.",
    "cp1251": "Не осталось документов, которые показали бы, чего он ожидал. Историки спорят.",
    "koi8_r": "Не осталось документов, которые показали бы, чего он ожидал. Историки спорят.",
    "cp1253": "Η ιστορία της πόλης είναι μεγάλη και πολύπλοκη, όπως γνωρίζετε.",
    "cp932": "これは歴史に関する質問です。城壁はいつ崩れたのでしょうか。",
    "gb18030": "城墙是什么时候倒塌的？历史学家对此有不同的看法。",
}


@pytest.mark.parametrize("encoding", SAMPLES)
def test_an_encoding_without_a_mark_is_detected_and_told(encoding: str) -> None:
    decoded = decode(SAMPLES[encoding].encode(encoding))
    assert decoded.text == SAMPLES[encoding]
    assert decoded.note is not None
    assert encoding.replace("_", "-").upper() in decoded.note


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_a_mark_tells_the_encoding(encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    assert decode((mark + "Où ça ? 𐍈").encode(encoding)).text == "Où ça ? 𐍈"


def test_a_damaged_byte_in_utf8_damages_one_character() -> None:
    raw = "é".encode() * 20 + b"\xff" + "ü".encode()
    decoded = decode(raw)
    assert decoded.text == "é" * 20 + "\ufffdü"
    assert [decoded.offsets.at(index) for index in (20, 21, 22)] == [40, 41, 43]


@given(st.text(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_every_character_is_found_at_its_byte(text: str, encoding: str) -> None:
    raw = text.encode(encoding, "ignore")
    decoded = decode(raw)
    places = [decoded.offsets.at(index) for index in range(len(decoded.text) + 1)]
    bare = encoding.removesuffix("-sig") + ("-le" if encoding in {"utf-16", "utf-32"} else "")
    for character, start, end in zip(decoded.text, places, places[1:], strict=False):
        assert raw[start:end].decode(bare) == character


@given(st.binary())
def test_any_bytes_have_a_text_whose_offsets_reach_their_end(raw: bytes) -> None:
    decoded = decode(raw)
    assert decoded.offsets.at(0) == decoded.bom_length
    assert decoded.offsets.at(len(decoded.text)) == len(raw)


def test_offsets_may_be_asked_in_any_order() -> None:
    decoded = decode(("é" * 5000).encode())
    assert [decoded.offsets.at(index) for index in (5000, 1, 3000, 0)] == [10000, 2, 6000, 0]
