"""Stems of words: what is left of a word without its endings, by the rules of a language (Snowball)."""

from collections.abc import Sequence

import Stemmer

NO_LANGUAGE = "none"
DEFAULT_LANGUAGE = "english"
LANGUAGES = (*sorted(set(Stemmer.algorithms()) - {"porter", "dutch_porter"}), NO_LANGUAGE)


def stems(words: Sequence[str], language: str) -> Sequence[str]:
    """The stems of words that the indexes know, so without accents on Latin letters."""
    if language == NO_LANGUAGE:
        return words
    found: Sequence[str] = Stemmer.Stemmer(language, 0).stemWords(words)
    return found


def stem(word: str, language: str) -> str:
    """The stem of one word."""
    return stems([word], language)[0]
