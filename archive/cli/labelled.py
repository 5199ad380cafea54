"""Files of labelled texts: JSON lines with “text” and “level”; and lists of labels for texts that are elsewhere.

Beside these, a line may carry the “evidence” (verbatim words that decide), the “confidence” of its coder (1 to 3), the
level that a “second” coder gave, and the “question” that it answers. Texts on which coders differ are neither learned
from nor tested on.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from archive.domain.assessment.learning.labelled import Labelled
from archive.domain.assessment.learning.labels import LabelLineError, key_of, labelled_with, read_labels
from archive.domain.assessment.looking import look
from archive.domain.records import Markup
from archive.domain.source_quality import Level
from archive.errors import ArchiveError

_GROUP = 200  # characters of a question, by which the texts that answer it are known
_UNSURE = 0.6  # how much a label counts of which its coder was not sure
_ALSO = 0.5  # how much a text counts that is of another kind than those that are tested
_MOST = 2.0  # how many times more a text counts for being of a level that is rare among them


class LabelledFileError(ArchiveError):
    """A line of a file of labelled texts cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path}, {reason}.")


def lines_of(path: Path) -> Iterator[tuple[dict[str, Any], Level | None]]:
    """Yield each line with its level; None where it has none.

    :raises LabelledFileError: if a line is no such line.
    """
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                row = text_of(path, number, line)
                yield row, _level_of(path, number, row.get("level"))


def labelled_texts(path: Path) -> Iterator[Labelled]:
    """Yield the texts that have a level.

    :raises LabelledFileError: if a line is no such line.
    """
    for number, (row, level) in enumerate(lines_of(path), start=1):
        if level is not None:
            second = row.get("second") or level
            is_sure = second == level
            yield Labelled(
                text=row["text"],
                level=level,
                evidence=evidence_in(row["text"], row.get("evidence") or ""),
                group=(row.get("question") or "").strip()[:_GROUP] or f"{path} {number}",
                is_alone=not (row.get("question") or "").strip(),
                weight=(_UNSURE if row.get("confidence") == 1 else 1.0) if is_sure else 0.0,
                is_tested=is_sure,
            )


def labelled_by_list(labels: Path, texts: Sequence[Path]) -> list[Labelled]:
    """The texts of which a list has the label.

    :param texts: exported collections, or files of labelled texts, whose questions are texts, too.
    :raises LabelledFileError: if a line of either is no such line.
    """
    with labels.open(encoding="utf-8") as lines:
        try:
            known = read_labels(lines)
        except LabelLineError as error:
            raise LabelledFileError(labels, str(error)) from error
    return list(labelled_with(known, (one for path in texts for one in _texts_in(path))))


def _texts_in(path: Path) -> Iterator[tuple[str, Markup, str]]:
    for row, _ in lines_of(path):
        question = (row.get("question") or "").strip()
        yield row["text"], _markup_of(path, row), row.get("thread") or question[:_GROUP]
        if question:
            yield question, Markup.PLAIN, question[:_GROUP]


def in_threads(tested: Sequence[Labelled], texts: Sequence[Path]) -> list[Labelled]:
    """The texts; those without a question are grouped by the thread of an exported collection that they are from."""
    threads = {
        key_of(look(row["text"], _markup_of(path, row)).reading): row["thread"]
        for path in texts
        for row, _ in lines_of(path)
        if "thread" in row
    }
    return [
        replace(one, group=threads.get(key_of(look(one.text, one.markup).reading), one.group)) if one.is_alone else one
        for one in tested
    ]


def beside(tested: Sequence[Labelled], others: Sequence[Labelled]) -> list[Labelled]:
    """Texts to be learned from beside those that are tested: their levels weighed as if they were as common there."""
    here, there = Counter(one.level for one in tested), Counter(one.level for one in others)
    share = {level: here[level] / len(tested) / (there[level] / len(others)) for level in there}
    return [replace(one, weight=one.weight * _ALSO * min(_MOST, share[one.level]), is_tested=False) for one in others]


def evidence_in(text: str, words: str) -> tuple[tuple[int, int], ...]:
    """Where the words that decide stand; nowhere, if they are not in the text."""
    start = _plain(text).find(_plain(words)) if words else -1
    return ((start, start + len(words)),) if start >= 0 else ()


def text_of(path: Path, number: int, line: bytes) -> dict[str, Any]:
    """A line that has a text.

    :raises LabelledFileError: if it is no such line.
    """
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise LabelledFileError(path, f"line {number}: not JSON: {error}") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise LabelledFileError(path, f"line {number}: not an object with a “text”")
    return row


def _markup_of(path: Path, row: dict[str, Any]) -> Markup:
    try:
        return Markup(row.get("markup", Markup.PLAIN))
    except ValueError:
        raise LabelledFileError(path, f"a line has the markup “{row['markup']}”, of which there is none") from None


def _level_of(path: Path, number: int, name: str | None) -> Level | None:
    try:
        return None if name is None else Level(name)
    except ValueError:
        raise LabelledFileError(path, f"line {number}: “{name}” is not a level") from None


def _plain(text: str) -> str:
    return text.replace("’", "'").replace("‘", "'").replace("\u00a0", " ")
