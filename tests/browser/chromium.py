"""Where the browser for tests is: CHROMIUM, one that is installed, or Playwright's own.

Run as a program, it prints the path, or says what is missing and exits with 1.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The path of a Chromium that starts, if Playwright does too."""
    if not _starts(sys.executable, "-m", "playwright"):  # its Node needs libatomic1, which Chromium does not bring
        return None
    return next((path for path in _candidates() if _starts(path)), None)


def _candidates() -> Iterator[str]:
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        yield chosen
        return
    for name in _NAMES:
        if path := shutil.which(name):
            yield path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _starts(*command: str) -> bool:
    # Ubuntu's chromium-browser is a script that asks for a snap: that a file is there says nothing.
    try:
        return subprocess.run([*command, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    found = find_chromium()
    print(found or "No working Chromium: install one, or set CHROMIUM to its path.")
    sys.exit(found is None)
