"""What axe-core finds on a page (PROMISES 39)."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # and no description of all that is as it should be
}
_SCRIPT = Axe().axe_script


def violations(page: Page) -> list[str]:
    """A line for each rule that is broken, with places where it is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SCRIPT)
    found = page.evaluate("options => axe.run(options).then(found => found.violations)", _OPTIONS)
    return [f"{item['impact']}: {item['id']}: {_places(item)}" for item in found]


def _places(violation: dict) -> str:
    return "; ".join(node["html"][:200] for node in violation["nodes"][:3])
