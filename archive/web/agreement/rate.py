"""The rate that suggestions have to reach."""

from archive.web.given import settings


def least_agreement() -> int:
    """Percent of blind votes that must agree with a kind of suggestion for it to be shown; 0: any is shown."""
    return settings().suggestion_min_percent
