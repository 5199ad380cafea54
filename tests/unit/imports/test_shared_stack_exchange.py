"""Real and hostile tables of the Stack Exchange dump, which are no part of the project."""

import xml.etree.ElementTree as ET
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest

from archive.domain.records import Item, PostRecord, Skipped, Unreadable
from imports.formats import UnknownFormatError, choose_format
from imports.limits import DETECTION_BYTES
from imports.stack_exchange import read_posts
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL


@pytest.mark.parametrize("site", ["beer", "music-meta"])
def test_a_real_table_yields_what_an_independent_count_finds(shared_data: Path, site: str) -> None:
    folder = shared_data / "threads" / "stackexchange" / site
    users = folder / "Users.xml"
    companions = {"users.xml": lambda: users.open("rb")} if users.exists() else {}
    raw = (folder / "Posts.xml").read_bytes()
    items = list(read_posts(BytesIO(raw), original=ORIGINAL, companions=companions))
    assert_covers(items, len(raw))
    rows = [row.attrib for row in ET.fromstring(raw)]
    names = {row.attrib["Id"]: row.attrib["DisplayName"] for row in ET.parse(users).getroot()} if companions else {}
    expected = [
        (f"p{row['Id']}", row["Body"], row.get("OwnerDisplayName") or names.get(row.get("OwnerUserId", "")))
        for row in rows
        if row["PostTypeId"] in ("1", "2")
    ]
    assert [(post.key, post.text, post.byline) for post in posts_of(items)] == expected
    assert sum(isinstance(item, Skipped) for item in items) == len(rows) - len(expected)
    assert not [item for item in items if isinstance(item, Unreadable)]


# What each hostile table comes to: posts, skipped, unreadable. Those that are not named are no tables at all.
EXPECTED = {
    "accepted_missing": (1, 0, 0),
    "answer_before_question": (2, 0, 0),
    "attlist_default": (0, 0, 1),
    "attrs_100k": (0, 0, 1),
    "bad_dates": (8, 0, 0),
    "bad_ids": (0, 0, 12),
    "bad_types": (0, 1, 5),
    "billion_laughs": (0, 0, 1),
    "billion_laughs_text": (0, 0, 1),
    "case_attrs": (0, 0, 1),
    "control_chars": (0, 0, 1),
    "double_encoded_html": (1, 0, 0),
    "dup_attr": (0, 0, 1),
    "dup_ids": (2, 0, 0),
    "ebcdic_decl": (1, 0, 0),
    "external_dtd": (1, 0, 0),
    "invalid_utf8": (0, 0, 1),
    "missing_parent": (1, 0, 0),
    "newline_in_attr": (1, 0, 0),
    "nonchar": (0, 0, 1),
    "ok_minimal": (1, 0, 0),
    "param_entity": (0, 0, 1),
    "parent_cycle": (2, 0, 0),
    "pi_stylesheet": (1, 0, 0),
    "quadratic_blowup": (0, 0, 1),
    "recursive_entity": (0, 0, 1),
    "says_utf16_is_utf8": (1, 0, 0),
    "self_parent": (1, 0, 0),
    "surrogate_ref": (0, 0, 1),
    "truncated": (48, 0, 1),
    "two_roots": (2, 0, 1),
    "unknown_elements": (1, 1, 0),
    "xinclude": (1, 1, 0),
    "xxe_file": (0, 0, 1),
    "xxe_file_attr": (0, 0, 1),
    "xxe_http_loopback": (0, 0, 1),
}


def test_hostile_tables_are_read_to_the_last_byte_and_give_what_is_good_in_them(shared_data: Path) -> None:
    found = {}
    for path in sorted((shared_data / "hostile" / "xml").glob("*.xml")):
        raw = path.read_bytes()
        try:
            format_ = choose_format(raw[:DETECTION_BYTES])
        except UnknownFormatError:
            continue
        items = list(format_.read(BytesIO(raw), original=ORIGINAL))
        assert_covers(items, len(raw))
        if format_.name == "stack-exchange":
            found[path.stem] = _counts(items)
    assert found == EXPECTED


def test_a_table_nested_too_deep_is_refused_when_it_is_forced_to_be_read(shared_data: Path) -> None:
    raw = (shared_data / "hostile" / "xml" / "deep_100k.xml").read_bytes()
    items = list(read_posts(BytesIO(raw), original=ORIGINAL))
    assert_covers(items, len(raw))
    assert _counts(items) == (0, 0, 1)


def _counts(items: list[Item]) -> tuple[int, int, int]:
    kinds = Counter(type(item) for item in items)
    return kinds[PostRecord], kinds[Skipped], kinds[Unreadable]
