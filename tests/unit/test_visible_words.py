"""The words of HTML as search finds them, whatever the HTML is like."""

import pytest

from archive.domain.records import Markup
from archive.domain.visible_words import visible_words
from tests.stalls import finishing


def test_tags_are_left_out_and_what_only_looks_like_one_is_kept() -> None:
    assert visible_words("<p>Ka<b>lk</b>a &amp; 3 < 4</p> <a", Markup.HTML) == " Kalka & 3 < 4  <a"


@pytest.mark.parametrize("piece", ["<a", "<a ", "<x <b>", "<!--", "<script ", "</script ", "<", "<style>", "&"])
def test_tags_that_never_end_take_no_more_time_than_their_length(piece: str) -> None:
    with finishing():
        visible_words(piece * (2_000_000 // len(piece)), Markup.HTML)
