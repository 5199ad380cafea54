"""Points: how the questions of the tree that no single cue settles are answered."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Score:
    """The points that a text has on one question."""

    points: int
    needed: int
    because: tuple[str, ...]  # the facts that spoke for it, the weightiest first

    @property
    def reached(self) -> bool:
        return self.points >= self.needed

    @property
    def margin(self) -> int:
        return self.points - self.needed


_TABLES = tomllib.loads((files("archive.domain.assessment") / "points.toml").read_text("utf-8"))


def score(question: str, facts: Mapping[str, int]) -> Score:
    """Add up the points of a text on a question of `points.toml`."""
    table = _TABLES[question]
    earned = {fact: times * points for fact, points in table["points"].items() if (times := facts.get(fact, 0))}
    because = sorted((fact for fact in earned if earned[fact] > 0), key=lambda fact: -earned[fact])
    return Score(sum(earned.values()), table["needed"], tuple(because))
