"""Real and hostile mails, which are no part of the project."""

from email import message_from_bytes
from io import BytesIO
from pathlib import Path

import pytest

from archive.domain.records import Item, PostRecord
from imports import choose_format, mail_message, mbox
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL
from tests.unit.imports.mails import reasons_of

_COUNTED = """
    attachment_names 15 backwards_refs 5 bad_dates 15 binary_garbage 0 boundary_tricks 4 crlf 1 cte_tricks 14
    cycle_refs 2 dup_mid_diff 2 dup_mid_same 2 from_in_body 1 from_no_date 1 from_spoof 8 header_folded_100k 0
    header_injection 7 header_only 1 headers_20000 0 hostile_mids 10 latin1_raw_headers 1 nested_multipart_200 0
    nested_multipart_2000 0 nested_rfc822_2000 1 no_from_line 1 no_mid 9 nul_bytes 1 only_from_line 0 parts_20000
    0 refs_10k 1 self_ref 1
"""  # by a person, in each file: mails that are good
HOSTILE_POSTS = {name: int(count) for name, count in zip(_COUNTED.split()[::2], _COUNTED.split()[1::2], strict=True)}


def _read(raw: bytes) -> list[Item]:
    reader = mbox if raw.startswith(b"From ") else mail_message
    items = list(reader.read_posts(BytesIO(raw), original=ORIGINAL))
    assert_covers(items, len(raw))
    return items


def test_each_real_mail_is_one_post_with_its_id_and_known_by_its_bytes(shared_data: Path) -> None:
    paths = sorted((shared_data / "threads" / "mail" / "mikel-mail" / "emails").glob("*/*.eml"))
    if not paths:
        pytest.skip("no mails in the shared data")
    told = 0
    for path in paths:
        raw = path.read_bytes()
        (post,) = posts_of(_read(raw))
        said = message_from_bytes(raw)["Message-ID"]
        assert not said or post.key == str(said).strip().strip("<>"), path.name
        told += choose_format(raw).name in {"mail", "mbox"}
    assert told >= len(paths) - 1  # one has a subject for its only field


@pytest.mark.parametrize("name", HOSTILE_POSTS)
def test_hostile_files_yield_their_good_mails(shared_data: Path, name: str) -> None:
    raw = (shared_data / "hostile" / "mail" / f"{name}.mbox").read_bytes()
    items = list(mbox.read_posts(BytesIO(raw), original=ORIGINAL))
    assert_covers(items, len(raw))
    assert len(posts_of(items)) == HOSTILE_POSTS[name]
    assert bool(reasons_of(items)) is (HOSTILE_POSTS[name] == 0)


def test_no_thread_in_the_plain_layout_is_taken_for_mail(shared_data: Path) -> None:
    for folder in ("threads/plain", "hostile/rawtext", "seed"):
        for path in sorted((shared_data / folder).iterdir()):
            head = path.read_bytes()[: 64 * 1024]
            assert not mbox.is_mbox(head), path.name
            assert not mail_message.is_mail(head), path.name


def test_hostile_posts_show_no_whole_address(shared_data: Path) -> None:
    raw = (shared_data / "hostile" / "mail" / "from_spoof.mbox").read_bytes()
    posts = [item for item in mbox.read_posts(BytesIO(raw), original=ORIGINAL) if isinstance(item, PostRecord)]
    assert not any("example." in (post.byline or "") for post in posts)
