from datetime import UTC, datetime, timedelta, timezone

from archive.domain.sources import wayback_url


def test_a_capture_is_sought_at_the_date_in_coordinated_time() -> None:
    url = "https://example.org/a?b=1"
    assert wayback_url(url, datetime(2015, 1, 2, 3, 4, 5, tzinfo=UTC)) == (
        "https://web.archive.org/web/20150102030405/https://example.org/a?b=1"
    )
    eastern = datetime(2015, 1, 1, 22, 4, 5, tzinfo=timezone(timedelta(hours=-5)))
    assert wayback_url(url, eastern) == "https://web.archive.org/web/20150102030405/https://example.org/a?b=1"


def test_without_a_date_all_captures_are_listed() -> None:
    assert wayback_url("https://example.org/a", None) == "https://web.archive.org/web/*/https://example.org/a"
