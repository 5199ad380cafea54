"""Works that are named by their author and their kind alone: “Molotov later commented in his memoir”.

No stranger can retrieve them from the text, and whoever supplies the reference makes the answer a cited one.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from archive.domain.assessment.names import NAME
from archive.domain.assessment.reading import Reading
from archive.domain.sources.named_works import NamedWork
from archive.domain.sources.people import people
from archive.domain.sources.reference import Csl, SourceKind
from archive.domain.sources.works import NO_PERSON, work_keys

_RECORD = r"memoirs?|autobiography|diary|diaries|private\sjournals|letters|correspondence|thesis|dissertation"
_OF_A_PERSON = re.compile(
    rf"\b(?P<names>{NAME})(?:'s|(?<=s)')\s(?:[a-z]{{2,12}}\s){{0,2}}(?P<record>{_RECORD})\b"
    rf"|\b(?P<record2>[Mm]emoirs?|[Aa]utobiography|[Dd]iary|[Dd]iaries|[Ll]etters)\s(?:of|by)\s(?P<names2>{NAME})"
)
_IN_HIS = re.compile(
    r"\b(?:[Ii]n|[Ff]rom)\s(?:his|her|their)\s(?:[a-z]{2,12}\s){0,2}(?P<record>memoirs?|autobiography|diary|diaries|thesis|dissertation)"
    rf"\b(?P<names>,?\s{NAME}(?=\s[a-z]))?"
)
_NAME = re.compile(rf"\b(?:{NAME})")
_BEFORE = 200  # characters in which the one who wrote it is named
_MOST = 50  # of one text
_CHEAP = re.compile(
    r"memoir|autobiograph|diar(?:y|ies)|letters|correspondence|journals|thesis|dissertation", re.IGNORECASE
)


def find_remembered(reading: Reading, named: Sequence[NamedWork]) -> Iterator[NamedWork]:
    """Yield such works, but for those that a title names in the same place."""
    own = reading.own
    if not _CHEAP.search(own):
        return
    taken = [(named_work.start, named_work.reach) for named_work in named if named_work.kind is SourceKind.WORK]
    for match in islice(_OF_A_PERSON.finditer(own), _MOST):
        record, names = match["record"] or match["record2"], match["names"] or match["names2"]
        yield from _named_work(reading, match.span(), names, record, taken)
    for match in islice(_IN_HIS.finditer(own), _MOST):
        if match["names"]:
            yield from _named_work(reading, match.span(), match["names"], match["record"], taken)
            continue
        first = reading.starts[_sentence_start(reading, match.start())]
        before = own[max(first, match.start() - _BEFORE) : match.start()]
        if name := _subject(before):
            start = match.start() - len(before) + name.start()
            yield from _named_work(reading, (start, match.end()), name[0], match["record"], taken)


def _subject(before: str) -> re.Match[str] | None:
    """The name that governs “his”: the first of the sentence that names a person."""
    return next((name for name in _NAME.finditer(before) if people(name[0])), None)


def _sentence_start(reading: Reading, offset: int) -> int:
    number = reading.sentence_at(offset)
    return next((first for first, _ in reading.sentences if reading.sentence_of(first) == number), 0)


def _named_work(
    reading: Reading, span: tuple[int, int], names: str, record: str, taken: Sequence[tuple[int, int]]
) -> Iterator[NamedWork]:
    start, end = span
    authors = people(names)
    if not authors or NO_PERSON.search(names) or any(first < end + 3 and start < last for first, last in taken):
        return
    csl: Csl = {"type": "document", "author": authors, "genre": record.lower()}
    yield NamedWork(start, end, SourceKind.WORK, work_keys(csl), csl, reading.sentence_at(start), remembered=True)
