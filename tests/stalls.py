"""What must not stall, whatever it is given. No test asserts how fast a machine is: it would fail on a busy one.

A blow-up shows in the number of calls that something takes, which is the same on any machine. What is done within
one call, as the search of a regular expression, shows only in time: there the input is made so large that the fault
would take minutes, and the limit is seconds of processor time, many times what it takes without.
"""

import cProfile
import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

STALLED_AFTER = 20  # seconds of processor time


@contextmanager
def finishing(within: int = STALLED_AFTER) -> Iterator[None]:
    """Fail what takes more processor time than it ever takes, garbage left alone meanwhile.

    :param within: seconds of processor time.
    """

    def give_up(_number: int, _frame: FrameType | None) -> None:
        pytest.fail(f"It stalled: {within} seconds of processor time were not enough.")

    before = signal.signal(signal.SIGPROF, give_up)
    gc.disable()
    signal.setitimer(signal.ITIMER_PROF, within, 1)  # again and again, should it be swallowed where it is raised
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        gc.enable()


def calls(act: Callable[[], object]) -> int:
    """How many functions are called, of Python and of C, until it is done."""
    profile = cProfile.Profile()
    with finishing(3 * STALLED_AFTER):
        profile.enable()
        try:
            act()
        finally:
            profile.disable()
    return sum(entry.callcount for entry in profile.getstats())
