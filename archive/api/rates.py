"""How often somebody may ask, counted for all processes of one machine, and told with every answer."""

from typing import Any

from flask import Flask, Response, current_app, request

from archive.api.callers import TokenRefusedError, caller, find_caller
from archive.api.operations import OPERATIONS, ROOT
from archive.clock import now
from archive.domain.rates import Count, Rate
from archive.errors import ArchiveError
from archive.settings import Settings
from archive.store.counters import Counters
from archive.web.current_user import ask_no_more
from archive.web.given import settings

_COUNT = "footnote.count"
_BY_TOKEN = 10  # times as many requests as without
_PAGE = "api_page.show"  # which people read, with their cookies


class TooManyRequestsError(ArchiveError):
    """Somebody asks more often than anybody may."""

    def __init__(self, count: Count, cost: int) -> None:
        self.retry_after = count.resets_in  # seconds
        super().__init__(
            f"More than {count.rate.most} requests were counted in {count.rate.seconds} seconds; "
            f"this one counts for {cost}. Go on in {count.resets_in} seconds."
        )


def install(app: Flask) -> None:
    """Look at every request of a program before anything else is done with it."""
    settings: Settings = app.extensions["settings"]
    app.extensions["counters"] = Counters(settings.data / "counters")
    app.before_request(_look)
    app.after_request(_tell)


def _look() -> None:
    if not request.path.startswith(f"{ROOT}/") or request.endpoint == _PAGE:
        return
    ask_no_more()  # whatever the pages know by a cookie, here nobody is logged in
    try:
        find_caller()
    except TokenRefusedError:
        _count()  # or whoever tries tokens could do so without end
        raise
    _count()


def _count() -> None:
    counters: Counters = current_app.extensions["counters"]
    holder, at = caller(), now().timestamp()
    most = settings().api_per_minute
    if not most:
        return
    if holder is None:
        rate, whom = Rate("anybody", most), f"address {request.remote_addr}"
    else:
        rate, whom = Rate("token", most * _BY_TOKEN), f"account {holder.user.id}"
    told = OPERATIONS.get(request.endpoint or "")
    cost = told.cost if told else 1
    taken = counters.add(whom, cost, window=rate.window(at))
    count = rate.count(taken, at=at)
    request.environ[_COUNT] = count
    if count.is_exceeded:
        raise TooManyRequestsError(count, cost)


def _tell(response: Response) -> Response:
    """As draft-ietf-httpapi-ratelimit-headers has it."""
    count: Any = request.environ.get(_COUNT)
    if isinstance(count, Count):
        rate = count.rate
        response.headers["RateLimit-Policy"] = f'"{rate.name}";q={rate.most};w={rate.seconds}'
        response.headers["RateLimit"] = f'"{rate.name}";r={count.left};t={count.resets_in}'
    return response
