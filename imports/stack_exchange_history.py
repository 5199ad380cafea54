"""The texts that posts had before their last edit, from PostHistory.xml of the Stack Exchange data dump.

Format: https://meta.stackexchange.com/questions/2677. A row says which post it is about, and nothing else of it:
whether that is a question, who asked and when stands in Posts.xml. Texts are in Markdown, as they were typed; the
last of each post is the one that Posts.xml has as HTML, and is not given twice.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import BinaryIO

import orjson

from archive.domain.ids import Sha256
from archive.domain.records import Item, Layout, Markup, Note, PostRecord, RawRef, Skipped, Unreadable
from imports.companions import NO_COMPANIONS, Companions, Lookup
from imports.moments import from_iso_in_utc
from imports.stack_exchange import Converted, Reading, items_of, skip_whole
from imports.stack_exchange_companions import TEXT_TYPES, look_up_heads, look_up_names, look_up_newest
from imports.stack_exchange_fields import number_of
from imports.stack_exchange_parser import Fields
from imports.stack_exchange_prolog import table_of
from imports.stack_exchange_rows import read_rows

_ALONE = {"posthistory": "The history of posts is read only beside Posts.xml, which says what each of them is."}
_LEFT_OUT = (
    "Kept are the texts of posts before their last edit. Rows about titles, tags and closings are left out, and so is"
    " each post’s last text, which is in Posts.xml."
)


def is_history(head: bytes) -> bool:
    """Whether a file begins as PostHistory.xml does."""
    return table_of(head) == "posthistory"


def read_history(
    file: BinaryIO, *, original: Sha256, start: int = 0, companions: Companions = NO_COMPANIONS, **_: object
) -> Iterator[Item]:
    """Yield the earlier texts of posts and everything around them. Never raises on bad content.

    :param companions: `posts.xml`, without which nothing is read, and `users.xml`, where they are at hand.
    """
    with ExitStack() as stack:
        reading = _History(original, start)
        heads = look_up_heads(stack, companions, reading.note_damage)
        if heads is None:
            yield from skip_whole(file, _ALONE, original=original, start=start)
            return
        reading.heads, reading.newest = heads, look_up_newest(stack, file)
        reading.names = look_up_names(stack, companions, reading.note_damage)
        if start == 0:
            yield Note(ref=RawRef(original=original, offset=0, length=0), text=_LEFT_OUT)
        yield from items_of(read_rows(file, "posthistory", start=start), reading, reading.revision)


class _History(Reading):
    """One run over the table."""

    heads: Lookup[str]  # what Posts.xml says of a post, by its number
    newest: Lookup[int]  # the row with its last text, by its number

    def revision(self, fields: Fields, ref: RawRef) -> Converted:
        """A row of PostHistory.xml."""
        if fields.get("PostHistoryTypeId") not in TEXT_TYPES:
            return Layout(ref=ref)
        row, post = number_of(fields.get("Id")), number_of(fields.get("PostId"))
        if row is None or post is None:
            return Unreadable(ref=ref, reason=f"The row at byte {ref.offset:,} names no post, or has no number itself.")
        head = self.heads.get(int(post))
        if head is None:
            return Skipped(ref=ref, reason=f"Posts.xml has no question or answer {post}, of which this is a text.")
        if self.newest.get(int(post)) == int(row):
            return Layout(ref=ref)
        return self._earlier(orjson.loads(head) | {"Id": post, "Body": fields.get("Text", "")}, fields, ref)

    def _earlier(self, head: Fields, fields: Fields, ref: RawRef) -> Converted:
        """The post with another text: what it is stays as Posts.xml has it."""
        record = self.post(head, ref)
        if not isinstance(record, PostRecord):
            return record
        written = from_iso_in_utc(fields.get("CreationDate", ""))
        facts = {} if written is None else {"written_at": written.isoformat()}
        if licence := fields.get("ContentLicense"):
            facts["licence"] = licence[:40]
        return replace(record, markup=Markup.MARKDOWN, is_earlier=True, facts=facts or None)
