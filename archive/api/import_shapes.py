"""Imports in the shapes that go out."""

from collections.abc import Sequence

from archive.api.shapes import desks
from archive.api.shaping import Shaper
from archive.services.ingest.pages import BatchHead, BatchLine, RemarkView
from archive.services.ingest.preview import DoubtSketch, Preview, RemarkSketch
from archive.services.ingest.sketches import ThreadSketch
from archive.services.ingest.watching import Progress


def batch_shape(shaper: Shaper, line: BatchLine) -> desks.Batch:
    """A batch."""
    return desks.Batch(
        id=line.id,
        url=shaper.url(f"/imports/{line.id}"),
        state=line.state,
        collection=shaper.collection_name(line.collection, line.collection_name),
        started_at=line.started_at,
        by=line.by,
        files=line.files,
        failure=line.failure,
        balance=line.balance.as_dict(),
        adds_up=line.balance.adds_up,
    )


def batch_detail(shaper: Shaper, head: BatchHead, progress: Progress) -> desks.BatchDetail:
    """A batch, and how far it is."""
    return desks.BatchDetail(
        batch=batch_shape(shaper, head.line),
        course=progress.course,
        done=progress.done_bytes,
        size=progress.all_bytes,
        has_worker=progress.has_worker,
        undone=progress.undone,
        format=head.format,
        markup=head.markup,
        finished_at=head.finished_at,
        files=[
            desks.InputFile(
                name=file.name, sha256=file.original, size=file.size, format=file.format, done=file.done_bytes
            )
            for file in head.inputs
        ],
    )


def preview_shape(found: Preview) -> desks.Preview:
    """What an import would do."""
    return desks.Preview(
        balance=found.balance.as_dict(),
        adds_up=found.balance.adds_up,
        formats=sorted(found.formats),
        threads=[_thread(thread) for thread in found.threads],
        doubts=[_doubt(doubt) for doubt in found.doubts],
        doubtful=found.doubtful,
        remarks=_remarks(found.remarks),
        refused=_remarks(found.refused),
        changed=[
            desks.ChangedText(post=post.post, thread_title=post.thread_title, author=post.author, text=post.text)
            for post in found.changed
        ],
        absences=found.absences,
    )


def unread(shaper: Shaper, remark: RemarkView) -> desks.Unread:
    """A stretch that could not be read."""
    return desks.Unread(
        batch=remark.batch,
        number=remark.number,
        url=shaper.url(f"/imports/{remark.batch}/quarantine/{remark.number}"),
        file=remark.name,
        sha256=remark.original,
        offset=remark.offset,
        length=remark.length,
        reason=remark.text,
    )


def _thread(thread: ThreadSketch) -> desks.SketchedThread:
    return desks.SketchedThread(
        title=thread.title,
        asker=thread.asker,
        posts=thread.count,
        first=[
            desks.SketchedPost(
                author=post.author,
                kind=post.kind,
                outcome=post.outcome,
                depth=post.depth,
                first_words=post.first_words,
                characters=post.characters,
            )
            for post in thread.posts
        ],
    )


def _doubt(doubt: DoubtSketch) -> desks.Doubt:
    return desks.Doubt(
        file=doubt.name,
        line=doubt.number,
        text=doubt.text,
        reading=doubt.reading.value,
        confidence=doubt.confidence,
        reasons=doubt.reasons,
    )


def _remarks(remarks: Sequence[RemarkSketch]) -> list[desks.Remark]:
    return [
        desks.Remark(kind=one.kind.value, file=one.name, offset=one.offset, length=one.length, text=one.text)
        for one in remarks
    ]
