"""A thread's page as Reddit's API gives it, for tests."""

import json

from tests.integration.conftest import Content


def comment(id_: str, text: str, *, at: int, parent: str = "t3_t", replies: tuple[object, ...] = ()) -> object:
    data = {"id": id_, "name": f"t1_{id_}", "link_id": "t3_t", "parent_id": parent, "author": f"by_{id_}"}
    listing = {"kind": "Listing", "data": {"children": list(replies)}} if replies else ""
    return {"kind": "t1", "data": {**data, "body": text, "created_utc": at, "replies": listing}}


def more(parent: str, count: int = 0) -> object:
    return {"kind": "more", "data": {"id": "_", "count": count, "parent_id": parent, "children": []}}


def page(*comments: object, said: int | None = None) -> Content:
    data = {"id": "t", "name": "t3_t", "author": "asker", "title": "Dykes?", "selftext": "Who?", "created_utc": 100}
    submission = {"kind": "t3", "data": {**data, "num_comments": len(comments) if said is None else said}}
    return json.dumps([{"kind": "Listing", "data": {"children": list(part)}} for part in ([submission], comments)])
