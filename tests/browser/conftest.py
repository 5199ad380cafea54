"""A real Chromium on pages that are really served. Every test below this folder is marked `browser`."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from tests.browser.at_the_bench import Person
from tests.browser.chromium import find_chromium
from tests.browser.threads import publish_thread
from tests.conftest import PASSWORD
from tests.fillings import Master, filling_for

_HERE = Path(__file__).parent
_QUIET = (  # as root there is no sandbox; and a browser under test asks nobody outside for anything
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What a browser shows does not depend on the database: one kind will do, unless a test names more."""
    if not metafunc.definition.get_closest_marker("database"):
        metafunc.definition.add_marker(pytest.mark.database("sqlite"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    path = find_chromium()
    if path is None:
        pytest.skip("no working Chromium: install one, or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def worker(app: Flask) -> Iterator[None]:
    """Somebody who does the jobs, in this process."""
    jobs, ended = app.extensions["jobs"], threading.Event()

    def work() -> None:
        with jobs.alone():
            while not ended.wait(0.05):
                if (job := jobs.queue.dequeue()) is not None:
                    jobs.queue.execute(job)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    jobs.ending.set()
    ended.set()
    thread.join()


@pytest.fixture
def served(app: Flask, worker: None) -> Iterator[str]:
    """The address at which the application answers, in this process, so that a test can look at its database."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def context(browser: Browser, served: str) -> Iterator[BrowserContext]:
    """A browser without history; addresses may begin with a slash."""
    context = browser.new_context(base_url=served, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)  # ms
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page. Scripts that fail, breaches of its policy and pieces that do not load fail the test."""
    page, complaints = context.new_page(), []
    page.on("console", lambda line: complaints.append(line.text) if _is_complaint(line) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", lambda answer: complaints.append(answer.url) if _is_missing_piece(answer) else None)
    yield page
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def sign_in() -> Callable[[Page, str], None]:
    """Log somebody in through the form, as a person does."""

    def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
        page.goto("/login")
        page.fill("input[name=name]", name)
        page.fill("input[name=password]", password)
        page.locator("form:has(input[name=password]) button[type=submit]").click()
        page.wait_for_url(lambda url: "/login" not in url)

    return sign_in


def _is_complaint(line: ConsoleMessage) -> bool:
    return line.type == "error" and not line.text.startswith("Failed to load resource")


def _is_missing_piece(answer: Response) -> bool:
    # A whole page may well be refused: tests go to such pages on purpose.
    return answer.status >= 400 and answer.request.resource_type not in ("document", "fetch")


filling = filling_for(answers=publish_thread)


@pytest.fixture
def answers(master: Master) -> list[str]:
    """The addresses of four published answers, none of them tagged."""
    return list(master.made)


@pytest.fixture
def moderator(
    browser: Browser, served: str, session: Session, make_user: Callable, sign_in: Callable
) -> Iterator[Person]:
    """A moderator of that name at the bench, with a browser of their own."""
    contexts = []

    def moderator(name: str, **options: object) -> Page:
        session.rollback()  # the server has written since this session last read
        make_user(name, "moderator")
        contexts.append(browser.new_context(base_url=served, **options))
        contexts[-1].set_default_timeout(15_000)
        page = contexts[-1].new_page()
        sign_in(page, name)
        page.goto("/moderation/queue?collection=scripts")
        return page

    yield moderator
    for context in contexts:
        context.close()
