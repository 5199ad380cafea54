"""Keys of works that have no identifier: author and title, author and year, or a title alone."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

_ARTICLE = re.compile(r"(?:the|an?)\s+")
_NOT_WORDS = re.compile(r"[^\w]+")
_LONGEST_KEY = 400  # characters of a title that count


def fold(words: str) -> str:
    """Words as they are compared: small letters without accents, marks or blanks around them."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", words) if not unicodedata.combining(sign))
    bare = bare.casefold().replace("&", " and ").replace("'", "").replace("’", "")
    return _NOT_WORDS.sub(" ", bare).strip()


def fold_title(title: str) -> str:
    """A title as it is compared: without the article at its beginning."""
    folded = fold(title)[:_LONGEST_KEY]
    return _ARTICLE.sub("", folded, count=1) if _ARTICLE.match(folded) else folded


def family_of(csl: Mapping[str, object]) -> str:
    """The family name of the first author as it is compared; "" where no author is named."""
    authors = csl.get("author")
    first = authors[0] if isinstance(authors, list) and authors else {}
    return fold(str(first.get("family") or first.get("literal") or "")) if isinstance(first, dict) else ""


def work_keys(csl: Mapping[str, object], families: Sequence[str] = ()) -> tuple[str, ...]:
    """The keys of a work by what is said of it; none where that is too little."""
    title = fold_title(str(csl.get("title") or csl.get("genre") or ""))
    family = "+".join(families) or family_of(csl)
    if title:
        return (f"work:{family}|{title}",)
    issued = csl.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    return (f"work:{family}|{parts[0][0]}",) if parts and family else ()
