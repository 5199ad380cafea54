"""Footnote: a threaded archive that shows, for every answer, how it says it knows."""

__version__ = "0.1.0"
