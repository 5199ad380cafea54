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


def check_page(page: Page) -> None:
    """Nothing found, one h1, nothing that scrolls sideways; with all folds open."""
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    found = violations(page)
    assert not found, f"{page.url}\n" + "\n".join(found)
    assert page.locator("h1").count() == 1, page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def check_pages(page: Page, *addresses: str) -> None:
    """The same of pages, one after the other."""
    for address in addresses:
        page.goto(address)
        check_page(page)


def _places(violation: dict) -> str:
    return "; ".join(node["html"][:200] for node in violation["nodes"][:3])
