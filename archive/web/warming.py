"""Pages made before anybody asks: the first of a process take five times as long, for templates and statements."""

import re

from flask import Flask

_A_THREAD = re.compile(r'href="(/threads/[0-9a-z]{14})"')


def warm(app: Flask) -> None:
    """Have an application make the front page, and the page of a thread that this leads to."""
    client = app.test_client(use_cookies=False)
    if found := _A_THREAD.search(client.get("/").text):
        client.get(found[1])
