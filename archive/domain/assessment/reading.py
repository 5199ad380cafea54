"""One reading of a text: its words with their places, its sentences, and whose words they are.

Every rule asks this object, so that a text is cut into words once. Block quotations and addresses
are blanked before that: their words belong to someone else, or to nobody. Blanking keeps every
character in its place, so an offset here is an offset in the text as received.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from archive.domain.assessment.cue_lists import ENGLISH

MAX_CHARACTERS = 200_000  # a longer text is assessed on its beginning

STOPS = frozenset('.!?;:()"“”[]…\n')  # a cue reaches across one of these only where it spells it out
_SENTENCE_ENDS = frozenset(".!?…\n")

# A word; a full stop that ends something; other marks; a break between paragraphs.
_WORD = re.compile(r"([^\W_]+(?:'[^\W_]+)*|\.(?![^\W_]|\.)|[!?;:()\"“”\[\]…]|\n(?=[ \t]*\n[ \t]*\S))")
_ASCII_WORD = re.compile(_WORD.pattern.replace("[^\\W_]", "[0-9a-z]"))  # the same in folded text without other letters
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"“”]{2,2000}", re.IGNORECASE)
_QUOTED_LINES = re.compile(r"(?:^[ \t]{0,3}(?:>|&gt;)(?!!)[^\n]*(?:\n|\Z))+", re.MULTILINE)
_QUOTED_HTML = re.compile(r"<(?:blockquote\b|/blockquote>)", re.IGNORECASE)  # where one begins or ends

Stretch = tuple[int, int]  # characters from the start of the text, end exclusive


class Reading:
    """A text cut into lower-cased words, with the text around them still at hand."""

    def __init__(self, text: str, *, is_cut: bool = False, footer: int | None = None) -> None:
        """`footer`: where what stands below the words of a mail begins, in characters."""
        self.is_cut = is_cut or len(text) > MAX_CHARACTERS
        self.text = text[:MAX_CHARACTERS].replace("’", "'").replace("‘", "'").replace("\u00a0", " ")
        self.footer = None if footer is None or footer >= len(self.text) else (footer, len(self.text))
        self.block_quotes = _find_block_quotes(self.text[:footer])
        not_own = [*self.block_quotes, self.footer] if self.footer else self.block_quotes
        self.own = _blank(self.text, not_own, "\n")  # what the writer says, and not others
        self.addresses = _find_addresses(self.own)
        folded = _fold(_blank(self.own, self.addresses, " "))
        pieces = (_ASCII_WORD if folded.isascii() else _WORD).split(folded)
        self.words: list[str] = pieces[1::2]
        self._pieces = pieces

    @cached_property
    def starts(self) -> list[int]:
        """The place of each word."""
        return list(accumulate(map(len, self._pieces[:-1])))[::2]

    @cached_property
    def _ends(self) -> list[int]:
        """The words that end a sentence."""
        words = self.words
        return [i for i, word in enumerate(words) if word in _SENTENCE_ENDS and not self._abbreviates(i)]

    def _abbreviates(self, i: int) -> bool:
        if i == 0 or self.words[i] != ".":
            return False
        before = self.words[i - 1]
        return before in ENGLISH.lists["abbreviation"] or (len(before) == 1 and before.isalpha() and before != "i")

    @cached_property
    def sentences(self) -> Sequence[tuple[int, int]]:
        """Each sentence as first and past-the-last word, its end mark included; none is empty."""
        words, first, found = self.words, 0, []
        for end in (*self._ends, len(words) - 1):
            while first < end and words[first] in STOPS:
                first += 1
            if first <= end and words[first] not in STOPS:
                found.append((first, end + 1))
            first = end + 1
        return found

    def sentence_of(self, word: int) -> int:
        """The number of the sentence in which a word stands."""
        return bisect_right(self._ends, word - 1)

    def sentence_at(self, offset: int) -> int:
        """The number of the sentence in which a character stands."""
        return self.sentence_of(self.word_at(offset))

    def word_at(self, offset: int) -> int:
        """The word that begins at, or last before, a character."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def stretch(self, first: int, last: int) -> Stretch:
        """The characters of the words from `first` to before `last`."""
        return self.starts[first], self.starts[last - 1] + len(self.words[last - 1])

    def around(self, sentence: int) -> Stretch:
        """The characters of a sentence, by its place among the sentences, with the addresses and marks behind it."""
        sentences = self.sentences
        start = self.starts[sentences[sentence][0]] if sentence else 0
        end = self.starts[sentences[sentence + 1][0]] if sentence + 1 < len(sentences) else len(self.text)
        words = self.text[start:end]
        return start + len(words) - len(words.lstrip()), start + len(words.rstrip())

    def is_capitalised(self, word: int) -> bool:
        return self.text[self.starts[word]].isupper()


def _find_block_quotes(text: str) -> list[Stretch]:
    found = []
    if ">" in text or "&gt;" in text:
        found += [match.span() for match in _QUOTED_LINES.finditer(text)]
    if not found and "</blockquote>" in text:
        found += _find_quoted_html(text)
    return found


def _find_quoted_html(text: str) -> Iterator[Stretch]:
    """From each opening tag to the next closing one; one pass, however many are never closed."""
    begin = None
    for tag in _QUOTED_HTML.finditer(text):
        if tag[0][1] != "/":
            begin = tag.start() if begin is None else begin
        elif begin is not None:
            yield begin, tag.end()
            begin = None


def _find_addresses(text: str) -> list[Stretch]:
    if "://" not in text and "www." not in text:
        return []
    return [match.span() for match in _ADDRESS.finditer(text)]


def _blank(text: str, stretches: Iterable[Stretch], blank: str) -> str:
    pieces, here = [], 0
    for start, end in stretches:
        pieces += [text[here:start], blank * (end - start)]
        here = end
    return "".join([*pieces, text[here:]]) if here else text


def _fold(text: str) -> str:
    """Lower case, character for character: a few capitals have a longer small form, and stay."""
    folded = text.lower()
    if len(folded) == len(text):
        return folded
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)
