"""A corpus for measuring: threads in the plain layout, the same for the same seed, on any machine.

Words follow Zipf's law, so that searches meet common, middling and rare ones; answers have 700
characters on average, two in ten of them typographic quotes, one in ten a link.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path

VOCABULARY = 30_000  # words; the commonest stands in every post, the rarest in some fifty of 100,000
LARGE_THREAD = 300  # posts of the first thread: the one whose page is measured
_FUNCTION_WORDS = (  # noqa: SIM905 - fifty words read best as a line
    "the of and to in a is that was it for on as with by be at this which from not are or an were had his "
    "they but have one their all has been would who more there when so no what about into other some could "
    "time than its only over also after first most under between through during before where because these "
    "those however "
).split()
_ONSETS = (  # noqa: SIM905 - fifty words read best as a line
    "b bl br c ch d dr f fl g gr h j k l m n p pl pr qu r s sc sh st str t th tr v w "
).split()
_NUCLEI = ["a", "e", "i", "o", "u", "ai", "ea", "ie", "oa", "ou"]
_CODAS = ["", "", "", "n", "r", "s", "t", "l", "m", "nd", "rt", "st", "ck", "ng"]


@dataclass(frozen=True, slots=True)
class Corpus:
    """How much of what."""

    posts: int
    seed: int = 1

    def threads(self) -> Iterator[str]:
        """Yield the texts of threads that hold `posts` posts together."""
        dice = random.Random(self.seed)
        language = _Language(dice)
        left = self.posts
        size = min(LARGE_THREAD, left)
        while left > 0:
            yield language.thread(size)
            left -= size
            size = min(left, 1 + int(dice.paretovariate(1.3) * 2.5), 400)

    def words(self) -> list[str]:
        """The vocabulary, the commonest word first."""
        return _Language(random.Random(self.seed)).words

    def write_lines(self, path: Path) -> int:
        """Write the threads as JSON lines; the number of bytes."""
        with path.open("w", encoding="utf-8") as file:
            for text in self.threads():
                file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
        return path.stat().st_size

    def write_files(self, folder: Path) -> int:
        """Write the threads as a file each; the number of bytes."""
        folder.mkdir()
        for number, text in enumerate(self.threads()):
            (folder / f"{number:06}.txt").write_text(text, "utf-8", newline="")
        return sum(path.stat().st_size for path in folder.iterdir())


class _Language:
    """Words, and texts made of them."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.words = list(islice(self._vocabulary(), VOCABULARY))
        self._weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
        self._used = 0  # names handed out

    def _vocabulary(self) -> Iterator[str]:
        yield from _FUNCTION_WORDS
        seen = set(_FUNCTION_WORDS)
        while True:
            syllables = self.dice.choice((1, 1, 2, 2, 2, 3))
            word = "".join(self.dice.choice(part) for _ in range(syllables) for part in (_ONSETS, _NUCLEI, _CODAS))
            if len(word) > 2 and word not in seen:
                seen.add(word)
                yield word

    def thread(self, posts: int) -> str:
        asker = self._name()
        question = self._sentence(self.dice.randint(6, 14), end="?")
        body = f"\n{self._paragraph()}\n" if self.dice.random() < 0.5 else ""
        answers = "".join(f"\n{self._name()}\n\n{self._text()}\n" for _ in range(posts - 1))
        return f"{question}\n\nby {asker}\n{body}{answers}"

    def _name(self) -> str:
        """A new name or, twice in three times, one of before."""
        number = self._used
        if number and self.dice.random() < 2 / 3:
            number = int(number * self.dice.random() ** 2)
        else:
            self._used += 1
        first, second = self.words[100 + number % 9_000], self.words[5_000 + number * 7 % 9_000]
        return f"{first}_{second}{number}"

    def _text(self) -> str:
        return "\n\n".join(self._paragraph() for _ in range(self.dice.choice((1, 1, 2, 2, 3, 5))))

    def _paragraph(self) -> str:
        sentences = [self._sentence(self.dice.randint(6, 26)) for _ in range(self.dice.randint(1, 5))]
        chance = self.dice.random()
        if chance < 0.1:
            sentences[0] = f"“{sentences[0]}”"
        elif chance < 0.15:
            sentences.append(f"See https://example.org/{'/'.join(self._pick(2))}.")
        return " ".join(sentences)

    def _sentence(self, length: int, end: str = ".") -> str:
        words = self._pick(length)
        return f"{words[0].capitalize()} {' '.join(words[1:])}{end}"

    def _pick(self, count: int) -> list[str]:
        return self.dice.choices(self.words, cum_weights=self._weights, k=count)
