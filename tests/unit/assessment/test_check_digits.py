import pytest

from archive.domain.assessment.check_digits import is_isbn, is_issn


@pytest.mark.parametrize("number", ["0306406152", "080442957X", "080442957x", "9780306406157", "9791034304332"])
def test_a_book_number_with_the_right_check_digit_holds(number: str) -> None:
    assert is_isbn(number)


@pytest.mark.parametrize(
    "number", ["0306406153", "9780306406158", "9770306406157", "030640615", "X306406152", "", "03064０6152"]
)
def test_a_book_number_with_a_wrong_check_digit_does_not(number: str) -> None:
    assert not is_isbn(number)


@pytest.mark.parametrize("number", ["03785955", "2434561X"])
def test_a_journal_number_with_the_right_check_digit_holds(number: str) -> None:
    assert is_issn(number)


@pytest.mark.parametrize("number", ["03785956", "2434561", "X4345610", ""])
def test_a_journal_number_with_a_wrong_check_digit_does_not(number: str) -> None:
    assert not is_issn(number)
