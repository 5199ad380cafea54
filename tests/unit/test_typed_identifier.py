"""Links and numbers that people type, and what they are told where one cannot be right."""

import pytest

from archive.domain.typed_identifier import NOTHING, IdentifierError, read_identifier, read_reference


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("https://www.jstor.org/stable/2708563", "jstor:2708563"),
        ("https://Example.org/page?utm_source=x#top", "url:example.org/page"),
        ("www.marxists.org/archive/khrushchev/", "url:marxists.org/archive/khrushchev"),
        ("marxists.org/archive/khrushchev", "url:marxists.org/archive/khrushchev"),
        ("10.1093/ehr/CXVI.465.1", "doi:10.1093/ehr/cxvi.465.1"),
        ("doi: 10.1093/ehr/cxvi.465.1", "doi:10.1093/ehr/cxvi.465.1"),
        ("https://doi.org/10.1093/ehr/cxvi.465.1", "doi:10.1093/ehr/cxvi.465.1"),
        ("0-306-40615-2", "isbn:9780306406157"),
        ("ISBN 978-0-306-40615-7", "isbn:9780306406157"),
        ("9780306406157", "isbn:9780306406157"),
        ("080442957X", "isbn:9780804429573"),
        ("ISSN 0028-0836", "issn:0028-0836"),
        ("0028-0836", "issn:0028-0836"),
        ("PMID 12345678", "pmid:12345678"),
        ("OCLC: 1234567", "oclc:1234567"),
        ("arXiv:2101.00001", "arxiv:2101.00001"),
        ("RGASPI f. 17 op. 2 d. 577", "archival:rgaspi/17/2/577"),
    ],
)
def test_what_names_a_work_is_read_under_its_key(typed: str, key: str) -> None:
    assert read_identifier(f" {typed} ").keys[0] == key


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("978-0-306-40615-8", "check digit of this ISBN"),
        ("0-306-40651-2", "check digit of this ISBN"),
        ("ISBN 0306406153", "check digit of this ISBN"),
        ("ISBN 97803064061", "10 or 13 digits, and this has 11"),
        ("97803064061", "10 or 13 digits, and this has 11"),
        ("0028-0837", "check digit of this ISSN"),
        ("https://nowhere/x", "no page of a work"),
        ("https://imgur.com/cat.png", "no page of a work"),
        ("javascript:alert(1)", "neither a link nor a number"),
        ("file:///etc/passwd", "neither a link nor a number"),
        ("ftp://example.org/x", "neither a link nor a number"),
        ("T 34/85", "neither a link nor a number"),
        ("the red one", "neither a link nor a number"),
    ],
)
def test_what_cannot_be_right_is_refused_and_says_why(typed: str, sentence: str) -> None:
    with pytest.raises(IdentifierError, match=sentence):
        read_identifier(typed)


def test_an_empty_field_names_nothing() -> None:
    assert read_identifier("  ") == NOTHING


def test_a_reference_in_words_gives_what_it_says_and_no_wrong_book_number() -> None:
    typed = read_reference("Nikita Khrushchev, Memoirs, vol. 1 (Penn State 2004), ISBN 0-306-40615-2, p. 94.")
    assert "isbn:9780306406157" in typed.keys
    with pytest.raises(IdentifierError, match="check digit of this ISBN"):
        read_reference("Nikita Khrushchev, Memoirs, ISBN 0-306-40615-3")
