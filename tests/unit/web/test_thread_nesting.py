"""Replies in lists within lists."""

import re
from collections.abc import Sequence

from archive.domain.ids import PublicId
from archive.domain.records import PostKind
from archive.web.threads.nesting import DEEPEST, Nesting, levels_below, siblings
from archive.web.threads.pages import Reply, post
from tests.unit.web.test_thread_pages import post as view


def replies(*levels: int) -> list[Reply]:
    """Replies of these levels in reading order, each to the last one of the level above."""
    above: dict[int, str] = {0: "0" * 14}
    found = []
    for number, level in enumerate(levels, start=1):
        address = PublicId(f"{number:014}")
        under = PublicId(above.get(level - 1, "9" * 14))
        found.append(Reply(post(view(number, PostKind.REPLY, public_id=address, parent=under)), level, None))
        above[level] = address
    return found


def nested(levels: Sequence[int]) -> str:
    """The lists, each item with its number in the reading order."""
    nesting, out = Nesting("</ol>"), ["<ol>"]
    for number, level in enumerate(levels):
        if nesting.deepens(level):
            nesting.open(level, "</ol>")
            out.append("<ol>")
        else:
            out.append(nesting.follow(level))
        out.append(f"<li>{number}")
    return "".join([*out, nesting.close()]).replace("\n", "")


def test_replies_stand_in_the_list_below_what_they_answer() -> None:
    assert nested([1, 2, 2, 1]) == "<ol><li>0<ol><li>1</li><li>2</li></ol></li><li>3</li></ol>"
    assert nested([1, 2, 3, 1]) == "<ol><li>0<ol><li>1<ol><li>2</li></ol></li></ol></li><li>3</li></ol>"


def test_lists_end_as_they_began_however_deep_replies_go_and_wherever_a_part_begins() -> None:
    for levels in ([1, *range(2, 40), 3, 4, 1], [5, 6, 3, 4, 1, 2], [9, 8, 7], [1, 2, 9, 10, 2]):
        html, depth, deepest = nested(levels), 0, 0
        open_: list[str] = []
        for closing, tag in re.findall(r"<(/?)(ol|li)>", html):
            if closing:
                assert open_.pop() == tag
            else:
                open_.append(tag)
            depth = open_.count("ol")
            deepest = max(deepest, depth)
        assert open_ == []
        assert deepest <= DEEPEST
        assert re.findall(r"<li>(\d+)", html) == [str(number) for number in range(len(levels))]


def test_what_hangs_below_a_reply_is_counted_over_all_levels() -> None:
    assert levels_below(replies(1, 2, 3, 2, 1)) == [3, 1, 0, 0, 0]
    assert levels_below(replies(*range(1, 5_001)))[:2] == [4_999, 4_998]


def test_the_replies_beside_a_reply_are_those_to_the_same_post() -> None:
    names = [(before and int(before), behind and int(behind)) for before, behind in siblings(replies(1, 2, 2, 1, 2))]
    assert names == [(None, 4), (None, 3), (2, None), (1, None), (None, None)]
