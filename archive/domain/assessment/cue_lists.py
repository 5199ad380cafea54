"""The cue lists: data files that a moderator can read, one kind of signal a file.

`cues/<language>/<kind>.toml` says what the kind means and lists its cues in groups; each group
has a reason, shown to people, and a strength: 2 where a cue alone settles the matter, 1 where it
only adds up, 0 where it is a hook for a rule in code. `cues/<language>/words.toml` holds the word
lists that cues name in square brackets, and `cues/<language>/classes.toml` what stands for a word
where only the shape of a sentence counts.
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple

_CUES = files("archive.domain.assessment") / "cues"


class Cue(NamedTuple):
    """A group of phrases that mean the same."""

    phrases: tuple[str, ...]
    kind: str
    why: str
    strength: int


@dataclass(frozen=True, slots=True)
class CueLists:
    """The cues of one language, and the word lists that they name."""

    cues: tuple[Cue, ...]
    lists: dict[str, frozenset[str]]
    classes: dict[str, str]  # what stands for a word that has a class of its own
    endings: tuple[str, ...]  # what else tells words apart, the first that fits


def load_cue_lists(language: str) -> CueLists:
    """Read the cue lists of a language: the folder `cues/<language>`."""
    tables = {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
        for file in sorted((_CUES / language).iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    }
    lists = {name: frozenset(entry["words"].split()) for name, entry in tables.pop("words").items()}
    classes = tables.pop("classes")
    cues = [
        Cue(tuple(group["phrases"]), kind, group["why"], group["strength"])
        for kind, table in tables.items()
        for group in table["cues"]
    ]
    return CueLists(tuple(cues), lists, _classes(classes, lists), tuple(classes["endings"]))


def _classes(table: dict[str, Any], lists: dict[str, frozenset[str]]) -> dict[str, str]:
    of_lists = {word: f"[{name}]" for name in reversed(table["lists"]) for word in lists[name]}
    return of_lists | {word: word for word in table["itself"].split()}


ENGLISH = load_cue_lists("en")
