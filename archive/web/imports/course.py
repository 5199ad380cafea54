"""How far an import is, in words: the same for the page and for the script that keeps it up to date."""

from collections.abc import Callable

from archive.services.ingest.watching import Course, Progress
from archive.web.words import counted, duration_words, number_words, size_words


def percent(progress: Progress) -> int:
    """How much of the input is read in, in whole hundredths."""
    return 100 * progress.done_bytes // progress.all_bytes if progress.all_bytes else 0


def heading(progress: Progress) -> str:
    """What goes on, or what became of it, to stand before what the batch is called."""
    return _HEADINGS.get(progress.course) or _CHANGES.get(progress.course, "Importing")


def texts(progress: Progress) -> dict[str, str]:
    """The texts of the page that change, by the id of their element; what is not known is empty."""
    pace, left = progress.pace, ""
    if pace is not None and pace.left is not None and progress.course is Course.RUNS:
        left = f", about {duration_words(pace.left)} left"
    return {
        "label": _CHANGES.get(progress.course) or f"{percent(progress)} % read{left}",
        "done": f"{size_words(progress.done_bytes)} of {size_words(progress.all_bytes)}",
        "posts": counted(progress.balance.read, "post"),
        "post-rate": f"{number_words(round(pace.posts))} posts a second" if pace else "",
        "byte-rate": f"{size_words(round(pace.size))} a second" if pace else "",
        "running": f"running for {duration_words(progress.seconds)}" if progress.seconds is not None else "",
        "run-now": now_words(progress),
        "lead": _lead(progress),
    }


def now_words(progress: Progress) -> str:
    """What goes on at the moment."""
    return _NOW[progress.course](progress)


def _lead(progress: Progress) -> str:
    """What can be relied on, and what stopping does, as long as it may be stopped or ends after a stop."""
    seen = "before all of it is there" if progress.publish else "until you publish"
    said = _LEADS.get(progress.course, "").format(when="" if progress.has_worker else " when there is a worker")
    return f"{said} Readers see none of it {seen}." if said else ""


def _runs(progress: Progress) -> str:
    balance = progress.balance
    if not balance.read:
        return "The first posts are being read."
    quarantined = counted(balance.quarantined, "stretch is", "stretches are")
    return f"{counted(balance.read, 'post')} read so far." + (
        f" {quarantined} in quarantine." if balance.quarantined else ""
    )


def _waits(progress: Progress) -> str:
    if progress.behind is not None:
        return f"It waits until another import has ended ({progress.behind})."
    if not progress.has_worker:
        return "It waits for a worker, and there is none: start the command “footnote worker” on the server."
    return "It is about to begin."


def _changes(progress: Progress, done: str, seen: str) -> str:
    if progress.seconds is None:
        return f"{progress.ordered_by} has it {done}. {_waits(progress)}"
    return f"{progress.ordered_by} has it {done}. {seen}"


_NOW: dict[Course, Callable[[Progress], str]] = {
    Course.NOT_ORDERED: lambda _: "Nobody has had it read in yet.",
    Course.WAITS: _waits,
    Course.RUNS: _runs,
    Course.STOPPING: lambda progress: f"{progress.stopped_by} stopped it. It ends after the chunk under way.",
    Course.STOPPED: lambda progress: f"{progress.stopped_by} stopped it.",
    Course.FAILED: lambda progress: f"The import stopped: {progress.failure}",
    Course.CUT_OFF: lambda _: "The import was cut off.",
    Course.PUBLISHING: lambda progress: _changes(
        progress, "published", "Readers see all of it at once, when it is done."
    ),
    Course.ROLLING_BACK: lambda progress: _changes(
        progress, "rolled back", "Readers see what they saw before, until all of it is done."
    ),
    Course.ENDED: lambda _: "It has ended.",
}

_HEADINGS = {
    Course.NOT_ORDERED: "Not begun:",
    Course.STOPPED: "Stopped:",
    Course.FAILED: "Failed:",
    Course.CUT_OFF: "Cut off:",
}
_CHANGES = {Course.PUBLISHING: "Publishing", Course.ROLLING_BACK: "Rolling back"}
_LEADS: dict[Course, str] = {
    Course.WAITS: "You may close this page: it begins by itself{when}. If you stop it before, nothing more is read.",
    Course.RUNS: "You may close this page. If the machine stops now, what is stored stays stored, and the import goes "
    "on from there. If you stop it, it ends after the chunk under way, and what was read is kept.",
    Course.STOPPING: "What was read is kept. When it has ended, it can go on from there, or be rolled back.",
}
