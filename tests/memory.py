"""How much memory something takes: counted by Python itself, so that it is the same on any machine."""

import gc
import tracemalloc
from collections.abc import Callable


def peak(act: Callable[[], object]) -> int:
    """How many bytes of objects it holds at once, beyond those that there were."""
    gc.collect()
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
