"""Moderators at the bench, each with a browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Person = Callable[..., Page]  # by name, with options of the browser: a page with the bench


def on_the_bench(page: Page, author: str) -> None:
    """Wait until an author's answer is there."""
    expect(page.locator("#focus-h")).to_have_text(f"Answer by {author}")
