"""How much memory something takes: counted by Python itself, so that it is the same on any machine."""

import gc
import tracemalloc
from collections.abc import Callable

_AS_IN_EARNEST = (700, 10, 10)  # Python's own; between tests garbage is collected less often


def peak(act: Callable[[], object]) -> int:
    """How many bytes of objects it holds at once, beyond those that there were."""
    gc.collect()
    patient = gc.get_threshold()
    gc.set_threshold(*_AS_IN_EARNEST)
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.set_threshold(*patient)
