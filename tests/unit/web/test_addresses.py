"""Redirects stay home."""

import json
from pathlib import Path

import pytest

from archive.web.addresses import stay_home

REDIRECTS = Path(__file__).parents[4] / "shared" / "data" / "hostile" / "web" / "open_redirect.jsonl"


@pytest.mark.parametrize(
    "wanted", ["/", "/threads/0123456789abcd?level=none", "/search?q=a%20b&page=2", "/imports#top"]
)
def test_a_path_of_ours_is_kept(wanted: str) -> None:
    assert stay_home(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
        "///evil.example",
        "/" + "a" * 5000,
    ],
)
def test_anything_else_leads_to_the_front_page(wanted: str | None) -> None:
    assert stay_home(wanted) == "/"


def test_no_known_trick_leads_away() -> None:
    if not REDIRECTS.is_file():
        pytest.skip("../shared/data/hostile/web is not beside this checkout")
    for line in REDIRECTS.read_text("utf-8").splitlines():
        row = json.loads(line)
        for wanted in [value for value in row.values() if isinstance(value, str)]:
            kept = stay_home(wanted)
            assert kept.startswith("/"), row
            assert not kept.startswith(("//", "/\\")), row
