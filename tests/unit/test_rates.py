"""Counting requests: what is left, and counters that processes share."""

import subprocess
import sys
from pathlib import Path

import pytest

from archive.domain.rates import Rate
from archive.store import counters
from archive.store.counters import Counters

RATE = Rate("readers", 3)


def test_what_is_left_counts_down_and_begins_anew_with_the_next_stretch() -> None:
    counts = [RATE.count(taken, at=1_000_030) for taken in (1, 3, 4)]
    assert [(count.left, count.is_exceeded, count.resets_in) for count in counts] == [
        (2, False, 50),
        (0, False, 50),
        (0, True, 50),
    ]
    assert RATE.window(1_000_079.9) == RATE.window(1_000_030) == RATE.window(1_000_080) - 1
    assert RATE.count(1, at=1_000_080).resets_in == 60
    assert not Rate("nobody", 0).count(9, at=0).is_exceeded


def test_whoever_counts_is_counted_alone_and_in_one_stretch_of_time(tmp_path: Path) -> None:
    counts = Counters(tmp_path / "counters")
    assert [counts.add("a", 1, window=7), counts.add("a", 5, window=7), counts.add("b", 1, window=7)] == [1, 6, 1]
    assert counts.add("a", 1, window=8) == 1
    counts.close()


def test_processes_count_together(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from archive.store.counters import Counters\n"
        f"counts = Counters(Path({str(tmp_path / 'counters')!r}))\n"
        "for _ in range(20_000): counts.add('a', 1, window=7)"
    )
    together = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(2)]
    assert [one.wait() for one in together] == [0, 0]
    counts = Counters(tmp_path / "counters")
    assert counts.add("a", 1, window=7) == 40_001
    counts.close()


def test_where_there_is_no_room_the_smallest_gives_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "_SLOTS", 2)
    monkeypatch.setattr(counters, "_PROBED", 2)
    counts = Counters(tmp_path / "counters")
    counts.add("a", 5, window=7)
    counts.add("b", 2, window=7)
    assert counts.add("c", 1, window=7) == 1
    assert counts.add("a", 1, window=7) == 6
    counts.close()
