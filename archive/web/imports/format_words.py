"""What files were read as, in words, and how their texts are written where that is not for the files to say."""

from collections.abc import Iterable

from archive.domain.records import Markup
from imports import known_formats
from imports.formats import NO_FORMAT

MARKUP_WORDS: dict[Markup, str] = {
    Markup.PLAIN: "plain text",
    Markup.MARKDOWN: "Markdown",
    Markup.REDDIT: "Reddit’s Markdown",
    Markup.HTML: "HTML",
    Markup.MAIL: "mails",
}


def format_titles() -> dict[str, str]:
    """What formats are called, by their names."""
    return {known.name: known.title for known in known_formats()} | {NO_FORMAT: "no format that is known"}


def read_as(names: Iterable[str]) -> str:
    """What those files are that are in a known format, each format once."""
    titles = format_titles()
    return "; ".join(titles.get(name, name) for name in dict.fromkeys(names) if name != NO_FORMAT)


def markup_words(names: Iterable[str], markup: Markup) -> str:
    """How an archivist said that texts are written; "" where none of these formats leaves that open."""
    asking = {known.name for known in known_formats() if known.asks_markup}
    return MARKUP_WORDS[markup] if asking.intersection(names) else ""
