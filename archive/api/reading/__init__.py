"""Everything that readers can see."""

from archive.api.reading import bulk, collections, contents, decisions, posts, questions, search, sources

__all__ = ["bulk", "collections", "contents", "decisions", "posts", "questions", "search", "sources"]
