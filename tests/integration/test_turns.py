"""Who writes next, where a database lets one write at a time."""

import time
from pathlib import Path
from threading import Thread

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from archive.services.transaction import writing
from archive.store.opening import open_engine
from archive.store.turns import Turns

_ENOUGH = 10  # seconds


def test_threads_write_in_the_order_in_which_they_asked() -> None:
    turns, order = Turns(), list[int]()
    assert turns.take(0)

    def write(number: int) -> None:
        assert turns.take(_ENOUGH)
        order.append(number)
        turns.give_back()

    threads = [Thread(target=write, args=(number,)) for number in range(5)]
    for waiting, thread in enumerate(threads, 1):
        thread.start()
        while turns.waiting < waiting:
            time.sleep(0.001)
    turns.give_back()
    for thread in threads:
        thread.join(_ENOUGH)
    assert order == [0, 1, 2, 3, 4]


def test_whoever_gives_up_is_passed_over() -> None:
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0)
    turns.give_back()
    assert turns.take(0)


def test_a_thread_that_is_out_of_patience_is_told_that_the_database_is_locked(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a'}")
    try:
        with Session(engine) as first, writing(first):
            first.execute(text("CREATE TABLE written (id integer)"))
            other: list[BaseException] = []

            def write() -> None:
                try:
                    with Session(engine) as session, writing(session, patience_ms=20):
                        pass
                except OperationalError as error:
                    other.append(error)

            thread = Thread(target=write)
            thread.start()
            thread.join(_ENOUGH)
            assert [str(error.orig) for error in other if isinstance(error, OperationalError)] == ["database is locked"]
        with Session(engine) as session, writing(session, patience_ms=20):
            session.execute(text("INSERT INTO written VALUES (1)"))
    finally:
        engine.dispose()
