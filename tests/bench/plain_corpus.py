"""A corpus for measuring: threads in the plain layout, the same for the same seed, on any machine.

Answers have 700 characters on average, two in ten of them typographic quotes, one in ten a link.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson

from tests.bench.language import Language
from tests.bench.limit import PlainRow

SEED = 1
_FIRST_THREAD = 300  # posts
_NAME = re.compile(r"\n+([a-z]+_[a-z]+[0-9]+)\n\n")  # alone on its line, as they are made below


def write_plain(folder: Path, posts: int) -> Sequence[Path]:
    """Write threads that hold so many posts together, as JSON lines."""
    path = folder / "threads.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for text in plain_threads(posts):
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
    return [path]


def plain_rows(paths: Sequence[Path]) -> Iterator[PlainRow]:
    """Yield the posts again, in the fewest lines."""
    for path in paths:
        with path.open("rb") as file:
            for thread, line in enumerate(file):
                question, *answers = _NAME.split(orjson.loads(line)["text"])
                yield None, thread, None, None, None, question
                for name, text in zip(answers[::2], answers[1::2], strict=True):
                    yield None, thread, None, name, None, text


def plain_threads(posts: int, *, seed: int = SEED) -> Iterator[str]:
    """Yield the texts of threads that hold so many posts together."""
    language = Language(random.Random(seed))
    left, size = posts, min(_FIRST_THREAD, posts)
    while left > 0:
        yield _thread(language, size)
        left -= size
        size = min(left, language.size(400))


def _thread(language: Language, posts: int) -> str:
    asker = language.name()
    question = language.sentence(language.dice.randint(6, 14), end="?")
    body = f"\n{language.paragraph()}\n" if language.dice.random() < 0.5 else ""
    answers = "".join(f"\n{language.name()}\n\n{_text(language)}\n" for _ in range(posts - 1))
    return f"{question}\n\nby {asker}\n{body}{answers}"


def _text(language: Language) -> str:
    return "\n\n".join(language.paragraph() for _ in range(language.dice.choice((1, 1, 2, 2, 3, 5))))
