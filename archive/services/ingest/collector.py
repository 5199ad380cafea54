"""Python's search for garbage in circles, put off while an import makes rows."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 200_000  # three chunks of posts; Python looks after 700, time and again through all of a chunk's rows


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look seldom for circles: in the rows of an import there are none, and looking takes a fifth of its time."""
    usual = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
