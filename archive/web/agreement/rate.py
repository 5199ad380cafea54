"""The rate that suggestions have to reach."""

from flask import current_app

from archive.settings import Settings


def least_agreement() -> int:
    """Percent of blind votes that must agree with a kind of suggestion for it to be shown; 0: any is shown."""
    settings: Settings = current_app.extensions["settings"]
    return settings.suggestion_min_percent
