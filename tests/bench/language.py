"""A language for measuring: words, and texts made of them, the same for the same seed, on any machine.

Words follow Zipf's law, so that searches meet common, middling and rare ones.
"""

import random
from collections.abc import Iterator
from itertools import accumulate, islice

VOCABULARY = 30_000  # words; the commonest stands in every post, the rarest in some fifty of 100,000
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


class Language:
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

    def name(self) -> str:
        """A new name or, twice in three times, one of before."""
        number = self._used
        if number and self.dice.random() < 2 / 3:
            number = int(number * self.dice.random() ** 2)
        else:
            self._used += 1
        first, second = self.words[100 + number % 9_000], self.words[5_000 + number * 7 % 9_000]
        return f"{first}_{second}{number}"

    def size(self, most: int) -> int:
        """How many posts a thread has: mostly few, seldom hundreds."""
        return min(1 + int(self.dice.paretovariate(1.3) * 2.5), most)

    def paragraph(self) -> str:
        """One to five sentences."""
        sentences = [self.sentence(self.dice.randint(6, 26)) for _ in range(self.dice.randint(1, 5))]
        chance = self.dice.random()
        if chance < 0.1:
            sentences[0] = f"“{sentences[0]}”"
        elif chance < 0.15:
            sentences.append(f"See https://example.org/{'/'.join(self.pick(2))}.")
        return " ".join(sentences)

    def sentence(self, length: int, end: str = ".") -> str:
        """So many words."""
        words = self.pick(length)
        return f"{words[0].capitalize()} {' '.join(words[1:])}{end}"

    def pick(self, count: int) -> list[str]:
        """Words, as often as they are common."""
        return self.dice.choices(self.words, cum_weights=self._weights, k=count)

    def prose(self, characters: int) -> str:
        """Sentences of about so many characters together, in paragraphs."""
        text = self.sentence(self.dice.randint(3, 18))
        while len(text) < characters:
            text += ("\n\n" if self.dice.random() < 0.2 else " ") + self.sentence(self.dice.randint(3, 18))
        return text
