"""Where one goes from an answer: to the ones beside it, and to the next one whose source can be looked up."""

from collections.abc import Sequence

from archive.web.threads.pages import Answer, Thread


class Ways:
    """The ways from the answers of one page."""

    def __init__(self, thread: Thread, *, before: str | None, further: str | None) -> None:
        """Of a thread.

        :param before: where the part before is, as an address stands in HTML; None if there is none.
        :param further: where the next one is.
        """
        answers = thread.answers
        self._before = _last_listed(answers, before)
        self._following = _last_listed(answers[::-1], further)[::-1]
        self.first_sourced, *self._sourced = _sourced_after(thread)

    def of(self, place: int) -> str:
        """The links of an answer, as items of a list.

        :param place: which of the page it is, from 0.
        """
        before, following, sourced = self._before[place], self._following[place], self._sourced[place]
        ways = f'<li><a href="{before}" rel="prev">Previous answer</a></li>' if before else ""
        if following and following == sourced:
            return f'{ways}<li><a href="{following}" rel="next" class="to-sourced">Next answer, sourced</a></li>'
        ways += f'<li><a href="{following}" rel="next">Next answer</a></li>' if following else ""
        ways += f'<li><a href="{sourced}" class="to-sourced">Next sourced answer</a></li>' if sourced else ""
        return ways


def _last_listed(answers: Sequence[Answer], part: str | None) -> list[str | None]:
    """For each of some answers, the last one before it that is listed; if there is none, the part that holds it."""
    met, found = part and f"{part}#answers-h", list[str | None]()
    for answer in answers:
        found.append(met)
        if answer.is_listed:
            met = f"#post-{answer.post.view.public_id}"
    return found


def _sourced_after(thread: Thread) -> list[str | None]:
    """For the beginning and each answer, where the next one is whose source can be looked up."""
    found: list[str | None] = []
    following = f"/posts/{thread.page.next_sourced}" if thread.page.next_sourced else None
    for answer in reversed(thread.answers):
        found.append(following)
        if answer.post.level is not None and answer.post.level.sourced and not answer.begun:
            following = f"#post-{answer.post.view.public_id}"
    return [*found, following][::-1]
