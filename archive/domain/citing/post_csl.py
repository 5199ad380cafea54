"""A cited post or thread as an item of CSL-JSON, from which the other files are made."""

from archive.domain import dates_in_words as dates
from archive.domain.citing.cited import Cited, Part
from archive.domain.citing.standing import standing_words

Item = dict[str, object]
_GENRES = {
    Part.THREAD: "Online forum thread",
    Part.QUESTION: "Online forum post",
    Part.ANSWER: "Answer in an online forum",
    Part.REPLY: "Reply in an online forum",
}
_TITLES = {
    Part.THREAD: "{}",
    Part.QUESTION: "{}",
    Part.ANSWER: "Answer to “{}”",
    Part.REPLY: "Reply in “{}”",
}


def csl_of(cited: Cited) -> Item:
    """The item; what nobody said is not in it."""
    said: Item = {
        "id": cited.key,
        "type": "post",
        "title": title_of(cited),
        "author": [{"literal": cited.by}] if cited.by else None,
        "container-title": cited.collection,
        "issued": dates.parts(cited.posted_at) if cited.posted_at else None,
        "genre": _GENRES[cited.part],
        "archive": cited.archive,
        "URL": cited.url,
        "accessed": dates.parts(cited.retrieved_at),
        "note": note_of(cited),
    }
    return {name: value for name, value in said.items() if value}


def title_of(cited: Cited) -> str:
    """What an item is called; "" where its thread has no title."""
    return _TITLES[cited.part].format(cited.title) if cited.title else ""


def note_of(cited: Cited) -> str:
    """How it says it knows, and that there is no date where there is none."""
    standing = standing_words(cited.standing, dates.day_month_year, ("“", "”"))
    undated = "" if cited.posted_at else "no date in the source"
    return "; ".join(words[:1].upper() + words[1:] for words in (standing, undated) if words)
