"""The root of every error that a person may see."""


class ArchiveError(Exception):
    """Something a person can be told: the text is a sentence for whoever sees it."""
