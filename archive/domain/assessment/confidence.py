"""Confidence: of the labelled texts that came to a leaf of the tree, the share coders agreed with.

The counts are in `confidence.toml`, made by `footnote calibrate` from labelled files. Two imagined
texts, one right and one wrong, are added to each leaf, so that a leaf seen once is not certain and
a leaf never seen is worth a half.
"""

import tomllib
from collections.abc import Iterable
from importlib.resources import files

_HEADER = """\
# For each leaf of the decision tree: how many labelled texts came to it ("seen"), and in how many
# of them the coder gave the level of the leaf ("agreed"). Made by “footnote calibrate”; do not edit.
# Cues and points were chosen on the same texts, so expect somewhat less on texts of another kind.
"""
_IMAGINED_RIGHT, _IMAGINED_WRONG = 1, 1

_COUNTS: dict[str, dict[str, int]] = tomllib.loads(
    (files("archive.domain.assessment") / "confidence.toml").read_text("utf-8")
)


def confidence_in(leaf: str) -> float:
    """The smoothed share of coders who agreed with a leaf, between 0 and 1."""
    counts = _COUNTS.get(leaf, {"agreed": 0, "seen": 0})
    share = (counts["agreed"] + _IMAGINED_RIGHT) / (counts["seen"] + _IMAGINED_RIGHT + _IMAGINED_WRONG)
    return round(share, 3)


def confidence_table(outcomes: Iterable[tuple[str, bool]]) -> str:
    """The file `confidence.toml`. :param outcomes: each text's leaf, and whether the coder agreed."""
    seen: dict[str, list[bool]] = {}
    for leaf, agreed in outcomes:
        seen.setdefault(leaf, []).append(agreed)
    lines = [f'"{leaf}" = {{ agreed = {sum(rights)}, seen = {len(rights)} }}' for leaf, rights in sorted(seen.items())]
    return _HEADER + "\n".join(lines) + "\n"
